"""The resolver: one verdict for each staged article, from its columns and the index alone; text is read only to break a tie.

Identity first: rows that share a key (canonical URL, or source and source_id) are one article, under the id that the lake knows, else under
the id of its best row. Then content: equal texts of different ids are one article too. The outcome hangs on the set of rows only, never on
their order or bundling.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.staged import ARTICLE_COLUMNS, UNKNOWN_INSTANT, VERDICT_COLUMNS, Columns, Rule, Verdict
from transforms.lake import index
from transforms.lake.index import Hashes, IndexFile

Integers = NDArray[np.int64]
Hash = tuple[int, int]


@dataclass(slots=True)
class Resolved:
    """Verdicts (VERDICT_COLUMNS, a row for each article) and the rows that the index gains."""

    verdicts: Columns
    index_rows: dict[str, index.Rows]


@dataclass(slots=True)
class _Version:
    """One content of one article in this run: its best row, and the others that repeat it."""

    row: int
    repeats: list[int]


@dataclass(slots=True)
class _Story:
    """All that this run and the lake know of one id, where that is more than one row."""

    rows: list[int]
    known: dict[Hash, int] = field(default_factory=dict)
    """content -> revision, 0 where that version was a duplicate."""
    known_rank: int = -1
    target: Hash | None = None
    pending: list[_Version] = field(default_factory=list)
    lesser: list[int] = field(default_factory=list)


def resolve_articles(rows: Columns, files: Sequence[IndexFile], tie_break: Callable[[int], bytes]) -> Resolved:
    """Judge articles (ARTICLE_COLUMNS) against each other and the index. ``tie_break(row)`` gives bytes that order equal rows."""
    judge = _Judge(rows, files, tie_break)
    judge.name_articles()
    judge.judge_versions()
    judge.judge_contents()
    return Resolved(judge.verdicts, judge.index_rows())


class _Judge:
    def __init__(self, rows: Columns, files: Sequence[IndexFile], tie_break: Callable[[int], bytes]) -> None:
        self.rows = {name: rows[name] for name in ARTICLE_COLUMNS}
        self.files = files
        self.tie_break = tie_break
        self.count = len(rows["id_hi"])
        self.verdicts: Columns = {name: np.zeros(self.count, dtype) for name, dtype in VERDICT_COLUMNS.items()}
        self.heads: Integers = np.empty(0, np.int64)
        self.stories: list[_Story] = []
        self.alias_rows: list[tuple[Hashes, Integers]] = []

    # Which article each row is.

    def name_articles(self) -> None:
        """Give each row its final id, and note the keys that the index must learn."""
        own, source = _pair(self.rows, "id"), _pair(self.rows, "source")
        has_source = (source[0] | source[1]) != 0
        own_known, own_id = self._known_ids(own)
        source_known, source_id = self._known_ids(source)
        source_known &= has_source
        label = _connected(_groups(own), np.where(has_source, _groups(source) + self.count, -1))
        final = own[0].copy(), own[1].copy()
        moved = (own_known & ~_same(own_id, own)) | (source_known & ~own_known) | ~_same(own, _take(own, label))
        mixed = np.flatnonzero(np.isin(label, label[moved]))
        if len(mixed):
            # The id that the lake knows by URL, else by source, else that of the best row: one for all rows of the component.
            rank = np.where(own_known, 0, np.where(source_known, 1, 2))[mixed]
            candidate = _where(own_known, own_id, _where(source_known, source_id, own))
            hi, lo = _take(candidate, mixed)
            order = np.lexsort((lo, hi, *self._merit(mixed), rank, label[mixed]))
            first = order[_starts(label[mixed][order])]
            chosen = np.searchsorted(label[mixed][first], label[mixed])
            final[0][mixed], final[1][mixed] = hi[first][chosen], lo[first][chosen]
        self.verdicts["id_hi"], self.verdicts["id_lo"] = final
        self._learn_aliases(own, ~_same(own, final) & ~own_known, final)
        self._learn_aliases(source, has_source & ~_same(source, final) & ~source_known, final)

    def _known_ids(self, keys: Hashes) -> tuple[NDArray[np.bool_], Hashes]:
        """For each key whether the lake knows it, and the id that it leads to (itself where it is not known)."""
        known = np.zeros(self.count, np.bool_)
        ids = keys[0].copy(), keys[1].copy()
        query, alias = index.find(self.files, "aliases", keys)
        known[query] = True
        ids[0][query], ids[1][query] = alias["id_hi"], alias["id_lo"]
        query, _ = index.find(self.files, "versions", keys)
        known[query] = True
        ids[0][query], ids[1][query] = keys[0][query], keys[1][query]
        return known, ids

    def _learn_aliases(self, keys: Hashes, which: NDArray[np.bool_], ids: Hashes) -> None:
        rows = np.flatnonzero(which)
        if len(rows):
            self.alias_rows.append((_take(keys, rows), rows))

    def _merit(self, rows: Integers) -> tuple[NDArray[np.generic], ...]:
        """The winner order as keys for lexsort (last first): date without doubt and fine, early, long body, id."""
        return (
            self.rows["id_lo"][rows],
            self.rows["id_hi"][rows],
            -self.rows["body_length"][rows].astype(np.int64),
            self.rows["published_from"][rows],
            self.rows["doubt"][rows],
        )

    # Which versions of an article are known.

    def judge_versions(self) -> None:
        """Verdicts for what the lake knows; ids of one row that it does not know become heads, the rest stories."""
        ids = _pair(self.verdicts, "id")
        order = np.lexsort((ids[1], ids[0]))
        starts = _starts(*_take(ids, order))
        sizes = np.diff(np.append(starts, self.count))
        single = order[starts[sizes == 1]]
        query, known = index.find(self.files, "versions", _take(ids, single))
        met = np.zeros(len(single), np.bool_)
        met[query] = True
        unchanged = np.zeros(len(single), np.bool_)
        unchanged[query[_same(_pair(known, "content"), _take(_pair(self.rows, "content"), single[query]))]] = True
        self.verdicts["verdict"][single[unchanged]] = Verdict.UNCHANGED
        self.heads = single[~met]
        for row in single[met & ~unchanged].tolist():
            self.stories.append(_Story([row]))
        for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            self.stories.append(_Story(order[start : start + size].tolist()))
        self._recall(self.stories, ids)
        for story in self.stories:
            self._judge_story(story)

    def _recall(self, stories: list[_Story], ids: Hashes) -> None:
        """Read what the lake knows of each story's id."""
        places = np.array([story.rows[0] for story in stories], np.int64)
        query, known = index.find(self.files, "versions", _take(ids, places))
        columns = [known[name].tolist() for name in ("content_hi", "content_lo", "target_hi", "target_lo", "revision", "body_rank")]
        for place, content_hi, content_lo, target_hi, target_lo, revision, rank in zip(query.tolist(), *columns, strict=True):
            story = stories[place]
            story.known[content_hi, content_lo] = max(revision, story.known.get((content_hi, content_lo), 0))
            story.known_rank = max(story.known_rank, rank)
            if story.target is None or revision:
                story.target = target_hi, target_lo

    def _judge_story(self, story: _Story) -> None:
        """Sort a story's rows into unchanged, repeats, lesser copies, revisions, and versions that wait for a judgement by content."""
        by_content: dict[Hash, list[int]] = {}
        for row in story.rows:
            by_content.setdefault(self._hash("content", row), []).append(row)
        for content, rows in by_content.items():
            if content in story.known:
                self.verdicts["verdict"][rows] = Verdict.UNCHANGED
            else:
                rows.sort(key=self._worth)
                story.pending.append(_Version(rows[0], rows[1:]))
        best = max([story.known_rank, *(self.rows["body_rank"][version.row] for version in story.pending)])
        for version in [one for one in story.pending if self.rows["body_rank"][one.row] < best]:
            story.pending.remove(version)
            story.lesser += [version.row, *version.repeats]
        story.pending.sort(key=lambda version: self._age(version.row))
        if any(story.known.values()):
            self._revise(story, max(story.known.values()) + 1)

    def _revise(self, story: _Story, revision: int) -> None:
        """The versions that wait are revisions of an article that is kept."""
        for version in story.pending:
            self.verdicts["verdict"][version.row] = Verdict.REVISION
            self.verdicts["revision"][version.row] = revision
            story.lesser += version.repeats
            revision += 1
        story.pending = []

    def _worth(self, row: int) -> tuple[int, int, int, bytes]:
        rows = self.rows
        return int(rows["doubt"][row]), int(rows["published_from"][row]), -int(rows["body_length"][row]), self.tie_break(row)

    def _age(self, row: int) -> tuple[int, int, bytes]:
        """The order of versions: by when they were changed, as far as they say; a longer one is the later one."""
        rows = self.rows
        instants = [int(rows[name][row]) for name in ("modified_from", "published_from")]
        known = [instant for instant in instants if instant != UNKNOWN_INSTANT]
        return (known[0] if known else -UNKNOWN_INSTANT), int(rows["body_length"][row]), self.tie_break(row)

    # Which articles say the same.

    def judge_contents(self) -> None:
        """Heads are judged by content, round after round: where a head repeats another article, the next version of its id is judged."""
        waiting = [story for story in self.stories if story.pending]
        heads = self.heads
        held: dict[Hash, Hash] = {}
        while True:
            rows = np.concatenate([heads, np.array([story.pending[0].row for story in waiting], np.int64)])
            self._judge_heads(rows, held)
            again = []
            for story in waiting:
                head = story.pending.pop(0)
                story.lesser += head.repeats
                if self.verdicts["verdict"][head.row] == Verdict.NEW:
                    story.target = self._id(head.row)
                    self._revise(story, 2)
                else:
                    story.target = self._hash_of(self.verdicts, "target", head.row)
                    if story.pending:
                        again.append(story)
            if not again:
                break
            for row in rows[self.verdicts["verdict"][rows] == Verdict.NEW].tolist():
                held[self._hash("match", row)] = self._id(row)
            waiting, heads = again, np.empty(0, np.int64)
        for story in self.stories:
            for row in story.lesser:
                self._mark_duplicate(row, story.target or self._id(row), Rule.IDENTITY)

    def _judge_heads(self, rows: Integers, held: dict[Hash, Hash]) -> None:
        """NEW, or a duplicate by content of what the lake holds, of ``held``, or of the best of ``rows`` with that text."""
        self.verdicts["verdict"][rows] = Verdict.NEW
        self.verdicts["revision"][rows] = 1
        match = _take(_pair(self.rows, "match"), rows)
        target = _take(_pair(self.verdicts, "id"), rows)
        own = target[0].copy(), target[1].copy()
        can_match = (match[0] | match[1]) != 0
        query, found = index.find(self.files, "contents", match)
        taken = np.zeros(len(rows), np.bool_)
        taken[query] = True
        taken &= can_match
        # Several rows under one key: the first is the oldest, so it is written last.
        target[0][query[::-1]], target[1][query[::-1]] = found["id_hi"][::-1], found["id_lo"][::-1]
        for place in np.flatnonzero(can_match & ~taken).tolist() if held else ():
            holder = held.get((int(match[0][place]), int(match[1][place])))
            if holder is not None:
                target[0][place], target[1][place] = holder
                taken[place] = True
        free = np.flatnonzero(can_match & ~taken)
        order = np.lexsort((*self._merit(rows[free]), match[1][free], match[0][free]))
        sorted_free = free[order]
        starts = _starts(*_take(match, sorted_free))
        winner = np.repeat(sorted_free[starts], np.diff(np.append(starts, len(sorted_free))))
        target[0][sorted_free], target[1][sorted_free] = own[0][winner], own[1][winner]
        repeats = can_match & ~_same(target, own)
        places = rows[repeats]
        self.verdicts["verdict"][places] = Verdict.DUPLICATE
        self.verdicts["rule"][places] = Rule.CONTENT
        self.verdicts["revision"][places] = 1
        self.verdicts["target_hi"][places], self.verdicts["target_lo"][places] = target[0][repeats], target[1][repeats]

    def _mark_duplicate(self, row: int, target: Hash, rule: Rule) -> None:
        self.verdicts["verdict"][row] = Verdict.DUPLICATE
        self.verdicts["rule"][row] = rule
        self.verdicts["revision"][row] = 1
        self.verdicts["target_hi"][row], self.verdicts["target_lo"][row] = target

    # What the index learns.

    def index_rows(self) -> dict[str, index.Rows]:
        verdict = self.verdicts["verdict"]
        kept = (verdict == Verdict.NEW) | (verdict == Verdict.REVISION)
        told = np.flatnonzero(kept | (verdict == Verdict.DUPLICATE))
        ids = _pair(self.verdicts, "id")
        target = _where(kept, ids, _pair(self.verdicts, "target"))
        versions = {
            **_named("key", _take(ids, told)),
            **_named("content", _take(_pair(self.rows, "content"), told)),
            **_named("target", _take(target, told)),
            "revision": np.where(kept, self.verdicts["revision"], 0)[told],
            "body_rank": self.rows["body_rank"][told],
        }
        match = _pair(self.rows, "match")
        holders = np.flatnonzero(kept & ((match[0] | match[1]) != 0))
        contents = {**_named("key", _take(match, holders)), **_named("id", _take(ids, holders))}
        keys = [np.concatenate([pair[half] for pair, _ in self.alias_rows]) if self.alias_rows else np.empty(0, "<u8") for half in (0, 1)]
        rows = np.concatenate([rows for _, rows in self.alias_rows]) if self.alias_rows else np.empty(0, np.int64)
        aliases = {**_named("key", (keys[0], keys[1])), **_named("id", _take(ids, rows))}
        # A kept version comes before a repeat of it under the same id and content, so that the first of equal rows is the one to keep.
        return {
            "versions": _distinct(versions, ("key_hi", "key_lo", "content_hi", "content_lo"), first=~kept[told]),
            "aliases": _distinct(aliases, ("key_hi", "key_lo", "id_hi", "id_lo")),
            "contents": _distinct(contents, ("key_hi", "key_lo", "id_hi", "id_lo")),
        }

    def _hash(self, name: str, row: int) -> Hash:
        return self._hash_of(self.rows, name, row)

    def _id(self, row: int) -> Hash:
        return self._hash_of(self.verdicts, "id", row)

    @staticmethod
    def _hash_of(columns: Columns, name: str, row: int) -> Hash:
        return int(columns[f"{name}_hi"][row]), int(columns[f"{name}_lo"][row])


