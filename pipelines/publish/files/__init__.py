"""The files of a release, one kind a module, each written from the staged database.

    tables    each table and view as Parquet, CSV and JSON lines
    changes   changes.parquet: what was added, changed and removed since the release before
    calendar  events.ics, calendars/<country>.ics, calendar.parquet (zones: their time zones; ics: its text)
    geo       places.geojson
    feeds     changes.atom, changes.json
    text      what characters a text may have where it is shown

What belongs here: how a value is written in each format. What does not: which files make a release whole and in which
order (`release`), whether they are right (`gate`).
"""
