"""The near index: fingerprints of the articles that the lake keeps, as immutable files of numpy columns by published month.

A file has a row for each article, sorted by day; and beside them what lookups need:

- ``band_keys``, ``band_rows``: the bands of all fingerprints (``bands``), band after band, each sorted by key, then row. Articles that are
  alike share a band key;
- ``lead_keys``, ``lead_rows``: the first half of ``lead``, sorted, for the rows that have one.

New keys are searched in the files, never the reverse. A run reads the files of the months around its articles' days (``in_reach``), so that
its cost hangs on the window and not on the lake's age. A commit adds files of its own rows; merge.py makes one of many of one month.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import HASH, Columns, StagedFile
from newslake.schemas.tables import INDEX
from newslake.transforms.deduplicate.index.keys import UnknownAlgoError, commit_word, ranges
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage, Written

ALGO = "near-2"
"""Version of the fingerprint, and of what else a file holds. A file of another version is not searched in silence: UnknownAlgoError."""

NEAR_COLUMNS: dict[str, str] = {
    "id_hi": HASH,
    "id_lo": HASH,
    "lead_hi": HASH,
    "lead_lo": HASH,
    "outlet": HASH,
    "headline": HASH,
    "day_from": "<i4",
    "day_until": "<i4",
    "shingles": "<u4",
    "body_rank": "|u1",
    "signature": "|V128",
    "lead_words": "|V128",
    "figures": "|V16",
    "commit": HASH,
}
"""A row for each article. ``lead``: the key by which a teaser finds its text, 0 where it has none; ``lead_words``: what stands in the lead;
``outlet``, ``headline``: hashes of both, 0 where there is none;
``day_from``, ``day_until``: days since 1970 between which it was published, both inclusive; ``shingles``: how many distinct ones the text
has; ``signature``: its fingerprint; ``figures``: a Bloom filter of the numbers of a text below FIGURED_SHINGLES, 0 for others;
``commit``: see ``commit_word``; 0 in files of a lake of format 1."""

BANDS = 32
"""Of 4 bytes. Of pairs with a Jaccard index of .7 all but one of 6,000 share one, of .55 95 of 100, of .3 one of four."""
SHORT_BANDS = 42
"""Of 3 bytes, for short texts, which are compared at a lower index: of pairs with .4 94 of 100 share one, of .3 two of three. Beside them
their headline is one."""
MIN_SHINGLES = 50
"""Fewer shingles make the estimate of a likeness too coarse: such a text is compared by its content hash only."""
SHORT_SHINGLES = (110, 600)
"""A text is short from about 20 words on and below about 100."""
FIGURED_SHINGLES = 1200
"""About 200 words. Longer texts have so many figures that a filter of theirs is full."""

SMALL_ROWS, GATHERED_ROWS = 1024, 16_384
"""A file of fewer rows is searched together with others, until they have so many rows, some 20 MB. Measured: 360 files of three rows
cost a run 2 s, and as one 0.1 s."""

MONTH_DAYS = 31
"""An interval of at most so many days is filed under the month of its first day, a longer one apart."""

Integers = NDArray[np.int64]
Words = NDArray[np.uint32]

_MANY_PER_KEY = (
    8  # from one query to so many stored keys on, a table of the stored keys costs less than the searches that it saves
)
_PAIRS_AT_ONCE = 1 << 21
_NAME = re.compile(r"near-(\d{6})-[^/]+\.columns")


class NearFile:
    """One file of the near index, memory-mapped, or several small ones as one in memory.

    ``first_day`` to ``last_day`` is what its rows' intervals reach; 0 to -1 without rows.
    """

    def __init__(self, lake: Storage, name: str) -> None:
        stored, meta = columns.read(lake, name)
        if meta.get("algo") != ALGO:
            raise UnknownAlgoError(f"{lake.root}/{name}", meta.get("algo"), ALGO)
        stored.setdefault("commit", np.zeros(len(stored["id_hi"]), HASH))
        self._take(stored, meta)

    @classmethod
    def gathered(cls, files: Sequence["NearFile"]) -> "NearFile":
        """Return the rows of several files as one: a search in a file costs the same for three rows as for three thousand."""
        one = cls.__new__(cls)
        one._take(*_tables(merged([file.rows for file in files])))
        return one

    def _take(self, stored: Columns, meta: dict[str, Any]) -> None:
        self.rows: Columns = {name: stored[name] for name in NEAR_COLUMNS}
        self.first_day: int = meta["first_day"]
        self.last_day: int = meta["last_day"]
        self._band_keys: Words = stored["band_keys"]  # type: ignore[assignment]
        self._band_rows: Words = stored["band_rows"]  # type: ignore[assignment]
        self._band_starts = _band_starts(self.rows["shingles"], self.rows["headline"])
        self._lead_keys: NDArray[np.uint64] = stored["lead_keys"]  # type: ignore[assignment]
        self._lead_rows: Words = stored["lead_rows"]  # type: ignore[assignment]

    def find_bands(
        self,
        words: Words,
        shingles: NDArray[np.uint32],
        headlines: NDArray[np.generic],
        rows: Integers,
        at_most: int = 8,
    ) -> tuple[Integers, Integers, int]:
        """Rows of the file that share a band key with ``rows``, given as for ``bands``: distinct (place in ``rows``, row), sorted.

        Of the rows under one key only the first ``at_most`` are given, those of the earliest days; how many were left out, each key
        counted by itself, is the third value.
        """
        distinct, found, gathered, dropped = np.empty(0, np.uint64), [], 0, 0
        for (asked, keys), (start, end) in zip(
            bands(words, shingles, headlines, rows), pairwise(self._band_starts), strict=True
        ):
            query, first, last = _find(self._band_keys[start:end], keys)
            count = np.minimum(last - first, at_most)
            dropped += int((last - first - count).sum())
            place = ranges(first, count)
            found.append(
                np.repeat(asked[query].astype(np.uint64), count) << np.uint64(32) | self._band_rows[start:end][place]
            )
            gathered += len(place)
            if gathered > len(distinct) + _PAIRS_AT_ONCE:
                distinct, found, gathered = sorted_distinct([distinct, *found]), [], 0
        distinct = sorted_distinct([distinct, *found])
        return (
            (distinct >> np.uint64(32)).astype(np.int64),
            (distinct & np.uint64(0xFFFFFFFF)).astype(np.int64),
            dropped,
        )

    def find_leads(self, hi: NDArray[np.uint64], lo: NDArray[np.uint64], at_most: int) -> tuple[Integers, Integers]:
        """The rows whose ``lead`` is asked for: (query, row), by query, then row. A query of 0 finds nothing, nor does one that more than
        ``at_most`` rows have."""
        query, first, last = _find(self._lead_keys, hi)
        is_telling = last - first <= at_most
        query, first, last = query[is_telling], first[is_telling], last[is_telling]
        place = ranges(first, last - first)
        query, row = np.repeat(query, last - first), self._lead_rows[place].astype(np.int64)
        same = self.rows["lead_lo"][row] == lo[query]
        query, row = query[same], row[same]
        order = np.lexsort((row, query))
        return query[order], row[order]


def stage_rows(staging: Staging, run_id: str, commit: str, rows: Columns) -> Iterator[StagedFile]:
    """Write the files that a commit adds, one for each month, of rows without ``commit``."""
    marked = {**rows, "commit": np.full(len(rows["id_hi"]), commit_word(commit))}
    of_row = segments(rows["day_from"], rows["day_until"])
    for segment in np.unique(of_row).tolist():
        mine = np.flatnonzero(of_row == segment)
        yield stage_file(staging, run_id, segment, {name: column[mine] for name, column in marked.items()})


def stage_file(staging: Staging, run_id: str, segment: int, rows: Columns) -> StagedFile:
    """Write a file of one month into staging, under a path that no other file has."""
    staged = staging.new_name("index", "columns")
    written = write(staging.storage, staged, rows)
    path = file_name(run_id, segment, secrets.token_hex(4))
    return StagedFile("index", path, staged, len(rows["id_hi"]), written.bytes, written.sha256)


def open_files(lake: Storage, names: Sequence[str]) -> list[NearFile]:
    """Open files, those with few rows as one."""
    large, small, rows = [], list[NearFile](), 0
    for name in names:
        file = NearFile(lake, name)
        if len(file.rows["id_hi"]) >= SMALL_ROWS:
            large.append(file)
            continue
        small.append(file)
        rows += len(file.rows["id_hi"])
        if rows >= GATHERED_ROWS:
            large.append(NearFile.gathered(small))
            small, rows = [], 0
    return [*large, NearFile.gathered(small)] if len(small) > 1 else [*large, *small]


def write(storage: Storage, name: str, rows: Columns) -> Written:
    """Write a file of rows (NEAR_COLUMNS) in any order: equal rows give equal bytes."""
    stored, meta = _tables(rows)
    return columns.write(storage, name, stored, meta)


def _tables(rows: Columns) -> tuple[Columns, dict[str, Any]]:
    """Return all columns of a file of ``rows``, and its ``meta``."""
    order = _by_day(rows)
    stored: Columns = {column: rows[column][order].astype(dtype, copy=False) for column, dtype in NEAR_COLUMNS.items()}
    starts = _band_starts(stored["shingles"], stored["headline"])
    stored["band_keys"], stored["band_rows"] = np.empty(starts[-1], "<u4"), np.empty(starts[-1], "<u4")
    banded = bands(band_words(stored["signature"]), stored["shingles"], stored["headline"], np.arange(len(order)))  # type: ignore[arg-type]
    for (row, keys), (start, end) in zip(banded, pairwise(starts), strict=True):
        packed = keys.astype(np.uint64) << np.uint64(32) | row.astype(np.uint64)
        packed.sort()
        stored["band_keys"][start:end] = packed >> np.uint64(32)
        stored["band_rows"][start:end] = packed & np.uint64(0xFFFFFFFF)
    led = np.flatnonzero((stored["lead_hi"] != 0) | (stored["lead_lo"] != 0))
    led = led[np.lexsort((stored["lead_lo"][led], stored["lead_hi"][led]))]
    stored["lead_keys"], stored["lead_rows"] = stored["lead_hi"][led], led.astype("<u4")
    meta: dict[str, Any] = {"algo": ALGO, "first_day": 0, "last_day": -1}
    if len(order):
        meta |= {"first_day": int(stored["day_from"].min()), "last_day": int(stored["day_until"].max())}
    return stored, meta


def merged(parts: Sequence[Columns]) -> Columns:
    """The rows of several files as one, for ``write``."""
    return {
        name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0, dtype)
        for name, dtype in NEAR_COLUMNS.items()
    }


def band_words(signature: NDArray[np.generic]) -> Words:
    """Each fingerprint as the BANDS words that are its keys: (m, BANDS), a view."""
    return signature.reshape(-1, 1).view("<u4")


def bands(
    words: Words, shingles: NDArray[np.uint32], headlines: NDArray[np.generic], rows: Integers
) -> Iterator[tuple[Integers, Words]]:
    """The keys of ``rows`` in each band: places in ``rows``, and their keys. ``rows`` are places in all others; ``words`` are (m, BANDS).

    First the BANDS bands, which all have that have MIN_SHINGLES; then the SHORT_BANDS of the short ones, and their headlines.
    """
    has_bands, is_short = shingles[rows] >= MIN_SHINGLES, are_short(shingles[rows])
    place = np.flatnonzero(has_bands)
    banded = rows if len(place) == len(rows) else rows[place]
    for band in range(BANDS):
        yield place, words[banded, band]
    place = np.flatnonzero(is_short)
    banded = rows[place]
    for band in range(SHORT_BANDS):
        yield place, _short_key(words, banded, band)
    place = place[headlines[banded] != 0]
    yield place, headlines[rows[place]].astype(np.uint32)


def are_short(shingles: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Whether texts of so many shingles have the SHORT_BANDS too."""
    least, most = SHORT_SHINGLES
    short: NDArray[np.bool_] = np.greater_equal(shingles, least) & np.less(shingles, most)
    return short


