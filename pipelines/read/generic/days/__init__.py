"""The days that a page names: in words, in badges, in columns, in grids of months and weeks; and their years.

What belongs here: mentions of days and the periods above them. What does not: the stretch of page that tells of a day
(`finding`).
"""
