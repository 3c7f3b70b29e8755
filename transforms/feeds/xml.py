"""Read RSS and Atom, from the text of a feed to raw articles.

feedparser is the authority on the dialects. It is given one piece of the feed after the other. If a
piece is not well-formed, each of its entries is looked at alone, so that the damage costs only the
entry that it is in.
"""

import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lxml import etree

from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds import dialects
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import Entry, feedparser_facts, read_entry
from newslake.transforms.feeds.guard import plain_entities
from newslake.transforms.feeds.pieces import MAX_ENTRY_CHARS, Piece, cut_feed
from newslake.transforms.feeds.prolog import read_prolog
from newslake.transforms.feeds.repair import balance_tags, declare_prefixes, declared_prefixes, end_tags, repair_text

MALFORMED, INVALID = "malformed_feed", "invalid_utf8"
_PAYLOAD_CHARS = 64_000
_ROOTS = frozenset({"rss", "feed", "rdf"})
_CONTAINERS = _ROOTS | {"channel"}
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)(?=[\s>])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_HEAD_FIELD = re.compile(r"<(?:title|link|description|id|guid|pubDate|updated|author)(?=[\s>])")
_END_TAG = re.compile(r"</[^<>]*>")
_DEFAULT_STACK = [("rss", "<rss>"), ("channel", "<channel>")]


class NotAFeedError(Exception):
    """The document is not a feed. ``head`` is its text up to the first entry."""

    def __init__(self, head: str) -> None:
        super().__init__(head[:100])
        self.head = head


class EntityExpansionError(Exception):
    """The document declares entities that are refused. The text says which."""


def read_xml(document: FeedDocument, blocks: Iterable[str], bad_places: Sequence[int]) -> Iterator[list[RawItem]]:
    """Yield the items of a feed piece by piece. ``blocks`` are the parts of its text.

    ``bad_places`` are the offsets of the text's characters that stand for bad bytes. It may grow
    while ``blocks`` are taken. An article with such a character has the warning ``invalid_utf8``.

    Raise NotAFeedError or EntityExpansionError before the first piece. Entries that no parser finds
    become a Reject ``lost_entry``, and an entry that the end of the text cuts a Reject TRUNCATED.
    Articles whose XML was mended have the warning ``malformed_feed``.
    """
    parts = cut_feed(blocks)
    text = next(parts)
    assert isinstance(text, str)
    if len(text) > MAX_ENTRY_CHARS:
        raise NotAFeedError(text)
    head, entities = _checked_head(text)
    reader: _Reader | None = None
    for piece in parts:
        assert isinstance(piece, Piece)
        if reader is None:
            reader = _Reader(document, head, piece, entities)
        yield reader.read(piece, bad_places)


def _checked_head(text: str) -> tuple[str, dict[str, str]]:
    """Return the head without its prolog, and the entities that the prolog declares.

    The declared encoding no longer holds, and a DOCTYPE would only be fetched or expanded.
    """
    prolog = read_prolog(text)
    entities = (
        plain_entities(prolog)
        if prolog.root or "<!ENTITY" not in text
        else "it declares entities in a prolog that breaks off"
    )
    if isinstance(entities, str):
        raise EntityExpansionError(entities)
    start = prolog.root_start if prolog.root else 0
    if prolog.root is None or _local_name(prolog.root) not in _ROOTS:
        # Some servers write warnings before the feed.
        root = _ROOT.search(text, start)
        start = root.start() if root else start
    return text[start:], entities


