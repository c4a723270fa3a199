"""What any page is made of: text in a charset, lines in the order shown, the roles that lines have, links.

What belongs here: taking a page apart, and telling one that refuses. What does not: which lines make an entry (`coe`
for the layouts that are known, `generic` for all others).
"""
