"""Which place a name means, where several bear it, and whether it means a place at all.

The rules: the country on the line decides; else the country of the source; else a city of the programme before a
capital before a town, the larger first. A town is read only where it fills a piece of the line or touches its country;
a name that is an ordinary word only beside its country or where the line is nothing but names. What belongs here: these
rules. What does not: building the table of results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cache

from pipelines import reference
from pipelines.reference.folding import fold
from pipelines.refine.places.line import Line, Mention
from pipelines.refine.places.names import Meaning

# People of this many tell a town apart from a name that happens to be a street's or a hall's.
_LARGE = 100_000


def decide(line: Line, hint: Collection[str] = ()) -> None:
    """Set the choice of each mention of a line that names places; None where it names none."""
    _decide_online(line)
    _decide_regions(line)
    countries = _decide_countries(line)
    cities = [m for m in line.mentions if m.choice is None and m.can_be("city")]
    for mention in cities:
        mention.choice = _choose(line, mention, countries, hint)
    _drop_embedded(line)
    _drop_strays(line, countries)
    _absorb_parts(line)
    _decide_venues(line, countries)


def decide_running(line: Line) -> None:
    """Set the choices in running text: only a country that stands right beside a name helps it."""
    for mention in line.mentions:
        if mention.can_be("country"):
            mention.choice = next(m for m in mention.hit.meanings if m.kind == "country")
    for mention in line.mentions:
        if mention.choice is None:
            near = {c for other in _neighbours(line, mention) for c in other.countries()}
            cities = [m for m in mention.hit.meanings if m.kind == "city"]
            fitting = [m for m in cities if m.country in near] or [m for m in cities if not m.ordinary]
            mention.choice = fitting[0] if fitting else None


def _decide_online(line: Line) -> None:
    for mention in line.mentions:
        online = next((m for m in mention.hit.meanings if m.kind == "online"), None)
        if online and (mention.fills or (_is_at_end(line, mention) and fold(_text(line, mention)) in _online_ends())):
            mention.choice = online


def _is_at_end(line: Line, mention: Mention) -> bool:
    return mention.hit.first == 0 or mention.hit.last == len(line.words)


@cache
def _online_ends() -> frozenset[str]:
    return frozenset(fold(word) for word in reference.load_yaml("online.yaml")["at_end"])


def _decide_regions(line: Line) -> None:
    """A region follows a comma and a city of its country ("Chicago, IL") that is in no country named alike."""
    for city, mention in zip(line.mentions, line.mentions[1:], strict=False):
        regions = {m.country for m in mention.hit.meanings if m.kind == "region"}
        if not regions or city.chain != mention.chain or not {",", "("} & set(line.text[city.end : mention.start]):
            continue
        at = [m.country for m in city.hit.meanings if m.kind == "city" and m.own]
        code = next((country for country in at if country in regions), None)
        written = _text(line, mention)
        if code and not (mention.countries() & set(at)) and (len(written) > 3 or written.isupper()):
            mention.choice = Meaning("country", code, code, "region", (4, 0, 0), True, False, True)


def _decide_countries(line: Line) -> set[str]:
    """Countries that the line names; a name of a country and its city is the city where another names the country."""
    named = [m for m in line.mentions if m.choice is None and m.can_be("country") and _may_be_country(line, m)]
    times = Counter(code for mention in named for code in mention.countries())
    times.update(m.choice.value for m in line.mentions if m.choice and m.choice.tier == "region")
    for mention in named:
        others = times - Counter(mention.countries())
        city = next((m for m in mention.hit.meanings if m.kind == "city" and m.country in others), None)
        if city:
            times -= Counter(mention.countries())
            mention.choice = city
        else:
            mention.choice = next(m for m in mention.hit.meanings if m.kind == "country")
    return {m.choice.value for m in line.mentions if m.choice and m.choice.kind == "country"}


def _may_be_country(line: Line, mention: Mention) -> bool:
    """A country stands at an edge of its piece; a name that means more than a country fills it or touches a place."""
    if any(m.kind == "country" and m.free for m in mention.hit.meanings):
        return mention.fills or mention.edge
    return mention.fills or (mention.edge and bool(_neighbours(line, mention)))


def _choose(line: Line, mention: Mention, countries: set[str], hint: Collection[str]) -> Meaning | None:
    meanings = [m for m in mention.hit.meanings if m.kind == "city"]
    near = {m.choice.value for m in _neighbours(line, mention) if m.choice and m.choice.kind == "country"}
    for wanted in (near, countries):
        fitting = [m for m in meanings if m.country in wanted]
        if fitting:
            return fitting[0] if _may_be_city(line, mention, fitting[0], wanted) else None
    if near:  # "Dublin, Norway": not the Dublin that is known
        return None
    fitting = [m for m in meanings if m.country in hint] or meanings
    allowed = [m for m in fitting if _may_be_city(line, mention, m, hint)]
    return next((m for m in allowed if not countries or m.free), None)


def _may_be_city(line: Line, mention: Mention, meaning: Meaning, countries: Collection[str]) -> bool:
    known = meaning.country in countries
    if meaning.ordinary and not known and not line.is_full:
        return False
    if not (known or meaning.own or line.is_full or meaning.rank[2] >= _LARGE):
        return False
    if meaning.free:
        return True
    touches = known and any(
        meaning.country in _countries_of(other) for other in line.chain(mention.chain) if other is not mention
    )
    return mention.fills or touches


def _countries_of(mention: Mention) -> set[str]:
    return {mention.choice.country} if mention.choice else mention.countries()


def _drop_embedded(line: Line) -> None:
    """A city's name within other words is the line's city only when no other name is ("Leeds Town Hall, York Road")."""
    chosen = [m for m in line.mentions if m.choice and m.choice.kind == "city"]
    country_chains = {m.chain for m in line.mentions if m.choice and m.choice.kind == "country"}
    for mention in chosen:
        embedded = not mention.edge and mention.choice is not None and mention.choice.free
        mention.linked = mention.chain in country_chains and not embedded
    firm = [m for m in chosen if m.fills or m.linked]
    edge = [m for m in chosen if m.edge]
    kept = {m.at for m in firm or edge or [m for m in chosen if not m.address]}
    for mention in chosen:
        if mention.at not in kept:
            mention.choice = None


def _drop_strays(line: Line, countries: set[str]) -> None:
    """Small towns of countries that nothing else on the line is in: halls and streets bear such names."""
    cities = [m for m in line.mentions if m.choice and m.choice.kind == "city"]
    firm = countries | {m.choice.country for m in cities if m.choice and m.choice.free}
    for mention in cities:
        choice = mention.choice
        if choice and firm and not choice.free and choice.country not in firm and choice.rank[2] < _LARGE:
            mention.choice = None


def _absorb_parts(line: Line) -> None:
    """A quarter beside its city is one place: the quarter where the programme knows it, else the city."""
    for one, other in zip(line.mentions, line.mentions[1:], strict=False):
        if one.chain != other.chain:
            continue
        for part, whole in ((one, other), (other, one)):
            if not (part.choice and whole.choice and part.choice.kind == whole.choice.kind == "city"):
                continue
            if whole.choice.value in _wide() and part.choice.country == whole.choice.country:
                whole.absorbed = True
            if reference.city(part.choice.value).part_of == whole.choice.value:
                if part.choice.tier == "member":
                    whole.absorbed = True
                else:
                    part.choice = None


@cache
def _wide() -> frozenset[str]:
    return frozenset(reference.load_yaml("regions.yaml")["wide"])


def _decide_venues(line: Line, countries: set[str]) -> None:
    """A known building says the city where nothing else on the line does."""
    if any(m.choice and m.choice.kind == "city" for m in line.mentions):
        return
    for mention in line.mentions:
        venue = next((m for m in mention.hit.meanings if m.kind == "venue"), None)
        if venue and mention.choice is None and (not countries or venue.country in countries):
            mention.choice = venue


def _neighbours(line: Line, mention: Mention) -> list[Mention]:
    """The mentions right before and after, with no other word between."""
    at = mention.at
    around = line.mentions[max(at - 1, 0) : at] + line.mentions[at + 1 : at + 2]
    return [other for other in around if other.chain == mention.chain]


def _text(line: Line, mention: Mention) -> str:
    return line.text[mention.start : mention.end]
