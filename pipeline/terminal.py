"""The terminal: its width, whether a line can be redrawn, and which characters may reach it."""

import os
import re
import shutil
import sys
import textwrap
import unicodedata

from newslake.pipeline import logs

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""The characters that control a terminal or turn the order of its text.

They are the controls of ASCII and Latin-1 (ECMA-48), the separators of lines and paragraphs, the
bidirectional embeddings, overrides and isolates (Unicode UAX #9), and lone surrogates.
"""


def width(of_pipe: int) -> int:
    """Return the columns of the terminal, or ``of_pipe`` if stdout is not a terminal.

    The environment variable COLUMNS comes first.
    """
    return shutil.get_terminal_size((of_pipe, 24)).columns


def can_redraw() -> bool:
    """Tell whether a line on stderr can be drawn over: never if stderr gets JSON."""
    return not logs.is_json() and sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def printable(text: str) -> str:
    """Return a text in which U+FFFD stands for every character that is not visible, but for spaces.

    >>> printable("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def one_line(text: str) -> str:
    """Return a printable text on one line.

    >>> one_line("one\\ntwo\\x1b[2J")
    'one two\ufffd[2J'
    """
    return printable(" ".join(text.split()))


def without_controls(text: str, keep: str = "") -> str:
    """Return a text in which U+FFFD stands for each of ``CONTROLS``, but for those in ``keep``.

    Unlike ``printable`` it keeps other invisible characters: Persian words and many emoji need
    joiners, and French has no-break spaces.

    >>> without_controls("a\\x1b[2J\\n", keep="\\n")
    'a\ufffd[2J\\n'
    """
    return CONTROLS.sub(lambda found: found[0] if found[0] in keep else "\ufffd", text)


def columns_of(text: str) -> int:
    """Return the columns that a terminal shows a printable text in (UAX #11)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def paragraph(text: str, columns: int, indent: str = "") -> list[str]:
    """Return the lines of a text for ``columns``; a word that is wider, such as a URL, stays whole.

    Each line begins with ``indent``, and the second line and others with two more spaces.
    """
    return textwrap.wrap(
        text,
        max(columns, 20),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def cut(text: str, columns: int) -> str:
    """Return ``text`` cut so that a terminal shows it in ``columns``, which is at least 1.

    Letters of East Asia take two columns (UAX #11).

    >>> cut("Council votes", 8), cut("市議会が可決", 8)
    ('Council…', '市議会…')
    """
    taken = 0
    fits = 0
    for place, letter in enumerate(text):
        taken += columns_of(letter)
        if taken < columns:
            fits = place + 1
        elif taken > columns:
            return text[:fits] + "…"
    return text
