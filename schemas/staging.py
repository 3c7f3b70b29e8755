"""What travels between the steps after staging: names, counts and columns, but no articles."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.feed_state import FeedCheck

Columns = dict[str, NDArray[np.generic]]
"""Columns of the same length, by name.

A 128-bit hash is two ``<u8`` columns, ``x_hi`` and ``x_lo``. Their bytes in memory are the first
and the last 8 bytes of the hash."""

HASH = "<u8"
WORD = "<u4"
SIGNATURE = "|V128"
LEAD_WORDS = "|V64"
NUMBERS = "|V32"
DIGEST = "|V16"

ARTICLE_COLUMNS: dict[str, str] = {
    "id_hi": HASH,
    "id_lo": HASH,
    "source_hi": HASH,
    "source_lo": HASH,
    "match_hi": HASH,
    "match_lo": HASH,
    "content": HASH,
    "stable": HASH,
    "lead": WORD,
    "outlet": WORD,
    "headline": WORD,
    "body": WORD,
    "published_from": "<i8",
    "modified_from": "<i8",
    "body_length": "<u4",
    "partition": "<i4",
    "origin": "<u4",
    "doubt": "|u1",
    "body_rank": "|u1",
    "day_from": "<i4",
    "day_until": "<i4",
    "shingles": "<u4",
    "signature": SIGNATURE,
    "lead_words": LEAD_WORDS,
    "numbers": NUMBERS,
    "headline_numbers": NUMBERS,
    "link": "|u1",
    "text": DIGEST,
    "namespace": WORD,
}
"""The columns of staged articles, one row an article.

- ``id``: the id that the article has if it is new and its keys are not void
- ``source``: key of source and source_id; 0 if the article has no source_id
- ``match``: articles of different ids with the same ``match`` are one article; 0 for no match
- ``content``: 64 bits of the content hash, which tell the contents of one id apart
- ``stable``: the same of the text without parts that change by themselves, such as counters
- ``lead``: hash of headline, outlet and day, by which a teaser finds its text; 0 if one is unknown
- ``outlet``, ``headline``: 32 bits of their hashes; 0 if there is no outlet or headline
- ``body``: hash of the outlet and the words of the body; 0 for a body that cannot be standing text
- ``published_from``, ``modified_from``: seconds since 1970; UNKNOWN_INSTANT if not known
- ``body_length``: length of the body in characters
- ``partition``: a code, see partition_folder
- ``origin``: the index of the source in the shard's ``origins``
- ``doubt``: how uncertain and coarse the date is; 0 is the most certain and finest; from UNBELIEVED
  on the date counts as unknown
- ``body_rank``: see BODY_RANK
- ``day_from``, ``day_until``: first and last possible day of the date, in days since 1970; the day
  of the run if the date is not known
- ``shingles``: number of distinct shingles of the body; 0 if it is too short to be compared
- ``signature``: MinHash of the body
- ``lead_words``: Bloom filter of the words at the beginning of the body
- ``numbers``: sketch of the numbers in headline and body; ``headline_numbers``: in the headline
- ``link``: what the article's URL tells, see Link
- ``text``: the id of the article if it has no key
- ``namespace``: hash of the source that ``source_id`` is unique in; 0 if there is no source_id
"""

WIDE_COLUMNS = ("signature", "lead_words", "numbers", "headline_numbers", "text", "namespace")
"""Columns that are in memory for a few rows at a time only.

Few rows are asked for them, or they are large.
"""


class Link(IntEnum):
    """What the URL of an article tells about its identity.

    NONE: there is no URL. PAGE: the URL names no article, such as a home page. URL: ``id`` is the
    key of the URL. GIVEN: ``id`` came with the article.
    """

    NONE = 0
    PAGE = 1
    URL = 2
    GIVEN = 3


UNBELIEVED = 32
"""The least ``doubt`` of a date that cannot be true."""

REJECT_COLUMNS: dict[str, str] = {
    "key_hi": HASH,
    "key_lo": HASH,
    "origin": "<u4",
    "internal": "|u1",
    "whole_source": "|u1",
}
"""The columns of staged rejects, one row a reject. ``key`` is a hash of its source and payload."""

PLACE_COLUMNS: dict[str, str] = {"offset": "<u8", "length": "<u4"}
"""Columns of every shard: where the row's line is in the shard's file of lines, in bytes."""

UNKNOWN_INSTANT = np.iinfo(np.int64).max

BODY_RANK: dict[str, int] = {"none": 0, "feed_summary": 1, "feed_content": 2, "page": 2, "file": 2}
"""How much of the text a ``body_source`` gives. A teaser (1) never replaces a full text (2)."""


class Verdict(IntEnum):
    """The verdict on a staged row. A reject is NEW if the lake does not have it, else UNCHANGED."""

    NEW = 0
    REVISION = 1
    UNCHANGED = 2
    DUPLICATE = 3
    QUARANTINED = 4


class Rule(IntEnum):
    """The rule by which a row repeats another. The table holds its name in lower case."""

    NONE = 0
    IDENTITY = 1
    CONTENT = 2
    NEAR = 3


VERDICT_COLUMNS: dict[str, str] = {
    "verdict": "|u1",
    "rule": "|u1",
    "revision": "<u4",
    "id_hi": HASH,
    "id_lo": HASH,
    "target_hi": HASH,
    "target_lo": HASH,
    "score": "<f4",
    "standing": "|u1",
}
"""The columns of verdicts, one row a staged row.

