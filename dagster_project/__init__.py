"""Assembly: the Dagster graph over the rooms, and the command line.

What belongs here: assets, checks, partitions, schedules, resources, and the verbs of `cityharvest`, each a thin wrapper
around a function of another room. What does not: reading, refining, merging, writing of files; those are in `scrapers`,
`pipelines` and `warehouse`, which know nothing of Dagster.
"""