def share_band(
    words: Words, shingles: NDArray[np.uint32], headlines: NDArray[np.generic], left: Integers, right: Integers
) -> NDArray[np.bool_]:
    """Whether the pairs of rows ``left`` and ``right``, (k,) each, have a key in common, as ``bands`` gives them."""
    equal = words[left].view(np.uint8) == words[right].view(np.uint8)
    of_short = equal[:, : 3 * SHORT_BANDS].reshape(-1, SHORT_BANDS, 3).all(axis=2).any(axis=1)
    of_short |= (headlines[left] == headlines[right]) & (headlines[left] != 0)
    of_short &= are_short(shingles[left]) & are_short(shingles[right])
    common: NDArray[np.bool_] = equal.reshape(-1, BANDS, 4).all(axis=2).any(axis=1) | of_short
    return common


def _band_starts(shingles: NDArray[np.generic], headlines: NDArray[np.generic]) -> list[int]:
    """Where each band begins in ``band_keys``, and the end of the last."""
    short = are_short(shingles)
    every, of_short, of_named = (
        np.greater_equal(shingles, MIN_SHINGLES).sum(),
        short.sum(),
        (short & (headlines != 0)).sum(),
    )
    return [0, *accumulate(map(int, [every] * BANDS + [of_short] * SHORT_BANDS + [of_named]))]


