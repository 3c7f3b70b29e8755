"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org): from items to raw articles."""

import re
from collections.abc import Iterator
from typing import Any

from newslake.schemas import codec
from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import FeedFacts, build_article, feed_facts, text_or_none
from newslake.transforms.feeds.links import is_http
from newslake.transforms.feeds.pictures import Picture
from newslake.transforms.feeds.texts import Text, body_text, title_text
from newslake.transforms.storage.encoding.find import decode_body

_VERSION = "jsonfeed.org/version/"
_MARKS = b"\xef\xbb\xbf\xff\xfe\x00"
"""The bytes of byte order marks, and the byte that ASCII letters have beside them in UTF-16."""
_ITEM_KEYS = frozenset({"id", "url", "content_html", "content_text"})
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|,(?=\s*[}\]])', re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f]")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_PAYLOAD_BYTES = 64_000


def is_json(body: bytes) -> bool:
    """Tell whether the bytes begin like a JSON object, in UTF-8, UTF-16 or UTF-32."""
    return body[:1000].lstrip(_MARKS + b" \t\r\n")[:1] == b"{"


def read_json_feed(document: FeedDocument) -> tuple[list[RawItem], tuple[str, ...]] | Reject:
    """Return the items of a JSON Feed, and a warning for each kind of repair.

    An object without the version of a JSON Feed is one if its items are those of a JSON Feed. A
    feed without items is empty. Raw control characters in strings and commas before a closing
    bracket are repaired (``malformed_feed``).

    A feed that is cut off gives its whole items, then a Reject TRUNCATED.

    Return one Reject of the whole if the document is not JSON (INVALID_JSON) or not a JSON Feed
    (NOT_A_FEED).
    """

    def reject(reason: Reason, detail: str, payload: bytes = document.body, *, whole_source: bool = True) -> Reject:
        return Reject(
            Stage.PARSE_FEEDS, reason, document.source_uri, detail, payload[:_PAYLOAD_BYTES], whole_source=whole_source
        )

    try:
        feed, warnings, rest = _decoded(_in_utf_8(document.body))
    except codec.InvalidJsonError as error:
        return reject(Reason.INVALID_JSON, str(error))
    if not isinstance(feed, dict) or not _is_feed(feed):
        return reject(Reason.NOT_A_FEED, "it is JSON, but has no JSON Feed version and no items of a JSON Feed")
    facts = feed_facts(
        document,
        own_link=text_or_none(feed.get("feed_url")),
        home=text_or_none(feed.get("home_page_url")),
        title=text_or_none(feed.get("title")),
        language=text_or_none(feed.get("language")),
        bylines=_bylines(feed),
    )
    items = [_read_item(item, number, facts) for number, item in enumerate(_list(feed.get("items")), 1)]
    if rest is not None:
        detail = f"{document.cut or 'the JSON ends in the middle'}: entry {len(items) + 1} is cut off"
        items.append(reject(Reason.TRUNCATED, detail, rest, whole_source=False))
    return items, warnings


def _in_utf_8(body: bytes) -> bytes:
    """Return JSON in UTF-8. In UTF-16 and UTF-32 the first character has zeros beside it."""
    if b"\x00" not in body[:8] and body[:1] != b"\xef":
        return body
    unmarked = {b"{\x00\x00\x00": "utf-32-le", b"\x00\x00\x00{": "utf-32-be"}.get(body[:4])
    unmarked = unmarked or {b"{\x00": "utf-16-le", b"\x00{": "utf-16-be"}.get(body[:2])
    text = body.decode(unmarked, "replace") if unmarked else decode_body(body).text
    return text.encode("utf-8", "replace")


def _decoded(body: bytes) -> tuple[Any, tuple[str, ...], bytes | None]:
    """Return the value of JSON, the warnings of its repair, and what follows its last whole item.

    The last is None if the JSON is not cut off. Raises InvalidJsonError if the JSON is beyond
    repair.
    """
    try:
        return *codec.decode_foreign(body), None
    except codec.InvalidJsonError as error:
        fault = error
    repaired = _STRING_OR_COMMA.sub(_repaired, body.decode("utf-8", "replace"))
    end = _end_of_items(repaired)
    if end is None and repaired.encode() == body:
        raise fault
    value, warnings = codec.decode_foreign((repaired if end is None else repaired[:end] + "]}").encode())
    return value, ("malformed_feed", *warnings), None if end is None else repaired[end:].encode()


