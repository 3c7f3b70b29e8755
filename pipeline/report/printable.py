"""Texts of strangers on their way to a terminal."""

import re

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""The characters that control a terminal or turn the order of its text.

They are the controls of ASCII and Latin-1 (ECMA-48), the separators of lines and paragraphs, the
bidirectional embeddings, overrides and isolates (Unicode UAX #9), and lone surrogates.
"""


def printable(text: str) -> str:
    """Return a text in which U+FFFD stands for every character that is not visible, but for spaces.

    >>> printable("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def without_controls(text: str, keep: str = "") -> str:
    """Return a text in which U+FFFD stands for each of ``CONTROLS``, but for those in ``keep``.

    Unlike ``printable`` it keeps other invisible characters: Persian words and many emoji need
    joiners, and French has no-break spaces.

    >>> without_controls("a\\x1b[2J\\n", keep="\\n")
    'a\ufffd[2J\\n'
    """
    return CONTROLS.sub(lambda found: found[0] if found[0] in keep else "\ufffd", text)
