"""From days to records: the stretch of the page that tells of each, and whether it is an entry at all.

What belongs here: records, their repeats, the judgement of a group. What does not: what a record is called (`values`).
"""
