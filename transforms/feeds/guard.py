"""What a feed must not do: expand entities, use forbidden characters."""

import html
import re

from newslake.transforms.feeds.prolog import Prolog

_MAX_ENTITIES = 300
"""HTML 4 declares 252 entities, and some feeds carry that list."""
_MAX_ENTITY_CHARS = 32
"""The shortest reference, ``&a;``, has 3 characters, so a document grows at most about tenfold."""
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})

_ENTITY_REFERENCE = re.compile(r"&([^\s&;#]+);")
_CHARACTER_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9a-fA-F]+)|(?P<decimal>[0-9]+));?")
_CONTROL_REFERENCE = re.compile(
    r"(?<![&#])(?<!#[xX])&#(?:[xX]0*(?:[1-9a-fA-F]|1[0-9a-fA-F])|0*(?:[1-9]|[12][0-9]|3[01]));"
)
"""A reference to U+0001 to U+001F that can be dropped: the text around it does not join to another
reference. A NUL is not among them: it stands for a lost character."""
_SURROGATE_PAIR = re.compile(
    r"&#([xX][dD][89abAB][0-9a-fA-F]{2}|5[56][0-9]{3});&#([xX][dD][c-fC-F][0-9a-fA-F]{2}|5[67][0-9]{3});"
)
_FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain_entities(prolog: Prolog) -> dict[str, str] | str:
    """Return the entities that a document declares, with their text; or why they are refused.

    Only short plain text passes, and only up to 300 entities. A value with ``&``, ``%`` or ``<``,
    also behind a character reference, would expand on use. An external or parameter entity would
    read a file or URL (XML 1.0 section 4; "billion laughs", XXE). ``amp``, ``lt``, ``gt``, ``quot``
    and ``apos`` may be declared (section 4.6) and are left out.
    """
    if prolog.has_other_entities:
        return "it declares a parameter or external entity"
    if len(prolog.entities) > _MAX_ENTITIES:
        return f"it declares more than {_MAX_ENTITIES} entities"
    entities: dict[str, str] = {}
    for name, literal in prolog.entities:
        if name in _PREDEFINED:
            continue
        value = drop_control_characters(_CHARACTER_REFERENCE.sub(lambda match: chr(_code_point(match)), literal))
        if any(mark in value for mark in "&%<"):
            return f"the entity {name[:40]!r} expands"
        if len(value) > _MAX_ENTITY_CHARS:
            return f"the entity {name[:40]!r} is longer than {_MAX_ENTITY_CHARS} characters"
        entities.setdefault(name, value)  # the first declaration binds (XML 1.0 section 4.2)
    return entities


def replace_entities(text: str, entities: dict[str, str]) -> str:
    """Return ``text`` with each reference to one of ``entities`` replaced by its text, once."""
    if not entities:
        return text
    escaped = {name: html.escape(value) for name, value in entities.items()}
    return _ENTITY_REFERENCE.sub(lambda match: escaped.get(match[1], match[0]), text)


def replace_bad_references(text: str) -> tuple[str, bool]:
    """Return ``text`` with U+FFFD for each bad reference, and whether there were any.

    A bad reference names no character (XML 1.0 production 2). A reference to a control character
    is dropped, as the control character itself is.

    >>> replace_bad_references("a&#0;b&#xD800;c&#65;&#8;")
    ('a\\ufffdb\\ufffdc&#65;', True)

    The two halves of a surrogate pair, which UTF-16 programs write for an emoji, become the
    character that they mean. They count as bad references too.
    """
    found = False
    open_end = -1

    def replace(match: re.Match[str]) -> str:
        nonlocal found, open_end
        is_behind_open = match.start() == open_end
        open_end = -1 if match[0].endswith(";") else match.end()
        if _code_point(match) != 0xFFFD:
            return match[0]
        found = True
        return "" if not is_behind_open and _CONTROL_REFERENCE.match(paired, match.start()) else "\ufffd"

    paired = _SURROGATE_PAIR.sub(_join_surrogates, text)
    replaced = _CHARACTER_REFERENCE.sub(replace, paired)
    return replaced, found or paired != text


def drop_control_characters(text: str) -> str:
    """Return ``text`` without the characters that XML forbids (XML 1.0 production 2)."""
    return _FORBIDDEN_CHARACTER.sub("", text)


def _code_point(match: re.Match[str]) -> int:
    """Return the code point of a character reference; 0xFFFD if it names no character."""
    digits = (match["hex"] or match["decimal"]).lstrip("0")
    if len(digits) > 8:
        return 0xFFFD
    value = int(digits or "0", 16 if match["hex"] else 10)
    is_character = (
        value in (0x9, 0xA, 0xD) or 0x20 <= value <= 0xD7FF or 0xE000 <= value <= 0xFFFD or 0x10000 <= value <= 0x10FFFF
    )
    return value if is_character else 0xFFFD


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = (int(half[1:], 16) if half[0] in "xX" else int(half) for half in match.groups())
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return chr(0x10000 + (high - 0xD800 << 10) + (low - 0xDC00))
    return match[0]
