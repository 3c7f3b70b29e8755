"""What feedparser makes of each element of an entry or a feed, from lxml's elements.

This module does what feedparser's handlers and those of ``dialects`` do, in the same order, so that
the dicts have the same keys in the same order. An element with children that nobody expects there
raises DoubtError, and feedparser then reads the feed.
"""

import re
import xml.sax.saxutils
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from newslake.transforms.feeds import dialects
from newslake.transforms.feeds.fast.doubt import DoubtError
from newslake.transforms.feeds.fast.names import Names
from newslake.transforms.feeds.links import is_plain

Attributes = dict[str, Any]
Values = dict[str, Any]
"""What feedparser calls a context: the dict of an entry, a feed or the source of an entry."""
Handler = Callable[["Reader", etree._Element, Attributes, int, "list[str] | None"], None]
"""Takes an element, its attributes, its depth below the entry, and where text around it goes."""

XHTML = "application/xhtml+xml"
_CONTENT_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
_HTML_TYPES = frozenset({XHTML, "text/html"})
_SUMMARY_TYPES = _HTML_TYPES | {"text/plain"}
_RENAMED = {
    **{"channel": "feed", "items": "entries", "guid": "id", "date": "updated", "description": "summary"},
    **{"url": "href", "modified": "updated", "issued": "published", "copyright": "rights", "tagline": "subtitle"},
}
"""feedparser stores the text of these elements under another name."""
_RELATIVE = frozenset(
    {"comments", "docs", "href", "icon", "id", "link", "logo", "url", "wfw_comment", "wfw_commentrss"}
)
"""Elements whose text is a URL, which xml:base makes absolute."""
_RESERVED = frozenset({"authors", "contributors", "entries", "feed", "links", "where", dialects.PERMALINK})
_RESERVED |= {dialects.PICTURES, "guidislink", dialects.FAULT}
"""Keys that hold no text. An element of that name would get in the way."""
_DEEPEST = 50
"""Each level takes up to three calls of Python, and the limit of a program is 1,000."""
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)")
_LINK_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_TRUE = frozenset({"true", "1", "yes", ""})
_ITUNES = "http://www.itunes.com/"
_MEDIA_CATEGORY = "http://search.yahoo.com/mrss/category_schema"