``id`` and ``revision`` are final. ``target`` is the kept article that a duplicate repeats, and
``score`` tells how similar they are. A row that is NEW by the rule NEAR is kept and marked with its
``target``. ``standing`` is 1 for a row whose body is standing text."""


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """Encoded lines and their columns (ARTICLE_COLUMNS or REJECT_COLUMNS), not yet in a shard.

    ``origins`` are the ``source_uri`` of the rows. The column ``origin`` holds indexes into it.
    """

    kind: str
    lines: list[bytes]
    columns: Columns
    origins: list[str]


@dataclass(frozen=True, slots=True)
class Shard:
    """A staged shard of ``rows`` rows: the files ``name``.lines and ``name``.columns.

    ``name`` is relative to the staging folder.
    """

    kind: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceManifest:
    """How many articles and rejects (``items``) a reader met in one source, or in one part of it.

    The Reject of a whole source is no item. The items of several manifests of a source add up. The
    reader counts by itself, apart from all later steps. ``failed`` is the reason why the whole
    source could not be used, or "", and ``detail`` explains it. For a file, one manifest with 0
    items has its ``size`` in bytes and its ``modified`` time in seconds since 1970. ``is_fetch``
    tells whether HTTP was used, and ``status`` is the last HTTP status.
    """

    source_uri: str
    items: int
    failed: str = ""
    detail: str = ""
    size: int = 0
    modified: float = 0.0
    is_fetch: bool = False
    status: int | None = None
    notes: tuple[tuple[str, int], ...] = ()
    """What the summary says of the source: (what, how many). The numbers of its manifests add up.

    A number of 0 is not printed."""
    is_container: bool = False
    """Whether it is an archive or a list of feeds. Its members are the sources."""
    skipped: str = ""
    """Why the source was not read in this run: NOT_MODIFIED, NOT_DUE, or FAILED_BEFORE for a feed
    that failed at its last check and is not due yet."""
    check: FeedCheck | None = None
    """What asking a feed found, if the lake should remember it."""
    is_whole: bool = True
    """Whether all of the source was read. A feed that was cut off is not."""
    is_fallback: bool = False
    """Whether a feed was read by feedparser, because the fast parser was in doubt."""
    settings: str = ""
    """A digest of the settings with which a file is read."""


NOT_MODIFIED = "not_modified"
NOT_DUE = "not_due"
FAILED_BEFORE = "failed_before"


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """The verdicts on the rows of one source.

    ``lag_seconds`` is the median time from publication to the run, of its new articles whose time
    is known to the minute; None without such articles.
    """

    source_uri: str
    new: int = 0
    revised: int = 0
    duplicates: int = 0
    rejected: int = 0
    lag_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows ``start`` to ``stop`` of a shard.

    Row ``verdict`` of the verdicts file is the first verdict.
    """

    shard: str
    start: int
    stop: int
    verdict: int


@dataclass(frozen=True, slots=True)
class BuildTask:
    """One output file to build from the rows of ``ranges`` whose verdict puts them in ``table``.

    ``folder`` is the partition's folder, or "" for a table without partitions. ``number`` tells the
    files of one table and run apart. ``verdicts`` is the name of the verdicts file.
    """

    table: str
    folder: str
    number: int
    verdicts: str
    ranges: tuple[RowRange, ...]


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that is built and waits for the commit.

    ``staged`` is its present name and ``path`` its final name, both relative to the lake.
    """

    table: str
    path: str
    staged: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision at entry ``base`` of the log: counts, and the index files that the commit adds.

    ``verdicts`` is the name of the verdicts file in the staging folder. ``digest`` is a hash of the
    verdicts: two decisions with the same digest give every row the same verdict.
    """

    base: int = 0
    verdicts: str = ""
    digest: str = ""
    staged_articles: int = 0
    staged_rejects: int = 0
    """Rejects of single articles and records; those of whole sources are not counted."""
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicates: int = 0
    quarantined: int = 0
    written_rejects: int = 0
    internal_errors: int = 0
    quarantined_sources: tuple[str, ...] = ()
    sources: tuple[SourceCounts, ...] = ()
    """The counts of each source with at least one row that is new, revised, duplicate or reject."""
    index_added: tuple[StagedFile, ...] = ()
    near_candidates: int = 0
    near_verified: int = 0
    near_dropped: int = 0
