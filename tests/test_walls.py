"""The walls between the rooms, held by parsing the imports; and the size of files."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("warehouse", "pipelines", "scrapers", "dagster_project")
ALLOWED = {
    "warehouse": ("warehouse",),
    "pipelines": ("pipelines", "warehouse"),
    "scrapers": ("scrapers", "warehouse", "pipelines.read"),
    "dagster_project": ("dagster_project", "scrapers", "pipelines", "warehouse"),
}
# Inside pipelines: what each stretch of the street may use beside itself and the reference data.
STREET = {
    "pipelines.reference": (),
    "pipelines.read": ("pipelines.refine.dates", "pipelines.refine.places"),
    "pipelines.refine": ("pipelines.read",),
    "pipelines.curate": ("pipelines.read", "pipelines.refine"),
    "pipelines.publish": ("pipelines.read", "pipelines.refine", "pipelines.curate"),
}
ONLY_IN = {"scrapy": "scrapers", "twisted": "scrapers", "dagster": "dagster_project"}


# Part of the interface of a library that is declared, or of the standard library of a later Python.
BROUGHT = {"twisted": "scrapy", "numpy": "pandas", "compression": "Python 3.14"}


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, module: str, is_package: bool = False) -> Iterator[str]:
    """Every module that the code may load, also inside functions and type-checking blocks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: len(module.split(".")) - node.level + is_package] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def faults(module: str, names: list[str]) -> list[str]:
    """Imports that climb a wall."""
    room = module.split(".")[0]
    ours = [name for name in names if name.split(".")[0] in ROOMS]
    found = [name for name in ours if not within(name, ALLOWED[room])]
    found += [name for name in names if ONLY_IN.get(name.split(".")[0], room) != room]
    stretch = ".".join(module.split(".")[:2])
    if stretch in STREET:
        may = (stretch, "pipelines.reference", "pipelines.fingerprint", *STREET[stretch])
        found += [name for name in ours if name.startswith("pipelines.") and not within(name, may)]
    return found


@pytest.mark.parametrize("path", files(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stay_within_the_walls(path: Path) -> None:
    module = module_of(path)
    names = list(imports(ast.parse(path.read_text(encoding="utf-8")), module, path.name == "__init__.py"))
    assert not faults(module, names), f"{module} imports what is on the other side of a wall"


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("warehouse.lake", "from pipelines.read import read_page"),
        ("pipelines.read.coe.listing", "import scrapers.registry"),
        ("pipelines.read.coe.listing", "from pipelines.refine import chain"),
        ("pipelines.refine.chain", "from pipelines.curate import build"),
        ("pipelines.refine.chain", "from ..publish import release"),
        ("scrapers.crawl", "from pipelines.refine.dates import read_dates"),
        ("scrapers.crawl", "def f():\n    import dagster"),
        ("pipelines.curate.build", "from scrapy import Spider"),
    ],
)
def test_a_hole_in_a_wall_is_seen(module: str, line: str) -> None:
    assert faults(module, list(imports(ast.parse(line), module)))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("pipelines.read.coe.listing", "from pipelines.refine.dates import find_dates"),
        ("pipelines.read.coe.listing", "from pipelines.reference import cities"),
        ("scrapers.spiders.liferay", "from pipelines.read import read_page"),
        ("dagster_project.steps", "from scrapers.crawl import crawl"),
        ("pipelines.curate.build", "import duckdb"),
    ],
)
def test_open_doors_are_open(module: str, line: str) -> None:
    assert not faults(module, list(imports(ast.parse(line), module)))


@pytest.mark.parametrize(
    "path", files(*ROOMS, "tests", "samples", "benchmarks"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_file_is_over_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", files(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "a module opens with what belongs in it"
    assert not docstring.startswith("TO" + "DO")


# The one module that may import what an extra brings; it is loaded only where the extra is asked for.
EXTRAS = {"scrapers.browsing.browser_handler": "browser"}


def declared(pyproject: str, extra: str | None = None) -> set[str]:
    """Names of the distributions that the product, or an extra of it, depends on, normalised."""
    project = tomllib.loads(pyproject)["project"]
    lines = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    names = [re.split(r"[<>=!~;\[ ]", line)[0] for line in lines]
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_what_is_imported_is_declared() -> None:
    """A library that is only there because another brought it, or somebody installed it, is missing elsewhere."""
    installed = packages_distributions()
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    missing = set()
    for path in files(*ROOMS):
        have = declared(pyproject, EXTRAS.get(module_of(path)))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in imports(tree, module_of(path), path.name == "__init__.py"):
            top = name.split(".")[0]
            if top in ROOMS or top in BROUGHT or top in sys.stdlib_module_names:
                continue
            owners = {re.sub(r"[-_.]+", "-", owner).lower() for owner in installed.get(top, [top])}
            if not owners & have:
                missing.add(f"{top} (in {path.relative_to(ROOT)})")
    assert missing == set()
