"""Publish: the curated warehouse becomes files that people use, checked, and swapped in as the latest release.

What belongs here: data files and documents (`files`, `package`, `declared`), the gate (`gate`), the swap (`swap`), and
their order (`release`).
What does not: what an entry says (`pipelines.curate`), reading a release (`warehouse.releases`).
"""
