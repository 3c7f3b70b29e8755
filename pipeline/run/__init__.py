"""A run: one commit, or several if there is much to read."""
