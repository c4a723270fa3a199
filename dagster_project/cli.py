"""The command `cityharvest`: its verbs, and what a user sees when one fails.

What belongs here: the list of verbs and the outermost net. What does not: what a verb does (`commands/`, one module a
group). Nothing heavy is imported before a verb runs, so that `--help` answers at once.

Exit codes: 0 when the verb did what it says (`harvest` and `read`: the release was published, or found unchanged), 2
when the command was called wrongly, 1 for everything else, with one line on stderr: what failed, where, what to do.
"""

from __future__ import annotations

from typing import Annotated

import typer

from dagster_project import console
from dagster_project.commands import compare, explain, harvest, publish, query, releases, source, sources

app = typer.Typer(
    help="Harvests what cities do about living together in diversity: pages in, a curated, citable release out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("harvest")(harvest.harvest)
app.command("read")(harvest.read)
app.command("publish")(publish.publish)
app.command("sources")(sources.sources)
app.add_typer(source.app, name="source")
app.command("explain")(explain.explain)
app.command("query")(query.query)
app.command("releases")(releases.releases)
app.command("diff")(compare.diff)


@app.callback()
def root(debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")] = False) -> None:
    """Take the options that come before a verb."""
    console.state.debug = debug


def main() -> None:
    """Run the command; whatever goes wrong becomes one line on stderr and exit code 1."""
    try:
        app()
    except Exception as error:  # the outermost net: users get a line, not a trace
        if console.state.debug:
            raise
        console.complain(error)
        raise SystemExit(1) from None
