"""Rejects: what a step cannot take, with the reason and the payload."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypedDict


class Stage(StrEnum):
    """The step that rejected."""

    FETCH_FEEDS = "fetch_feeds"
    PARSE_FEEDS = "parse_feeds"
    MATCH_FILES = "match_files"
    READ_ARTICLES = "read_articles"
    NORMALISE_ARTICLES = "normalise_articles"
    WRITE_RECORDS = "write_records"


class Reason(StrEnum):
    """Why; the sentence is what a user reads in the docs and in the summary."""

    MISSING = "missing"
    NO_MATCH = "no_match"
    UNREADABLE = "unreadable"
    IS_DIRECTORY = "is_directory"
    EMPTY = "empty"
    BINARY = "binary"
    UNKNOWN_FORMAT = "unknown_format"
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
    NO_CONTENT = "no_content"
    INVALID_RECORD = "invalid_record"
    INTERNAL_ERROR = "internal_error"


REASON_MEANING: dict[Reason, str] = {
    Reason.MISSING: "the file is not there; check the path",
    Reason.NO_MATCH: "the glob matches nothing; check the pattern",
    Reason.UNREADABLE: "the file or feed cannot be opened; check its permissions",
    Reason.IS_DIRECTORY: "the path is a directory; name the files in it, as in 'dir/*.jsonl'",
    Reason.EMPTY: "there is nothing in it",
    Reason.BINARY: "it is not text; name only text, JSON, CSV, Parquet or feed files",
    Reason.UNKNOWN_FORMAT: "the format is not one that newslake reads",
    Reason.TRUNCATED: "it ends in the middle; what came before was read; fetch it again",
    Reason.CORRUPT: "the archive or file is damaged from here on; what came before was read",
    Reason.TOO_LARGE: "the record or document is over the size limit; the payload holds its beginning",
    Reason.INVALID_JSON: "the JSON does not parse",
    Reason.NOT_AN_OBJECT: "the JSON is valid but not an object with fields",
    Reason.MALFORMED_ROW: "the row does not fit the header of its table",
    Reason.NOT_A_FEED: "it is neither RSS, Atom nor JSON Feed; often an HTML page: look for the site's feed link",
    Reason.ENTITY_EXPANSION: "the XML declares entities that expand, which is refused as an attack",
    Reason.TIMEOUT: "it took longer than the time limit",
    Reason.HTTP_STATUS: "the server answered with an error status",
    Reason.NETWORK: "the server could not be reached or broke off",
    Reason.FORBIDDEN_ADDRESS: "the URL may not be fetched; for feeds on your own network there is --allow-private-addresses",
    Reason.NO_CONTENT: "there is no headline, no text and no link: nothing to keep",
    Reason.INVALID_RECORD: "the record does not have the fields, types and date forms of the table articles",
    Reason.INTERNAL_ERROR: "an error of newslake itself; the detail holds the traceback: please report it",
}


@dataclass(frozen=True, slots=True)
class Reject:
    """One thing that a step could not take. ``detail`` says where and what is wrong; ``payload`` is what there was, as bytes."""

    stage: Stage
    reason: Reason
    source_uri: str
    detail: str
    payload: bytes = b""
    whole_source: bool = False
    """True where the file or feed as a whole could not be used, not one article in it."""


class RejectRow(TypedDict):
    """A row of ``rejects``."""

    stage: Annotated[str, "the step that rejected", "newslake"]
    reason: Annotated[str, "one of the named reasons", "newslake"]
    source_uri: Annotated[str, "the file or feed, secrets removed", "newslake"]
    detail: Annotated[str, "where and what is wrong", "newslake"]
    payload: Annotated[str | None, "what there was", "newslake"]
    payload_encoding: Annotated[str, "utf-8, or base64 where the bytes are not UTF-8", "newslake"]
    whole_source: Annotated[bool, "the source as a whole could not be used", "newslake"]
    ingested_at: Annotated[str, "the run's instant, UTC", "newslake"]
    run_id: Annotated[str, "the run that wrote the row", "newslake"]