def _end_of_items(text: str) -> int | None:
    """Return where the last whole object of a list in the outer object ends, if JSON is cut off."""
    opened: list[str] = []
    end = None
    for token in _STRING_OR_BRACKET.finditer(text):
        bracket = token[0]
        if bracket in ("{", "["):
            opened.append(bracket)
        elif bracket in ("}", "]"):
            if not opened or opened.pop() + bracket not in ("{}", "[]"):
                return None  # it is damaged in another way
            end = token.end() if opened == ["{", "["] else end
    return end if opened else None


def _repaired(token: re.Match[str]) -> str:
    """Return a string with its raw control characters escaped, and nothing for a comma."""
    return _CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", token[0]) if token[0] != "," else ""


def _is_feed(feed: dict[str, Any]) -> bool:
    items = feed.get("items")
    if _VERSION in str(feed.get("version")):
        return items is None or isinstance(items, list)
    has_feed_items = any(isinstance(item, dict) and not _ITEM_KEYS.isdisjoint(item) for item in _list(items)[:10])
    return has_feed_items or (isinstance(items, list) and text_or_none(feed.get("title")) is not None)


def _read_item(item: Any, number: int, facts: FeedFacts) -> RawItem:
    payload = codec.encode(item)
    if not isinstance(item, dict):
        return Reject(
            Stage.PARSE_FEEDS, Reason.NOT_AN_OBJECT, facts.source_uri, f"entry {number} is no JSON object", payload
        )
    title, summary, markup, plain = (
        text_or_none(item.get(key)) for key in ("title", "summary", "content_html", "content_text")
    )
    published, modified = _number_or_text(item.get("date_published")), _number_or_text(item.get("date_modified"))
    source_id = _number_or_text(item.get("id"))
    return build_article(
        facts,
        number,
        source_id=source_id,
        links=(
            text_or_none(item.get("url")),
            text_or_none(item.get("external_url")),
            source_id if is_http(source_id) else None,
        ),
        # The titles of many feeds are HTML, though the standard calls them plain text.
        texts=(
            title_text(title, is_markup=True) if title else None,
            body_text(summary, is_markup=False) if summary else None,
            body_text(markup, is_markup=True) if markup else _plain(plain),
        ),
        dates=(("feed", published), ("updated", modified)),
        modified=modified,
        language=text_or_none(item.get("language")),
        origin=None,
        bylines=_bylines(item),
        keywords=tuple(dict.fromkeys(tag for tag in map(text_or_none, _listed(item.get("tags"))) if tag)),
        images=_images(item),
        payload=payload,
    )


def _number_or_text(value: object) -> str | None:
    """Return a text, or a number as text, as the standard asks for ids: 5 and 5.0 are "5"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return text_or_none(value)
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _plain(text: str | None) -> Text | None:
    return body_text(text, is_markup=False) if text else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _listed(value: object) -> list[Any]:
    """Return a value that should be a list as one."""
    return value if isinstance(value, list) else [value]


def _bylines(owner: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of ``authors`` (1.1) or ``author`` (1.0), in any shape.

    An author is an object with a name, or the name.
    """
    return tuple(dict.fromkeys(_names(owner.get("authors")))) or tuple(dict.fromkeys(_names(owner.get("author"))))


def _names(authors: object) -> Iterator[str]:
    for author in _listed(authors):
        if name := text_or_none(author.get("name") if isinstance(author, dict) else author):
            yield name


def _images(item: dict[str, Any]) -> list[Picture]:
    pictures = [Picture(url) for key in ("image", "banner_image") if (url := text_or_none(item.get(key)))]
    for attachment in _list(item.get("attachments")):
        is_picture = isinstance(attachment, dict) and str(attachment.get("mime_type")).startswith("image/")
        if is_picture and (url := text_or_none(attachment.get("url"))):
            pictures.append(Picture(url, text_or_none(attachment.get("title"))))
    return pictures
