"""What the lake remembers of the articles that it has met: sorted columns in immutable files."""
