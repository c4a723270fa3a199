"""The page as lines, cells, rows and outline: what stands where, before anything is known of days.

What belongs here: blocks of text with their look and place. What does not: days (`days`), records (`finding`).
"""
