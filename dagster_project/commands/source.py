"""`cityharvest source new|try|verify`: from an address to a source that is harvested every night.

What belongs here: the group of the three verbs, and `new`. What does not: `try` (`source_try`), `verify`
(`source_verify`), looking and proposing (`scrapers.proposing.look`, `dagster_project.proposing`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project import console
from dagster_project.commands.harvest import warn_without_contact
from dagster_project.commands.options import DataOption
from dagster_project.commands.source_try import try_source
from dagster_project.commands.source_verify import verify_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapers.proposing.look import Look
    from scrapers.proposing.proposal import Form
    from scrapers.registry import Registry

app = typer.Typer(help="Add a source, try it, verify it.", no_args_is_help=True)
app.command("try")(try_source)
app.command("verify")(verify_source)

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="Its name: a-z, 0-9 and hyphens.")]
UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="A page that lists entries, or a feed, calendar, API.")]
CountryOption = Annotated[str | None, typer.Option("--country", metavar="XX", help="ISO 3166-1, when it is one.")]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="xx", help="ISO 639-1; may be repeated. Else told by the texts."),
]
ScopeOption = Annotated[
    str, typer.Option("--scope", metavar="city|programme", help="Programme: all of it is relevant.")
]
BrowserOption = Annotated[bool, typer.Option("--browser", help="Render the page: it is empty without scripts.")]
PrivateOption = Annotated[bool, typer.Option("--private", help="Its host may be in a private network.")]


@app.command("new")
def new_source(
    key: KeyArgument,
    url: UrlArgument,
    title: Annotated[str | None, typer.Option("--title", help="Else that of the page.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Else the name of the site.")] = None,
    country: CountryOption = None,
    language: LanguageOption = None,
    scope: ScopeOption = "city",
    browser: BrowserOption = False,
    private: PrivateOption = False,
    data: DataOption = Path("data"),
) -> None:
    """Look at a page and what it offers, and write the YAML of a source for review."""
    check_options(key, country, language, scope)
    from dagster_project.proposing import Given, draft_of
    from scrapers.proposing.look import look_at
    from scrapers.proposing.proposal import forms_of
    from scrapers.proposing.source_file import writable_folder, write_new
    from scrapers.registry import load_registry
    from warehouse.layout import DataFolder

    registry = load_registry()
    path = writable_folder() / f"{key}.yaml"
    check_is_new(key, path, registry)
    warn_without_contact()
    console.tell(f"looking at {url} and what it offers: a dozen requests, a second apart")
    try:
        look = look_at(key, url, DataFolder(data), browser, private)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="URL") from error
    forms = forms_of(look)
    show_look(look, forms)
    if not forms or not forms[0].rating:
        raise console.FailureError(nothing_found(look, browser))
    check_is_free(forms[0], registry)
    given = Given(title, publisher, country, language or (), scope, browser, private)
    draft = draft_of(key, look, forms, given, datetime.now(UTC).date())
    write_new(path, draft.yaml())
    console.out.print(console.escape(why_this(forms)), highlight=False, soft_wrap=True)
    console.out.print(f"Wrote {path}; review it, then:", highlight=False, soft_wrap=True)
    console.out.print(f"  cityharvest source try {key}", highlight=False, soft_wrap=True)


def check_options(key: str, country: str | None, languages: Sequence[str] | None, scope: str) -> None:
    """Refuse what can be no source before anybody is asked."""
    checks = [
        (re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", key) and len(key) <= 60, f"{key!r} is no key", "KEY"),
        (country is None or re.fullmatch("[A-Z]{2}", country), "two capital letters, such as AT", "--country"),
        (all(re.fullmatch("[a-z]{2}", code) for code in languages or ()), "two letters, such as de", "--language"),
        (scope in ("city", "programme"), "city or programme", "--scope"),
    ]
    for is_good, told, name in checks:
        if not is_good:
            raise typer.BadParameter(told, param_hint=name)


def check_is_new(key: str, path: Path, registry: Registry) -> None:
    """Never write over a source, nor take a key that means one."""
    taken = {old for source in registry.sources.values() for old in (source.key, *source.renamed_from)}
    if key in taken or path.exists():
        raise console.FailureError(f"source {key} is there already ({path}): choose another key, or edit its file")


def check_is_free(form: Form, registry: Registry) -> None:
    """A page belongs to one source."""
    owner = registry.route(form.url)
    if owner is not None:
        raise console.FailureError(
            f"{form.url} belongs to source {owner.key} already: `cityharvest source try {owner.key}`"
        )


def show_look(look: Look, forms: Sequence[Form]) -> None:
    """What was looked at and what each form gave, the best first; what was not looked at, and what went wrong."""
    from rich.table import Table

    table = Table(header_style="bold", show_edge=False)
    for name in ("looked at", "as", "entries", "dated", "placed", "text", "own page", "of the page's", "rating"):
        table.add_column(name, justify="left" if name in ("looked at", "as") else "right", overflow="fold")
    for form in forms:
        table.add_row(*map(console.escape, row_of(form)))
    if forms:
        console.out.print(table)
    for form in forms:
        for issue in form.issues[:2] if not form.entries else ():
            console.out.print(
                console.escape(f"{form.url} as {form.strategy}: {issue}"), highlight=False, soft_wrap=True
            )
    for offer in look.elsewhere:
        console.out.print(
            console.escape(f"not looked at, another host: {offer.url} ({offer.why})"), highlight=False, soft_wrap=True
        )
    for name, count in look.record.errors.items():
        example = look.record.examples.get(name, "")
        console.warn(f"{name}: {count} of {look.record.requests} requests, such as {example}")


def row_of(form: Form) -> list[str]:
    """A form as a row of the table."""
    shares = [
        f"{form.filled[name]:.0%}" if form.entries else "" for name in ("date_raw", "place_raw", "summary", "url")
    ]
    shared = "" if form.shared is None else f"{form.shared:.0%}"
    count = f"{len(form.entries)}{' and on' if form.goes_on else ''}"
    return [form.url, form.strategy, count, *shares, shared, f"{form.rating:.2f}"]


def why_this(forms: Sequence[Form]) -> str:
    """Why the first form was chosen, in a sentence."""
    best = forms[0]
    second = next((form for form in forms[1:] if form.entries), None)
    beside = f"; next best is {second.strategy} at {second.url} ({second.rating:.2f})" if second else ""
    return f"Chosen by yield and fields filled: {best.strategy} at {best.url}, {best.why} ({best.rating:.2f}){beside}."


def nothing_found(look: Look, browser: bool) -> str:
    """What to say when nothing was read: what was seen, where it lies, what to try."""
    record, page = look.record, look.page
    if page is None:
        cause = record.likely_cause or f"no page came ({record.finish_reason})"
        return f"{look.address}: {cause}. Next: {record.next_step}. The log is in {look.where}"
    scripts = page.body.lower().count(b"<script")
    seen = (
        f"{len(page.body)} bytes of {page.media_type or 'no stated type'}, {scripts} scripts, {len(look.offers)} offers"
    )
    render = "" if browser else "--browser when the page shows entries in a browser only; "
    tries = f"try {render}the address of the list itself, of its feed or of its API; or write a YAML with hints"
    return f"no entries at {look.address} ({seen}); nothing was written. The captures lie in {look.where}; {tries}"
