"""How a page is asked for: politely, safely, within budgets.

What belongs here: settings of politeness, turns at a host, delays, further tries, robots.txt, the guard against private
addresses, asking only for what changed. What does not: what is kept (`captures`), what it is worth (`trust`).
"""
