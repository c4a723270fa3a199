"""A new source: the look at an address and at what it offers, and the YAML that is proposed.

What belongs here: finding and rating offers, writing the YAML. What does not: crawling, showing.
"""
