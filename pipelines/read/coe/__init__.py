"""The layouts of coe.int and of the Congress's hub, as HTML and as text: lists, tables, detail pages, the old site.

What belongs here: which lines of such a page make an entry, and what each of them is. What does not: pages of any other
site (`generic`, `feeds`).
"""
