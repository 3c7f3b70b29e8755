"""Operations on a lake that add no articles. Each is one log entry that replaces live files."""
