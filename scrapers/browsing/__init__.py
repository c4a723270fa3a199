"""Sources with `browser: true`: pages rendered in Chromium behind a guard of ours.

What belongs here: settings, handler and proxy of the browser, and whether there is one. What does not: spiders.
"""
