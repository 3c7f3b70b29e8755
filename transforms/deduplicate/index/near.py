"""The near index: fingerprints of the articles that the lake keeps, in files by published month.

The files are immutable and hold numpy columns. A file has a row for each article, sorted by day,
and these columns for lookups:

- ``band_keys``, ``band_rows``: the bands of all fingerprints (``bands``), one band after another,
  each sorted by key, then row. Articles that are alike share a band key;
- ``lead_keys``, ``lead_rows``: the first half of ``lead``, sorted, for the rows that have a lead.

A run searches its new keys in the files, never the reverse. It reads the files of the months around
the days of its articles (``in_reach``). So its cost depends on the window and not on the age of the
lake. A commit adds files with its own rows. merge.py joins many files of one segment into one.
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
"""Version of the fingerprint and of the other columns. Opening a file of another version raises
UnknownAlgoError."""

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
"""A row for each article. ``lead``: the key by which a teaser finds its text, 0 without one.
``lead_words``: a sketch of the words in the lead. ``outlet``, ``headline``: hashes of both, 0 if
not known. ``day_from``, ``day_until``: the first and last day since 1970 on which it may have been
published. ``shingles``: the number of distinct shingles. ``signature``: the fingerprint.
``figures``: a Bloom filter of the numbers in a text below FIGURED_SHINGLES, 0 for longer texts.
``commit``: see ``commit_word``; 0 in rows that a reindex wrote."""

BANDS = 32
"""Bands of 4 bytes. Pairs share one with this chance: nearly always (all but one in 6,000) at a
Jaccard index of .7, 95 % at .55, 25 % at .3."""
SHORT_BANDS = 42
"""Further bands of 3 bytes for short texts, which are compared at a lower index. Pairs share one
with this chance: 94 % at a Jaccard index of .4, 67 % at .3. The headline is one more key."""
MIN_SHINGLES = 50
"""A text with fewer shingles is compared by its content hash only, because the estimated likeness
would be too coarse."""
SHORT_SHINGLES = (110, 600)
"""A short text has at least the first and less than the second number: about 20 to 100 words."""
FIGURED_SHINGLES = 1200
"""About 200 words. The figures of a longer text would fill the filter."""

SMALL_ROWS, GATHERED_ROWS = 1024, 16_384
"""A file with fewer than SMALL_ROWS rows is searched together with others, up to GATHERED_ROWS
rows, some 20 MB. Measured: 360 files of three rows cost a run 2 s, and as one file 0.1 s."""

MONTH_DAYS = 31
"""An interval of at most this many days is filed under the month of its first day. A longer
interval is filed under its year."""

Integers = NDArray[np.int64]
Words = NDArray[np.uint32]

_MANY_PER_KEY = 8
"""Up to this many stored keys for each query, a table of the stored keys costs less than the
searches that it saves."""
_PAIRS_AT_ONCE = 1 << 21
_NAME = re.compile(r"near-(\d{6})-[^/]+\.columns")


class NearFile:
    """One file of the near index, memory-mapped, or several small ones as one in memory.

    ``first_day`` to ``last_day`` are the days that the intervals of its rows reach; 0 and -1 for a
    file without rows.
    """

    def __init__(self, lake: Storage, name: str) -> None:
        stored, meta = columns.read(lake, name)
        if meta.get("algo") != ALGO:
            raise UnknownAlgoError(name, lake.root, meta.get("algo"), ALGO)
        stored.setdefault("commit", np.zeros(len(stored["id_hi"]), HASH))
        self._take(stored, meta)

    @classmethod
    def gathered(cls, files: Sequence["NearFile"]) -> "NearFile":
        """Return the rows of several files as one file.

        A search in a file costs the same for three rows as for three thousand.
        """
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
        """Find the rows of the file that share a band key with ``rows``, given as for ``bands``.

        Return the distinct pairs (place in ``rows``, row of the file), sorted, as two arrays. Only
        the first ``at_most`` rows under a key count, those of the earliest days. The third value is
        how many rows were left out, counted for each key by itself.
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
        """Return the rows whose ``lead`` is asked for: (query, row), by query, then row.

        A query of 0 finds nothing. A key that more than ``at_most`` rows have finds nothing either.
        """
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
    """Write the files that a commit adds, one for each segment, of rows without ``commit``."""
    marked = {**rows, "commit": np.full(len(rows["id_hi"]), commit_word(commit))}
    of_row = segments(rows["day_from"], rows["day_until"])
    for segment in np.unique(of_row).tolist():
        mine = np.flatnonzero(of_row == segment)
        yield stage_file(staging, run_id, segment, {name: column[mine] for name, column in marked.items()})


def stage_file(staging: Staging, run_id: str, segment: int, rows: Columns) -> StagedFile:
    """Write a file of one segment into staging, with a path that no other file has."""
    staged = staging.new_name("index", "columns")
    written = write(staging.storage, staged, rows)
    path = file_name(run_id, segment, secrets.token_hex(4))
    return StagedFile("index", path, staged, len(rows["id_hi"]), written.bytes, written.sha256)


def open_files(lake: Storage, names: Sequence[str]) -> list[NearFile]:
    """Open files. Return small ones, below SMALL_ROWS, gathered into larger ones."""
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
    """Write a file of rows (NEAR_COLUMNS) in any order. Equal rows give equal bytes."""
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
    """Return the rows of several files as one, for ``write``."""
    return {
        name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0, dtype)
        for name, dtype in NEAR_COLUMNS.items()
    }


