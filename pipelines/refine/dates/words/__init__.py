"""What the words of dates are: the vocabularies of the languages, and what a text in one of them is read with.

What belongs here: loading `pipelines/reference/dates/*.yaml`, the names of CLDR, folding, telling the language of date
words. What does not: what words mean together (`grammar`).

    schema, cldr          the shape of a language's data file; month and weekday names
    vocabulary            what each word of one language can be
    pieces, lexicon       how a text falls into pieces; one language's words with the strong words of all
"""
