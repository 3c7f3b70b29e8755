"""Repair what publishers often get wrong in XML, before a parser reads it.

Nothing here changes a document that is well-formed.
"""

import html
import re
from dataclasses import dataclass
from html.entities import html5

from newslake.transforms.feeds.guard import drop_control_characters, replace_bad_references, replace_entities


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SOUND_REFERENCE = r"#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);"
_DOUBTFUL = re.compile(rf"&(?!{_SOUND_REFERENCE})")
_REFERENCE = re.compile(
    rf"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[?!][^>]*>|&(?!{_SOUND_REFERENCE})(?:(?P<name>[A-Za-z][A-Za-z0-9]*);|#X(?P<hex>[0-9a-fA-F]+);)?",
    re.DOTALL,
)
_NO_TAG = r"<(?![A-Za-z/!?])"
_TAG = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|"
    r"<(?P<end>/)?(?P<name>[A-Za-z_][\w.-]*(?::[\w.-]+)?)"
    rf"(?P<attributes>(?:\s(?:[^<>\"']|\"(?:[^\"<]|{_NO_TAG})*\"|'(?:[^'<]|{_NO_TAG})*')*?)?)\s*(?P<empty>/)?>|<",
    re.DOTALL,
)
_SOUND_ATTRIBUTES = re.compile(r"(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*")
_ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z_][\w.-]*(?::[\w.-]+)?)\s*"
    r"(?:=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_PREFIX = re.compile(r"[</\s](?P<prefix>[A-Za-z_][\w.-]*):[\w.-]+(?=[\s=/>])")
_DECLARED_PREFIX = re.compile(r"\bxmlns:(?P<prefix>[\w.-]+)\s*=")
_NAME_OF_ROOT = re.compile(r"<[A-Za-z_][\w.:-]*")

_HTML = _words(
    "a abbr address article aside audio b big blockquote br center cite code dd del div dl dt em embed figcaption "
    "figure font footer h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd li main mark ol p picture pre q s "
    "samp script section small span strike strong style sub sup svg table tbody td tfoot th thead time tr tt u ul "
    "var video wbr"
)
"""Elements of HTML that stand in texts (HTML Living Standard section 4), without those that feeds
have too, such as title and link."""
_FIELDS_OF_TEXT = _words(
    "title description summary content:encoded guid id category comments pubdate published updated issued modified"
)
"""Elements of an entry that hold text, and so no other element of an entry."""
_FIELDS = _FIELDS_OF_TEXT | _words("link author content enclosure")
_FIELD_PREFIXES = ("dc:", "media:", "itunes:", "dcterms:")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text that is repaired, and a warning for each kind of loss."""

    text: str
    warnings: tuple[str, ...] = ()


def repair_text(text: str, entities: dict[str, str]) -> Repaired:
    """Return the text of a feed with references that an XML parser can read.

    References to ``entities`` (name -> text, those that the document declares) and to HTML's
    entities become their characters. Any other ``&`` that begins no reference becomes ``&amp;``.
    References that name no character become U+FFFD (``bad_character_reference``). Characters that
    XML forbids are dropped (``control_character``). CDATA sections, comments and declarations keep
    their ampersands.

    >>> repair_text('<a href="?x=1&copy=2">AT&T caf&eacute;</a>', {}).text
    '<a href="?x=1&amp;copy=2">AT&amp;T caf&#233;</a>'
    """
    has_bad_references = False
    kept = drop_control_characters(text)  # before the references: one may stand in the middle of a reference
    has_controls = len(kept) < len(text)
    if "&" in kept:
        kept, has_bad_references = replace_bad_references(replace_entities(kept, entities))
        if _DOUBTFUL.search(kept):
            kept = _REFERENCE.sub(_sound_reference, kept)
    warnings = {"bad_character_reference": has_bad_references, "control_character": has_controls}
    return Repaired(kept, tuple(name for name, holds in warnings.items() if holds))


def _sound_reference(match: re.Match[str]) -> str:
    if not match[0].startswith("&"):
        return match[0]
    if match["hex"]:
        return f"&#x{match['hex']};"
    characters = html5.get(f"{match['name']};") if match["name"] else None
    if characters is None:
        return f"&amp;{match[0][1:]}"
    return "".join(f"&#{ord(character)};" for character in characters)


def balance_tags(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return ``text`` with tags that fit together, and the elements that are still open at its end.

    An end tag closes the elements within its element, and is dropped if nothing with its name is
    open. An element of text, such as a title, ends where the next element of the entry starts. HTML
    within it becomes text: somebody forgot to escape it. So do "<" that begins no tag and "]]>".
    Attributes get quotes. Comments are dropped. The open elements are pairs (name, start tag), the
    outermost first.

    >>> balance_tags("<item><title>a < b</titel><link>x</item>")
    ('<item><title>a &lt; b</title><link>x</link></item>', [])
    """
    parts: list[str] = []
    stack: list[tuple[str, str]] = []
    position = 0
    for match in _TAG.finditer(text):
        parts.append(text[position : match.start()].replace("]]>", "]]&gt;"))
        position = match.end()
        if match["name"]:
            parts.append(_fitting(match, stack))
        elif match[0] == "<":
            parts.append("&lt;")
        elif match[0].startswith("<!["):
            parts.append(match[0])
    parts.append(text[position:].replace("]]>", "]]&gt;"))
    return "".join(parts), stack


