"""The verbs of `cityharvest`, one module a group.

What belongs here: options, the order of calls, what is shown. What does not: work that a room could do, and heavy
imports at the top of a module (they are made inside the functions, so that `--help` answers at once).
"""
