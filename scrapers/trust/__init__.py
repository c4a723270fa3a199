"""What to make of a run: classes of faults, pages that lie, the verdict with its likely cause and next step.

What belongs here: judging. What does not: asking (`asking`), keeping (`captures`).
"""
