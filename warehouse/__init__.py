"""The warehouse: storage, and nothing that judges what is stored.

    layout      where everything lies in the data folder; files are written whole or not at all
    tables      every table, each column declared once: name, type, meaning
    captures    web pages as fetched, in WARC files: in, out, and what is left of a dead run
    lake        Parquet files, one a table, source and run
    locks       one a source and one for the writer; each says who holds it
    storage     the one error for a disk that does not take what is written
    releases    read-only access to what was published

What belongs here: formats, files, transactions. What does not: reading a page, a date, a duplicate, the registry of
sources. This room imports no other room.
"""
