"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org): from items to raw articles."""

from typing import Any

from newslake.schemas import codec
from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.entries import FeedFacts, Text, build_article, feed_facts, text_or_none

_VERSION = "jsonfeed.org/version/"


def is_json(body: bytes) -> bool:
    """Tell whether the bytes begin like a JSON object."""
    return body[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_feed(document: FeedDocument) -> tuple[list[RawItem], tuple[str, ...]] | Reject:
    """Return the items of a JSON Feed, and a warning for each kind of repair.

    Return one Reject of the whole if the document is not JSON (INVALID_JSON) or not a JSON Feed
    (NOT_A_FEED).
    """

    def reject(reason: Reason, detail: str) -> Reject:
        return Reject(Stage.PARSE_FEEDS, reason, document.source_uri, detail, document.body[:64_000], whole_source=True)

    try:
        feed, warnings = codec.decode_foreign(document.body.removeprefix(b"\xef\xbb\xbf"))
    except codec.InvalidJsonError as error:
        return reject(Reason.INVALID_JSON, str(error))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or _VERSION not in str(feed.get("version")):
        return reject(Reason.NOT_A_FEED, "it is JSON, but has no JSON Feed version or no items")
    facts = feed_facts(
        document,
        own_link=text_or_none(feed.get("feed_url")),
        home=text_or_none(feed.get("home_page_url")),
        title=text_or_none(feed.get("title")),
        language=text_or_none(feed.get("language")),
        bylines=_bylines(feed),
    )
    return [_read_item(item, number, facts) for number, item in enumerate(items, 1)], warnings


def _read_item(item: Any, number: int, facts: FeedFacts) -> RawItem:
    payload = codec.encode(item)
    if not isinstance(item, dict):
        return Reject(
            Stage.PARSE_FEEDS, Reason.NOT_AN_OBJECT, facts.source_uri, f"entry {number} is no JSON object", payload
        )
    markup, plain = text_or_none(item.get("content_html")), text_or_none(item.get("content_text"))
    published, modified = text_or_none(item.get("date_published")), text_or_none(item.get("date_modified"))
    return build_article(
        facts,
        number,
        source_id=_id(item.get("id")),
        link=text_or_none(item.get("url")) or text_or_none(item.get("external_url")),
        texts=(
            _plain(item.get("title")),
            _plain(item.get("summary")),
            Text(markup, True) if markup else _plain(plain),
        ),
        dates=(("feed", published), ("updated", modified)),
        modified=modified,
        language=text_or_none(item.get("language")),
        origin=None,
        bylines=_bylines(item),
        keywords=tuple(dict.fromkeys(tag for tag in map(text_or_none, _list(item.get("tags"))) if tag)),
        images=_images(item),
        payload=payload,
    )


def _id(value: object) -> str | None:
    """Return the id of an item. A number becomes a string, as the standard asks."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else text_or_none(value)


def _plain(value: object) -> Text | None:
    text = text_or_none(value)
    return Text(text, False) if text else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _bylines(owner: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of ``authors`` (1.1) or ``author`` (1.0)."""
    authors = _list(owner.get("authors")) or [owner.get("author")]
    names = (text_or_none(author.get("name")) for author in authors if isinstance(author, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _images(item: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    pictures: list[tuple[str, str | None, str | None]] = []
    for key in ("image", "banner_image"):
        if url := text_or_none(item.get(key)):
            pictures.append((url, None, None))
    for attachment in _list(item.get("attachments")):
        is_picture = isinstance(attachment, dict) and str(attachment.get("mime_type")).startswith("image/")
        if is_picture and (url := text_or_none(attachment.get("url"))):
            pictures.append((url, text_or_none(attachment.get("title")), None))
    return pictures
