"""Texts of strangers on their way to a terminal."""


def printable(text: str) -> str:
    """Return a text without what could control a terminal.

    >>> printable("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