class _Reader:
    """Reads the pieces of one feed, and numbers their entries.

    Entries are parsed between ``_start`` and ``_end``: the tags that are open before the first
    entry, and their end tags.
    """

    def __init__(self, document: FeedDocument, head: str, first: Piece, entities: dict[str, str]) -> None:
        """Read what holds for the whole feed. Raise NotAFeedError if this is no feed."""
        self._document = document
        self._entities = entities
        self._number = 0
        head, self._orphan = _without_orphan(head)
        _, opened = balance_tags(repair_text(head, entities).text)
        # A title that is never closed is open there too, but entries do not stand in it.
        stack = [(name, tag) for name, tag in opened if _local_name(name) in _CONTAINERS] or _DEFAULT_STACK
        self._start = declare_prefixes("".join(tag for _, tag in stack), dialects.NAMESPACES)
        self._end = end_tags(stack)
        self._names = [name for name, _ in stack]
        outside = [_HIDDEN.sub("", text) for text in (*_outside(first), first.tail or self._end)]
        between = "".join(_ENTRY_END.split(text)[-1] for text in outside)
        around = head + between
        text = repair_text(around, entities).text
        if not is_well_formed(text):
            mended, stack = balance_tags(text)
            text = declare_prefixes(mended + end_tags(stack), dialects.NAMESPACES)
        parsed = _parse(text)
        self._version = parsed.get("version", "")
        if not self._version and not first.entries:
            raise NotAFeedError(head)
        self._is_faulty = dialects.FAULT in parsed.feed
        self._facts = feedparser_facts(parsed.feed, self._version, document)

    def read(self, piece: Piece, bad_places: Sequence[int]) -> list[RawItem]:
        """Return the items of a piece, in order."""
        is_last = piece.tail is not None
        texts = [piece.text[start:end] for start, end in piece.entries]
        is_cut = is_last and not self._is_closed(piece)
        remainder = texts.pop() if is_cut and not piece.has_end else ""
        repaired = [repair_text(text if len(text) < MAX_ENTRY_CHARS else "", self._entities) for text in texts]
        entries = self._parsed([one.text for one in repaired])
        outside = _outside(piece)
        items: list[RawItem] = self._orphans(self._orphan)
        self._orphan = ""
        for number, text in enumerate(texts):
            items += self._orphans(outside[number])
            self._number += 1
            item = self._item(text, entries[number])
            if isinstance(item, RawArticle):
                start, end = (piece.offset + place for place in piece.entries[number])
                is_malformed = entries[number].is_mended or number in piece.mended or self._is_faulty or is_cut
                is_damaged = bisect_left(bad_places, start) < bisect_left(bad_places, end)
                item.warnings = (
                    *((MALFORMED,) if is_malformed else ()),
                    *((INVALID,) if is_damaged else ()),
                    *repaired[number].warnings,
                )
            items.append(item)
        items += self._orphans(piece.tail or "")
        if remainder or (is_last and self._document.cut):
            items.append(self._truncated(remainder))
        return items

    def _is_closed(self, piece: Piece) -> bool:
        """Tell whether all that is open around the entries is closed after them.

        A damaged end tag closes too: a feed that was cut off has too few tags there.
        """
        if not piece.has_end:
            return any(f"</{name}" in piece.text[piece.entries[-1][0] :] for name in self._names)
        tail = piece.tail or ""
        return f"</{self._names[0]}>" in tail or len(_END_TAG.findall(tail)) >= len(self._names)

    def _item(self, text: str, parsed: "_Parsed") -> RawItem:
        if len(text) >= MAX_ENTRY_CHARS:
            detail = f"entry {self._number} is longer than {MAX_ENTRY_CHARS} characters"
            return self._reject(Reason.TOO_LARGE, detail, text)
        if parsed.entry is None:
            return self._reject(Reason.LOST_ENTRY, f"no parser can read entry {self._number}", text)
        return read_entry(parsed.entry, self._number, self._version, self._facts)

    def _orphans(self, text: str) -> list[RawItem]:
        """Return a Reject for what ends like an entry but does not start like one."""
        if "</" not in text:
            return []
        seen = _HIDDEN.sub("", text)
        end = _ENTRY_END.search(seen)
        if end is None or not seen[: end.start()].strip():
            return []
        detail = f"after entry {self._number} an entry ends that never starts"
        return [self._reject(Reason.LOST_ENTRY, detail, text.strip())]

    def _truncated(self, remainder: str) -> Reject:
        cause = self._document.cut or f"it ends before {self._end[self._end.rindex('<') :]}"
        return self._reject(Reason.TRUNCATED, f"{cause}: entry {self._number + 1} is cut off", remainder)

    def _reject(self, reason: Reason, detail: str, text: str) -> Reject:
        payload = text[:_PAYLOAD_CHARS].encode("utf-8", "replace")
        return Reject(Stage.PARSE_FEEDS, reason, self._document.source_uri, detail, payload)

    def _parsed(self, texts: list[str]) -> list["_Parsed"]:
        """Return what feedparser reads of each entry.

        They are parsed together. If some of them are not well-formed, those are mended first.
        """
        if (found := self._together(texts)) is not None:
            return found
        mended = [self._mended(text) for text in texts]
        found = self._together([text for text, _ in mended]) or [self._alone(text) for text, _ in mended]
        return [
            _Parsed(one.entry, one.is_mended or is_mended) for one, (_, is_mended) in zip(found, mended, strict=True)
        ]

    def _together(self, texts: list[str]) -> list["_Parsed"] | None:
        """Return what feedparser reads of entries, or None if it cannot be told apart.

        That is: they are not well-formed, they give another number of entries, or a handler failed
        at one of several.
        """
        text = f"{self._start}{''.join(texts)}{self._end}"
        if not is_well_formed(text):
            return None
        parsed = _parse(text)
        is_faulty = dialects.FAULT in parsed.feed
        if len(parsed.entries) != len(texts) or (is_faulty and len(texts) > 1):
            return None
        return [_Parsed(entry, is_faulty) for entry in parsed.entries]

    def _alone(self, text: str) -> "_Parsed":
        found = self._together([text])
        return found[0] if found else _Parsed(None)

    def _mended(self, text: str) -> tuple[str, bool]:
        """Return the text of an entry as well-formed XML, and whether it had to be mended.

        Its tags are balanced, and prefixes without a declaration get one. If that is not enough,
        libxml2 recovers what it can.
        """
        if is_well_formed(f"{self._start}{text}{self._end}"):
            return text, False
        balanced, stack = balance_tags(text)
        mended = declare_prefixes(balanced + end_tags(stack), dialects.NAMESPACES, declared_prefixes(self._start))
        whole = f"{self._start}{mended}{self._end}"
        if is_well_formed(whole):
            return mended, True
        root = _recovered(whole)
        entries = root.iter("{*}item", "{*}entry") if root is not None else iter(())
        return next((etree.tostring(entry, encoding="unicode", with_tail=False) for entry in entries), ""), True


