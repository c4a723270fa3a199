"""Any listing page to its entries, with no rule for the site.

What belongs here: the order of the steps. What does not: how a step works.

    rows                        rows of tables that only an attribute holds
    blocks, cells, outline      what is shown, line by line, and where it stands
    wording, extents            the language of its dates; how far the words of a date reach
    mentions, numbers           the days that it names; those of day and month in numbers alone
    grids, pairs                months apart from days; first and last days apart
    calendars, weeks            the days of what stands below days: in grids, in plain elements
    periods                     the headings, captions and tabs that cover a stretch of the page
    sight                       all of these, seen once
    records, sessions           the stretch of the page around each day; several things below one day
    titles, naming, fields      what each record is called, by what its group shows; place, time, teaser, link, status
    judge, single, repeats      which records are entries; a page about one thing; an entry shown twice
    years                       the years that only the order of a list tells
    items, merging              the items with their confidence; what the page states in structured form
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.read.generic.days.years import settle_years
from pipelines.read.generic.finding.judge import Judged, entries_among, judge
from pipelines.read.generic.finding.records import Group, Record, find_records, groups_of
from pipelines.read.generic.finding.repeats import without_repeats
from pipelines.read.generic.finding.sessions import spread
from pipelines.read.generic.finding.sight import Sight, look_at
from pipelines.read.generic.finding.single import single_of
from pipelines.read.generic.layout.wording import is_ordered
from pipelines.read.generic.values.items import item_of, name
from pipelines.read.generic.values.merging import merge
from pipelines.read.generic.values.titles import titles_of
from pipelines.read.html.markup import Document
from pipelines.read.reading import Evidence, Issue, Item
from pipelines.read.structured import read_structured
from pipelines.refine.dates import read_date

_HEADING = 0.85  # confidence of the heading of a page about one thing
_LISTED = 3  # records of a parent are a list of its own


def read_anything(document: Document, captured: date | None) -> tuple[list[Item], list[Issue]]:
    """The entries of a page that no rule knows, in its order, and what was left out for want of evidence."""
    sight = look_at(document, captured)
    judged = _judged(sight)
    kept, left = entries_among(judged)
    for group in judged:
        _date(group, sight)
    shown, unsure = _shown(kept, left, sight)
    issues = [
        Issue(f"not sure that it is an entry ({', '.join(one.reasons) or 'only a date'})", one.record.mention.text)
        for one in unsure
    ]
    if sight.cut:
        issues.insert(0, Issue(sight.cut, "page"))
    return merge(shown, read_structured(document), captured), issues


def _judged(sight: Sight) -> list[list[Judged]]:
    """The records of a page by their look, each with its title and what speaks for it."""
    groups = _groups(sight)
    main = _main([record for group in groups for record in group.records])
    found = []
    for group in groups:
        titles = titles_of(group, sight.blocks, sight.by_block, sight.languages)
        above = [next((b.text for b in sight.headings.above(record) if b.level), "") for record in group.records]
        found.append(judge(group, titles, sight.blocks, above, main, sight.captured))
    return found


def _groups(sight: Sight) -> list[Group]:
    """The records of a page by their look, those that hold several things cut."""
    records, tree = find_records(sight.outline, [m for m in sight.mentions if m.role != "updated"])
    return spread(tree, groups_of(sight.outline, records))


def _main(records: Sequence[Record]) -> set[Any]:
    """The elements that hold at least half of the records of a page."""
    counts: Counter[Any] = Counter()
    for record in records:
        element = record.node if record.node is not None else record.parent
        while element is not None:
            counts[element] += 1
            element = element.getparent()
    return {element for element, count in counts.items() if 2 * count >= len(records) > 1}


def _date(group: Sequence[Judged], sight: Sight) -> None:
    """Read the date of each record of a group with what the page says around it."""
    for one in group:
        mention = one.record.mention
        one.context = sight.headings.context(one.record) if not mention.has_year else []
        if one.context:
            one.reading = read_date(mention.text, sight.languages, sight.captured, "; ".join(one.context))
    for listed in _lists(group):
        settle_years(listed, sight.languages, sight.captured)


def _lists(group: Sequence[Judged]) -> list[list[Judged]]:
    """The lists of which records of one look are: those of one parent when parents hold several, else all."""
    by_parent: dict[Any, list[Judged]] = defaultdict(list)
    for one in group:
        by_parent[one.record.parent].append(one)
    return list(by_parent.values()) if len(group) >= _LISTED * len(by_parent) else [list(group)]


def _shown(
    kept: Sequence[Judged], left: Sequence[Judged], sight: Sight
) -> tuple[list[tuple[Judged, Item]], Sequence[Judged]]:
    """(the entries that the page shows with their items, the records that are not sure)."""
    if single := single_of(kept, left, sight.blocks):
        one, heading = single
        item = item_of(one, sight, ())
        item.url = None  # this page; links around its day lead elsewhere
        name(item, heading.text, Evidence(_HEADING, "the only heading of a page about one thing"))
        return [(one, item)], ()
    clear = [mention for mention in sight.mentions if is_ordered(mention.text) is True]
    ordered = sorted(kept, key=lambda one: one.record.core)
    return [(one, item_of(one, sight, clear)) for one in without_repeats(ordered)], left
