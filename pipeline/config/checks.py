"""Checks of single values that a user settles.

The command line, the configuration file and Python calls share them.

A check takes the value as TOML gives it. It returns the value as newslake uses it, or raises
ValueError, whose message says what the value should be. It also carries the JSON Schema of the
values that it takes, from which editors complete and check a configuration file.
"""

import datetime as dt
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newslake.pipeline.config.failed_sources import FailedSources
from newslake.pipeline.exitcodes import UsageError, nearest
from newslake.schemas.tables import PARTITION_COLUMNS
from newslake.transforms.storage.encoding.labels import codec_name

RUNNERS = ("local", "direct", "prism", "flink", "dataflow")
PARTITIONS = tuple(PARTITION_COLUMNS)
COMPRESSIONS = ("gzip", "zstd")
SUMMARIES = ("human", "json")
NEAR_DUPLICATES = ("drop", "mark", "off")
DATE_ORDERS = ("DMY", "MDY", "YMD")
FORMATS = ("json", "csv", "parquet", "documents", "text", "feed", "html", "warc")
"""Formats of files; a test compares them with those that can be read."""
HEADLINES = ("first_line",)
EXTRAS = ("all", "none")

FIELDS = (
    "headline",
    "description",
    "body",
    "url",
    "source_id",
    "date",
    "modified",
    "byline",
    "language",
    "publisher",
    "keywords",
    "sections",
    "images",
)
"""What a column may be mapped to."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LOOPBACK = "127.0.0.1"
_ADDRESS_FORM = "name HOST:PORT, :PORT or PORT, as in 127.0.0.1:9100 or [::1]:9100"
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110 section 5.6.2."""
HEADER_VALUE = re.compile(r"[\t -~\x80-\U0010ffff]*")
"""RFC 9110 section 5.5: no line breaks, which would begin another header."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one value: ``read`` returns the value or raises ValueError.

    ``schema`` is the JSON Schema of the values that the check takes.
    """

    read: Callable[[object], Any]
    schema: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, value: object) -> Any:
        return self.read(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Let a pydantic model name this check as ``Annotated[type, check]``."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError(f"should be a text that is not empty, not {value!r}")
    return value


def _contact(value: object) -> str:
    contact = _text(value)
    if not HEADER_VALUE.fullmatch(contact):
        raise ValueError("should be one line: it is sent in the User-Agent header")
    return contact


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"should be true or false, not {value!r}")
    return value


def one_of(choices: tuple[str, ...]) -> Check:
    """Return the check that takes one of ``choices`` and suggests the nearest of them."""

    def read(value: object) -> str:
        if value not in choices:
            hint = nearest(value, choices) if isinstance(value, str) else ""
            raise ValueError(f"should be one of {', '.join(choices)}, not {value!r}{hint}")
        return str(value)

    return Check(read, {"enum": list(choices)})