def band_words(signature: NDArray[np.generic]) -> Words:
    """Return each fingerprint as the BANDS words that are its keys: (m, BANDS), a view."""
    return signature.reshape(-1, 1).view("<u4")


def bands(
    words: Words, shingles: NDArray[np.uint32], headlines: NDArray[np.generic], rows: Integers
) -> Iterator[tuple[Integers, Words]]:
    """Yield for each band the places in ``rows`` that have it, and their keys.

    ``rows`` are places in the other arguments; ``words`` are (m, BANDS). First come the BANDS
    bands, for rows with MIN_SHINGLES or more. Then come the SHORT_BANDS bands of the short rows,
    and last the headlines of the short rows.
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
    """Tell which texts are short: those have the SHORT_BANDS too."""
    least, most = SHORT_SHINGLES
    short: NDArray[np.bool_] = np.greater_equal(shingles, least) & np.less(shingles, most)
    return short


def share_band(
    words: Words, shingles: NDArray[np.uint32], headlines: NDArray[np.generic], left: Integers, right: Integers
) -> NDArray[np.bool_]:
    """Tell which pairs of rows ``left`` and ``right``, (k,) each, share a key of ``bands``."""
    equal = words[left].view(np.uint8) == words[right].view(np.uint8)
    of_short = equal[:, : 3 * SHORT_BANDS].reshape(-1, SHORT_BANDS, 3).all(axis=2).any(axis=1)
    of_short |= (headlines[left] == headlines[right]) & (headlines[left] != 0)
    of_short &= are_short(shingles[left]) & are_short(shingles[right])
    common: NDArray[np.bool_] = equal.reshape(-1, BANDS, 4).all(axis=2).any(axis=1) | of_short
    return common


def _band_starts(shingles: NDArray[np.generic], headlines: NDArray[np.generic]) -> list[int]:
    """Return the place in ``band_keys`` at which each band begins, then the end of the last."""
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
    """Return the segment under which each interval is filed: year * 100 + month of its first day.

    Days are days since 1970, in the years 1 to 9999. An interval of more than MONTH_DAYS goes under
    year * 100. So the file of a month reaches at most MONTH_DAYS past its month, although a date
    such as "2021" or "1990s" spans more.

    >>> segments(np.array([19432, 19432, 19358]), np.array([19432, 19462, 19722])).tolist()
    [202303, 202303, 202300]
    """
    first, last = day_from.astype(np.int64), day_until.astype(np.int64)
    months = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = np.where(last - first < MONTH_DAYS, months % 12 + 1, 0)
    return ((months // 12 + 1970) * 100 + month).astype(np.int32)


def segment_days(segment: int) -> tuple[int, int] | None:
    """Return the first and last day that a file of a month's segment can reach.

    Return None for a year's segment, because only the file itself tells.

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
    """Tell whether a file of ``segment`` may hold rows within the window of the given days."""
    days = segment_days(segment)
    return days is None or (days[0] - window_days <= last_day and days[1] + window_days >= first_day)


def file_name(run_id: str, segment: int, nonce: str) -> str:
    """Return the path of a file, relative to the lake.

    >>> file_name("20230320T140500Z-0a1b2c3d", 202303, "4e5f")
    '_newslake/index/near-202303-20230320T140500Z-0a1b2c3d-4e5f.columns'
    """
    return f"{INDEX}/near-{segment:06d}-{run_id}-{nonce}.columns"


def segment_of_path(path: str) -> int | None:
    """Return the segment in the path of a file; None for a file of the keys index.

    Files of both indexes stand in one folder.
    """
    match = _NAME.fullmatch(path.rpartition("/")[2])
    return int(match[1]) if match else None


def sorted_distinct(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the distinct values of all ``parts``, sorted."""
    values = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    values.sort()
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values[fresh]


def _by_day(rows: Columns) -> Integers:
    """Return the order of the rows by day_from and id.

    Rows with equal id and day, which are few, are ordered by all their columns.
    """
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
    """Return which of ``wanted`` stand in ``stored``, and where: places, first rows, last rows + 1.

    ``stored`` is sorted and ``wanted`` is in any order; both are unsigned. Places are ordered by
    key.
    """
    query = np.arange(len(wanted))
    if len(stored) == 0:
        query = query[:0]
    elif len(wanted) * _MANY_PER_KEY >= len(stored):
        # Nearly all keys of a run are new to the lake. A table of leading bits, in which at most
        # one in 8 is taken, finds most of the new keys at once.
        bits = (8 * len(stored)).bit_length()
        shift = stored.dtype.type(max(8 * stored.dtype.itemsize - bits, 0))
        taken = np.zeros(1 << bits, np.bool_)
        taken[stored >> shift] = True
        query = np.flatnonzero(taken[wanted >> shift])
    # Sorted queries walk through the file once, and several of them share each page.
    query = query[np.argsort(wanted[query])]
    keys = wanted[query]
    first = np.searchsorted(stored, keys, "left")
    met = stored[np.minimum(first, len(stored) - 1)] == keys
    return query[met], first[met], np.searchsorted(stored, keys[met], "right")
