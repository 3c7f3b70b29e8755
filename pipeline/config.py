"""The configuration file, checked to the last key, and the options of a run that it and the command line settle.

TOML 1.0. Relative paths in it (``lake``, ``glob``, ``opml``, a saved feed's ``url``) are relative to the folder that it stands in; those of
the command line and the environment are relative to the working directory.
"""

import codecs
import datetime as dt
import glob
import math
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newslake.pipeline.exitcodes import UsageError, nearest
from newslake.schemas.raw import SourceSettings
from newslake.schemas.tables import PARTITION_COLUMNS
from newslake.transforms.normalise.dates import time_zone

RUNNERS = ("local", "direct", "prism", "flink", "dataflow")
RUNNERS_HERE = ("local", "direct")
PARTITIONS = tuple(PARTITION_COLUMNS)
COMPRESSIONS = ("gzip", "zstd")
SUMMARIES = ("human", "json")
NEAR_DUPLICATES = ("drop", "mark", "off")
DATE_ORDERS = ("DMY", "MDY", "YMD")

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

_OPML_ENDING = re.compile(r"\.opml(?:[?#].*)?\Z", re.IGNORECASE | re.DOTALL)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600}
_ENVIRONMENT_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110 section 5.6.2."""
_HEADER_VALUE = re.compile(r"[\t -~\x80-\U0010ffff]*")
"""RFC 9110 section 5.5: no line breaks, which would begin another header."""


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed, or an OPML list of feeds: its http(s) URL (of a list also its path), and what is known of it."""

    location: str
    settings: SourceSettings


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files: a path, a glob, a URI of a Beam file system, or "-" for standard input; ``is_feed`` where they were named as feeds."""

    glob: str
    settings: SourceSettings
    is_feed: bool = False


@dataclass(frozen=True, slots=True)
class RunOptions:
    """All that the user settled for one run; the defaults are those of the command line.

    ``now`` is aware, in UTC, in whole seconds; None: the clock's. ``limit`` is in articles of each source, 0: all.
    ``slice_articles`` is about how many one commit holds. ``wait`` is in seconds, ``dedup_window`` in days.
    ``compression`` and ``partition`` None: as the lake has them.
    """

    lake: str = "./lake"
    feeds: tuple[FeedSource, ...] = ()
    opml: tuple[FeedSource, ...] = ()
    files: tuple[FileSource, ...] = ()
    runner: str = "local"
    workers: int = 1
    run_key: str | None = None
    now: dt.datetime | None = None
    dry_run: bool = False
    limit: int = 0
    slice_articles: int = 5_000_000
    wait: float = 600.0
    max_reject_ratio: float = 0.5
    near_duplicates: str = "drop"
    near_jaccard: float = 0.55
    near_containment: float = 0.85
    dedup_window: int = 90
    compression: str | None = None
    partition: str | None = None
    contact: str | None = None
    summary: str = "human"
    quiet: bool = False
    allow_private_addresses: bool = False
    beam_options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What a run reads, by the way it is reached."""

    feeds: tuple[FeedSource, ...] = ()
    opml: tuple[FeedSource, ...] = ()
    files: tuple[FileSource, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.feeds or self.opml or self.files)


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file's content; ``run`` holds the fields of RunOptions that it settles."""

    lake: str | None = None
    contact: str | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    feed_defaults: SourceSettings = field(default_factory=SourceSettings)
    sources: Sources = field(default_factory=Sources)


# Checks of one value: they return it as it is used, or raise ValueError with what it should be. The command line shares them.

Check = Callable[[object], Any]


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError(f"should be a text that is not empty, not {value!r}")
    return value


def _contact(value: object) -> str:
    contact = text(value)
    if not _HEADER_VALUE.fullmatch(contact):
        raise ValueError("should be one line: it is sent in the User-Agent header")
    return contact


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"should be true or false, not {value!r}")
    return value


def one_of(choices: tuple[str, ...]) -> Check:
    def check(value: object) -> str:
        if value not in choices:
            hint = nearest(value, choices) if isinstance(value, str) else ""
            raise ValueError(f"should be one of {', '.join(choices)}, not {value!r}{hint}")
        return str(value)

    return check


def whole_number(minimum: int, maximum: int = sys.maxsize) -> Check:
    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            limit = "on" if maximum == sys.maxsize else f"to {maximum}"
            raise ValueError(f"should be a whole number from {minimum} {limit}, not {value!r}")
        return value

    return check


dedup_window = whole_number(0, 3650)
"""Days; ten years of news are as much as one resolver should look through."""

workers = whole_number(1, 256)
"""Each is a process with some 200 MB of its own."""


