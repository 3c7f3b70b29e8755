"""OPML 2.0 subscription lists (opml.org/spec2.opml): a request for each feed in a list."""

import dataclasses
import re
import xml.etree.ElementTree as ElementTree

from newslake.schemas.raw import SourceSettings
from newslake.schemas.redact import redact
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.decode import decode_feed
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.guard import drop_control_characters, replace_bad_references
from newslake.transforms.feeds.prolog import read_prolog

_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_FEED_SCHEME = re.compile(r"\Afeed://(?!https?:)", re.IGNORECASE)
_FEED_PREFIX = re.compile(r"\Afeed:(?://)?(?=https?://)", re.IGNORECASE)
"""Browsers once gave feeds to readers as feed://host/path or feed:https://host/path."""
_MAX_TAGS = 50
"""Deeper folders give no tags. Without a limit the work would grow with the square of the depth."""
_HEAD_BYTES = 10_000
_PAYLOAD_BYTES = 64_000


def is_opml(data: bytes) -> bool:
    """Tell whether the root element is ``opml``. Only the first bytes are read."""
    return (read_prolog(decode_feed(data[:_HEAD_BYTES]).text).root or "").lower() == "opml"


def expand_opml(data: bytes, *, source_uri: str, settings: SourceSettings) -> list[FeedRequest | Reject]:
    """Return a request for each feed of a subscription list, in the list's order.

    The folders around a feed become its tags, after the tags of ``settings``. A feed in several
    folders is one request with the tags of all. The other settings are those of ``settings``, but
    without its HTTP headers, which are for the server of the list. The titles in the list are not
    used: they are one reader's names for the feeds.

    If the list cannot be used, return one Reject of the whole list: ENTITY_EXPANSION if it declares
    entities, NOT_A_FEED if its root element is not ``opml``, CORRUPT if it is not well-formed,
    EMPTY if it names no feed. An address that is not http(s) becomes a Reject FORBIDDEN_ADDRESS in
    its place, because a list must not open local files.
    """
    source_uri = redact(source_uri)

    def reject(reason: Reason, detail: str) -> list[FeedRequest | Reject]:
        return [Reject(Stage.FETCH_FEEDS, reason, source_uri, detail, data[:_PAYLOAD_BYTES], whole_source=True)]

    text = decode_feed(data).text
    prolog = read_prolog(text)
    if prolog.entities or prolog.has_other_entities:
        return reject(Reason.ENTITY_EXPANSION, "it declares entities")
    if (prolog.root or "").lower() != "opml":
        return reject(Reason.NOT_A_FEED, "it is not OPML: the root element is not <opml>")
    text = drop_control_characters(replace_bad_references(text[prolog.root_start :])[0])
    try:
        root = ElementTree.fromstring(_BARE_AMPERSAND.sub("&amp;", text))
    except ElementTree.ParseError as error:
        return reject(Reason.CORRUPT, f"it is not well-formed XML: {error}")
    found: dict[str, tuple[str, ...]] = {}
    stack = [(outline, settings.tags) for outline in reversed(root.findall("./body/outline"))]
    while stack:
        outline, tags = stack.pop()
        address = outline.get("xmlUrl", outline.get("xmlurl", "")).strip()
        if address:
            found[address] = tuple(dict.fromkeys((*found.get(address, ()), *tags)))
        else:
            name = " ".join((outline.get("text") or outline.get("title") or "").split())
            tags = tuple(dict.fromkeys((*tags, name))) if name and len(tags) < _MAX_TAGS else tags
        stack += [(child, tags) for child in reversed(outline.findall("outline"))]
    if not found:
        return reject(Reason.EMPTY, "it names no feed")
    return [
        _request(address, dataclasses.replace(settings, tags=tags, headers=()), source_uri)
        for address, tags in found.items()
    ]


def _request(address: str, settings: SourceSettings, source_uri: str) -> FeedRequest | Reject:
    request = FeedRequest(_FEED_PREFIX.sub("", _FEED_SCHEME.sub("http://", address)), settings)
    if request.is_remote:
        return request
    detail = f"the list names {redact(address)[:500]!r}; only http and https feeds are taken from a list"
    return Reject(
        Stage.FETCH_FEEDS,
        Reason.FORBIDDEN_ADDRESS,
        source_uri,
        detail,
        redact(address).encode("utf-8", "replace"),
        whole_source=False,
    )
