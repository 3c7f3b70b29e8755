"""The prolog of an XML document (XML 1.0 section 2.8), read without an XML parser.

The prolog is what stands before the root element. This module expands nothing and fetches nothing.
It looks at each byte once, so no prolog takes long.
"""

import re
from dataclasses import dataclass

_SPACE = re.compile(r"[\s\ufeff]*")
_ROOT = re.compile(r"<(?P<name>[^\W\d][\w.:-]*)")
_SUBSET_MARK = re.compile(r"""["'\[\]>]|<!--|<\?|<!ENTITY\b""")
_PLAIN_ENTITY = re.compile(r"""<!ENTITY\s+(?P<name>[^\s%"']+)\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*>""")
_ENTITY_SET = re.compile(
    r"""<!ENTITY\s+%\s+[\w.-]+\s+PUBLIC\s+(?:"[^"]*//ENTITIES [^"]*"|'[^']*//ENTITIES [^']*')"""
    r"""\s+(?:"[^"]*"|'[^']*')\s*>"""
)
"""The old sets of HTML's entities (HTML 4.01 section 24, ISO 8879), which some feeds still name.
They need no reading: HTML's entities are known."""
_CLOSING = {"<!--": "-->", "<?": "?>", '"': '"', "'": "'"}


@dataclass(frozen=True, slots=True)
class Prolog:
    """Where the parts of a prolog stand, as offsets into the text.

    ``root`` is the name of the first element as written, or None if the text is not XML.
    ``entities`` are the internal general entities as pairs (name, literal value).
    ``has_other_entities`` tells whether there are parameter or external entities, or declarations
    that cannot be read. The old sets of HTML's entities do not count.
    """

    root: str | None
    root_start: int
    doctype: tuple[int, int] | None = None
    entities: tuple[tuple[str, str], ...] = ()
    has_other_entities: bool = False


def read_prolog(text: str) -> Prolog:
    """Return the prolog of ``text``. Its root is None if the prolog breaks off."""
    position = 0
    doctype: tuple[int, int] | None = None
    entities: tuple[tuple[str, str], ...] = ()
    has_other = False
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if text.startswith(("<?", "<!--"), position):
            opening = "<?" if text.startswith("<?", position) else "<!--"
            end = _after(text, _CLOSING[opening], position + len(opening))
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            end, entities, has_other = _read_doctype(text, position + 9)
            doctype = (position, end)
        else:
            root = _ROOT.match(text, position)
            return Prolog(root["name"] if root else None, position, doctype, entities, has_other)
        if end < 0:
            return Prolog(None, len(text), None, entities, has_other)
        position = end


def _read_doctype(text: str, position: int) -> tuple[int, tuple[tuple[str, str], ...], bool]:
    """Return where a DOCTYPE ends, its internal entities, and whether it declares any others.

    ``position`` is right after "<!DOCTYPE", and the end is right after ">". The end is -1 if the
    declaration breaks off. Entities are (name, value) pairs. The others are parameter entities,
    external entities, and entities that cannot be read.
    """
    entities: list[tuple[str, str]] = []
    has_other = False
    depth = 0
    while mark := _SUBSET_MARK.search(text, position):
        token = mark[0]
        position = mark.end()
        if token == "<!ENTITY":
            if plain := _PLAIN_ENTITY.match(text, mark.start()):
                entities.append((plain["name"], plain["double"] if plain["double"] is not None else plain["single"]))
                position = plain.end()
            elif entity_set := _ENTITY_SET.match(text, mark.start()):
                position = entity_set.end()
            else:
                has_other = True
        elif token in _CLOSING:
            position = _after(text, _CLOSING[token], position)
            if position < 0:
                break
        elif token == "[":
            depth += 1
        elif token == "]":
            depth -= 1
        elif depth <= 0:
            return position, tuple(entities), has_other
    return -1, tuple(entities), has_other


def _after(text: str, closing: str, position: int) -> int:
    found = text.find(closing, position)
    return found + len(closing) if found >= 0 else -1
