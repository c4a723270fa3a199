"""The values of a record: title, times, place, address, status; and items made of them.

What belongs here: choosing among the lines of a record. What does not: which lines are of it (`finding`).
"""
