"""HTML pages: what they state, and their main text."""