def _short_key(words: Words, rows: Integers, band: int) -> Words:
    first, byte = divmod(3 * band, 4)
    keys: Words = words[rows, first] >> np.uint32(8 * byte)
    if byte > 1:
        keys |= words[rows, first + 1] << np.uint32(8 * (4 - byte))
    keys &= np.uint32(0xFFFFFF)
    return keys


def segments(day_from: NDArray[np.generic], day_until: NDArray[np.generic]) -> NDArray[np.int32]:
    """Under which segment each interval of days (since 1970, of the years 1 to 9999) is filed: year * 100 + month of its first day.

    An interval of more than MONTH_DAYS is filed apart, under year * 100, so that a month's file reaches no further than MONTH_DAYS past
    its month, whatever a "2021" or "1990s" may span.

    >>> segments(np.array([19432, 19432, 19358]), np.array([19432, 19462, 19722])).tolist()
    [202303, 202303, 202300]
    """
    first, last = day_from.astype(np.int64), day_until.astype(np.int64)
    months = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = np.where(last - first < MONTH_DAYS, months % 12 + 1, 0)
    return ((months // 12 + 1970) * 100 + month).astype(np.int32)


def segment_days(segment: int) -> tuple[int, int] | None:
    """The first and last day that a file of a month's segment can reach. None for a year's: only the file itself tells.

    >>> segment_days(197001), segment_days(197000)
    ((0, 60), None)
    """
    year, month = divmod(segment, 100)
    if month == 0:
        return None
    start = np.datetime64(f"{year:04d}-{month:02d}", "M")
    first, after = (int(one.astype("datetime64[D]").astype(np.int64)) for one in (start, start + 1))
    return first, after - 1 + MONTH_DAYS - 1


def in_reach(segment: int, first_day: int, last_day: int, window_days: int) -> bool:
    """Whether a file of ``segment`` may hold what lies within the window of rows that reach from ``first_day`` to ``last_day``."""
    days = segment_days(segment)
    return days is None or (days[0] - window_days <= last_day and days[1] + window_days >= first_day)


def file_name(run_id: str, segment: int, nonce: str) -> str:
    """A file's path relative to the lake.

    >>> file_name("20230320T140500Z-0a1b2c3d", 202303, "4e5f")
    '_newslake/index/near-202303-20230320T140500Z-0a1b2c3d-4e5f.columns'
    """
    return f"{INDEX}/near-{segment:06d}-{run_id}-{nonce}.columns"


def segment_of_path(path: str) -> int | None:
    """The segment in a file's path; None for a file of the keys index, which stands in the same folder."""
    match = _NAME.fullmatch(path.rpartition("/")[2])
    return int(match[1]) if match else None


def sorted_distinct(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """The distinct values of all ``parts``, sorted."""
    values = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    values.sort()
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values[fresh]


def _by_day(rows: Columns) -> Integers:
    """The rows' order by day_from and id; rows of one id and day, which are few, by all that they hold."""
    order = np.lexsort((rows["id_lo"], rows["id_hi"], rows["day_from"]))
    equal = np.ones(len(order), np.bool_)[1:]
    for name in ("day_from", "id_hi", "id_lo"):
        column = rows[name][order]
        equal &= column[1:] == column[:-1]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= equal
    tied[:-1] |= equal
    some = {name: rows[name][order[tied]] for name in NEAR_COLUMNS}
    first = [some.pop(name) for name in ("id_lo", "id_hi", "day_from")]
    words = [word for name in ("signature", "lead_words", "figures") for word in band_words(some.pop(name)).T]
    order[tied] = order[tied][np.lexsort((*words, *some.values(), *first))]
    return order


def _find(
    stored: NDArray[np.unsignedinteger[Any]], wanted: NDArray[np.unsignedinteger[Any]]
) -> tuple[Integers, Integers, Integers]:
    """Which of ``wanted`` (unsigned, as ``stored``, in any order) stand in ``stored`` (sorted), and from where to where there."""
    query = np.arange(len(wanted))
    if len(stored) == 0:
        query = query[:0]
    elif len(wanted) * _MANY_PER_KEY >= len(stored):
        # Nearly all keys of a run are new to the lake. A table of leading bits, one in 8 or more taken, tells most of them at once.
        bits = (8 * len(stored)).bit_length()
        shift = stored.dtype.type(max(8 * stored.dtype.itemsize - bits, 0))
        taken = np.zeros(1 << bits, np.bool_)
        taken[stored >> shift] = True
        query = np.flatnonzero(taken[wanted >> shift])
    # Sorted queries walk through the file once, and touch a page for few of them.
    query = query[np.argsort(wanted[query])]
    keys = wanted[query]
    first = np.searchsorted(stored, keys, "left")
    met = stored[np.minimum(first, len(stored) - 1)] == keys
    return query[met], first[met], np.searchsorted(stored, keys[met], "right")
