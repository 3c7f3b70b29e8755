"""Read a plain feed by lxml, in this process and in a tenth of feedparser's time.

A document that is well-formed and holds only what this module knows gives exactly what
``read_document`` gives. Any other gives a Doubt, and ``read_document`` must read it.

It is safe to do this outside of the sandbox. A document has MAX_BODY_BYTES at most, and its tree
takes some tens of bytes for each of them. A document with a DOCTYPE is in doubt, so nothing is
expanded or fetched. Each element is looked at once, and no pattern goes through a text more than
once. Entries, levels, attributes and namespaces have bounds. So the worst document takes some ten
seconds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from newslake.schemas.raw import RawArticle, RawItem
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import feedparser_facts, read_entry
from newslake.transforms.feeds.fast.doubt import Doubt, DoubtError
from newslake.transforms.feeds.fast.elements import Reader, Values
from newslake.transforms.feeds.fast.names import Names, usual_prefix
from newslake.transforms.feeds.jsonfeed import is_json
from newslake.transforms.feeds.pieces import PIECE_CHARS, PIECE_ENTRIES
from newslake.transforms.feeds.read import finish_items, read_document
from newslake.transforms.storage.encoding.find import claims_only_utf8, find_encoding

MAX_BODY_BYTES = 5_000_000
MAX_JSON_BYTES = 1_000_000
"""JSON may have an item in 3 bytes, and all its items are in memory."""

_REFERENCE = re.compile(rb"&#[0-9a-zA-Z]*")
_SAFE_REFERENCE = re.compile(
    rb"&#(?:0{0,5}(?:9|10|13|3[2-9]|[4-9][0-9]|[1-9][0-9]{2,3}|[1-4][0-9]{4}|1[0-9]{5})"
    rb"|[xX]0{0,4}(?:[9aAdD]|[2-9a-fA-F][0-9a-fA-F]|[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-cA-C][0-9a-fA-F]{3}"
    rb"|1[0-9a-fA-F]{4}))"
)
"""A reference that names a character. Feeds are repaired at others, also in CDATA sections."""
_C1_REFERENCE = re.compile(rb"&#(?:0{0,5}1[2-5][0-9]|[xX]0{0,4}[89][0-9a-fA-F])")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_CDATA = b"<![CDATA["
_ENTRY_TAG = re.compile(rb"</?(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM_VERSIONS = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_BESIDE_CHANNEL = frozenset({"image", "textinput"})
"""What RSS 1.0 has beside its channel and its items."""


@dataclass(frozen=True, slots=True)
class _Feed:
    """The parts of a feed: what is around the entries, the elements of the head, the entries.

    ``late`` are elements of the feed that come after its first entry.
    """

    around: list[etree._Element]
    head: list[etree._Element]
    late: list[etree._Element]
    entries: list[etree._Element]


def read_fast(document: FeedDocument) -> list[RawItem] | Doubt:
    """Return what ``read_document`` yields for a plain feed, or why this cannot be told."""
    is_of_json = is_json(document.body)
    if len(document.body) > (MAX_JSON_BYTES if is_of_json else MAX_BODY_BYTES):
        return Doubt("the document is large")
    if is_of_json:
        return list(read_document(document))
    if document.cut:
        return Doubt("the document is cut")
    try:
        return _read(document)
    except DoubtError as error:
        return Doubt(str(error))


def _read(document: FeedDocument) -> list[RawItem]:
    body, is_guessed = _utf8(document)
    has_c1 = _has_c1(body)
    root = _root(body)
    markup = _without_cdata(body)
    _check_comments(markup)
    names = Names(markup, root.nsmap)
    version = _version(root, names)
    feed = _parts(root)
    if len(feed.entries) >= PIECE_ENTRIES:
        raise DoubtError("it has many entries")
    if len(markup) < len(body):
        _check_late(feed.late)
    reader = Reader(names, version, has_c1=has_c1)
    facts = feedparser_facts(_read_head(reader, root, feed), version, document)
    entries = map(reader.read_entry, feed.entries)
    items = [read_entry(entry, number, version, facts) for number, entry in enumerate(entries, 1)]
    finish_items(items, ("invalid_utf8",) if is_guessed else ())
    if len(body) >= PIECE_CHARS:
        _check_pieces(feed, items)
    return items


def _check_pieces(feed: _Feed, items: list[RawItem]) -> None:
    """Raise DoubtError if it matters that ``read_document`` reads a long feed in pieces.

    It takes facts of the feed from the first piece alone, and numeric dates from each piece.
    """
    has_numeric_dates = any(isinstance(item, RawArticle) and item.sibling_dates for item in items)
    if feed.late or has_numeric_dates:
        raise DoubtError("the feed is read in pieces, and they would differ")


def _has_c1(body: bytes) -> bool:
    """Tell whether a body has control characters of C1, also as references.

    Raise DoubtError if it has references that may name no character.
    """
    references = set(_REFERENCE.findall(body)) if b"&#" in body else set()
    if not all(map(_SAFE_REFERENCE.fullmatch, references)):
        raise DoubtError("it has references to odd characters")
    return _C1.search(body) is not None or any(map(_C1_REFERENCE.fullmatch, references))


def _utf8(document: FeedDocument) -> tuple[bytes, bool]:
    """Return the body in UTF-8, and whether its encoding is guessed."""
    claims = {"encoding": document.settings.encoding, "charset": document.charset}
    if claims_only_utf8(document.body, **claims):
        return document.body, False  # libxml2 accepts neither a bad byte nor an escape
    encoding = find_encoding(document.body, **claims)
    decoder = encoding.decoder()
    body = decoder.decode(document.body, final=True).encode("utf-8", "replace")
    if decoder.is_damaged:
        raise DoubtError("bytes have no meaning")
    return body, encoding.is_guessed


def _root(body: bytes) -> etree._Element:
    """Return the root of a document. Raise DoubtError if it is not well-formed or has a DOCTYPE."""
    if b"<!DOCTYPE" in body[:10_000]:
        raise DoubtError("it has a DOCTYPE")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise DoubtError("it is not well-formed") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DoubtError("it has a DOCTYPE")
    return root


def _version(root: etree._Element, names: Names) -> str:
    """Return feedparser's name for the format of a feed."""
    of_root = root.nsmap
    declared = [(prefix, uri) for prefix, uri in names.declared if of_root.get(prefix or None) == uri]
    version = next(filter(None, (_version_of(prefix, uri.lower()) for prefix, uri in declared)), "")
    if root.tag == "rss" and not version.startswith("rss"):
        given = root.get("version", "")
        version = _VERSIONS.get(given) or ("rss20" if given.startswith("2.") else "rss")
    elif not version and root.tag.rpartition("}")[2] == "feed":
        version = _ATOM_VERSIONS.get(root.get("version", ""), "atom")
    if not version:
        raise DoubtError("its format is not known")
    return version


