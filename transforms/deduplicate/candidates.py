"""Candidates: the pairs of articles of one run that share a key and may lie within the window.

The keys are the bands of the fingerprints (MinHash with bands: Leskovec, Rajaraman, Ullman, "Mining
of Massive Datasets", 3.4) and the headline. Rows are in winner order.

A bucket holds the rows that share a key and a block of days. A block is longer than the window.
Each interval is widened by half a window at both ends, and its row is entered in each block that
the interval touches. If two rows are within the window, their widened intervals share a day, so
both rows are in the block of that day. One block of a row begins less than a window before the row,
so the first members of that bucket are within its reach.

Each member of a bucket is paired with its first members only, so a hot bucket (an agency's text,
a headline such as "Weather") costs linear time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.index.keys import ranges
from newslake.transforms.deduplicate.index.near import BANDS, sorted_distinct

BUCKET_LEADERS = 8
"""Each member of a bucket is paired with this many of its first members."""

HOT_BANDS = 2
"""After a row was in this many hot buckets, each of another key, further hot buckets pair it with
their first member only. Near copies of one text meet the same leaders in each bucket."""

MAX_BLOCKS = 8
"""An interval is entered in at most this many blocks, so that a month is never cut."""
YEAR_DAYS = 366
"""Intervals of more than a month meet others in blocks of this many days. A date such as
"1990s" counts with its first MAX_BLOCKS years only."""

_PAIRS_AT_ONCE = 1 << 20
"""Pairs in memory, 8 bytes each. Above this number, repeats are removed."""

Days = NDArray[np.int32]
Integers = NDArray[np.int64]
Lanes = NDArray[np.uint64]
Words = NDArray[np.uint32]


@dataclass(slots=True)
class Gathered:
    """A growing set of 64-bit numbers. It sorts them and removes repeats as they come."""

    _parts: list[Lanes] = field(default_factory=list)
    _size: int = 0
    _limit: int = _PAIRS_AT_ONCE

    def add(self, values: Lanes) -> None:
        self._parts.append(values)
        self._size += len(values)
        if self._size > self._limit:
            self._limit = max(2 * len(self.sorted()), _PAIRS_AT_ONCE)

    @property
    def is_full(self) -> bool:
        """Tell whether removing repeats no longer frees much memory."""
        return self._limit > _PAIRS_AT_ONCE

    def take(self) -> Lanes:
        """Return the distinct numbers, sorted, and forget them."""
        values = self.sorted()
        self._parts, self._size, self._limit = [], 0, _PAIRS_AT_ONCE
        return values

    def sorted(self) -> Lanes:
        """Return the distinct numbers, sorted."""
        self._parts = [sorted_distinct(self._parts)]
        self._size = len(self._parts[0])
        return self._parts[0]


@dataclass(slots=True)
class Candidates:
    """The pairs of a run, and how many pairs the limit on buckets left out, key by key."""

    dropped: int = 0

    def pairs(
        self, words: Words, headline: Words, day_from: Days, day_until: Days, window_days: int, held: int
    ) -> Iterator[Lanes]:
        """Yield pairs as later row << 32 | earlier row, key by key; a pair may come again.

        The arguments have one item a row. Rows below ``held`` are not paired with each other.
        """
        count = len(words)
        if count == held:
            return
        entry, tag, rank_bits = _entries(day_from, day_until, window_days)
        hot_bands = np.zeros(count, np.uint8)
        for band in range(BANDS + 1):
            keys = words[:, band] if band < BANDS else headline
            chosen = np.zeros(count, np.bool_)
            chosen[_may_meet(keys, held)] = True
            if band == BANDS:
                chosen &= headline != 0
            met = np.flatnonzero(chosen[entry])
            packed = keys[entry[met]].astype(np.uint64) << np.uint64(32) | tag[met]
            packed.sort()
            yield from self._pair(packed, rank_bits, held, hot_bands)

    def _pair(self, packed: Lanes, rank_bits: int, held: int, hot_bands: NDArray[np.uint8]) -> Iterator[Lanes]:
        """Pair the asking members of each bucket with its first members.

        ``packed`` is key << 32 | block << rank_bits | rank, sorted.
        """
        bucket = packed >> np.uint64(rank_bits)
        rank = packed & np.uint64((1 << rank_bits) - 1)
        member = np.flatnonzero(bucket[1:] == bucket[:-1]) + 1  # all but the first of each bucket
        begins = np.flatnonzero(np.diff(member, prepend=-1) > 1)
        first = np.repeat(member[begins] - 1, np.diff(begins, append=len(member)))
        asks = rank[member] >= held
        member, first = member[asks], first[asks]
        depth = member - first
        most = np.minimum(depth, BUCKET_LEADERS)
        hot = rank[member[depth > BUCKET_LEADERS]]
        most[(depth > BUCKET_LEADERS) & (hot_bands[rank[member]] >= HOT_BANDS)] = 1
        hot_bands[hot] += np.uint8(1)  # once for each rank, even if it is hot in several blocks
        self.dropped += int((depth - most).sum())
        for place in range(BUCKET_LEADERS):
            deep = np.flatnonzero(most > place)
            if len(deep) == 0:
                break
            member, first, most = member[deep], first[deep], most[deep]
            yield rank[member] << np.uint64(32) | rank[first + place]


def _entries(day_from: Days, day_until: Days, window_days: int) -> tuple[Words, Words, int]:
    """Return an entry for each pair of a rank and one of its blocks of days.

    An entry is the rank, and its tag block << rank_bits | rank. The third value is rank_bits. Where
    intervals are longer than a month, all rows are entered in blocks of a year too.
    """
    half = -(-window_days // 2)
    first, last = day_from - half, day_until + half
    longest = (MAX_BLOCKS - 1) * (window_days + 1)
    is_long = last - first >= longest
    parts = [(np.flatnonzero(~is_long), window_days + 1, 0)]
    if is_long.any():
        parts.append((np.arange(len(first)), max(YEAR_DAYS, window_days + 1), 1))
    entries, blocks = [], []
    for ranks, width, kind in parts:
        begin = first[ranks] // width
        count = np.minimum(last[ranks] // width - begin + 1, MAX_BLOCKS)
        entries.append(np.repeat(ranks, count))
        blocks.append(2 * ranges(begin.astype(np.int64), count) + kind)
    entry, block = np.concatenate(entries), np.concatenate(blocks)
    rank_bits = len(first).bit_length()
    # Block numbers that need more bits fold onto each other. Such blocks lie far apart, so they
    # only make a bucket larger.
    block &= (1 << (32 - rank_bits)) - 1
    return entry.astype(np.uint32), (block << rank_bits | entry).astype(np.uint32), rank_bits


def _may_meet(keys: Words, held: int) -> Integers:
    """Return the ranks whose key another rank may share, at least one of the two asking.

    Return all such ranks and few others, in linear time. Most keys occur once. Counting the keys in
    a small table, by some of their bits and then by others, spares most of the sort. Ranks below
    ``held`` do not ask.
    """
    ranks = np.arange(len(keys))
    bits = min(max((len(keys) - held).bit_length() + 1, 16), 32)
    for shift in (0, 32 - bits):
        slot = (keys[ranks] >> np.uint32(shift)) & np.uint32((1 << bits) - 1)
        split = int(np.searchsorted(ranks, held))
        counts = np.bincount(slot[split:], minlength=1 << bits)
        met = np.empty(len(ranks), np.bool_)
        if split:
            met[:split] = (counts > 0)[slot[:split]]
            counts += np.bincount(slot[:split][met[:split]], minlength=1 << bits)
        met[split:] = (counts > 1)[slot[split:]]
        ranks = ranks[np.flatnonzero(met)]
    return ranks
