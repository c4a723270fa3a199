"""Dates in running text: where to look, and which phrases are dates of it.

What belongs here: the rules that say no to what could be a date in a date field, but is a name, a number or an address
in a sentence. What does not: reading.

    prescan               signs of dates, so that most lines are not parsed at all
    spans                 which phrases count
"""
