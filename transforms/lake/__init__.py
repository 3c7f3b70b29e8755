"""The lake: its log, attempts, staging, files, commits and readers.

It imports storage only. The other stages may import both.
"""