class Reader:
    """Reads the elements of one feed.

    ``values`` is what is being filled: the entry, or the feed outside of entries. ``base`` and
    ``language`` are those around the next element.
    """

    def __init__(self, names: Names, version: str, *, has_c1: bool) -> None:
        self.version = version
        self.is_rss = not version.startswith("atom")
        self.values: Values = {}
        self.source: Values | None = None
        self.picture: Values | None = None
        self.group: int | None = None
        self.groups = 0
        self.owner = ""
        """The kind of person whose name or address is read: publisher, author, contributor."""
        self.is_entry = False
        self.has_content = False
        self.guid_is_link = False
        self.title_depth = -1
        self.depths: dict[str, int] = {}
        self.tags: set[tuple[str | None, ...]] = set()
        self.base = self.outer_base = ""
        self.language: str | None = None
        self._names = names
        self._has_c1 = has_c1
        self._known: dict[str, tuple[str, Handler | None]] = {}

    # An entry or a feed

    def read_feed(self) -> Values:
        """Return the dict that the next elements of the feed fill."""
        self.values = {}
        return self.values

    def read_entry(self, element: etree._Element) -> Values:
        """Return the dict of an entry, as feedparser makes it but without its dates as tuples."""
        self.values = {}
        self.is_entry = True
        self.has_content = self.guid_is_link = False
        self.title_depth = -1
        self.depths = {}
        self.tags = set()
        self.group, self.groups, self.picture = None, 0, None
        outer_base, language = self.outer_base, self.language
        attributes = self.attributes(element)
        if not attributes.keys().isdisjoint(("lastmod", "href")) or any(">" in value for value in attributes.values()):
            raise DoubtError("an entry has odd attributes")
        self.outer_base = self.base
        if about := attributes.get("rdf:about"):
            self.values["id"] = about
        self.read_elements(element)
        self.outer_base, self.language = outer_base, language
        self.base = outer_base or self.base
        return self.values

    def attributes(self, element: etree._Element) -> Attributes:
        """Return the attributes of an element, and take its base and its language."""
        attributes = self._names.attributes(element)
        if "xml:base" in attributes or "base" in attributes:
            self._take_base(attributes.get("xml:base", attributes.get("base", "")))
        language = attributes.get("xml:lang", attributes.get("lang"))
        if language is not None:
            self.language = language or None
        return attributes

    def _take_base(self, given: str) -> None:
        self.base = joined(self.base, given or self.base)
        if not self.base.startswith(("http://", "https://")) or joined(self.base, self.base) != self.base:
            raise DoubtError("xml:base is no plain URL")

    def read_elements(
        self, elements: Iterable[etree._Element], depth: int = 1, around: list[str] | None = None
    ) -> None:
        """Read the elements in one parent. What text follows each goes to ``around``."""
        if depth > _DEEPEST:
            raise DoubtError("its elements are nested deeply")
        known = self._known
        for child in elements:
            name, handler = known.get(child.tag) or self.look_up(child.tag)
            if child.attrib:
                self._read_with_attributes(child, name, handler, depth, around)
            elif handler is not None:
                handler(self, child, {}, depth, around)
            else:
                text = self.text(child, depth)
                if self.owner == "author":
                    self._name_author(name, text)
                self.store(name, text, depth)
            if around is not None and child.tail:
                around.append(child.tail)

    def _read_with_attributes(
        self,
        element: etree._Element,
        name: str,
        handler: Handler | None,
        depth: int,
        around: list[str] | None,
    ) -> None:
        language, base = self.language, self.base
        attributes = self.attributes(element)
        if self.base != base and depth > 1:
            raise DoubtError("xml:base stands in an inner element")
        if handler is not None:
            handler(self, element, attributes, depth, around)
        else:
            if depth > 1 and self.name(element.getparent()) == name:
                raise DoubtError(f"<{name}> stands in itself")
            self.context()[_RENAMED.get(name, name)] = attributes
            self.read_inside(element, depth, around)
        self.language = language
        if self.base != base:
            self.base = self.outer_base or self.base

    def look_up(self, tag: str) -> tuple[str, Handler | None]:
        """Return the name of an element, and its handler if it has one."""
        name = self._names.element(tag)
        handler = _HANDLERS.get(name)
        is_odd = name in dialects.HANDLED or name in _RESERVED or name.endswith(("_parsed", "_detail"))
        if handler is None and is_odd:
            raise DoubtError(f"<{name}> is left to feedparser")
        self._known[tag] = name, handler
        return name, handler

    def name(self, element: etree._Element) -> str:
        return self._names.element(element.tag)

    def read_inside(self, element: etree._Element, depth: int, around: list[str] | None) -> None:
        """Read what is in an element whose text feedparser takes for that of its parent."""
        if around is not None and element.text:
            around.append(element.text)
        if len(element):
            self.read_elements(element, depth + 1, around)

    def text(self, element: etree._Element, depth: int) -> str:
        """Return the text of an element without white space at its ends, and read its children."""
        if not len(element):
            return (element.text or "").strip()
        parts = [element.text or ""]
        self.read_elements(element, depth + 1, parts)
        return "".join(parts).strip()

    def leaf(self, element: etree._Element) -> str:
        """Return the text of an element that should have no children."""
        if len(element):
            raise DoubtError("a text has elements in it")
        return (element.text or "").strip()

    # Values

    def context(self) -> Values:
        return self.values if self.source is None else self.source

    def cleaned(self, text: str) -> str:
        return text.translate(dialects.C1_CHARACTERS) if self._has_c1 else text

    def store(self, name: str, text: str, depth: int, detail: Values | None = None) -> str:
        """Store the text of an element, and return it as stored. A deeper one changes nothing."""
        if name in _RELATIVE and text:
            text = joined(self.base, text)
        if self._has_c1:
            text = self.cleaned(text)
        self.keep(name, text, depth, detail)
        return text

    def keep(self, name: str, text: str, depth: int, detail: Values | None = None) -> None:
        """Store a text as it is."""
        if self.source is None and self.is_entry:
            context = self.values
            name = "summary" if name == "description" else name
            is_hidden = depth > self.depths.setdefault(name, depth)
            if not is_hidden:
                self.depths[name] = depth
        else:
            context = self.context()
            name = "subtitle" if name == "description" else name
            is_hidden = False
        if not is_hidden:
            context[_RENAMED.get(name, name)] = text
        if detail is not None:
            detail["value"] = text
            context[f"{name}_detail"] = detail

    def marked(self, element: etree._Element, attributes: Attributes, default: str) -> tuple[Values, str]:
        """Return the type, language and base of an element with markup, and its text."""
        kind = attributes.get("type", default).lower()
        kind = _CONTENT_TYPES.get(kind, kind)
        is_text = kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
        if (attributes.get("mode") == "base64" or not is_text) and self.leaf(element):
            raise DoubtError(f"a text of the type {kind[:40]} may be Base64")
        language = self.language.replace("_", "-") if self.language else self.language
        if kind == XHTML:
            text = "".join(self._unwrapped(self.markup(element)))
        elif len(element):
            raise DoubtError("HTML is not escaped")
        else:
            text = element.text or ""
        text = text.strip()
        may_be_html = kind == "text/plain" and self.is_rss and ("&" in text or "</" in text)
        if may_be_html and dialects.looks_like_html(text):
            kind = "text/html"
        return {"type": kind, "language": language, "base": self.base}, text

    def markup(self, element: etree._Element, depth: int = 0) -> list[str]:
        """Return the content of an element as markup: tags and the texts between them."""
        if depth > _DEEPEST:
            raise DoubtError("its elements are nested deeply")
        parts = [xml.sax.saxutils.escape(element.text or "")]
        for child in element:
            local = child.tag.rpartition("}")[2].lower()
            if self._names.element(child.tag) in dialects.HANDLED or local in ("svg", "math"):
                raise DoubtError(f"<{local}> stands in XHTML")
            attributes = self._names.attributes(child)
            if "xml:base" in attributes or "base" in attributes:
                raise DoubtError("xml:base stands in XHTML")
            parts.append(f"<{local}{_written(attributes)}>")
            parts += self.markup(child, depth + 1)
            parts.append(f"</{local}>")
            parts.append(xml.sax.saxutils.escape(child.tail or ""))
        return parts

    def _unwrapped(self, parts: list[str]) -> list[str]:
        """Return XHTML without the <div> around all of it (RFC 4287 section 3.1.1.3)."""
        if self.version != "atom10":
            return parts
        while len(parts) > 1 and not parts[-1].strip():
            del parts[-1]
        while len(parts) > 1 and not parts[0].strip():
            del parts[0]
        if not parts or not (parts[0] == "<div>" or parts[0].startswith("<div ")) or parts[-1] != "</div>":
            return parts
        depth = 0
        for part in parts[:-1]:
            if part.startswith("</"):
                depth -= 1
                if depth == 0:
                    return parts
            elif part.startswith("<") and not part.endswith("/>"):
                depth += 1
        return parts[1:-1]

    def _name_author(self, name: str, text: str) -> None:
        """Take the text of an unknown element inside an author, such as <person>, as the name."""
        if not text or "@" in text or "://" in text:
            return
        author = self.context()["authors"][-1]
        if not (known := author.get("name")):
            author["name"] = text
        elif name in dialects.SURNAMES:
            author["name"] = f"{known} {text}"

    def add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        """Add a tag to those of the entry or the feed, unless they have an equal one."""
        tags = self.context().setdefault("tags", [])
        tag = (term, scheme, label)
        if (term or scheme or label) and tag not in self.tags:
            self.tags.add(tag)
            tags.append({"term": term, "scheme": scheme, "label": label})

    def name_tag(self, term: str) -> None:
        """Take the text of an element as the term of the last tag, or as a tag of its own."""
        tags = self.context()["tags"]
        if not tags or tags[-1]["term"]:
            self.add_tag(term, None, None)
            return
        self.tags.discard(tuple(tags[-1].values()))
        tags[-1]["term"] = term
        self.tags.add(tuple(tags[-1].values()))


