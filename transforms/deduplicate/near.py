"""Near-duplicates: which articles repeat another one, by their fingerprints and days.

Two articles repeat each other if they were published within a window of days, and if they are
alike: the estimated Jaccard index of their shingles is high, or the longer article contains the
shorter one.

Half of a short item may be boilerplate, or a lead that was written anew. So two short items of two
outlets and one week need a lower index if their figures agree (RETOLD).

Candidates are the pairs that share a band key of their fingerprints (MinHash with bands: Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", 3.4). Each pair is then compared byte by byte.

There are leaders and no chains. In winner order an article is a duplicate only if it repeats a kept
article, directly and verified. So if A ~ B ~ C, then C is not dropped for being near B, and every
verdict has a true score. The work is linear in the number of articles, even if all of them have
much in common.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.figures import agree_in_figures
from newslake.transforms.deduplicate.fingerprint import containment, jaccard
from newslake.transforms.deduplicate.index.keys import ranges
from newslake.transforms.deduplicate.index.near import (
    FIGURED_SHINGLES,
    MIN_SHINGLES,
    SHORT_SHINGLES,
    Integers,
    NearFile,
    Words,
    are_short,
    band_words,
    bands,
    share_band,
    sorted_distinct,
)

BUCKET_LEADERS = 8
"""Each member of a bucket is compared with this many of its first members. So a hot bucket (an
agency's text, a site's boilerplate) stays linear."""

HOT_BANDS = 2
"""After a row was in this many hot buckets, each of another band, further hot buckets compare it
with their first member only. Near copies of one text meet the same leaders in each bucket."""

NAMED_SHINGLES, FORM_SHINGLES = SHORT_SHINGLES
"""About 20 and about 100 words.

Two texts below NAMED_SHINGLES are told apart by their headlines, as equal texts of that length are.
Otherwise every "Crossword" would repeat the first one.

Two texts of one outlet are no near-duplicates if one is below FORM_SHINGLES and they have two
headlines or two days. Such texts come from one form that the outlet fills in (weather, results,
deaths). Or they are one notice that readers see who have not paid.
"""

TELLING_FIGURES = 5
"""Bits of a sketch of figures (figures.py). If each of two texts has this many bits and their
figures disagree, the texts are alike because one form makes both."""

SAME_OUTLET = 0.15
"""Two texts of one outlet with two headlines must be this much above the rule's Jaccard index,
however long they are. What the outlet puts under all its texts may be more than half of a text."""

RETOLD_DAYS = 7
"""Only for items whose day is known. An item known to the month would be within a week of the whole
month."""
RETOLD = 0.30
"""Two short texts may be this much below the rule's Jaccard index if two outlets have them within
RETOLD_DAYS and their figures agree. What many short items have in common, such as a foot that says
whom to call, does not count (_common_bytes)."""
RETOLD_LEAST = 0.25
"""The least index for retold items. Unrelated items stay below it, as `make bench-dedup` prints.
Two fillings of one form reach .45."""

COMMON_COPIES, COMMON_BY_CHANCE = 3, 4
"""An item and three copies are no crowd yet. And one value in 256 is equal by chance."""
LEAST_TELLING = 32
"""In bytes. If fewer bytes are left after the common ones, they are too few to judge by."""

MAX_BLOCKS = 8
"""An interval is entered in at most this many blocks of days, its first ones. A date that is a year
is never cut. For a longer date ("1990s"), repeats in its later years are not found."""

MIN_BLOCK_DAYS = 60
"""So MAX_BLOCKS cover a year with the shortest window too."""

MAX_ROWS = 1 << 27
"""An edge packs two rows and a count of bytes into 63 bits, so it has room for this many rows."""

_BYTES = 128
_JACCARD = jaccard(np.arange(_BYTES + 1))
_PAIRS_AT_ONCE = 1 << 20  # candidates in memory, 8 bytes each; above this number, repeats are removed
_COMPARED_AT_ONCE = 1 << 13  # pairs whose fingerprints fit the processor's cache
_ASKED_AT_ONCE = 1 << 17  # rows whose bands are looked up in a file of the lake at a time
_EDGES_AT_ONCE = 1 << 16
_COUNTED = 1 << 12  # short texts that are sampled at most; each may touch one page of a file

Counts = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NearRule:
    """The rule for two articles that repeat each other.

    They need at least this ``jaccard`` index or this ``containment`` (0 to 1), and are at most
    ``window_days`` apart.
    """

    jaccard: float = 0.55
    containment: float = 0.85
    window_days: int = 90

    @property
    def retold(self) -> float:
        """Return the lowest Jaccard index of two short texts that are retold (RETOLD)."""
        return max(self.jaccard - RETOLD, RETOLD_LEAST)

    @property
    def sure(self) -> float:
        """Return the score from which on a near-duplicate is sure.

        Only retold texts score less. Such a text may be another one, so it is marked and not
        dropped.
        """
        return min(self.jaccard, self.containment)


@dataclass(frozen=True, slots=True)
class NearRows:
    """Articles to judge, one row each, in winner order: the earlier of two repeating rows is kept.

    ``day_from`` and ``day_until`` are the first and last day, since 1970, on which the article may
    have been published. A row that does not ask (``asks``) is always kept, and can only be
    repeated. ``outlet``, ``headline`` and ``figures`` tell two texts of one form from copies.
    """

    signature: NDArray[np.generic]
    """(m,) |V128 fingerprints"""
    shingles: NDArray[np.uint32]
    """(m,) number of distinct shingles; a row below MIN_SHINGLES takes no part"""
    day_from: NDArray[np.int32]
    """(m,)"""
    day_until: NDArray[np.int32]
    """(m,)"""
    asks: NDArray[np.bool_]
    """(m,)"""
    outlet: NDArray[np.generic]
    """(m,) uint64 hashes, 0 if the outlet is not known"""
    headline: NDArray[np.generic]
    """(m,) uint64 hashes, 0 if there is no headline"""
    figures: NDArray[np.generic]
    """(m,) |V16 sketches of a text's figures, 0 if they are not known"""


