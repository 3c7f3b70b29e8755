"""Rejects: the articles and sources that a step cannot use, with the reason and the payload."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, TypedDict

from newslake.schemas import codec
from newslake.schemas.article import Instant
from newslake.schemas.redact import hide, redact_links, secret_words


class Stage(StrEnum):
    """The step that made the reject."""

    FETCH_FEEDS = "fetch_feeds"
    PARSE_FEEDS = "parse_feeds"
    MATCH_FILES = "match_files"
    READ_ARTICLES = "read_articles"
    NORMALISE_ARTICLES = "normalise_articles"
    WRITE_RECORDS = "write_records"


class Reason(StrEnum):
    """The reason of a reject. REASON_MEANING says it in words."""

    MISSING = "missing"
    NO_MATCH = "no_match"
    UNREADABLE = "unreadable"
    IS_DIRECTORY = "is_directory"
    EMPTY = "empty"
    BINARY = "binary"
    NOT_ARTICLES = "not_articles"
    NO_COLUMNS = "no_columns"
    NO_HEADER = "no_header"
    UNDECODABLE = "undecodable"
    ENCRYPTED = "encrypted"
    NESTED_ARCHIVE = "nested_archive"
    ARCHIVE_LINK = "archive_link"
    DECOMPRESSION_BOMB = "decompression_bomb"
    MISSING_EXTRA = "missing_extra"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    INVALID_JSON = "invalid_json"
    NOT_AN_OBJECT = "not_an_object"
    MALFORMED_ROW = "malformed_row"
    NOT_A_FEED = "not_a_feed"
    ENTITY_EXPANSION = "entity_expansion"
    TIMEOUT = "timeout"
    HTTP_STATUS = "http_status"
    NETWORK = "network"
    FORBIDDEN_ADDRESS = "forbidden_address"
    PARSER_FAILED = "parser_failed"
    LOST_ENTRY = "lost_entry"
    NO_CONTENT = "no_content"
    INVALID_RECORD = "invalid_record"
    INTERNAL_ERROR = "internal_error"


REASON_MEANING: dict[Reason, str] = {
    Reason.MISSING: "the file is not there; check the path",
    Reason.NO_MATCH: "the glob matches nothing; check the pattern",
    Reason.UNREADABLE: "the file or feed cannot be opened; check its permissions",
    Reason.IS_DIRECTORY: "the path is a directory; name the files in it, as in 'dir/*.jsonl'",
    Reason.EMPTY: "the file or feed is empty",
    Reason.BINARY: "the file is not text; name only text, JSON, CSV, Parquet, HTML, WARC or feed files",
    Reason.NOT_ARTICLES: "the file is text, but no articles: a program, a script or a dump of a database",
    Reason.NO_COLUMNS: "no column gives a headline or a text; name the columns with fields in [[files]] or --field",
    Reason.NO_HEADER: "the table has no header; name its columns with header in [[files]]",
    Reason.UNDECODABLE: "most letters cannot be read in this encoding; set the key encoding in [[files]]",
    Reason.ENCRYPTED: "the member of the archive is encrypted; decrypt it first",
    Reason.NESTED_ARCHIVE: "an archive within an archive; unpack the outer one first",
    Reason.ARCHIVE_LINK: "the member of the archive is a link or a device, not a file",
    Reason.DECOMPRESSION_BOMB: (
        "the member of the archive unpacks to far more than articles do; unpack it yourself if it is right"
    ),
    Reason.MISSING_EXTRA: "HTML pages and WARC files need the extra html: pip install 'newslake[html]'",
    Reason.TRUNCATED: "the file ends in the middle; newslake read all before that; get the file again",
    Reason.CORRUPT: "the archive or file is damaged from here on; newslake read all before that",
    Reason.TOO_LARGE: "the record or document is over the size limit; the payload holds its beginning",
    Reason.INVALID_JSON: "the text is not valid JSON",
    Reason.NOT_AN_OBJECT: "the JSON is valid, but it is not an object with fields",
    Reason.MALFORMED_ROW: "the row does not fit the header of its table",
    Reason.NOT_A_FEED: (
        "the document is not RSS, Atom or JSON Feed; it is often an HTML page: look for the site's feed link"
    ),
    Reason.ENTITY_EXPANSION: "the XML declares entities that expand; newslake refuses them as an attack",
    Reason.TIMEOUT: "the fetch or the parsing took longer than the time limit",
    Reason.HTTP_STATUS: "the server answered with an error status",
    Reason.NETWORK: "newslake could not reach the server, or the connection broke",
    Reason.FORBIDDEN_ADDRESS: (
        "newslake may not fetch this URL; use --allow-private-addresses for feeds on your own network"
    ),
    Reason.PARSER_FAILED: "the process that parses feeds died; newslake read the entries before that",
    Reason.LOST_ENTRY: "the XML of the feed is damaged, and no parser finds this entry; the payload holds it",
    Reason.NO_CONTENT: "the article has no headline, no text and no link, so there is nothing to keep",
    Reason.INVALID_RECORD: "the record does not have the fields, types and date forms of the table articles",
    Reason.INTERNAL_ERROR: "newslake itself has an error; please report it with the traceback in the detail",
}


@dataclass(frozen=True, slots=True)
class Reject:
    """One article, record or source that a step could not use.

    ``detail`` says where the fault is and what is wrong. ``payload`` holds the raw bytes of the
    article or source.
    """

    stage: Stage
    reason: Reason
    source_uri: str
    detail: str
    payload: bytes = b""
    whole_source: bool = False
    """True if the whole file or feed could not be used; False for one article in it."""


def hide_secrets(reject: Reject, values: Iterable[str]) -> Reject:
    """Return a reject whose detail and payload show no secrets of URLs, and none of ``values``.

    These are the values of secret headers. A server may repeat both in an error page, in a redirect
    or in its reason.
    """
    words = secret_words(values)
    detail, payload = hide(reject.detail, words), hide(reject.payload, words)
    return replace(reject, detail=redact_links(detail), payload=redact_links(payload))


class RejectRow(TypedDict):
    """A row of ``rejects``."""

    stage: Annotated[str, "the step that made the reject", "newslake"]
    reason: Annotated[str, "one of the named reasons", "newslake"]
    source_uri: Annotated[str, "the file or feed, secrets removed", "newslake"]
    detail: Annotated[str, "where and what is wrong", "newslake"]
    payload: Annotated[str | None, "the raw bytes of the article or source; null if empty", "newslake"]
    payload_encoding: Annotated[str, "utf-8, or base64 if the bytes are not UTF-8", "newslake"]
    whole_source: Annotated[bool, "true if the whole source could not be used", "newslake"]
    ingested_at: Annotated[Instant, "the run's instant, UTC", "newslake"]
    run_id: Annotated[str, "the run that wrote the row", "newslake"]


def row_of(reject: Reject) -> dict[str, Any]:
    """Return a reject as a row of ``rejects``, without ``ingested_at`` and ``run_id``."""
    payload, encoding = codec.payload_text(reject.payload)
    return {
        "stage": str(reject.stage),
        "reason": str(reject.reason),
        "source_uri": reject.source_uri,
        "detail": reject.detail,
        "payload": payload,
        "payload_encoding": encoding,
        "whole_source": reject.whole_source,
    }


def reject_of(row: Mapping[str, Any]) -> Reject:
    """Return the reject that ``row_of`` made the row of."""
    payload = codec.payload_bytes(row["payload"], row["payload_encoding"])
    return Reject(
        Stage(row["stage"]), Reason(row["reason"]), row["source_uri"], row["detail"], payload, row["whole_source"]
    )
