"""Speaking to the person at the terminal: results on stdout, everything else on stderr.

What belongs here: the two consoles, the wording of errors, progress bars. What does not: what a verb has to say.
"""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

out = Console()
err = Console(stderr=True)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class State:
    """What the options before the verb asked for."""

    debug: bool = False


state = State()


class FailureError(RuntimeError):
    """Something that a verb could not do; its text says what, where and what to do."""


def complain(error: BaseException) -> None:
    """One line on stderr for an error."""
    err.print(f"[bold red]error:[/] {escape(wording(error))}", soft_wrap=True, highlight=False)


def warn(text: str) -> None:
    """One line on stderr for something that did not stop the verb."""
    err.print(f"[yellow]warning:[/] {escape(text)}", soft_wrap=True, highlight=False)


def tell(text: str) -> None:
    """One line on stderr about what is going on."""
    err.print(escape(text), style="dim", soft_wrap=True, highlight=False)


def escape(text: str) -> str:
    """Text of a page or an error on one line, with nothing that rich or the terminal would obey."""
    from rich.markup import escape as escape_markup

    return escape_markup(plain(text))


def plain(text: str) -> str:
    """Text on one line, with nothing that a terminal would obey."""
    return _CONTROLS.sub("\ufffd", " ".join(text.split()))


def wording(error: BaseException) -> str:
    """What to say of an error: its own text when it was written for people, else its class beside it."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full ({error.filename or 'while writing'}): make room, then run this again"
    text = " ".join("; ".join(filter(None, map(str.strip, str(error).splitlines()))).split())
    ours = type(error).__module__.split(".")[0] in ("dagster_project", "scrapers", "pipelines", "warehouse")
    if ours and text:
        return text
    kind = type(error).__name__
    return f"{kind}: {text} (`cityharvest --debug VERB ...` shows where)" if text else kind


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress bars, drawn on a terminal only."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<24}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        yield bars


class _Told(logging.Handler):
    """Shows what steps say while they run, one line each."""

    def emit(self, record: logging.LogRecord) -> None:
        (warn if record.levelno >= logging.WARNING else tell)(record.getMessage())


@contextmanager
def listening() -> Iterator[None]:
    """While this lasts, what `cityharvest` loggers say is shown on stderr."""
    logger, handler = logging.getLogger("cityharvest"), _Told()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
