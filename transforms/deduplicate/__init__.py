"""Decide which articles are new, revised, unchanged or duplicates of other articles."""
