"""Refine: a raw entry, as displayed, to a refined one, as values. Row by row independent.

What belongs here: recognisers of one value each, and the chain that puts them in order (`chain.refine`). What does not:
anything that needs a second entry (`curate`), anything that looks at a page (`read`).

    clean      text without markup, mojibake and invisible characters; what was lost is flagged, never invented
    privacy    e-mail addresses and phone numbers out of what is published
    languages  the language of a text (language_models: how well it fits each)
    dates      words to dates
    places     words to cities, countries, venues
    kinds      practice, event, call, resource or news, and the role of the date
    status     cancelled, postponed
    moments    local time and zone to an instant
    chain      the steps in order
    runs       a run of the lake, refined
"""
