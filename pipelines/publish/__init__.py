"""Publish: the curated warehouse becomes files that people use, checked, and swapped in as the latest release.

What belongs here: data files (`files`), documents beside them (`metadata`, `declared`), what their makers are told
(`facts`), the gate (`gate`), the swap (`swap`), and their order (`release`).
What does not: what an entry says (`pipelines.curate`), reading a release (`warehouse.releases`).
"""