def seconds(value: object) -> float:
    """A length of time: a number of seconds, or a number with its unit, as in "10m".

    >>> seconds("10m"), seconds(90), seconds("2h")
    (600.0, 90.0, 7200.0)
    """
    given = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if given is not None:
        return float(given[1]) * _UNIT_SECONDS[given[2]]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"should be a length of time, as in 90s, 10m or 2h, not {value!r}")
    return float(value)


def ratio(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"should be a number from 0 to 1, not {value!r}")
    return float(value)


def likeness(value: object) -> float:
    """As ratio, but above 0: all texts are alike by nothing."""
    if ratio(value) == 0:
        raise ValueError(f"should be above 0, not {value!r}; to keep all near-duplicates, use --near-duplicates off")
    return ratio(value)


def runner(value: object) -> str:
    name: str = one_of(RUNNERS)(value)
    if name not in RUNNERS_HERE:
        raise ValueError(f"{name!r} is not available in this version; use {' or '.join(RUNNERS_HERE)}")
    return name


def instant(value: object) -> dt.datetime:
    """An RFC 3339 or ISO 8601 time, or a day (its first instant), as UTC in whole seconds; without a zone it is taken for UTC."""
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
    from newslake.transforms.normalise.article import language_tag  # it loads lxml: not where no language is named

    tag = language_tag(value) if isinstance(value, str) else None
    if tag is None:
        raise ValueError(f"should be a language tag (BCP 47), as in 'nl' or 'pt-BR', not {value!r}")
    return tag


def _zone(value: object) -> str:
    name = text(value)
    time_zone(name)
    return name


def _date_order(value: object) -> str:
    return str(one_of(DATE_ORDERS)(value.upper() if isinstance(value, str) else value))


def _encoding(value: object) -> str:
    name = text(value)
    try:
        "".encode(codecs.lookup(name).name)
    except LookupError:
        raise ValueError(f"{name!r} is no text encoding that Python knows, such as 'utf-8' or 'windows-1252'") from None
    return name


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"should be a list, as in [{value!r}]")
    return tuple(text(item) for item in value)


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"should be a table of names and values, not {value!r}")
    return value


def _tables(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise ValueError("should be written with two brackets, as in [[feeds]]")
    return [_table(item) for item in value]


def _fields(value: object) -> tuple[tuple[str, str], ...]:
    pairs = []
    for column, target in _table(value).items():
        try:
            pairs.append((column, one_of(FIELDS)(target)))
        except ValueError as error:
            raise ValueError(f"column {column!r}: {error}") from None
    return tuple(pairs)


def _headers(environment: Mapping[str, str]) -> Check:
    def value_of(name: str, template: str) -> str:
        def expand(match: re.Match[str]) -> str:
            if not environment.get(match[1]):
                raise ValueError(f"{name}: the environment variable {match[1]} is not set")
            return environment[match[1]]

        value = _ENVIRONMENT_VARIABLE.sub(expand, template).strip()
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"{name}: the value holds a line break or control character")  # the value may be secret
        return value

    def check(value: object) -> tuple[tuple[str, str], ...]:
        headers = _table(value)
        for name, template in headers.items():
            if not _HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no header name (RFC 9110)")
            if not isinstance(template, str):
                raise ValueError(f"{name}: should be a text")
        return tuple((name, value_of(name, str(template))) for name, template in headers.items())

    return check


_TOP: dict[str, Check] = {
    "lake": text,
    "contact": _contact,
    "run": _table,
    "duplicates": _table,
    "feed_defaults": _table,
    "feeds": _tables,
    "files": _tables,
}
_RUN: dict[str, Check] = {
    "runner": runner,
    "workers": workers,
    "partition": one_of(PARTITIONS),
    "compression": one_of(COMPRESSIONS),
    "slice_articles": whole_number(1),
    "wait": seconds,
    "max_reject_ratio": ratio,
    "summary": one_of(SUMMARIES),
    "allow_private_addresses": flag,
}
_DUPLICATES: dict[str, Check] = {
    "near_duplicates": one_of(NEAR_DUPLICATES),
    "near_jaccard": likeness,
    "near_containment": likeness,
    "dedup_window": dedup_window,
}
_SETTINGS: dict[str, Check] = {
    "publisher": text,
    "country": _country,
    "language": _language,
    "zone": _zone,
    "date_order": _date_order,
    "tags": _texts,
}
_FILES: dict[str, Check] = {
    **_SETTINGS,
    "glob": text,
    "fields": _fields,
    "extra": _texts,
    "source": text,
    "encoding": _encoding,
}


