"""The grammar: a text into tokens, points in time and whole phrases.

What belongs here: what numbers, words and marks mean together. What does not: the words themselves (`words`), days of
the calendar and missing years (`calendar`), which phrases of running text are dates (`finding`).

    tokens                words, numbers and marks, with their places
    numeric, clock        12.05.2018; 11.00-12.30 CET
    point, points         one end of a date, parts in any order (names, figures, hours)
    numbered              numbers that are names: of streets, rooms, laws, telephones
    phrases, parse        ranges, since, until, ongoing, deadlines, brackets; walking through a text
"""
