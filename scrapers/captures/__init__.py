"""What is kept of the answers of a run: capture files, the record of the run, imports of files from elsewhere.

What belongs here: writing and salvaging captures, undoing content encodings, run records, taking in WARC files. What
does not: the format of a capture (`warehouse`), what a run is worth (`trust`).
"""
