"""What travels between the steps once text has been staged: names, counts and columns, never an article."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[np.generic]]
"""Columns of one length by name. A 128-bit hash is two ``<u8`` columns, ``x_hi`` and ``x_lo``: its first and last 8 bytes as they stand."""

HASH = "<u8"
SIGNATURE = "|V128"
FIGURES = "|V16"

ARTICLE_COLUMNS: dict[str, str] = {
    "id_hi": HASH,
    "id_lo": HASH,
    "source_hi": HASH,
    "source_lo": HASH,
    "content_hi": HASH,
    "content_lo": HASH,
    "match_hi": HASH,
    "match_lo": HASH,
    "stable_hi": HASH,
    "stable_lo": HASH,
    "lead_hi": HASH,
    "lead_lo": HASH,
    "outlet": HASH,
    "headline": HASH,
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
    "lead_words": SIGNATURE,
    "figures": FIGURES,
}
"""A row for each staged article. ``id``: the id it would have alone; ``source``: its key of source and source_id, 0 where it has none;
``content``: hash of its text; ``match``: the key by which equal texts of different ids are one article, 0 where they are not; ``stable``:
hash of its text without what changes by itself, such as counters; ``lead``: hash of headline, outlet and day, by which a teaser finds its
text, 0 where one is not known; ``outlet``, ``headline``: 64 bits of their hashes, 0 where there is none; ``published_from``,
``modified_from``: seconds since 1970, UNKNOWN_INSTANT where not known; ``partition``: see partition_folder; ``origin``: its source's place
in the shard's ``origins``; ``doubt``: 0 is the most certain and finest date; ``body_rank``: BODY_RANK; ``day_from``, ``day_until``: first
and last day (days since 1970) that the date may be, the day of the run where it is not known; ``shingles``: number of distinct shingles of
the body, 0 where it is too short to be compared, ``signature``: its MinHash; ``lead_words``: a Bloom filter of the words that the body
begins with; ``figures``: one of the numbers in a body of up to 200 words, 0 for longer ones."""

WIDE_COLUMNS = ("signature", "lead_words", "figures")
"""Columns that are held for a few rows at a time only: they are larger than all others together."""

REJECT_COLUMNS: dict[str, str] = {
    "key_hi": HASH,
    "key_lo": HASH,
    "origin": "<u4",
    "internal": "|u1",
    "whole_source": "|u1",
}
"""A row for each staged reject. ``key``: of its source and payload."""

PLACE_COLUMNS: dict[str, str] = {"offset": "<u8", "length": "<u4"}
"""Where a row's line stands in the shard's file of lines; every shard has them."""

UNKNOWN_INSTANT = np.iinfo(np.int64).max

BODY_RANK: dict[str, int] = {"none": 0, "feed_summary": 1, "feed_content": 2, "page": 2, "file": 2}
"""How much of the text a ``body_source`` holds: a teaser (1) never replaces a text (2)."""


class Verdict(IntEnum):
    """What becomes of a staged row. A reject that was not met before is NEW, else UNCHANGED."""

    NEW = 0
    REVISION = 1
    UNCHANGED = 2
    DUPLICATE = 3
    QUARANTINED = 4


class Rule(IntEnum):
    """Why a row is a duplicate; the name in lower case stands in the table."""

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
}
"""A row for each staged row: its verdict, its final id and revision, the kept article (``target``) that a duplicate repeats, and how much
alike they are. A row that is NEW by the rule NEAR is kept and marked with its ``target``."""


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """Encoded lines and their columns (ARTICLE_COLUMNS or REJECT_COLUMNS), on their way into a shard.

    ``origins`` are the ``source_uri`` of the rows, to which the column ``origin`` points.
    """

    kind: str
    lines: list[bytes]
    columns: Columns
    origins: list[str]


@dataclass(frozen=True, slots=True)
class Shard:
    """A staged shard: ``name`` is its path without ending, relative to the staging folder (.lines and .columns stand there)."""

    kind: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceManifest:
    """What a reader met in one source or chunk of it, counted by the reader itself, independently of all later steps.

    ``items`` are articles and rejects. ``failed`` is the reason why the source as a whole could not be used, else empty; ``detail`` says
    more of it.
    """

    source_uri: str
    items: int
    failed: str = ""
    detail: str = ""
    size: int = 0
    modified: float = 0.0
    is_fetch: bool = False
    status: int | None = None


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows ``start`` to ``stop`` of a shard, whose verdicts begin at row ``verdict`` of the verdicts file."""

    shard: str
    start: int
    stop: int
    verdict: int


@dataclass(frozen=True, slots=True)
class BuildTask:
    """One output file to build: those rows of ``ranges`` whose verdict puts them in ``table``.

    ``folder`` is the partition's folder, or empty; ``number`` tells the files of one table and run apart.
    """

    table: str
    folder: str
    number: int
    verdicts: str
    ranges: tuple[RowRange, ...]


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that is built and waits for the commit: ``staged`` and ``path`` are relative to the lake."""

    table: str
    path: str
    staged: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What DecideArticles decided at entry ``base`` of the log: counts, and the index files that the commit adds.

    ``verdicts`` is the name of the file of verdicts in the staging folder, and ``digest`` tells its content: two
    decisions of one digest give every row the same verdict.
    """

    base: int = 0
    verdicts: str = ""
    digest: str = ""
    staged_articles: int = 0
    staged_rejects: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    duplicates: int = 0
    quarantined: int = 0
    written_rejects: int = 0
    internal_errors: int = 0
    quarantined_sources: tuple[str, ...] = ()
    new_by_source: tuple[tuple[str, int], ...] = ()
    index_added: tuple[StagedFile, ...] = ()
    near_candidates: int = 0
    near_verified: int = 0
    near_dropped: int = 0
