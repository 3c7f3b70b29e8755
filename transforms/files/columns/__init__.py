"""Columns: from rows with foreign names to articles."""