@dataclass(frozen=True, slots=True)
class NearCounters:
    """How much a judgement compared.

    ``candidates`` are pairs that share a band and lie within the window: they were compared.
    ``verified`` are the candidates that repeat each other. ``dropped`` are comparisons that the
    limit on buckets left out, counted for each bucket by itself.

    A pair of a run that meets in many bands counts once, unless millions of other pairs were
    compared in between.
    """

    candidates: int = 0
    verified: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class NearVerdicts:
    """What each row repeats: a row of this run, or an article of the lake, never both."""

    leader: NDArray[np.int64]
    """(m,) the row of this run that it repeats, or -1"""
    known_hi: NDArray[np.uint64]
    """(m,) with ``known_lo`` the id of the lake's article that it repeats, or 0 0"""
    known_lo: NDArray[np.uint64]
    known_from: NDArray[np.int32]
    """(m,) with ``known_until`` the days of that article"""
    known_until: NDArray[np.int32]
    score: NDArray[np.float32]
    """(m,) the containment if only that reaches the rule, else the Jaccard index; 0 if the row
    repeats nothing"""
    counters: NearCounters


def judge_near(rows: NearRows, files: Sequence[NearFile], rule: NearRule) -> NearVerdicts:
    """Judge all rows that ask, against each other, the rows that do not ask, and the lake.

    A row's leader is the kept article that has most equal bytes with it. So one run and the same
    articles in several runs choose the same leader. If two are equal, an article of the lake comes
    first, by id, then the earliest row. Raise ValueError for more than MAX_ROWS rows.
    """
    if len(rows.asks) > MAX_ROWS:
        raise ValueError(f"{len(rows.asks)} rows in one run; at most {MAX_ROWS} can be judged")
    takes_part = rows.shingles >= MIN_SHINGLES
    held, asking = np.flatnonzero(takes_part & ~rows.asks), np.flatnonzero(takes_part & rows.asks)
    words = band_words(rows.signature)
    common = _common_bytes(words, rows.shingles)
    run = _Articles(
        words, common, rows.shingles, rows.day_from, rows.day_until, rows.outlet, rows.headline, rows.figures
    )
    known = _search_lake(run, asking, files, rule)
    pairs = _Pairs(run, np.concatenate([held, asking]), len(held), rule, np.zeros(len(held) + len(asking), np.uint8))
    pairs.gather()
    edges = pairs.edges()
    best = known.best
    later, leader, equal, met = _lead(edges, pairs, best["equal"] >= 0)

    chosen = equal > best["equal"][later]
    later, leader, equal = later[chosen], leader[chosen], equal[chosen]
    leaders = np.full(len(rows.asks), -1)
    leaders[later] = leader
    _, _, score = _likeness(equal, run.shingles[later], run.shingles[leader], rule)
    best["id_hi"][later] = best["id_lo"][later] = 0
    best["score"][later] = score
    counters = NearCounters(
        known.candidates + pairs.candidates + met, known.verified + len(edges) + met, known.dropped + pairs.dropped
    )
    return NearVerdicts(
        leaders, best["id_hi"], best["id_lo"], best["day_from"], best["day_until"], best["score"], counters
    )


