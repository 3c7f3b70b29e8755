"""The error on top: whoever calls newslake from Python catches what it raises by one class."""


class NewslakeError(Exception):
    """Anything that newslake raises on purpose; the message says what is wrong and what to do."""
