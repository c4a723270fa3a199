"""Curate: all entries seen together. What is the same, who is who, what an entry says, and since when.

What belongs here: linkage (`features`, `blocking`, `rules`, `duplicates`, `clusters`), identity (`identity`, `ledger`,
`overrides`), values (`merge`, `history`, `coverage`), and the writing of the curated warehouse (`build`).
What does not: anything that one row alone decides (`pipelines.refine`), files for people (`pipelines.publish`).
"""