def meet_alike(rows: NearRows, files: Sequence[NearFile], rule: NearRule) -> bool:
    """Tell whether any row may repeat an article of the files, or be repeated by one.

    Rows that do not ask count too. Return True if ``judge_near`` would find such a pair, and in
    some other cases.
    """
    words = band_words(rows.signature)
    takes_part = np.flatnonzero(rows.shingles >= MIN_SHINGLES)
    for file in files:
        stored = file.rows
        query, row, _ = file.find_bands(words, rows.shingles, rows.headline, takes_part, BUCKET_LEADERS)
        mine = takes_part[query]
        days = days_apart(rows.day_from[mine], rows.day_until[mine], stored["day_from"][row], stored["day_until"][row])
        mine, row = mine[days <= rule.window_days], row[days <= rule.window_days]
        same = words[mine].view(np.uint8) == band_words(stored["signature"])[row].view(np.uint8)
        is_repeat, similarity, _ = _likeness(
            same.sum(axis=1, dtype=np.uint8), rows.shingles[mine], stored["shingles"][row], rule
        )
        if (is_repeat | (similarity >= RETOLD_LEAST)).any():
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Articles:
    """What a comparison reads of the rows of a run or of a file.

    ``words`` are the fingerprints, (m, BANDS). ``common``: see _common_bytes.
    """

    words: Words
    common: NDArray[np.bool_]
    shingles: NDArray[np.uint32]
    day_from: NDArray[np.int32]
    day_until: NDArray[np.int32]
    outlet: NDArray[np.generic]
    headline: NDArray[np.generic]
    figures: NDArray[np.generic]


# Compare two articles.


def _compare(
    left: _Articles, left_row: Integers, right: _Articles, right_row: Integers, rule: NearRule
) -> Iterator[tuple[int, Integers, Counts, NDArray[np.float32]]]:
    """Compare pairs of rows, piece by piece.

    Yield for each piece how many pairs lie within the window; then the places of the pairs that
    repeat each other, their equal bytes, and their scores.
    """
    for start in range(0, len(left_row), _COMPARED_AT_ONCE):
        one, other = left_row[start : start + _COMPARED_AT_ONCE], right_row[start : start + _COMPARED_AT_ONCE]
        place = np.flatnonzero(_days_apart(left, one, right, other) <= rule.window_days)
        one, other = one[place], other[place]
        same = left.words[one].view(np.uint8) == right.words[other].view(np.uint8)
        # Add eight bytes at once. Each byte of a sum is at most 16. The product leaves the sum of
        # these bytes, at most 128, in the highest byte.
        lanes = same.view(np.uint64).sum(axis=1, dtype=np.uint64) * np.uint64(0x0101010101010101)
        equal = (lanes >> np.uint64(56)).astype(np.uint8)
        is_repeat, similarity, score = _likeness(equal, left.shingles[one], right.shingles[other], rule)
        repeats = np.flatnonzero(is_repeat)
        repeats = repeats[~_are_apart(left, one[repeats], right, other[repeats], similarity[repeats], rule)]
        retold = np.flatnonzero(~is_repeat & (similarity >= rule.retold))
        retold = retold[_are_retold(left, one[retold], right, other[retold], same[retold], rule)]
        repeats = np.sort(np.concatenate([repeats, retold]))
        yield len(place), place[repeats] + start, equal[repeats], score[repeats]