def new_keys(keys: Hashes, files: Sequence[IndexFile], table: str) -> NDArray[np.bool_]:
    """True for the first row of each key that ``table`` does not have."""
    fresh = np.zeros(len(keys[0]), np.bool_)
    order = np.lexsort((keys[1], keys[0]))
    fresh[order[_starts(*_take(keys, order))]] = True
    query, _ = index.find(files, table, keys)
    fresh[query] = False
    return fresh


def _pair(columns: Columns, name: str) -> Hashes:
    return columns[f"{name}_hi"], columns[f"{name}_lo"]  # type: ignore[return-value]


def _named(name: str, pair: Hashes) -> Columns:
    return {f"{name}_hi": pair[0], f"{name}_lo": pair[1]}


def _take(pair: Hashes, places: Integers) -> Hashes:
    return pair[0][places], pair[1][places]


def _same(left: Hashes, right: Hashes) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (left[0] == right[0]) & (left[1] == right[1])
    return same


def _where(condition: NDArray[np.bool_], left: Hashes, right: Hashes) -> Hashes:
    return np.where(condition, left[0], right[0]), np.where(condition, left[1], right[1])


def _starts(*columns: NDArray[np.generic]) -> Integers:
    """Where a new value begins in sorted columns."""
    count = len(columns[0])
    if count == 0:
        return np.empty(0, np.int64)
    change = np.zeros(count, np.bool_)
    change[0] = True
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(change)