@dataclass(frozen=True, slots=True)
class _Parsed:
    """An entry as feedparser reads it, or None if it finds none; whether its XML was mended."""

    entry: Entry | None
    is_mended: bool = False


def _local_name(name: str) -> str:
    """Return the name of an element without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def _without_orphan(head: str) -> tuple[str, str]:
    """Return the head without an entry whose start tag is damaged, and that entry.

    The entry begins where an element of the head comes a second time.
    """
    end = _ENTRY_END.search(_HIDDEN.sub("", head))
    if end is None:
        return head, ""
    met: set[str] = set()
    for field in _HEAD_FIELD.finditer(head, 0, end.start()):
        if field[0] in met:
            return head[: field.start()], head[field.start() :]
        met.add(field[0])
    return head, ""


def is_well_formed(text: str) -> bool:
    """Tell whether a text is a well-formed XML document with declared prefixes.

    See XML 1.0 section 2.1, and Namespaces in XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return False
    return True


def _recovered(text: str) -> etree._Element | None:
    """Return the root element that libxml2 makes of a document that is not well-formed."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    return etree.fromstring(text.encode("utf-8", "replace"), parser) if "<" in text else None


def _parse(text: str) -> Any:
    return dialects.parse(io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False)


def _outside(piece: Piece) -> list[str]:
    """Return the text before each entry of a piece, from the end of the entry before it on."""
    starts = [0, *(end for _, end in piece.entries)]
    return [piece.text[before:start] for before, (start, _) in zip(starts, piece.entries, strict=False)]