def days_apart(day_from: Any, day_until: Any, other_from: Any, other_until: Any) -> Any:
    """Return how many days one interval begins after the other ends; 0 or less if they share a day.

    Days are numbers, or arrays of them. Both bounds belong to an interval, so neighbouring days are
    1 apart.
    """
    return np.maximum(day_from, other_from) - np.minimum(day_until, other_until)


def _days_apart(left: _Articles, one: Integers, right: _Articles, other: Integers) -> Integers:
    days: Integers = days_apart(left.day_from[one], left.day_until[one], right.day_from[other], right.day_until[other])
    return days


def _are_apart(
    left: _Articles, one: Integers, right: _Articles, other: Integers, similarity: Floats, rule: NearRule
) -> NDArray[np.bool_]:
    """Tell for each pair whether it is alike for another reason than a repeat.

    The reasons: FORM_SHINGLES, NAMED_SHINGLES, TELLING_FIGURES, SAME_OUTLET.
    """
    outlet, shingles, other_shingles = left.outlet[one], left.shingles[one], right.shingles[other]
    of_one_outlet = (outlet == right.outlet[other]) & (outlet != 0)
    two_headlines: NDArray[np.bool_] = left.headline[one] != right.headline[other]
    two_days = _days_apart(left, one, right, other) > 0
    of_one_form = (two_headlines | two_days) & (np.minimum(shingles, other_shingles) < FORM_SHINGLES)
    of_one_form |= two_headlines & (similarity < min(rule.jaccard + SAME_OUTLET, 1))
    apart: NDArray[np.bool_] = two_headlines & (np.maximum(shingles, other_shingles) < NAMED_SHINGLES)
    apart |= of_one_outlet & of_one_form
    figured = np.flatnonzero(np.maximum(shingles, other_shingles) < FIGURED_SHINGLES)
    agree, figures = agree_in_figures(left.figures[one[figured]], right.figures[other[figured]])
    apart[figured] |= ~agree & (figures >= TELLING_FIGURES)
    return apart


def _are_retold(
    left: _Articles, one: Integers, right: _Articles, other: Integers, same: NDArray[np.bool_], rule: NearRule
) -> NDArray[np.bool_]:
    """Tell for each pair whether two outlets tell the same in short texts (RETOLD).

    ``same`` are the equal bytes of the pairs.
    """
    outlet, other_outlet = left.outlet[one], right.outlet[other]
    retold: NDArray[np.bool_] = are_short(left.shingles[one]) & are_short(right.shingles[other])
    retold &= (outlet != other_outlet) & (outlet != 0) & (other_outlet != 0)
    retold &= _days_apart(left, one, right, other) <= RETOLD_DAYS
    retold &= (left.day_until[one] - left.day_from[one] <= 1) & (right.day_until[other] - right.day_from[other] <= 1)
    common, bytes_ = left.common | right.common, np.arange(_BYTES)
    is_common = common[bytes_, left.words[one].view(np.uint8)]
    telling = _BYTES - (is_common & common[bytes_, right.words[other].view(np.uint8)]).sum(axis=1)
    shared = (same & ~is_common).sum(axis=1) / np.maximum(telling, LEAST_TELLING)
    similarity = jaccard(shared * _BYTES)
    retold &= agree_in_figures(left.figures[one], right.figures[other])[0] & (similarity >= rule.retold)
    return retold