def _version_of(prefix: str, namespace: str) -> str:
    if namespace == "http://www.w3.org/2005/atom":
        return "atom10"
    if namespace == "http://purl.org/rss/1.0/":
        return "rss10"
    return "rss090" if not prefix and namespace == "http://my.netscape.com/rdf/simple/0.9/" else ""


def _parts(root: etree._Element) -> _Feed:
    """Return the parts of a feed. Raise DoubtError if they stand in an unusual order."""
    if root.tag == "rss":
        if len(root) != 1 or root[0].tag != "channel":
            raise DoubtError("<rss> holds more than a channel")
        return _split([root, root[0]], root[0], "item")
    if root.tag == _RDF:
        return _rdf_parts(root)
    namespace, _, name = root.tag.rpartition("}")
    if name != "feed" or root.prefix is not None or usual_prefix(namespace[1:]) != "":
        raise DoubtError("it has an unusual root element")
    return _split([root], root, "entry")


def _rdf_parts(root: etree._Element) -> _Feed:
    namespace = root.nsmap.get(None, "")
    prefix = f"{{{namespace}}}" if namespace else ""
    if usual_prefix(namespace) != "" or root.prefix != "rdf" or not len(root) or root[0].tag != f"{prefix}channel":
        raise DoubtError("RDF does not begin with a channel")
    feed = _split([root], root, "item")
    if any(element.tag.removeprefix(prefix) not in _BESIDE_CHANNEL for element in (*feed.head[1:], *feed.late)):
        raise DoubtError("RDF holds more than a channel and items")
    return _Feed([root], list(feed.head[0]), [], feed.entries)


def _split(around: list[etree._Element], parent: etree._Element, name: str) -> _Feed:
    namespace = f"{{{parent.nsmap[None]}}}" if None in parent.nsmap else ""
    head: list[etree._Element] = []
    late: list[etree._Element] = []
    entries: list[etree._Element] = []
    tag = f"{namespace}{name}"
    for child in parent:
        if child.tag == tag and child.prefix is None:
            entries.append(child)
        else:
            (late if entries else head).append(child)
    return _Feed(around, head, late, entries)


def _without_cdata(body: bytes) -> bytes:
    """Return a body without its CDATA sections. Raise DoubtError if one stands in another.

    ``read_document`` cuts a feed in its text (see ``pieces``), and closes the outer one there.
    """
    parts: list[bytes] = []
    position = 0
    while (start := body.find(_CDATA, position)) >= 0:
        end = body.find(b"]]>", start)
        if end < 0 or body.find(_CDATA, start + len(_CDATA), end) >= 0:
            raise DoubtError("CDATA sections stand in one another")
        parts.append(body[position:start])
        position = end + 3
    parts.append(body[position:])
    return b"".join(parts)


def _check_comments(markup: bytes) -> None:
    """Raise DoubtError if the tag of an entry stands in a comment, which may cut the feed there."""
    start = markup.find(b"<!--")
    while start >= 0:
        if _ENTRY_TAG.search(markup, start, markup.find(b"-->", start)):
            raise DoubtError("the tag of an entry stands in a comment")
        start = markup.find(b"<!--", start + 4)


def _check_late(late: Iterable[etree._Element]) -> None:
    """Raise DoubtError if an element after the first entry has text that may be in CDATA.

    ``read_document`` leaves such text out.
    """
    if any((element.text or "").strip() or len(element) for element in late):
        raise DoubtError("an element of the feed comes after its entries")


def _read_head(reader: Reader, root: etree._Element, feed: _Feed) -> Values:
    """Return what feedparser reads of a feed without its entries."""
    values = reader.read_feed()
    for element in feed.around:
        attributes = reader.attributes(element)
        if not attributes.keys().isdisjoint(("lastmod", "href")):
            raise DoubtError("the feed has odd attributes")
        if element is root and reader.language and root.tag != _RDF:
            values["language"] = reader.language.replace("_", "-")
    reader.outer_base = reader.base
    reader.read_elements([*feed.head, *feed.late])
    reader.base = reader.outer_base
    return values