def joined(base: str, url: str) -> str:
    """Return a URL made absolute as feedparser does it; "" if it cannot be read."""
    if ":///" in url:
        url = _EXTRA_SLASHES.sub(r"\1", url)
    if not base or is_plain(url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _written(attributes: Attributes) -> str:
    return "".join(
        f' {name}="{xml.sax.saxutils.escape(value, {chr(34): "&quot;"})}"' for name, value in attributes.items()
    )


def _with_href(attributes: Attributes) -> Attributes:
    """Return attributes in which the address is called href."""
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes.pop("url", None)
        attributes.pop("uri", None)
        attributes["href"] = href
    return attributes


# Texts


def _stored(key: str) -> Handler:
    def read(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
        reader.store(key, reader.text(element, depth), depth)

    return read


def _dated(key: str) -> Handler:
    def read(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
        text = reader.store(key, reader.leaf(element), depth)
        if reader.source is not None:
            reader.source[f"{key}_parsed"] = dialects.parse_date(text)

    return read


def _generator(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
    if reader.source is not None:
        raise DoubtError("<generator> stands in a source")
    reader.store("generator", reader.leaf(element), depth)


def _kept(key: str) -> Handler:
    def read(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
        text = reader.text(element, depth)
        if text:
            is_of_picture = reader.picture is not None and key.startswith("media_")
            owner = reader.picture if is_of_picture else reader.context()
            assert owner is not None
            owner.setdefault(key, text)

    return read


def _marked(key: str, default: str) -> Handler:
    def read(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
        detail, text = reader.marked(element, attributes, default)
        reader.store(key, text, depth, detail)

    return read


def _title(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    detail, text = reader.marked(element, attributes, "text/plain")
    if not -1 < reader.title_depth <= depth:
        reader.store("title", text, depth, detail)
    if text:
        reader.title_depth = depth


def _description(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    if "summary" in reader.context() and not reader.has_content:
        _content(reader, element, attributes, depth, around)
    else:
        detail, text = reader.marked(element, attributes, "text/html")
        reader.store("description", text, depth, detail)


def _summary(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    if "summary" in reader.context() and not reader.has_content:
        _content(reader, element, attributes, depth, around)
    else:
        detail, text = reader.marked(element, attributes, "text/plain")
        reader.store("summary", text, depth, detail)


def _content(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    _keep_content(reader, element, attributes, depth, is_atom=True)


def _content_encoded(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    _keep_content(reader, element, attributes, depth, is_atom=False)


def _keep_content(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, *, is_atom: bool
) -> None:
    # feedparser's handler leaves an element open here, which would get in the way of a parent.
    if reader.source is not None or depth > 1:
        raise DoubtError("a content stands in another element")
    content, text = reader.marked(element, attributes, "text/plain" if is_atom else "text/html")
    if not reader.is_entry:
        return
    reader.has_content = True
    if is_atom and (src := attributes.get("src")):
        content["src"] = src
    if is_atom and "type" not in attributes:
        content[dialects.UNTYPED] = True
    text = content["value"] = reader.cleaned(text)
    reader.values.setdefault("content", []).append(content)
    if content["type"] in _SUMMARY_TYPES:
        reader.values.setdefault("summary", text)


# Links and ids


def _link(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    attributes.setdefault("rel", "alternate")
    attributes.setdefault("type", "application/atom+xml" if attributes["rel"] == "self" else "text/html")
    attributes = _with_href(attributes)
    context = reader.context()
    links = context.setdefault("links", [])
    if "href" in attributes:
        attributes["href"] = joined(reader.base, attributes["href"])
        links.append(attributes)
        if (
            attributes["rel"] == "alternate"
            and _CONTENT_TYPES.get(attributes["type"], attributes["type"]) in _HTML_TYPES
        ):
            context["link"] = attributes["href"]
        text = reader.text(element, depth)
        if text and reader.is_rss:
            href = joined(reader.base, text)
            links.insert(len(links) - 1, {"rel": "alternate", "type": "text/html", "href": href})
            context["link"] = href
        return
    links.append(attributes)
    text = reader.leaf(element)
    text = reader.cleaned(joined(reader.base, text) if text else text)
    if reader.is_entry and reader.source is None:
        text = text.replace("&amp;", "&")
    text = _LINK_REFERENCE.sub(r"&\1", text)
    context["link"] = text
    if text or not reader.is_entry or reader.source is not None:
        links[-1]["href"] = text


def _guid(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    reader.guid_is_link = attributes.get("ispermalink", "true").strip().lower() in _TRUE
    text = reader.leaf(element)
    if reader.guid_is_link and text:
        text = joined(reader.base, text)
    text = reader.cleaned(text)
    reader.keep("id", text, depth)
    context = reader.context()
    context.setdefault("guidislink", reader.guid_is_link and "link" not in context)
    if reader.guid_is_link:
        context.setdefault("link", text)
        if reader.is_rss and "id" in context:
            context[dialects.PERMALINK] = context["id"]


def _enclosure(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    attributes = _with_href(attributes)
    attributes["rel"] = "enclosure"
    reader.context().setdefault("links", []).append(attributes)
    reader.read_inside(element, depth, around)


def _license(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
    text = reader.cleaned(reader.leaf(element))
    link = {"rel": "license"} | ({"href": text} if text else {})
    reader.context().setdefault("links", []).append(link)


def _cc_license(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    href = attributes.get("rdf:resource")
    reader.context().setdefault("links", []).append({"rel": "license"} | ({"href": href} if href else {}))
    reader.read_inside(element, depth, around)


# People


def _author(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
    if reader.owner:
        raise DoubtError("a person stands in another one")
    reader.owner = "author"
    context = reader.context()
    context.setdefault("authors", []).append({})
    text = _person(reader, element, depth)
    text = reader.store("author", text, depth)
    reader.owner = ""
    author = context["authors"][-1]
    if text and not author.get("name"):
        author["name"] = text


def _contributor(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
    if reader.owner:
        raise DoubtError("a person stands in another one")
    reader.owner = "contributor"
    reader.context().setdefault("contributors", []).append({})
    _person(reader, element, depth)
    reader.owner = ""


def _person(reader: Reader, element: etree._Element, depth: int) -> str:
    """Return the text of a person, and read the names and addresses in it."""
    for child in element:
        name, handler = reader.look_up(child.tag)
        if handler not in _OF_PERSONS and (handler is not None or len(child)):
            raise DoubtError(f"<{name}> stands in a person")
    return reader.text(element, depth)


def _dc_contributor(reader: Reader, element: etree._Element, _: Attributes, __: int, ___: list[str] | None) -> None:
    if reader.owner:
        raise DoubtError("a person stands in another one")
    reader.context().setdefault("contributors", []).append({"name": reader.leaf(element)})


def _owner(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
    if reader.owner:
        raise DoubtError("a person stands in another one")
    reader.owner = "publisher"
    _person(reader, element, depth)
    reader.owner = ""


def _part(key: str) -> Handler:
    """Return the handler of a person's name or address."""

    def read(reader: Reader, element: etree._Element, _: Attributes, depth: int, __: list[str] | None) -> None:
        text = reader.leaf(element)
        if key == "href":
            text = reader.store("href", text, depth)
            if reader.owner == "publisher":
                return
        context = reader.context()
        if reader.owner == "contributor":
            context.setdefault("contributors", [{}])[-1][key] = text
        elif reader.owner:
            context.setdefault(f"{reader.owner}_detail", {})[key] = text
            context.setdefault("authors", [{}])[-1][key] = text

    return read


# Words


def _category(reader: Reader, element: etree._Element, attributes: Attributes, _: int, __: list[str] | None) -> None:
    scheme = attributes.get("scheme", attributes.get("domain"))
    _tag(reader, element, attributes.get("term"), scheme, attributes.get("label"))


def _media_category(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    attributes.setdefault("scheme", _MEDIA_CATEGORY)
    _category(reader, element, attributes, depth, around)


def _itunes_category(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    _tag(reader, element, attributes.get("text"), _ITUNES, None)


def _tag(reader: Reader, element: etree._Element, term: str | None, scheme: str | None, label: str | None) -> None:
    if not reader.is_entry:  # a feed may have thousands of tags, and nobody asks for them
        reader.read_inside(element, 1, None)
        return
    reader.add_tag(term, scheme, label)
    if text := reader.cleaned(reader.leaf(element)):
        reader.name_tag(text)


def _itunes_keywords(
    reader: Reader, element: etree._Element, attributes: Attributes, _: int, __: list[str] | None
) -> None:
    _check_bare(attributes)
    for term in reader.cleaned(reader.leaf(element)).split(","):
        if term.strip():
            reader.add_tag(term.strip(), _ITUNES, None)


def _media_keywords(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    _check_bare(attributes)
    for term in reader.store("media_keywords", reader.leaf(element), depth).split(","):
        if term.strip():
            reader.add_tag(term.strip(), None, None)


def _check_bare(attributes: Attributes) -> None:
    if attributes:
        raise DoubtError("an element has odd attributes")


def _itunes_block(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    _check_flag(reader, element, attributes, depth)
    reader.context()["itunes_block"] = int((element.text or "") in ("yes", "Yes"))


def _itunes_explicit(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    _check_flag(reader, element, attributes, depth)
    reader.context()["itunes_explicit"] = {"yes": True, "clean": False}.get(element.text or "")


def _check_flag(reader: Reader, element: etree._Element, attributes: Attributes, depth: int) -> None:
    _check_bare(attributes)
    if len(element) or depth > 1:
        raise DoubtError("a flag has elements in it or stands in another one")


# Pictures and other sources


def _source(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    if not reader.is_entry or reader.source is not None or reader.owner:
        raise DoubtError("<source> stands in an odd place")
    reader.source = source = {}
    tags, reader.tags = reader.tags, set()
    if "url" in attributes:
        source["href"] = attributes["url"]
    reader.title_depth = -1
    text = reader.text(element, depth)
    reader.source, reader.tags = None, tags
    if text := reader.store("source", text, depth):
        source["title"] = text
    for part in (*source.get("links", ()), source.get("media_player", {}), source.get("cloud", {})):
        if not _RENAMED.keys().isdisjoint(part):
            raise DoubtError("a source has odd attributes")
    reader.values["source"] = source


def _image(reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None) -> None:
    if not reader.is_entry:
        _skip_part(reader, element, {"title", "link", "description", "url", "href", "width", "height"})
        return
    if reader.source is not None or depth > 1:
        raise DoubtError("<image> stands in an odd place")
    reader.source = source = {}
    tags, reader.tags = reader.tags, set()
    address = next((attributes[name] for name in ("href", "url", "src") if attributes.get(name)), None)
    if address:
        source["href"] = address
    text = reader.text(element, depth)
    reader.source, reader.tags = None, tags
    if address := source.get("href") or text:
        reader.values.setdefault(dialects.PICTURES, []).append({"href": address.strip()})


def _text_input(reader: Reader, element: etree._Element, _: Attributes, __: int, ___: list[str] | None) -> None:
    if reader.is_entry:
        raise DoubtError("<textinput> stands in an entry")
    _skip_part(reader, element, {"title", "description", "name", "link"})


def _skip_part(reader: Reader, element: etree._Element, expected: set[str]) -> None:
    """Leave out a part of the feed whose title and link are not those of the feed."""
    for child in element:
        name = reader.name(child)
        if name not in expected or len(child):
            raise DoubtError(f"<{name}> stands in a part of the feed")
    reader.title_depth = -1


def _itunes_image(
    reader: Reader, element: etree._Element, attributes: Attributes, _: int, __: list[str] | None
) -> None:
    reader.leaf(element)
    if address := attributes.get("href") or attributes.get("url"):
        reader.context()["image"] = {"href": address}


def _media_group(reader: Reader, element: etree._Element, _: Attributes, depth: int, around: list[str] | None) -> None:
    reader.groups += 1
    reader.group = reader.groups
    reader.read_inside(element, depth, around)
    reader.group = None


def _media_content(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    if reader.group is None:
        reader.groups += 1
    attributes[dialects.GROUP] = reader.group or reader.groups
    reader.picture = attributes
    reader.context().setdefault("media_content", []).append(attributes)
    reader.read_inside(element, depth, around)
    reader.picture = None


def _media_thumbnail(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    number = reader.picture[dialects.GROUP] if reader.picture is not None else reader.group
    if number is not None:
        attributes[dialects.GROUP] = number
    reader.context().setdefault("media_thumbnail", []).append(attributes)
    url = reader.store("url", reader.leaf(element), depth)
    if url and "url" not in attributes:
        attributes["url"] = url


def _media_rating(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    reader.context().setdefault("media_rating", attributes)
    if text := reader.store("rating", reader.leaf(element), depth):
        reader.context()["media_rating"]["content"] = text


def _media_player(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, _: list[str] | None
) -> None:
    reader.context()["media_player"] = attributes
    attributes["content"] = reader.leaf(element)


def _geometry(kind: str) -> Handler:
    """Return the handler of a place in GeoRSS."""

    def read(reader: Reader, element: etree._Element, _: Attributes, __: int, ___: list[str] | None) -> None:
        place = dialects.GEOMETRIES[kind](reader.leaf(element))
        reader.context()["where"] = place or {}

    return read


def _cloud(
    reader: Reader, element: etree._Element, attributes: Attributes, depth: int, around: list[str] | None
) -> None:
    reader.context()["cloud"] = attributes
    reader.read_inside(element, depth, around)


_DATED = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dcterms_modified"), "updated"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
    "expirationdate": "expired",
}
"""Elements whose text is a date, and its key."""
_STORED = {
    **dict.fromkeys(("language", "dc_language"), "language"),
    **dict.fromkeys(("webmaster", "dc_publisher"), "publisher"),
}
"""Elements whose text is stored, and its key."""
_MARKED = {
    **dict.fromkeys(("subtitle", "tagline", "itunes_subtitle"), ("subtitle", "text/plain")),
    **dict.fromkeys(("rights", "copyright", "dc_rights"), ("rights", "text/plain")),
    **dict.fromkeys(("info", "feedburner_browserfriendly"), ("info", "text/plain")),
    "abstract": ("description", "text/plain"),
}
"""Elements with markup: their key, and the type that they have without a type attribute."""
_HANDLERS: dict[str, Handler] = {
    **{name: _stored(key) for name, key in _STORED.items()},
    **{name: _dated(key) for name, key in _DATED.items()},
    **{name: _kept(name) for name in dialects.KEPT},
    **{name: _marked(*kind) for name, kind in _MARKED.items()},
    **dict.fromkeys(("title", "dc_title"), _title),
    **{"description": _description, "summary": _summary, "content": _content},
    **dict.fromkeys(("content_encoded", "fullitem", *dialects.FULL_TEXT_NAMES), _content_encoded),
    **{"link": _link, "enclosure": _enclosure, "creativecommons_license": _license, "cc_license": _cc_license},
    **dict.fromkeys(("guid", "id"), _guid),
    **dict.fromkeys(("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"), _author),
    **{"contributor": _contributor, "dc_contributor": _dc_contributor, "itunes_owner": _owner},
    **dict.fromkeys(("name", "itunes_name"), _part("name")),
    **dict.fromkeys(("email", "itunes_email"), _part("email")),
    **dict.fromkeys(("url", "uri", "homepage"), _part("href")),
    **dict.fromkeys(("category", "keywords", "dc_subject"), _category),
    **{"media_category": _media_category, "itunes_category": _itunes_category},
    **{"itunes_keywords": _itunes_keywords, "media_keywords": _media_keywords},
    **{"itunes_block": _itunes_block, "itunes_explicit": _itunes_explicit},
    **{"source": _source, "image": _image, "textinput": _text_input, "itunes_image": _itunes_image},
    **{"media_group": _media_group, "media_content": _media_content, "media_thumbnail": _media_thumbnail},
    **{"media_rating": _media_rating, "media_player": _media_player, "cloud": _cloud},
    **{name: _geometry(name) for name in dialects.GEOMETRIES},
    "generator": _generator,
}
_OF_PERSONS = frozenset(_HANDLERS[name] for name in ("name", "email", "uri", "itunes_name", "itunes_email"))