def _common_bytes(words: Words, shingles: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which values of each byte of a fingerprint are too common among short texts.

    The result is (128, 256). A value is too common if more texts have it than the mean,
    COMMON_BY_CHANCE standard deviations and COMMON_COPIES together. Such values come from a footer
    that many texts share. At most _COUNTED short texts are counted, spread over all.
    """
    short = np.flatnonzero(are_short(shingles))
    short = short[:: -(-len(short) // _COUNTED) or 1]
    values = words[short].view(np.uint8) + np.arange(_BYTES) * 256
    counts = np.bincount(values.ravel(), minlength=_BYTES * 256).reshape(_BYTES, 256)
    mean = len(short) / 256
    common: NDArray[np.bool_] = counts > mean + COMMON_BY_CHANCE * mean**0.5 + COMMON_COPIES
    return common


def _likeness(
    equal: Counts, shingles: NDArray[np.uint32], other_shingles: NDArray[np.uint32], rule: NearRule
) -> tuple[NDArray[np.bool_], Floats, NDArray[np.float32]]:
    """Return for each pair whether it is a repeat, its Jaccard index, and its score.

    The score is the containment if only that reaches the rule, else the Jaccard index.
    """
    similarity = _JACCARD[equal]
    contained = containment(similarity, shingles, other_shingles)
    by_containment = (contained >= rule.containment) & (similarity < rule.jaccard)
    score = np.where(by_containment, contained, similarity).astype(np.float32)
    return by_containment | (similarity >= rule.jaccard), similarity, score


# Compare with the lake.


_KNOWN = {"equal": "<i2", "id_hi": "<u8", "id_lo": "<u8", "day_from": "<i4", "day_until": "<i4", "score": "<f4"}


@dataclass(slots=True)
class _Known:
    """``best`` is the lake's most alike article for each row (_KNOWN).

    A row without such an article has -1 in ``equal``.
    """

    best: dict[str, Any]
    candidates: int = 0
    verified: int = 0
    dropped: int = 0


def _search_lake(run: _Articles, asking: Integers, files: Sequence[NearFile], rule: NearRule) -> _Known:
    known = _Known({name: np.zeros(len(run.shingles), dtype) for name, dtype in _KNOWN.items()})
    known.best["equal"][:] = -1
    for file in files:
        first, last = file.first_day - rule.window_days, file.last_day + rule.window_days
        near = asking[(run.day_from[asking] <= last) & (run.day_until[asking] >= first)]
        if not len(near):
            continue
        stored = file.rows
        names = ("shingles", "day_from", "day_until", "outlet", "headline", "figures")
        words = band_words(stored["signature"])
        common = _common_bytes(words, stored["shingles"])  # type: ignore[arg-type]
        lake = _Articles(words, common, *(stored[name] for name in names))  # type: ignore[arg-type]
        for start in range(0, len(near), _ASKED_AT_ONCE):
            asked = near[start : start + _ASKED_AT_ONCE]
            query, row, dropped = file.find_bands(run.words, run.shingles, run.headline, asked, BUCKET_LEADERS)
            known.dropped += dropped
            for compared, place, equal, score in _compare(run, asked[query], lake, row, rule):
                known.candidates += compared
                known.verified += len(place)
                found = {name: stored[name][row[place]] for name in _KNOWN if name in stored}
                _keep_best(known.best, asked[query[place]], {**found, "equal": equal, "score": score})
    return known


def _keep_best(best: dict[str, Any], row: Integers, found: dict[str, Any]) -> None:
    """Update ``best`` for each ``row`` with what was found for it.

    Most equal bytes win. If two are equal, the lowest id wins, then the highest score.
    """
    before = np.unique(row[best["equal"][row] >= 0])
    row = np.concatenate([row, before])
    every = {
        name: np.concatenate([found[name].astype(dtype, copy=False), best[name][before]])
        for name, dtype in _KNOWN.items()
    }
    order = np.lexsort((-every["score"], every["id_lo"], every["id_hi"], -every["equal"], row))
    chosen = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    for name, column in every.items():
        best[name][row[chosen]] = column[chosen]


# Compare within the run.


@dataclass(slots=True)
class _Pairs:
    """The candidates of a run on their way to verified edges.

    Rows go by their rank: those that do not ask come first, and each part is in winner order.
    ``row`` is the row of each rank. ``held`` is how many rows do not ask. A pair is packed as later
    rank << 32 | earlier rank, an edge as later << 36 | earlier << 8 | equal bytes.
    """

    run: _Articles
    row: Integers
    held: int
    rule: NearRule
    hot_bands: Counts
    candidates: int = 0
    dropped: int = 0
    _gathered: list[NDArray[np.uint64]] = field(default_factory=list)
    _count: int = 0
    _edges: list[NDArray[np.uint64]] = field(default_factory=list)

    def gather(self) -> None:
        """Find all candidates and verify them.

        A bucket holds the rows that share band, key and block of days. A block is at least as long
        as the window. Each interval is widened by half a window at both ends, and its row is
        entered in each block that the interval touches. If two rows are within the window, their
        widened intervals share a day, so both rows are in the block of that day. One block of a row
        begins less than a window before the row, so the first members of that bucket are within its
        reach.
        """
        if len(self.row) == self.held:
            return
        entry, tag, rank_bits = self._entries()
        key_of_rank: Words = np.empty(len(self.row), np.uint32)
        chosen = np.empty(len(self.row), np.bool_)
        for ranks, keys in bands(self.run.words, self.run.shingles, self.run.headline, self.row):
            if len(ranks) == len(self.row):
                key_of_rank = keys
            else:
                key_of_rank[ranks] = keys
            chosen.fill(False)
            chosen[ranks[_may_meet(keys, int(np.searchsorted(ranks, self.held)))]] = True
            met = np.flatnonzero(chosen[entry])
            packed = key_of_rank[entry[met]].astype(np.uint64) << np.uint64(32) | tag[met]
            packed.sort()
            self._pair(packed, rank_bits)
        self._verify(sorted_distinct(self._gathered))

    def edges(self) -> NDArray[np.uint64]:
        """Return the distinct pairs that repeat each other, by later rank, then earlier rank."""
        return sorted_distinct(self._edges)

    def _entries(self) -> tuple[Integers, NDArray[np.uint64], int]:
        """Return an entry for each pair of a rank and one of its blocks of days.

        An entry is the rank, and its tag block << rank_bits | rank in 32 bits. The third value is
        rank_bits.
        """
        window = self.rule.window_days
        width, half = max(window, MIN_BLOCK_DAYS), -(-window // 2)
        first = (self.run.day_from[self.row].astype(np.int64) - half) // width
        last = (self.run.day_until[self.row].astype(np.int64) + half) // width
        count = np.minimum(last - first + 1, MAX_BLOCKS)
        entry = np.repeat(np.arange(len(self.row)), count)
        block = ranges(first, count)
        rank_bits = len(self.row).bit_length()
        # Block numbers that need more bits fold onto each other. Such blocks are some hundred
        # years apart, so they only make a bucket larger.
        block &= (1 << (32 - rank_bits)) - 1
        return entry, (block << rank_bits | entry).astype(np.uint64), rank_bits

    def _pair(self, packed: NDArray[np.uint64], rank_bits: int) -> None:
        """Pair the asking members of each bucket with its first members.

        ``packed`` is key << 32 | block << rank_bits | rank, sorted.
        """
        bucket = packed >> np.uint64(rank_bits)
        rank = packed & np.uint64((1 << rank_bits) - 1)
        member = np.flatnonzero(bucket[1:] == bucket[:-1]) + 1  # all but the first of each bucket
        begins = np.flatnonzero(np.diff(member, prepend=-1) > 1)
        first = np.repeat(member[begins] - 1, np.diff(begins, append=len(member)))
        asks = rank[member] >= self.held
        member, first = member[asks], first[asks]
        depth = member - first
        most = np.minimum(depth, BUCKET_LEADERS)
        hot = rank[member[depth > BUCKET_LEADERS]]
        most[(depth > BUCKET_LEADERS) & (self.hot_bands[rank[member]] >= HOT_BANDS)] = 1
        self.hot_bands[hot] += np.uint8(1)  # once for each rank, even if it is hot in several blocks
        self.dropped += int((depth - most).sum())
        for place in range(BUCKET_LEADERS):
            deep = np.flatnonzero(most > place)
            if len(deep) == 0:
                break
            member, first, most = member[deep], first[deep], most[deep]
            self._gathered.append(rank[member] << np.uint64(32) | rank[first + place])
            self._count += len(member)
            if self._count > _PAIRS_AT_ONCE:
                self._condense()

    def _condense(self) -> None:
        """Remove repeated pairs. If that frees too little memory, verify the rest."""
        self._gathered = [sorted_distinct(self._gathered)]
        if len(self._gathered[0]) > _PAIRS_AT_ONCE // 2:
            self._verify(self._gathered.pop())
        self._count = sum(map(len, self._gathered))

    def _verify(self, pairs: NDArray[np.uint64]) -> None:
        for start in range(0, len(pairs), _EDGES_AT_ONCE):
            piece = pairs[start : start + _EDGES_AT_ONCE]
            later, earlier = piece >> np.uint64(32), piece & np.uint64(0xFFFFFFFF)
            edges = later << np.uint64(36) | earlier << np.uint64(8)
            for compared, place, equal, _ in _compare(
                self.run, self.row[later], self.run, self.row[earlier], self.rule
            ):
                self.candidates += compared
                if len(place):
                    self._edges.append(edges[place] | equal)
        # A pair is met again in each band that its texts share.
        if len(self._edges) > 1 and sum(map(len, self._edges[1:])) > _EDGES_AT_ONCE + len(self._edges[0]):
            self._edges = [sorted_distinct(self._edges)]


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


def _lead(
    edges: NDArray[np.uint64], pairs: _Pairs, in_lake: NDArray[np.bool_]
) -> tuple[Integers, Integers, Counts, int]:
    """Return the leader of each row that repeats a kept one: rows, leaders, equal bytes.

    The fourth value is how many rows found their leader by the detour below. ``in_lake`` tells
    which rows repeat an article of the lake.

    If a text recurs for years, the first members of its bucket may all be dropped for an article
    outside the window of a later row. So a row that repeats only dropped rows is also compared with
    the last row that was kept beside the same dropped rows. No bucket has shown it that row.
    """
    row, held, run = pairs.row, pairs.held, pairs.run
    kept = bytearray(b"\1") * len(row)
    is_kept = np.frombuffer(kept, np.bool_)
    is_kept[held:] = ~in_lake[row[held:]]
    best = np.full(len(row), -1)
    beside: dict[int, int] = {}
    met = 0

    def settle(one: int, others: list[int]) -> bool:
        """Tell whether ``one`` repeats a row that was kept beside ``others``."""
        known = sorted({beside[other] for other in others if other in beside})
        repeated = False
        if known:
            left, right = np.full(len(known), row[one]), row[known]
            for _, place, equal, _ in _compare(run, left, run, right, pairs.rule):
                banded = share_band(run.words, run.shingles, run.headline, left[place], right[place])
                place, equal = place[banded], equal[banded]
                if len(place):
                    best[one] = (equal.astype(np.int64) << 32 | 0xFFFFFFFF - right[place]).max()
                    repeated = True
        if not repeated:
            beside.update(dict.fromkeys(others, one))
        return repeated

    current, others = -1, []  # type: tuple[int, list[int]]
    for start in range(0, len(edges), _EDGES_AT_ONCE):
        piece = edges[start : start + _EDGES_AT_ONCE].view(np.int64)
        later, earlier, equal = piece >> 36, (piece >> 8) & 0xFFFFFFF, piece & 0xFF
        # Edges are sorted by later rank. So an earlier row is settled before a later row asks
        # whether the earlier row is kept.
        for one, other in zip(later.tolist(), earlier.tolist(), strict=True):
            if one != current:
                if others and kept[current] and settle(current, others):
                    kept[current], met = 0, met + 1
                current, others = one, []
            if kept[other]:
                kept[one] = 0
            else:
                others.append(other)
        lead = np.flatnonzero(is_kept[earlier])
        np.maximum.at(best, later[lead], equal[lead] << 32 | 0xFFFFFFFF - row[earlier[lead]])
    if others and kept[current] and settle(current, others):
        kept[current], met = 0, met + 1
    led = np.flatnonzero(best >= 0)
    return row[led], 0xFFFFFFFF - (best[led] & 0xFFFFFFFF), (best[led] >> 32).astype(np.uint8), met