def _groups(pair: Hashes) -> Integers:
    """A number for each distinct hash, 0 and up."""
    order = np.lexsort((pair[1], pair[0]))
    starts = _starts(*_take(pair, order))
    numbers = np.zeros(len(order), np.int64)
    numbers[starts] = 1
    groups = np.empty(len(order), np.int64)
    groups[order] = np.cumsum(numbers) - 1
    return groups


def _connected(first: Integers, second: Integers) -> Integers:
    """For each row the least row that it is joined to by equal groups; a group below 0 joins nothing."""
    label = np.arange(len(first))
    joins = np.flatnonzero(second >= 0)
    while True:
        before = label
        for groups, rows in ((first, np.arange(len(first))), (second, joins)):
            if len(rows):
                least = np.full(int(groups.max()) + 1, len(first))
                np.minimum.at(least, groups[rows], label[rows])
                label = label.copy()
                label[rows] = np.minimum(label[rows], least[groups[rows]])
        if np.array_equal(label, before):
            return label


def _distinct(rows: index.Rows, by: Iterable[str], first: NDArray[np.bool_] | None = None) -> index.Rows:
    """One row for each distinct value of ``by``: the one where ``first`` is least."""
    keys = [rows[name] for name in by]
    order = np.lexsort((first, *keys)) if first is not None else np.lexsort(tuple(keys))
    kept = order[_starts(*(key[order] for key in keys))]
    return {name: column[kept] for name, column in rows.items()}
