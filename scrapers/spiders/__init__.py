"""Spiders, one a strategy. They find links and hand responses on to be kept; they know no date and no database."""
