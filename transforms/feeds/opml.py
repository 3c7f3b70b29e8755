"""OPML 2.0 subscription lists (opml.org/spec2.opml): a request for each feed in a list."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newslake.schemas.raw import SourceSettings
from newslake.schemas.redact import redact
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.guard import drop_control_characters, plain_entities, replace_entities
from newslake.transforms.feeds.prolog import read_prolog
from newslake.transforms.feeds.texts import unescape_once
from newslake.transforms.storage.encoding.find import decode_body

_OUTLINE = r"<(?P<end>/)?(?:[\w.-]+:)?outline(?=[\s/>])"
_NO_OUTLINE = r"<(?!/?(?:[\w.-]+:)?outline[\s/>])"
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|"
    rf"""{_OUTLINE}(?P<whole>(?P<attributes>(?:[^"'<>]|"(?:[^"<]|{_NO_OUTLINE})*+"|'(?:[^'<]|{_NO_OUTLINE})*+')*+)>)?""",
    re.IGNORECASE | re.DOTALL,
)
"""A comment, or a tag of an outline. A value in quotes may hold "<", but no tag of an outline: its
quote was never closed. Such a tag is not whole."""
_ATTRIBUTE = re.compile(r"""(?:[\w.-]+:)?(?P<name>[\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_ROOT_END = re.compile(r"</(?:[\w.-]+:)?opml\s*>", re.IGNORECASE)
_FEED_TYPES = frozenset(
    {"rss", "rss1", "rss2", "atom", "rdf", "feed", "json", "jsonfeed"}
    | {"application/rss+xml", "application/atom+xml", "application/feed+json"}
)
"""Types of an outline whose "url" is that of a feed."""
_FEED_SCHEME = re.compile(r"\Afeed://(?!https?:)", re.IGNORECASE)
_FEED_PREFIX = re.compile(r"\Afeed:(?://)?(?=https?://)", re.IGNORECASE)
"""Browsers once gave feeds to readers as feed://host/path or feed:https://host/path."""
_MAX_TAGS = 50
"""Deeper folders give no tags. Without a limit the work would grow with the square of the depth."""
_HEAD_BYTES = 10_000
_PAYLOAD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class _Folder:
    """An outline that is open: the tags of the feeds in it, and whether it is commented out."""

    tags: tuple[str, ...]
    is_comment: bool = False


def is_opml(data: bytes) -> bool:
    """Tell whether the root element is ``opml``. Only the first bytes are read."""
    return _is_opml(read_prolog(decode_body(data[:_HEAD_BYTES]).text).root)


def _is_opml(root: str | None) -> bool:
    return (root or "").rpartition(":")[2].lower() == "opml"


def expand_opml(data: bytes, *, source_uri: str, settings: SourceSettings) -> list[FeedRequest | Reject]:
    """Return a request for each feed of a subscription list, in the list's order.

    The folders around a feed become its tags, after the tags of ``settings``. A feed in several
    folders is one request with the tags of all. The other settings are those of ``settings``, but
    without its HTTP headers, which are for the server of the list. The titles in the list are not
    used: they are one reader's names for the feeds. An outline with isComment="true" is left out
    with all outlines in it (OPML 2.0, "Common attributes").

    Lists are written by hand and by many programs. So names count in any letter case and with any
    prefix, and only the tags of outlines are read. An outline that cannot be read becomes a Reject
    CORRUPT. A list that is cut off gives a Reject TRUNCATED after its feeds.

    If the list cannot be used, return one Reject of the whole list: ENTITY_EXPANSION if it declares
    entities that expand, NOT_A_FEED if its root element is not ``opml``, EMPTY or TRUNCATED if it
    names no feed. An address that is not http(s) becomes a Reject FORBIDDEN_ADDRESS in its place,
    because a list must not open local files.
    """
    source_uri = redact(source_uri)

    def reject(reason: Reason, detail: str, payload: bytes = data, *, whole_source: bool = True) -> Reject:
        return Reject(
            Stage.FETCH_FEEDS, reason, source_uri, detail, payload[:_PAYLOAD_BYTES], whole_source=whole_source
        )

    text = decode_body(data).text
    prolog = read_prolog(text)
    entities = plain_entities(prolog)
    if isinstance(entities, str):
        return [reject(Reason.ENTITY_EXPANSION, entities)]
    if not _is_opml(prolog.root):
        return [reject(Reason.NOT_A_FEED, "it is not OPML: the root element is not <opml>")]
    text = replace_entities(text[prolog.root_start :], entities)
    outlines = [token for token in _TOKEN.finditer(text) if not token[0].startswith("<!")]
    tokens = [token for token in outlines if token["whole"]]
    end = tokens[-1].end() if tokens else 0
    is_cut = _ROOT_END.search(text, end) is None
    found: dict[str, tuple[str, ...]] = {}
    for address, tags in _feeds(tokens, settings.tags):
        found[address] = tuple(dict.fromkeys((*found.get(address, ()), *tags)))
    if not found:
        return [reject(Reason.TRUNCATED if is_cut else Reason.EMPTY, "it names no feed")]
    requests = [
        _request(address, dataclasses.replace(settings, tags=tags, headers=()), source_uri)
        for address, tags in found.items()
    ]
    rejects = [
        reject(Reason.CORRUPT, "an outline cannot be read", _line_of(text, token), whole_source=False)
        for token in outlines
        if token["whole"] is None and token.end() < end
    ]
    if is_cut:
        detail = "it ends before </opml>: the outlines behind the last feed are missing"
        rejects.append(reject(Reason.TRUNCATED, detail, text[end:].strip().encode(), whole_source=False))
    return [*requests, *rejects]


def _feeds(tokens: list[re.Match[str]], tags: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the address and the tags of each feed, from the tags of the outlines in their order."""
    folders = [_Folder(tags)]
    for token in tokens:
        if token["end"]:
            if len(folders) > 1:
                folders.pop()
            continue
        attributes = _attributes(token["attributes"])
        around = folders[-1]
        is_comment = around.is_comment or attributes.get("iscomment", "").strip().lower() == "true"
        address = attributes.get("xmlurl", "").strip()
        if not address and attributes.get("type", "").strip().lower() in _FEED_TYPES:
            address = attributes.get("url", "").strip()
        if address and not is_comment:
            yield address, around.tags
        if not token["attributes"].endswith("/"):
            name = "" if address else " ".join((attributes.get("text") or attributes.get("title") or "").split())
            is_tag = name and name not in around.tags and len(around.tags) < _MAX_TAGS
            folders.append(_Folder((*around.tags, name) if is_tag else around.tags, is_comment))


def _line_of(text: str, token: re.Match[str]) -> bytes:
    end = text.find("\n", token.end())
    return text[token.start() : end if end >= 0 else None].encode()


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(text):
        value = next(filter(None, attribute.groups()[1:]), "")
        found.setdefault(attribute["name"].lower(), drop_control_characters(unescape_once(value)))
    return found


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
