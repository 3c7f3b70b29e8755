"""Near-duplicates: which articles repeat a kept one, by the table of near_rule.py.

There are leaders and no chains. In winner order an article is dropped only if it repeats a kept
article, directly and verified. So if A ~ B ~ C, then C is not dropped for being near B, and every
verdict has a true score. A marked article is kept, so others may repeat it. The work is linear in
the number of articles, even if all of them have much in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.candidates import BUCKET_LEADERS, Candidates, Gathered, Lanes
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.deduplicate.index.keys import Hashes
from newslake.transforms.deduplicate.index.near import NearFile, Wanted, band_words
from newslake.transforms.deduplicate.near_rule import Articles, Compared, Likeness, compare
from newslake.transforms.deduplicate.standing import Standing

DROP, MARK, OFF = "drop", "mark", "off"

MAX_ROWS = 1 << 27
"""An edge packs two rows into 64 bits, so it has room for rows of 27 bits."""

_ASKED_AT_ONCE = 1 << 17  # rows that are looked up in a file of the lake at a time
_COMPARED_AT_ONCE = 1 << 14  # pairs whose fingerprints fit the processor's cache
_EDGES_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class NearPolicy:
    """What happens to near-duplicates, and how many days apart they may be published.

    ``mode`` is DROP, MARK or OFF. DROP drops the certain near-duplicates and marks the likely ones.
    MARK keeps and marks all of them. OFF does not look for them.
    """

    mode: str = DROP
    window_days: int = 6


@dataclass(frozen=True, slots=True)
class NearCounters:
    """How much a judgement compared.

    ``candidates`` are pairs that share a key: they were compared, each once or several times.
    ``verified`` are the pairs that are alike. ``dropped`` are comparisons that the limit on buckets
    left out, counted for each key by itself.
    """

    candidates: int = 0
    verified: int = 0
    dropped: int = 0

    def __add__(self, other: "NearCounters") -> "NearCounters":
        return NearCounters(
            self.candidates + other.candidates, self.verified + other.verified, self.dropped + other.dropped
        )


@dataclass(frozen=True, slots=True)
class NearVerdicts:
    """What each row is: its Likeness to its leader, the leader, and the score; one item a row.

    ``leader`` is the row of this run that it repeats, or -1; then ``known`` is the id of the lake's
    article that it repeats, or 0 if it repeats nothing.
    """

    likeness: NDArray[np.uint8]
    leader: Integers
    known: Hashes
    score: NDArray[np.float32]
    counters: NearCounters


def judge_near(articles: Articles, held: int, standing: Standing, policy: NearPolicy) -> NearVerdicts:
    """Judge all rows from ``held`` on, against each other, the rows before them, and the lake.

    The first ``held`` rows are kept, and can only be repeated. The others are in winner order: the
    earlier of two repeating rows is kept. No row is standing text or has fewer than MIN_SHINGLES
    shingles. The files of ``standing`` are those of the lake.

    A row's leader is the kept article to which it has the strongest verdict, then the most equal
    bytes. If two are equal, an article of the lake comes first, by id, then the earliest row. Raise
    ValueError for more than MAX_ROWS rows.
    """
    count = len(articles.shingles)
    if count > MAX_ROWS:
        raise ValueError(f"{count} rows in one run; at most {MAX_ROWS} can be judged")
    best = _Best.of(count)
    counters = _search_lake(articles, np.arange(held, count), standing, policy, best)
    counters += _search_run(articles, held, policy, best)
    return NearVerdicts(best.likeness, best.leader, (best.id_hi, best.id_lo), best.score, counters)


def meet_alike(articles: Articles, files: Sequence[NearFile], policy: NearPolicy) -> bool:
    """Tell whether any article may repeat one of the files, or be repeated by one.

    Return True if ``judge_near`` would find such a pair, and in some other cases.
    """
    for file in files:
        place, row, _ = file.find_alike(_wanted(articles), policy.window_days, BUCKET_LEADERS)
        if len(_compared(articles, place, articles_of(file), row, policy.window_days).place):
            return True
    return False


def compare_with_file(articles: Articles, file: NearFile, window_days: int) -> tuple[Integers, Compared]:
    """Compare articles with the rows of a file that share a key with them.

    Return the rows, and what decides on each pair.
    """
    place, row, _ = file.find_alike(_wanted(articles), window_days, BUCKET_LEADERS)
    return row, compare(articles, place, articles_of(file), row, window_days, only_alike=False)


def articles_of(file: NearFile) -> Articles:
    """Return the rows of a file as a comparison reads them."""
    numbers = band_words(file.rows["numbers"]).view(np.uint8)
    names = ("shingles", "day_from", "day_until", "outlet", "headline")
    columns = {name: file.rows[name] for name in names}
    return Articles(file.words, **columns, numbers=numbers.__getitem__, headline_numbers=numbers.__getitem__)  # type: ignore[arg-type]


def _wanted(articles: Articles, rows: Integers | slice = slice(None)) -> Wanted:
    return Wanted(
        articles.words[rows],
        articles.headline[rows],
        articles.shingles[rows],
        articles.day_from[rows],
        articles.day_until[rows],
    )


def _compared(later: Articles, row: Integers, kept: Articles, kept_row: Integers, window_days: int) -> Compared:
    """Compare pairs piece by piece, and return those that are not APART."""
    parts = []
    for start in range(0, len(row), _COMPARED_AT_ONCE):
        piece = slice(start, start + _COMPARED_AT_ONCE)
        part = compare(later, row[piece], kept, kept_row[piece], window_days)
        parts.append(part.taken(part.likeness > Likeness.APART, start))
    return Compared.joined(parts or [compare(later, row, kept, kept_row, window_days)])


@dataclass(slots=True)
class _Best:
    """The best leader that each row has so far. ``equal`` is -1 for a row without one."""

    likeness: NDArray[np.uint8]
    equal: NDArray[np.int16]
    leader: Integers
    id_hi: NDArray[np.uint64]
    id_lo: NDArray[np.uint64]
    score: NDArray[np.float32]

    @classmethod
    def of(cls, count: int) -> "_Best":
        return cls(
            np.zeros(count, np.uint8),
            np.full(count, -1, np.int16),
            np.full(count, -1),
            np.zeros(count, np.uint64),
            np.zeros(count, np.uint64),
            np.zeros(count, np.float32),
        )

    def improve(self, row: Integers, found: Compared, leader: Integers, known: Hashes) -> None:
        """Note what was found for each ``row``, where it is better than what the row has.

        A stronger verdict is better, then more equal bytes, then the lower id, then the lower row.
        """
        order = np.lexsort((leader, *known[::-1], -found.equal.astype(np.int16), -found.likeness.astype(np.int16), row))
        order = order[hashes.starts(row[order])]
        row, likeness, equal = row[order], found.likeness[order], found.equal[order]
        hi, lo = known[0][order], known[1][order]
        is_lower = (hi < self.id_hi[row]) | ((hi == self.id_hi[row]) & (lo < self.id_lo[row]))
        is_lower &= leader[order] < 0  # a row of the run has no id, and comes after the lake
        better = (equal > self.equal[row]) | ((equal == self.equal[row]) & is_lower)
        better = (likeness > self.likeness[row]) | ((likeness == self.likeness[row]) & better)
        row, order = row[better], order[better]
        self.likeness[row], self.equal[row] = found.likeness[order], found.equal[order]
        self.leader[row], self.score[row] = leader[order], found.score[order]
        self.id_hi[row], self.id_lo[row] = known[0][order], known[1][order]


def _settled(found: Compared, policy: NearPolicy) -> Compared:
    """Return what was found, with a mark for each drop if the policy drops nothing."""
    return found if policy.mode == DROP else replace(found, likeness=np.minimum(found.likeness, Likeness.MARK))


def _search_lake(
    articles: Articles, asking: Integers, standing: Standing, policy: NearPolicy, best: _Best
) -> NearCounters:
    counters = NearCounters()
    for file in standing.files:
        first, last = file.first_day - policy.window_days, file.last_day + policy.window_days
        near = asking[(articles.day_from[asking] <= last) & (articles.day_until[asking] >= first)]
        lake = articles_of(file)
        for start in range(0, len(near), _ASKED_AT_ONCE):
            asked = near[start : start + _ASKED_AT_ONCE]
            place, row, dropped = file.find_alike(_wanted(articles, asked), policy.window_days, BUCKET_LEADERS)
            found = _compared(articles, asked[place], lake, row, policy.window_days)
            found = found.taken(~standing.has(file.rows["body"][row[found.place]]))  # type: ignore[arg-type]
            leads = row[found.place]
            known = file.rows["id_hi"][leads], file.rows["id_lo"][leads]
            best.improve(asked[place[found.place]], _settled(found, policy), np.full(len(leads), -1), known)  # type: ignore[arg-type]
            counters += NearCounters(len(place), len(leads), dropped)
    return counters


def _search_run(articles: Articles, held: int, policy: NearPolicy, best: _Best) -> NearCounters:
    """Find the leaders within the run."""
    candidates, met, edges, compared = Candidates(), Gathered(), Gathered(), 0
    days = articles.day_from, articles.day_until
    for pairs in candidates.pairs(articles.words, articles.headline, *days, policy.window_days, held):
        met.add(pairs)
        if met.is_full:
            compared += _verify(met, articles, policy, edges)
    compared += _verify(met, articles, policy, edges)

    alike = edges.sorted()
    later, leader = _repeats_of_kept(alike, articles, best.likeness == Likeness.DROP, policy)
    found = _compared(articles, later, articles, leader, policy.window_days)
    nothing = np.zeros(len(found.place), np.uint64)
    best.improve(later[found.place], _settled(found, policy), leader[found.place], (nothing, nothing))
    return NearCounters(compared, len(alike), candidates.dropped)


def _verify(met: Gathered, articles: Articles, policy: NearPolicy, edges: Gathered) -> int:
    """Compare the pairs that were met, and add those that are alike to ``edges``.

    An edge is later row << 36 | earlier row << 8 | whether the later one is a DROP.
    """
    pairs = met.take()
    for start in range(0, len(pairs), _EDGES_AT_ONCE):
        piece = pairs[start : start + _EDGES_AT_ONCE]
        later, earlier = (piece >> np.uint64(32)).astype(np.int64), (piece & np.uint64(0xFFFFFFFF)).astype(np.int64)
        found = _settled(_compared(articles, later, articles, earlier, policy.window_days), policy)
        edge = later[found.place] << 36 | earlier[found.place] << 8 | (found.likeness == Likeness.DROP)
        edges.add(edge.astype(np.uint64))
    return len(pairs)


def _repeats_of_kept(
    edges: Lanes, articles: Articles, dropped_by_lake: Flags, policy: NearPolicy
) -> tuple[Integers, Integers]:
    """Return the pairs of rows (later, leader) that count: their leaders are kept.

    ``edges`` are sorted, so an earlier row is settled before a later one asks whether it is kept.

    If a text recurs for years, the first members of its bucket may all be dropped for an article
    outside the window of a later row. So a row that repeats only dropped rows is also compared with
    the last row that was kept beside one of them. No bucket has shown it that row.
    """
    later, earlier = (edges >> np.uint64(36)).astype(np.int64), (edges >> np.uint64(8)).astype(np.int64) & 0xFFFFFFF
    is_drop = (edges & np.uint64(1)).astype(np.bool_)
    is_kept = ~dropped_by_lake
    rows = np.unique(np.concatenate([later[is_drop], earlier[is_drop]]))
    some = articles.taken(rows)
    kept = bytearray(is_kept[rows])
    beside: dict[int, int] = {}
    detours = []
    followers, starts = np.unique(later[is_drop], return_index=True)
    others = np.searchsorted(rows, earlier[is_drop]).tolist()
    bounds = [*starts.tolist(), len(others)]
    for one, start, stop in zip(np.searchsorted(rows, followers).tolist(), bounds, bounds[1:], strict=False):
        if not kept[one]:
            continue
        if any(kept[other] for other in others[start:stop]):
            kept[one] = False
            continue
        leaders = np.array(sorted({beside[other] for other in others[start:stop] if other in beside}), np.int64)
        found = compare(some, np.full(len(leaders), one), some, leaders, policy.window_days) if len(leaders) else None
        if found is not None and (is_repeat := found.likeness == Likeness.DROP).any():
            kept[one] = False
            detours += [(one, leader) for leader in leaders[found.place[is_repeat]].tolist()]
        else:
            beside.update(dict.fromkeys(others[start:stop], one))
    is_kept[rows] = np.frombuffer(kept, np.bool_)
    counts = is_kept[earlier] & (is_drop | is_kept[later])
    found_late = rows[np.array(detours, np.int64).reshape(-1, 2)]
    return np.concatenate([later[counts], found_late[:, 0]]), np.concatenate([earlier[counts], found_late[:, 1]])
