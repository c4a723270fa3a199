"""Archives of the web: years back in time, from the Internet Archive (Wayback) and from Common Crawl.

    settings    what a source of the strategy `archive` may say of them
    prefixes    which addresses of a source an index is asked for
    rows        an index as it answers: captures with moment, digest and place
    asking      the addresses of queries and of records
    originals   an answer of an archive back into the capture as it was made, or why it is none
    wire        the digest of a body as it came, before its coding is undone
    choosing    which of the listed captures are asked for
    taken       which were taken before, and which never come
    keeping     the originals into runs of the source that they are of

What belongs here: the two archives, their indexes and records. What does not: walking (`spiders.archive`), the WARC
format (`warehouse.captures`), what a page says.

What is kept is the capture that the archive made: its address, its moment, its headers, its bytes. So readers, dates
and identity work as with imported captures, and the entries merge with the live ones. Where it came from stands in its
headers, `X-Archive-Source-*`.
"""
