"""Docs kept true: commands in README and CONTRIBUTING exist, every verb, target and source is told."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from pathlib import Path

import click
import pytest
import typer.main

from dagster_project.cli import app
from scrapers.registry import load_registry

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
VERBS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
SHELL = {"export", "mkdir"}
SETTING = re.compile(r"[A-Z_]+=")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """Lines of shell blocks as words, comments left out."""
    lines = [line for block in blocks(text, "sh") for line in block.splitlines() if line.strip()]
    split = [[word for word in shlex.split(line, comments=True) if not SETTING.match(word)] for line in lines]
    return [words for words in split if words]


COMMANDS = [words for text in (README, CONTRIBUTING, *DOCS.values()) for words in commands(text)]


def test_the_docs_show_commands() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_in_the_docs_exists(words: list[str]) -> None:
    if words[0] == "make":
        assert set(words[1:]) <= TARGETS
        return
    if words[0] in SHELL:
        return
    assert words[0].startswith(".venv/bin/")
    if words[0] != ".venv/bin/cityharvest":
        assert (ROOT / words[0]).exists()
        return
    # click parses them as the command itself would: an option or verb that does not exist raises.
    verb, rest = VERBS[words[1]], words[2:]
    while isinstance(verb, click.Group):
        verb, rest = verb.commands[rest[0]], rest[1:]
    verb.parse_args(click.Context(verb), [word if word != "data/samples" else str(ROOT / "samples") for word in rest])


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_verb_is_in_the_readme(verb: str) -> None:
    assert f"cityharvest {verb}" in README


def test_each_make_target_says_what_it_does() -> None:
    told = set(re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.MULTILINE))
    assert told == TARGETS
    assert {"install", "harvest", "test", "lint", "types", "torture", "bench", "dev", "clean", "help"} <= TARGETS


def test_the_readme_tells_of_each_source_that_somebody_verified_or_that_ships_active() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \| ", README, re.MULTILINE)
    assert told == sorted(key for key, source in load_registry().sources.items() if not source.is_candidate)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/decisions/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    targets = re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]


def test_each_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("0*.md")}


@pytest.mark.parametrize("code", blocks(README, "python") + blocks(CONTRIBUTING, "python"))
def test_python_in_the_docs_imports_what_exists(code: str) -> None:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names)


def test_paths_in_the_docs_exist() -> None:
    folders = re.findall(r"^\| `([a-z_/]+/)` \| ", README, re.MULTILINE)
    pages = re.findall(r'Path\("([^"]+)"\)', CONTRIBUTING)
    assert folders
    assert pages
    assert not [name for name in folders + pages if not (ROOT / name).exists()]


def test_constraints_hold_what_is_installed_and_name_no_place() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines}
    block = re.search(r"^dependencies = \[(.*?)^\]", declared, re.DOTALL | re.MULTILINE)
    assert block
    wanted = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r'"([A-Za-z0-9._-]+)', block[1])}
    assert wanted <= names