def whole_number(minimum: int, maximum: int = sys.maxsize) -> Check:
    """Return the check that takes a whole number from ``minimum`` to ``maximum``."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            limit = "on" if maximum == sys.maxsize else f"to {maximum}"
            raise ValueError(f"should be a whole number from {minimum} {limit}, not {value!r}")
        return value

    limits = {"minimum": minimum} | ({} if maximum == sys.maxsize else {"maximum": maximum})
    return Check(read, {"type": "integer", **limits})


def _seconds(value: object) -> float:
    given = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if given is not None:
        return float(given[1]) * _UNIT_SECONDS[given[2]]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"should be a length of time, as in 90s, 10m or 2h, not {value!r}")
    return float(value)


_LONGEST_INTERVAL_SECONDS = 366 * 24 * 3600


def _interval(value: object) -> float:
    seconds = _seconds(value)
    if not 1 <= seconds <= _LONGEST_INTERVAL_SECONDS:
        raise ValueError(f"should be a second to a year, not {value!r}")
    return seconds


def _health_address(value: object) -> tuple[str, int]:
    """Return the host and port of ``HOST:PORT``, ``:PORT`` or ``PORT``.

    Without a host it is loopback. Port 0 takes a free port.

    >>> _health_address("9100"), _health_address("[::1]:9100")
    (('127.0.0.1', 9100), ('::1', 9100))
    """
    word = _text(value)
    host, _, port = word.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f"{word!r}: put an IPv6 address in brackets; {_ADDRESS_FORM}")
    if not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise ValueError(f"{word!r} has no port from 0 to 65535; {_ADDRESS_FORM}")
    return host or _LOOPBACK, int(port)


def _job_endpoint(value: object) -> str:
    word = _text(value).strip()
    host, _, port = word.rpartition(":")
    if not host or "/" in host or not (port.isascii() and port.isdecimal()) or not 0 < int(port) <= 65_535:
        raise ValueError(f"should be HOST:PORT, as in localhost:8099, not {word!r}")
    return word


def _proxy(value: object) -> str:
    proxy = _text(value)
    if not re.match(r"http://[^/\s]", proxy, re.IGNORECASE):
        raise ValueError("should be the URL of an HTTP proxy, as in http://proxy.example:3128")
    return proxy


def _pattern(value: object) -> str:
    from newslake.transforms.feeds.choice import matches

    pattern = _text(value)
    try:
        matches(pattern, "")
    except ValueError as error:
        raise ValueError(f"{pattern!r} is no regular expression of RE2: {error}") from None
    return pattern


def _ratio(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"should be a number from 0 to 1, not {value!r}")
    return float(value)


def _failed_sources(value: object) -> FailedSources:
    given = re.fullmatch(r"(\d+(?:\.\d+)?)%", value) if isinstance(value, str) else None
    if given is not None and float(given[1]) <= 100:
        return FailedSources(float(given[1]), is_percent=True)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"should be a number of sources, as in 3, or a part of them, as in '10%', not {value!r}")
    return FailedSources(value)


def _instant(value: object) -> dt.datetime:
    try:
        parsed = dt.datetime.fromisoformat(str(value).strip().upper())
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise ValueError(f"should be a time as in 2023-03-20T14:05:00Z, not {value!r}") from None


def _country(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Za-z]{2}", value):
        raise ValueError(f"should be a code of two letters (ISO 3166-1 alpha-2), as in 'NL', not {value!r}")
    return value.upper()


def _language(value: object) -> str:
    from newslake.transforms.normalise.article import language_tag  # loads lxml, and few runs name a language

    tag = language_tag(value) if isinstance(value, str) else None
    if tag is None:
        raise ValueError(f"should be a language tag (BCP 47), as in 'nl' or 'pt-BR', not {value!r}")
    return tag


def _zone(value: object) -> str:
    from newslake.transforms.normalise.dates import time_zone

    name = _text(value)
    time_zone(name)
    return name


def _date_order(value: object) -> str:
    return str(one_of(DATE_ORDERS)(value.upper() if isinstance(value, str) else value))


def _encoding(value: object) -> str:
    name = _text(value)
    if codec_name(name) is None:
        raise ValueError(f"{name!r} is no known text encoding, such as 'utf-8' or 'windows-1252'")
    return name


def _character(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in "\r\n\0":
        raise ValueError(f"should be one ASCII character, as in ';' or '\\t', not {value!r}")
    return value


def _delimiter(value: object) -> str:
    character = _character(value)
    if character.isalnum() or character in " \"'":
        raise ValueError(f"should be a character that no cell holds, as in ';' or '\\t', not {value!r}")
    return character


def _character_or_nothing(value: object) -> str:
    if value == "":
        return ""
    try:
        return _character(value)
    except ValueError:
        raise ValueError(f"should be one ASCII character, or '' for none, not {value!r}") from None


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"should be a list, as in [{value!r}]")
    return tuple(_text(item) for item in value)


def _extra(value: object) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple):
        return _texts(value)
    if value not in EXTRAS:
        raise ValueError(f"should be 'all', 'none' or a list of columns, as in [\"desk\"], not {value!r}")
    return str(value)


def path_text(name: str, value: object) -> str:
    """Return a path or URL of a Python call as text; ``name`` is its argument.

    Raises UsageError.
    """
    try:
        return _text(os.fspath(value) if isinstance(value, os.PathLike) else value)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None


def path_texts(name: str, values: object) -> list[str]:
    """Return paths and URLs of a Python call as texts.

    Raises UsageError, also for a single path.
    """
    if isinstance(values, str | bytes | os.PathLike):
        raise UsageError(f"{name} should be a list, as in {name}=[{os.fspath(values)!r}]")
    if not isinstance(values, Iterable):
        raise UsageError(f"{name} should be a list of paths, not {values!r}")
    return [path_text(name, value) for value in values]


def table(value: object) -> Mapping[str, object]:
    """Return a TOML table; raise ValueError for any other value."""
    if not isinstance(value, Mapping):
        raise ValueError(f"should be a table of names and values, not {value!r}")
    return value


def _field(value: object) -> tuple[str, str]:
    column, mark, target = _text(value).partition("=")
    if not mark or not column:
        raise ValueError(f"should be COLUMN=FIELD, as in kop=headline, not {value!r}")
    if target not in FIELDS:
        raise ValueError(_wrong_field(target))
    return column, target


def _fields(value: object) -> tuple[tuple[str, str], ...]:
    pairs = tuple(table(value).items())
    if wrong := [f"column {column!r}: {_wrong_field(target)}" for column, target in pairs if target not in FIELDS]:
        raise ValueError("; ".join(wrong))
    return tuple((column, str(target)) for column, target in pairs)


def _wrong_field(target: object) -> str:
    """Return what is wrong with a field, and which one is meant: "date_published" means "date"."""
    from newslake.transforms.files.columns.mapper import field_of

    meant = field_of(target) if isinstance(target, str) else None
    hint = f", did you mean {meant!r}?" if meant else nearest(str(target), FIELDS)
    return f"should be one of {', '.join(FIELDS)}, not {target!r}{hint}"


_STRING = {"type": "string"}
_RATIO = {"type": "number", "minimum": 0, "maximum": 1}

text = Check(_text, {**_STRING, "minLength": 1})
"""A text that is not empty."""
texts = Check(_texts, {"type": "array", "items": {**_STRING, "minLength": 1}})
"""A list of texts, as a tuple."""
contact = Check(_contact, _STRING)
"""A URL or address for the User-Agent header, on one line."""
flag = Check(_flag, {"type": "boolean"})
seconds = Check(_seconds, {"anyOf": [{"type": "number", "minimum": 0}, {**_STRING, "pattern": r"^\d+(\.\d+)?[smh]$"}]})
"""A length of time in seconds: a number, or a number with its unit, as in "10m"."""
interval = Check(_interval, seconds.schema)
"""A length of time of a second or more."""
health_address = Check(_health_address, _STRING)
"""An address to listen at, as (host, port)."""
proxy = Check(_proxy, _STRING)
"""The URL of an HTTP proxy. An error does not show it, because it may hold a password."""
pattern = Check(_pattern, {**_STRING, "minLength": 1, "format": "regex"})
"""A regular expression of RE2 (https://github.com/google/re2/wiki/Syntax)."""
ratio = Check(_ratio, _RATIO)
"""A number from 0 to 1."""
failed_sources = Check(
    _failed_sources, {"anyOf": [{"type": "integer", "minimum": 0}, {**_STRING, "pattern": r"^\d+(\.\d+)?%$"}]}
)
"""A number of sources, or a part of them in per cent, as in "10%"."""
job_endpoint = Check(_job_endpoint, _STRING)
"""Where a job server of Beam listens, as "host:port"."""
instant = Check(_instant, _STRING)
"""An RFC 3339 or ISO 8601 time, or a day (its first instant), as UTC in whole seconds.

A time without a zone is UTC."""
country = Check(_country, {**_STRING, "pattern": "^[A-Za-z]{2}$"})
"""An ISO 3166-1 alpha-2 code, in capitals."""
language = Check(_language, _STRING)
"""A BCP 47 tag in its usual spelling: "pt_br" becomes "pt-BR"."""
zone = Check(_zone, _STRING)
"""An IANA time zone or an offset."""
date_order = Check(_date_order, {"enum": [*DATE_ORDERS, *map(str.lower, DATE_ORDERS)]})
encoding = Check(_encoding, _STRING)
"""A text encoding, by the WHATWG's labels or by Python's names."""
delimiter = Check(_delimiter, {**_STRING, "minLength": 1, "maxLength": 1})
"""One ASCII character that is no letter, digit, space or quote."""
character_or_nothing = Check(_character_or_nothing, {**_STRING, "maxLength": 1})
"""One ASCII character, or an empty text for none."""
field_of_column = Check(_field, _STRING)
"""A text "column=field", as a pair."""
fields_of_columns = Check(_fields, {"type": "object", "additionalProperties": {"enum": list(FIELDS)}})
"""A table "column = field", as (column, field) pairs."""
extra = Check(_extra, {"anyOf": [{"enum": list(EXTRAS)}, {"type": "array", "items": {**_STRING, "minLength": 1}}]})
"""Which columns the field extra keeps."""
dedup_window = whole_number(0, 3650)
"""Days. The limit is ten years: a search over more would cost more than it finds."""
workers = whole_number(1, 256)
"""Processes, each with some 200 MB of its own."""
