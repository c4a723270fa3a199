"""The scrapers room: what is harvested (the registry of sources) and how pages get into the captures.

What belongs here: one YAML a source and its model, spiders (one a strategy, not one a site), politeness, imports of
kept captures, the record of a run. What does not: dates, places, duplicates, databases. Spiders ask `pipelines.read`
for links and nothing else.
"""
