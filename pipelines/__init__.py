"""The pure half of the street: read -> refine -> curate -> publish, each room using only the rooms before it.

What belongs here: functions that turn what was kept into what is published, without network and without scheduling.
`reference` holds facts and vocabularies as data files. What does not: crawling (`scrapers`), storage (`warehouse`),
assembly (`dagster_project`).
"""