def read_config(path: str, environment: Mapping[str, str]) -> Config:
    """The configuration in ``path``; ``environment`` holds the values of ``${NAME}`` in headers.

    A key of ``[[feeds]]`` replaces that of ``[feed_defaults]`` whole. Raises UsageError that names the file, the place and the key; it
    never holds a header's value.
    """
    top = _checked(path, _parse(path), _TOP)
    folder = os.path.dirname(path)  # noqa: PTH120  (to be joined to globs, which Path would change)
    feed_keys = {**_SETTINGS, "headers": _headers(environment)}
    defaults = SourceSettings(**_checked(f"{path}: [feed_defaults]", top.get("feed_defaults", {}), feed_keys))
    sources = []
    for number, table in enumerate(top.get("feeds", []), 1):
        where = f"{path}: [[feeds]] number {number}"
        values = _checked(where, table, {**feed_keys, "url": text, "opml": text})
        url, opml = values.pop("url", None), values.pop("opml", None)
        if (url is None) == (opml is None):
            raise UsageError(f"{where}: give either url, of a feed, or opml, of a list of feeds")
        sources.append(feed_source(url or opml, replace(defaults, **values), is_opml=opml is not None, folder=folder))
    for number, table in enumerate(top.get("files", []), 1):
        where = f"{path}: [[files]] number {number}"
        values = _checked(where, table, _FILES)
        if "glob" not in values:
            raise UsageError(f"{where}: give a glob, as in glob = 'articles/*.jsonl'")
        sources.append(
            Sources(files=(FileSource(_within(glob.escape(folder), values.pop("glob")), SourceSettings(**values)),))
        )
    return Config(
        lake=_lake(path, top),
        contact=top.get("contact"),
        run=_checked(f"{path}: [run]", top.get("run", {}), _RUN)
        | _checked(f"{path}: [duplicates]", top.get("duplicates", {}), _DUPLICATES),
        feed_defaults=defaults,
        sources=gathered(sources),
    )


def read_lake(path: str) -> str | None:
    """The lake that the configuration names, if any; the rest of it is not looked at, so that its ``${NAME}`` need not be set."""
    document = _parse(path)
    return _lake(path, _checked(path, {"lake": document["lake"]} if "lake" in document else {}, _TOP))


def feed_source(location: str, settings: SourceSettings, *, is_opml: bool = False, folder: str = "") -> Sources:
    """The one source that ``location`` names: OPML where that is said or it ends in .opml; a feed at an http(s) URL; else a saved feed."""
    if is_opml or _OPML_ENDING.search(location):
        return Sources(opml=(FeedSource(_within(folder, location), settings),))
    if location.lower().startswith(("http://", "https://")):
        return Sources(feeds=(FeedSource(location, settings),))
    return Sources(files=(FileSource(_within(glob.escape(folder), location), settings, is_feed=True),))


def gathered(parts: Iterable[Sources]) -> Sources:
    """All sources in their order, each location once, as it was first named."""
    feeds: dict[str, FeedSource] = {}
    opml: dict[str, FeedSource] = {}
    files: dict[str, FileSource] = {}
    for part in parts:
        for feed in part.feeds:
            feeds.setdefault(feed.location, feed)
        for subscriptions in part.opml:
            opml.setdefault(subscriptions.location, subscriptions)
        for file in part.files:
            files.setdefault(file.glob, file)
    return Sources(tuple(feeds.values()), tuple(opml.values()), tuple(files.values()))


def _parse(path: str) -> dict[str, Any]:
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise UsageError(f"{path}: the configuration cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the configuration is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None


def _checked(where: str, table: Mapping[str, object], checks: Mapping[str, Check]) -> dict[str, Any]:
    checked = {}
    for key, value in table.items():
        if key not in checks:
            elsewhere = "; it belongs in [duplicates]" if key in _DUPLICATES else nearest(key, checks)
            raise UsageError(f"{where}: unknown key {key!r}{elsewhere}")
        try:
            checked[key] = checks[key](value)
        except ValueError as error:
            raise UsageError(f"{where}: {key}: {error}") from None
    return checked


def _lake(path: str, top: Mapping[str, Any]) -> str | None:
    """Absolute, so that the commands that are shown to the user hold wherever they are typed."""
    lake = top.get("lake")
    return lake if lake is None or "://" in lake else str((Path(path).parent / lake).resolve())


def _within(folder: str, pattern: str) -> str:
    """``pattern`` as one relative to ``folder``; URIs, absolute paths and standard input stay as they are."""
    return pattern if "://" in pattern or pattern == "-" else os.path.join(folder, pattern)  # noqa: PTH118  (Path would change a glob)
