"""The names that feedparser gives to elements and attributes with namespaces.

feedparser knows the usual namespaces, and calls each by one prefix, whatever prefix a feed uses:
``media_content``, ``dc_creator``. The namespaces of RSS and Atom have no prefix. An element of
another namespace keeps the prefix that the feed declares.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from newslake.transforms.feeds import dialects
from newslake.transforms.feeds.fast.doubt import DoubtError

_DECLARATION = re.compile(
    rb"""xmlns(?::(?P<prefix>[^\s=:"'<>&]+))?\s*=\s*(?:"(?P<double>[^"<]*)"|'(?P<single>[^'<]*)')"""
)
_MOST_DECLARATIONS = 1_000
_MOST_ATTRIBUTES = 100
"""lxml looks each attribute up among all of its element."""
_ODD_URI = re.compile(r"[\s&]")
_XML = "http://www.w3.org/XML/1998/namespace"
_ANY_USERLAND = "backend.userland.com/rss"
_ENTRY_NAMES = frozenset({"item", "entry"})
_LOWERED = ("rel", "type")
"""feedparser writes the values of these attributes in lower case."""


@lru_cache(1_000)
def usual_prefix(namespace: str) -> str | None:
    """Return feedparser's prefix of a namespace: "" for RSS and Atom, None if it knows none."""
    lower = namespace.lower()
    return "" if _ANY_USERLAND in lower else dialects.PREFIXES.get(lower)


def declarations(markup: bytes) -> Iterator[tuple[str, str]]:
    """Yield what looks like a declaration of a namespace as (prefix, namespace).

    The prefix is "" for the default namespace. Comments may hold some too.
    """
    position = markup.find(b"xmlns")
    while position >= 0:
        if found := _DECLARATION.match(markup, position):
            value = found["double"] if found["double"] is not None else found["single"]
            yield (found["prefix"] or b"").decode("utf-8", "replace"), value.decode("utf-8", "replace")
        position = markup.find(b"xmlns", position + 5)


class Names:
    """The names of one feed's elements and attributes."""

    def __init__(self, markup: bytes, of_root: dict[str | None, str]) -> None:
        """Read the declarations in the markup of a feed. ``of_root`` are those of the root element.

        Raise DoubtError if one name may then mean two namespaces.
        """
        self._of_root = of_root
        self._prefixes: dict[str, list[str]] = {}
        self.declared = tuple(dict.fromkeys(declarations(markup)))
        if len(self.declared) > _MOST_DECLARATIONS:
            raise DoubtError("it declares many namespaces")
        usual = {namespace: usual_prefix(namespace) for _, namespace in self.declared}
        in_use = {name.lower() for name in usual.values() if name}
        owners: dict[str, str] = {}
        for prefix, namespace in self.declared:
            self._prefixes.setdefault(namespace, []).append(prefix)
            if not prefix:
                continue
            # feedparser maps prefixes twice: what it made of "media" may be mapped once more.
            is_mapped_again = usual[namespace] not in (None, prefix) and prefix in in_use
            is_taken = owners.setdefault(prefix, namespace) != namespace
            if is_mapped_again or is_taken or _ODD_URI.search(namespace):
                raise DoubtError(f"the prefix {prefix} has another meaning than usual")

    def element(self, tag: str) -> str:
        """Return the name of an element by lxml's tag, such as "media_content"."""
        namespace, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
        local = local.lower()
        if local in _ENTRY_NAMES:
            raise DoubtError("an entry stands in another element")
        prefix = usual_prefix(namespace)
        if prefix is None:
            prefix = self._own_prefix(namespace)
        return f"{prefix.lower()}_{local}" if prefix else local

    def attributes(self, element: etree._Element) -> dict[str, str]:
        """Return the attributes of an element as feedparser names them.

        An attribute with a namespace has two names: one by feedparser's prefix and one by that of
        the feed.
        """
        if len(element.attrib) > _MOST_ATTRIBUTES:
            raise DoubtError("an element has many attributes")
        items = element.items()
        found: dict[str, str] = {}
        written: dict[str, str] = {}
        for key, value in items:
            if key[0] == "{":
                namespace, _, local = key[1:].rpartition("}")
                usual = usual_prefix(namespace)
                found[f"{usual}:{local}".lower() if usual else local.lower()] = value
                written[f"{self._own_prefix(namespace, of_attribute=True)}:{local}".lower()] = value
            else:
                found[key.lower()] = value
        if written:
            found |= {key.lower(): value for key, value in items if key[0] != "{"}
            found |= written
        for name in _LOWERED:
            if name in found:
                found[name] = found[name].lower()
        return found

    def _own_prefix(self, namespace: str, *, of_attribute: bool = False) -> str:
        """Return the prefix that the feed declares for a namespace.

        An element has the first one, and "" if there is only a default namespace. An attribute has
        the one that it is written with, and lxml does not tell which.
        """
        if namespace == _XML:
            return "xml"
        prefixes = self._prefixes.get(namespace, [])
        if of_attribute:
            prefixes = [prefix for prefix in prefixes if prefix]
        elif first := next((prefix for prefix in prefixes if self._of_root.get(prefix) == namespace), ""):
            return first
        if len(prefixes) != 1:
            raise DoubtError(f"{namespace[:100]} has several prefixes")
        return prefixes[0]