def end_tags(stack: list[tuple[str, str]]) -> str:
    """Return the end tags of open elements (see ``balance_tags``), the innermost first."""
    return "".join(f"</{name}>" for name, _ in reversed(stack))


def declare_prefixes(text: str, namespaces: dict[str, str], known: frozenset[str] = frozenset()) -> str:
    """Return a document in which the first tag declares every prefix that has no declaration yet.

    ``namespaces`` are the usual namespaces of prefixes. An unknown prefix gets one that means
    nothing. ``known`` are prefixes that are declared around the document.
    """
    used = sorted({match["prefix"] for match in _PREFIX.finditer(text)} - declared_prefixes(text) - known)
    names = [(prefix, namespaces.get(prefix.lower(), f"urn:undeclared:{prefix}")) for prefix in used]
    declarations = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in names)
    return _NAME_OF_ROOT.sub(lambda match: match[0] + declarations, text, count=1)


def declared_prefixes(text: str) -> frozenset[str]:
    """Return the prefixes that a text declares, and those that need no declaration."""
    return frozenset(match["prefix"] for match in _DECLARED_PREFIX.finditer(text)) | {"xml", "xmlns"}


def _fitting(match: re.Match[str], stack: list[tuple[str, str]]) -> str:
    """Return the tags that belong in the place of a tag, and note what they open and close."""
    name = match["name"]
    if name.lower() in _HTML and stack and _is_of_text(*stack[-1]):
        return html.escape(match[0], quote=False)
    if match["end"]:
        depth = next((depth for depth in reversed(range(len(stack))) if stack[depth][0].lower() == name.lower()), None)
        return _closed(stack, depth) if depth is not None else ""
    of_text = next((depth for depth, (open_name, _) in enumerate(stack[:4]) if open_name.lower() in _FIELDS_OF_TEXT), 0)
    closed = _closed(stack, of_text) if of_text and _is_field(name) else ""
    attributes = match["attributes"]
    if not _are_sound(attributes):
        attributes = _sound_attributes(attributes)
    if match["empty"]:
        return f"{closed}<{name}{attributes}/>"
    start = f"<{name}{attributes}>"
    stack.append((name, start))
    return closed + start


def _closed(stack: list[tuple[str, str]], depth: int) -> str:
    """Close the elements from ``depth`` on."""
    tags = end_tags(stack[depth:])
    del stack[depth:]
    return tags


def _is_of_text(name: str, start_tag: str) -> bool:
    """Tell whether an element holds text, and no XHTML."""
    return name.lower() in _FIELDS_OF_TEXT and "xhtml" not in start_tag


def _is_field(name: str) -> bool:
    return name.lower() in _FIELDS or name.lower().startswith(_FIELD_PREFIXES)


def _are_sound(attributes: str) -> bool:
    """Tell whether the attributes of a tag are well-formed, and each has a name of its own."""
    if _SOUND_ATTRIBUTES.fullmatch(attributes) is None:
        return False
    names = [match["name"] for match in _ATTRIBUTE.finditer(attributes)]
    return len(names) == len(set(names))


def _sound_attributes(attributes: str) -> str:
    """Return attributes with quotes, each name once."""
    values: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(attributes):
        value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), "")
        values.setdefault(match["name"], html.escape(html.unescape(value)))
    return "".join(f' {name}="{value}"' for name, value in values.items())
