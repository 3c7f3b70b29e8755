"""The resolver: one verdict for each staged article, from its columns and the indexes.

It decides in three acts:

- Identity: rows that are one article (naming.py) are versions of it.
- Content: equal texts under different ids are one article.
- Near: an article that shares most of its words with a kept article is a near-duplicate.

It reads the text of a row only to break a tie. The verdicts depend only on the set of rows. Their
order and their bundles do not matter.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    BODY_RANK,
    FIGURES,
    UNBELIEVED,
    UNKNOWN_INSTANT,
    VERDICT_COLUMNS,
    WIDE_COLUMNS,
    Columns,
    Rule,
    Verdict,
)
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Flags, Integers, ReadWide
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes
from newslake.transforms.deduplicate.index.near import FIGURED_SHINGLES
from newslake.transforms.deduplicate.naming import Known, merit, name_articles
from newslake.transforms.deduplicate.near import NearCounters, NearRows, NearRule, days_apart, judge_near

DROP, MARK, OFF = "drop", "mark", "off"

Hash = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NearPolicy:
    """What happens to near-duplicates, and the rule that finds them.

    ``mode`` is DROP, MARK or OFF. DROP drops the sure near-duplicates and marks the likely ones.
    MARK keeps and marks all of them. OFF does not look for them.
    """

    mode: str = DROP
    rule: NearRule = field(default_factory=NearRule)


@dataclass(frozen=True, slots=True)
class Staged:
    """Staged articles: their columns, and two functions that read more of some rows.

    ``columns`` are ARTICLE_COLUMNS without WIDE_COLUMNS. ``read_wide`` reads a wide column for some
    rows. ``tie_break(row)`` returns bytes that put equal rows into one fixed order.
    """

    columns: Columns
    read_wide: ReadWide
    tie_break: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The verdicts of a run, and the rows that the indexes learn from it.

    ``verdicts`` are VERDICT_COLUMNS, one row for each article. ``index_rows`` are the new rows of
    the keys index, by table. ``near_rows`` are the rows that the near index learns.
    ``near_shingles`` are their shingle counts, 0 for a row that no later article is compared with.
    """

    verdicts: Columns
    index_rows: dict[str, index.Rows]
    near_rows: Integers
    near_shingles: Integers
    near: NearCounters


@dataclass(slots=True)
class _Version:
    """One content of one article in this run: its best row, and the other rows that repeat it."""

    row: int
    repeats: list[int]


@dataclass(slots=True)
class _Story:
    """All rows of one id in this run, and what the lake knows of that id.

    Ids that the lake does not know get no story if all their rows agree.
    """

    rows: list[int]
    known: dict[Hash, int] = field(default_factory=dict)
    """content -> revision. The revision is 0 for a version that was a duplicate, and for a version
    that stands under a former id."""
    known_stable: set[Hash] = field(default_factory=set)
    known_rank: int = -1
    target: Hash | None = None
    pending: list[_Version] = field(default_factory=list)
    lesser: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Held:
    """The article that a known text stands for, and how much alike the two are.

    ``score`` is 1 if the article has this very text. It is less than 1 if the text was dropped as a
    near-duplicate of the article; only then are the days those of the article.
    """

    target: Hash
    score: float
    day_from: int
    day_until: int


def resolve_articles(staged: Staged, lake: Known, policy: NearPolicy, entry: int) -> Resolved:
    """Give each staged article its verdict, against the other articles and the lake.

    ``entry`` is the number that the run's own entry in the log will have. The index uses it to tell
    which of two ids is older.
    """
    judge = _Judge(staged, lake, policy, entry)
    judge.judge_versions()
    judge.judge_contents()
    near_rows, near_shingles = judge.near_rows()
    return Resolved(judge.verdicts, judge.index_rows(), near_rows, near_shingles, judge.near)


class _Judge:
    def __init__(self, staged: Staged, lake: Known, policy: NearPolicy, entry: int) -> None:
        self.rows = {name: staged.columns[name] for name in ARTICLE_COLUMNS if name not in WIDE_COLUMNS}
        self.read_wide = staged.read_wide
        self.tie_break = staged.tie_break
        self.lake = lake
        self.policy = policy
        self.entry = entry
        self.count = len(self.rows["id_hi"])
        self.verdicts: Columns = {name: np.zeros(self.count, dtype) for name, dtype in VERDICT_COLUMNS.items()}
        self.named = name_articles(self.rows, lake, staged.read_wide)
        self.verdicts["id_hi"], self.verdicts["id_lo"] = self.named.ids
        self.heads: Integers = np.empty(0, np.int64)
        self.stories: list[_Story] = []
        self.is_kept: Flags = np.zeros(self.count, np.bool_)
        self.follows: Integers = np.full(self.count, -1)
        """For each row the row of this run whose text it repeats, or -1."""
        # The days of the article that a near-duplicate repeats.
        self.target_from: Integers = np.zeros(self.count, np.int32)
        self.target_until: Integers = np.zeros(self.count, np.int32)
        self.near = NearCounters()
        self.says: dict[int, tuple[int, int]] = {}
        """For each row of a story a number for its content, and one for its stable content."""
        self.repeats: tuple[Integers, Integers] = (np.empty(0, np.int64), np.empty(0, np.int64))
        """Rows, and for each row the head that it repeats."""

    # Act one: which versions of an article are known.

    def judge_versions(self) -> None:
        """Set the verdicts of known articles, and sort the other ids into heads and stories.

        An id that the lake does not know becomes a head if all its rows agree: its best row. Other
        ids become stories. A row is UNCHANGED if the lake has its content or its stable content.
        """
        ids = hashes.pair(self.verdicts, "id")
        order = np.lexsort((ids[1], ids[0]))
        starts = hashes.starts(*hashes.take(ids, order))
        sizes = np.diff(np.append(starts, self.count))
        single = order[starts[sizes == 1]]
        query, known = index.find(self.lake.keys, "versions", hashes.take(ids, single))
        met = np.isin(single, self.named.former[0])
        met[query] = True
        unchanged = np.zeros(len(single), np.bool_)
        for name in ("content", "stable"):
            mine = hashes.take(hashes.pair(self.rows, name), single[query])
            unchanged[query[hashes.same(hashes.pair(known, name), mine)]] = True
        self.verdicts["verdict"][single[unchanged]] = Verdict.UNCHANGED
        self.heads = single[~met]
        for row in single[met & ~unchanged].tolist():
            self.stories.append(_Story([row]))
        several = sizes > 1
        said_once = self._are_repeats(order, starts[several], sizes[several])
        self._take_repeats(order, starts[several][said_once], sizes[several][said_once])
        for start, size in zip(starts[several][~said_once].tolist(), sizes[several][~said_once].tolist(), strict=True):
            self.stories.append(_Story(order[start : start + size].tolist()))
        self._recall()
        told = np.array([row for story in self.stories for row in story.rows], np.int64)
        content, stable = (
            hashes.groups(hashes.take(hashes.pair(self.rows, name), told)).tolist() for name in ("content", "stable")
        )
        self.says = {row: (one, -1 - other) for row, one, other in zip(told.tolist(), content, stable, strict=True)}
        for story in self.stories:
            self._judge_story(story)
        self.says = {}

    def _are_repeats(self, order: Integers, starts: Integers, sizes: Integers) -> Flags:
        """Tell for each id whether its rows agree and the lake does not know the id.

        The rows of an id begin at ``starts`` in ``order``. Rows agree if their content and body
        rank are equal.
        """
        rows, group = order[index.ranges(starts, sizes)], np.repeat(np.arange(len(starts)), sizes)
        first = order[starts]
        is_other = np.isin(rows, self.named.former[0])
        for name in ("content_hi", "content_lo", "body_rank"):
            is_other |= self.rows[name][rows] != self.rows[name][first[group]]
        agree: Flags = np.bincount(group, is_other, len(starts)) == 0
        query, _ = index.find(self.lake.keys, "versions", hashes.take(hashes.pair(self.verdicts, "id"), first))
        agree[query] = False
        return agree

    def _take_repeats(self, order: Integers, starts: Integers, sizes: Integers) -> None:
        """Make the best row of each id a head, and note that its other rows repeat it.

        ``starts`` and ``sizes`` are those of ids whose rows agree (_are_repeats). Most articles
        that an input holds twice take this way, and need no story.
        """
        rows, group = order[index.ranges(starts, sizes)], np.repeat(np.arange(len(starts)), sizes)
        worth = [
            -self.rows["body_length"][rows].astype(np.int64),
            self.rows["published_from"][rows],
            self.rows["doubt"][rows],
        ]
        ordered = np.lexsort((*worth, group))
        rows, worth = rows[ordered], [column[ordered] for column in worth]
        first = np.cumsum(sizes) - sizes
        is_best = np.ones(len(rows), np.bool_)
        for column in worth:
            is_best &= column == np.repeat(column[first], sizes)
        tied = np.bincount(group, is_best, len(starts)).astype(np.int64)
        for number in np.flatnonzero(tied > 1).tolist():
            start = int(first[number])
            equals = rows[start : start + int(tied[number])]
            rows[start : start + len(equals)] = sorted(equals.tolist(), key=self.tie_break)
        self.heads = np.concatenate([self.heads, rows[first]])
        is_head = np.zeros(len(rows), np.bool_)
        is_head[first] = True
        self.repeats = rows[~is_head], np.repeat(rows[first], sizes)[~is_head]

    def _recall(self) -> None:
        """Fill each story with the lake's versions of its id and of its former ids."""
        ids = hashes.pair(self.verdicts, "id")
        first = np.array([story.rows[0] for story in self.stories], np.int64)
        former_rows, former_ids = self.named.former
        story_of_row = (
            {row: number for number, story in enumerate(self.stories) for row in story.rows} if len(former_rows) else {}
        )
        is_judged = np.array([row in story_of_row for row in former_rows.tolist()], np.bool_)
        numbers = np.array([story_of_row[row] for row in former_rows[is_judged].tolist()], np.int64)
        former = hashes.named("id", hashes.take(former_ids, is_judged))
        each = hashes.distinct({"story": numbers, **former}, ("story", "id_hi", "id_lo"))
        asked = np.concatenate([np.arange(len(first)), each["story"]])
        query, known = index.find(
            self.lake.keys, "versions", hashes.joined([hashes.take(ids, first), hashes.pair(each, "id")])
        )
        names = (
            "content_hi",
            "content_lo",
            "stable_hi",
            "stable_lo",
            "target_hi",
            "target_lo",
            "revision",
            "body_rank",
        )
        for place, *values in zip(query.tolist(), *(known[name].tolist() for name in names), strict=True):
            content_hi, content_lo, stable_hi, stable_lo, target_hi, target_lo, revision, rank = values
            story = self.stories[asked[place]]
            is_own = place < len(first)
            content = content_hi, content_lo
            story.known[content] = max(revision if is_own else 0, story.known.get(content, 0))
            story.known_stable.add((stable_hi, stable_lo))
            story.known_rank = max(story.known_rank, rank)
            if story.target is None or (revision and is_own):
                story.target = target_hi, target_lo

    def _judge_story(self, story: _Story) -> None:
        """Give the rows of a story their verdicts, as far as this act can.

        Known versions are UNCHANGED. Versions with less of the text than the best one are lesser
        copies. The rest are revisions if the lake keeps the id; else they wait for judge_contents.
        """
        for rows in self._versions(story.rows):
            if story.known and self._is_known(story, rows):
                self.verdicts["verdict"][rows] = Verdict.UNCHANGED
            else:
                best, *repeats = self._sorted(rows, self._worth)
                story.pending.append(_Version(best, repeats))
        if not story.pending:
            return
        rank = max(story.known_rank, *(int(self.rows["body_rank"][version.row]) for version in story.pending))
        for version in story.pending:
            if self.rows["body_rank"][version.row] < rank:
                story.lesser += [version.row, *version.repeats]
        story.pending = [version for version in story.pending if self.rows["body_rank"][version.row] == rank]
        if len(story.pending) > 1:
            by_row = {version.row: version for version in story.pending}
            story.pending = [by_row[row] for row in self._sorted(list(by_row), self._age)]
        if any(story.known.values()):
            self._revise(story, max(story.known.values()) + 1)

    def _versions(self, rows: list[int]) -> list[list[int]]:
        """Group rows into versions: rows with equal content or equal stable content are one."""
        if len(rows) == 1:
            return [rows]
        version_of: dict[int, list[int]] = {}
        for row in rows:
            alike = {id(version): version for said in self.says[row] if (version := version_of.get(said))}
            version = max(alike.values(), key=len, default=[])
            for other in (*alike.values(), [row]):
                if other is not version:
                    version += other
                    version_of.update((said, version) for each in other for said in self.says[each])
        return list({id(version): version for version in version_of.values()}.values())

    def _is_known(self, story: _Story, rows: list[int]) -> bool:
        return any(
            self._hash("content", row) in story.known or self._hash("stable", row) in story.known_stable for row in rows
        )

    def _revise(self, story: _Story, revision: int) -> None:
        """Make the pending versions revisions of a kept article, numbered from ``revision`` on."""
        for version in story.pending:
            self.verdicts["verdict"][version.row] = Verdict.REVISION
            self.verdicts["revision"][version.row] = revision
            self.is_kept[version.row] = True
            story.lesser += version.repeats
            revision += 1
        story.pending = []

    def _sorted(self, rows: list[int], by: Callable[[int], tuple[int, ...]]) -> list[int]:
        """Return the rows sorted by a key, and rows with equal keys sorted by their text.

        The text is read for rows with equal keys only.
        """
        if len(rows) == 1:
            return rows
        keys = {row: by(row) for row in rows}
        counts = Counter(keys.values())
        return sorted(rows, key=lambda row: (keys[row], self.tie_break(row) if counts[keys[row]] > 1 else b""))

    def _worth(self, row: int) -> tuple[int, ...]:
        rows = self.rows
        return int(rows["doubt"][row]), int(rows["published_from"][row]), -int(rows["body_length"][row])

    def _age(self, row: int) -> tuple[int, ...]:
        """Return the sort key of a version: when it was modified, else published, then its length.

        A version without either instant comes first. A longer text counts as the later one.
        """
        rows = self.rows
        instants = [int(rows[name][row]) for name in ("modified_from", "published_from")]
        known = [instant for instant in instants if instant != UNKNOWN_INSTANT]
        return (known[0] if known else -UNKNOWN_INSTANT), int(rows["body_length"][row])

    # Acts two and three: which articles have the same text, or nearly the same.

    def judge_contents(self) -> None:
        """Judge the heads by content and likeness, round after round, until none waits.

        If a head repeats another article, the next version of its id is a head of the next round. A
        head that _judge_near gives back is judged again too. At the end the repeats and the lesser
        copies become duplicates.
        """
        waiting = [story for story in self.stories if story.pending]
        heads = self.heads
        held = self._held(np.flatnonzero(self.is_kept))
        while True:
            rows = np.concatenate([heads, np.array([story.pending[0].row for story in waiting], np.int64)])
            self._judge_heads(rows, held)
            heads = np.empty(0, np.int64) if self.policy.mode == OFF else self._judge_near(rows)
            is_settled = ~np.isin(rows, heads) if len(heads) else np.ones(len(rows), np.bool_)
            self.is_kept[rows] = is_settled & (self.verdicts["verdict"][rows] == Verdict.NEW)
            put_off, again = set(heads.tolist()), []
            for story in waiting:
                if story.pending[0].row in put_off:
                    again.append(story)
                    continue
                head = story.pending.pop(0)
                story.lesser += head.repeats
                if self.is_kept[head.row]:
                    story.target = self._id(head.row)
                    self._revise(story, 2)
                else:
                    story.target = hashes.hash_at(self.verdicts, "target", head.row)
                    if story.pending:
                        again.append(story)
            if not again and not len(heads):
                break
            coming = np.concatenate(
                [heads, np.array([version.row for story in again for version in story.pending], np.int64)]
            )
            held |= self._held(rows[is_settled & np.isin(self.rows["match_hi"][rows], self.rows["match_hi"][coming])])
            heads = heads[~np.isin(heads, [story.pending[0].row for story in again])]
            waiting = again
        repeats, led = self.repeats
        is_new = self.verdicts["verdict"][led] == Verdict.NEW
        self._set_repeats(
            repeats,
            hashes.where(is_new, *(hashes.take(hashes.pair(self.verdicts, name), led) for name in ("id", "target"))),
        )
        lesser = [(row, story.target or self._id(row)) for story in self.stories for row in story.lesser]
        targets = np.array([target for _, target in lesser], np.uint64).reshape(-1, 2)
        self._set_repeats(np.array([row for row, _ in lesser], np.int64), (targets[:, 0], targets[:, 1]))

    def _held(self, rows: Integers) -> dict[Hash, _Held]:
        """Return the kept article that each text of the ``rows`` stands for, by ``match`` hash.

        A kept row stands for itself. A near-duplicate that was dropped stands for the article that
        it repeats. If a text has both, the kept row counts. Other rows are left out.
        """
        held = {}
        for row in rows[hashes.are_set(hashes.take(hashes.pair(self.rows, "match"), rows))].tolist():
            if self.is_kept[row]:
                held[self._hash("match", row)] = _Held(self._id(row), 1.0, 0, 0)
            elif self.verdicts["rule"][row] == Rule.NEAR:
                days = int(self.target_from[row]), int(self.target_until[row])
                target = hashes.hash_at(self.verdicts, "target", row)
                held.setdefault(self._hash("match", row), _Held(target, float(self.verdicts["score"][row]), *days))
        return held

    def _judge_heads(self, rows: Integers, held: dict[Hash, _Held]) -> None:
        """Make each row NEW, or a duplicate of an article with the same text.

        The text is looked up in the lake, then in ``held``, then among the best of ``rows``. A text
        may be known only because it was dropped as the near-duplicate of an article. Then the row
        becomes a near-duplicate of that article, if it lies within the window around it.
        """
        match = hashes.take(hashes.pair(self.rows, "match"), rows)
        own = hashes.take(hashes.pair(self.verdicts, "id"), rows)
        target = hashes.copied(own)
        score = np.ones(len(rows), np.float32)
        can_match = hashes.are_set(match)
        taken = np.zeros(len(rows), np.bool_)
        for places, found in self._find_contents(rows, match):
            taken[places] = True
            hashes.put(target, places, hashes.pair(found, "id"))
            score[places] = found["score"]
            self.target_from[rows[places]], self.target_until[rows[places]] = found["day_from"], found["day_until"]
        for place in np.flatnonzero(can_match & ~taken).tolist() if held else ():
            holder = held.get((int(match[0][place]), int(match[1][place])))
            if holder is not None and (
                holder.score == 1 or self._is_within(rows[place], holder.day_from, holder.day_until)
            ):
                target[0][place], target[1][place] = holder.target
                score[place] = holder.score
                taken[place] = True
                self.target_from[rows[place]], self.target_until[rows[place]] = holder.day_from, holder.day_until
        free = np.flatnonzero(can_match & ~taken)
        order = np.lexsort((*merit(self.rows, rows[free]), match[1][free], match[0][free]))
        sorted_free = free[order]
        starts = hashes.starts(*hashes.take(match, sorted_free))
        winner = np.repeat(sorted_free[starts], np.diff(np.append(starts, len(sorted_free))))
        hashes.put(target, sorted_free, hashes.take(own, winner))
        self.follows[rows] = -1
        self.follows[rows[sorted_free]] = np.where(winner == sorted_free, -1, rows[winner])
        self.verdicts["verdict"][rows] = Verdict.NEW
        self.verdicts["rule"][rows] = Rule.NONE
        self.verdicts["revision"][rows] = 1
        repeats = can_match & ~hashes.same(target, own)
        rule = np.where(score < 1, Rule.NEAR, Rule.CONTENT)
        self._set_duplicates(rows[repeats], hashes.take(target, repeats), rule[repeats], score[repeats])

    def _find_contents(self, rows: Integers, match: Hashes) -> Iterator[tuple[Integers, Columns]]:
        """Yield what the lake has of the texts of ``rows``: their places, and rows of ``contents``.

        First come the articles that have the text, the oldest one for each text. In mode DROP
        follow the articles whose sure near-duplicate the text was. They must lie within the window.
        The most alike one counts for each row.
        """
        can_match = np.flatnonzero(hashes.are_set(match))
        grouped = hashes.groups(hashes.take(match, can_match))
        query, found = index.find(self.lake.keys, "contents", hashes.take(match, can_match[hashes.firsts(grouped)]))
        is_own = found["score"] == 1
        holder = np.full(int(grouped.max(initial=-1)) + 1, -1)
        holder[query[is_own][::-1]] = np.flatnonzero(is_own)[::-1]
        place = can_match[holder[grouped] >= 0]
        held = holder[grouped][holder[grouped] >= 0]
        yield place, {name: column[held] for name, column in found.items()}
        if self.policy.mode != DROP:
            return
        rule = self.policy.rule
        counts = np.flatnonzero(~is_own & (holder[query] < 0) & np.greater_equal(found["score"], rule.sure))
        dropped = {"query": query[counts], **{name: column[counts] for name, column in found.items()}}
        dropped = hashes.distinct(dropped, ("query", "id_hi", "id_lo"), first=np.negative(dropped["score"]))
        first, last = (np.searchsorted(dropped["query"], np.arange(len(holder)), side) for side in ("left", "right"))
        sizes = (last - first)[grouped]
        place, candidate = np.repeat(can_match, sizes), index.ranges(first[grouped], sizes)
        within = self._is_within(rows[place], dropped["day_from"][candidate], dropped["day_until"][candidate])
        place, candidate = place[within], candidate[within]
        ids = hashes.take(hashes.pair(dropped, "id"), candidate)
        order = np.lexsort((ids[1], ids[0], np.negative(dropped["score"][candidate]), place))
        best = order[hashes.starts(place[order])]
        yield place[best], {name: column[candidate[best]] for name, column in dropped.items()}

    def _is_within(self, rows: Any, day_from: Any, day_until: Any) -> Any:
        """Tell whether rows were published within the window around the given days."""
        return (
            days_apart(self.rows["day_from"][rows], self.rows["day_until"][rows], day_from, day_until)
            <= self.policy.rule.window_days
        )

    def _judge_near(self, rows: Integers) -> Integers:
        """Drop or mark the near-duplicates among ``rows``. Return the rows to judge again.

        A row that repeats the text of a dropped row is dropped too, if it lies within the window
        around the article that the dropped row repeats. Otherwise it is one of the rows to judge
        again.
        """
        comparable = np.greater(self.rows["shingles"], 0)
        asking = rows[comparable[rows] & (self.verdicts["verdict"][rows] == Verdict.NEW)]
        nothing = np.empty(0, np.int64)
        if not len(asking):
            return nothing
        leaders = np.flatnonzero(comparable & self.is_kept & (self.verdicts["rule"] != Rule.NEAR))
        every = np.concatenate([leaders, asking])
        asks = np.arange(len(every)) >= len(leaders)
        # Among the rows that ask, teasers come after all texts: a text is never dropped for them.
        is_teaser = self.rows["body_rank"][every] == BODY_RANK["feed_summary"]
        order = np.lexsort((*merit(self.rows, every), is_teaser, asks))
        every, asks = every[order], asks[order]
        found = judge_near(
            NearRows(
                signature=self.read_wide("signature", every),
                shingles=self.rows["shingles"][every],
                day_from=self.rows["day_from"][every],
                day_until=self.rows["day_until"][every],
                asks=asks,
                outlet=self.rows["outlet"][every],
                headline=self.rows["headline"][every],
                figures=self._figures(every),
            ),
            self.lake.near,
            self.policy.rule,
        )
        self.near = NearCounters(
            *(ours + theirs for ours, theirs in zip(astuple(self.near), astuple(found.counters), strict=True))
        )
        target = found.known_hi, found.known_lo
        in_run = np.flatnonzero(found.leader >= 0)
        hashes.put(target, in_run, hashes.take(hashes.pair(self.verdicts, "id"), every[found.leader[in_run]]))
        repeats = np.flatnonzero(hashes.are_set(target))
        places, score, target = every[repeats], found.score[repeats], hashes.take(target, repeats)
        is_marked = score < self.policy.rule.sure if self.policy.mode == DROP else np.ones(len(places), np.bool_)
        self._set_targets(
            places[is_marked],
            hashes.take(target, is_marked),
            np.full(int(is_marked.sum()), Rule.NEAR),
            score[is_marked],
        )
        if self.policy.mode == MARK:
            return nothing
        places, score, target = places[~is_marked], score[~is_marked], hashes.take(target, ~is_marked)
        for name, days, known in (
            ("day_from", self.target_from, found.known_from),
            ("day_until", self.target_until, found.known_until),
        ):
            days[every] = known
            days[every[in_run]] = self.rows[name][every[found.leader[in_run]]]
        self._set_duplicates(places, target, np.full(len(places), Rule.NEAR), score)
        followers = rows[self.follows[rows] >= 0]
        followers = followers[self.verdicts["verdict"][self.follows[followers]] == Verdict.DUPLICATE]
        within = self._is_within(
            followers, self.target_from[self.follows[followers]], self.target_until[self.follows[followers]]
        )
        followers, put_off = followers[within], followers[~within]
        led = self.follows[followers]
        self.target_from[followers], self.target_until[followers] = self.target_from[led], self.target_until[led]
        self._set_duplicates(
            followers,
            hashes.take(hashes.pair(self.verdicts, "target"), led),
            np.full(len(followers), Rule.NEAR),
            self.verdicts["score"][led],
        )
        return np.asarray(put_off, np.int64)

    def _figures(self, rows: Integers) -> NDArray[np.generic]:
        """Return the sketches of the figures of ``rows``, and zeros for long texts."""
        figures = np.zeros(len(rows), FIGURES)
        figured = np.flatnonzero(np.less(self.rows["shingles"][rows], FIGURED_SHINGLES))
        figures[figured] = self.read_wide("figures", rows[figured])
        return figures

    def _set_repeats(self, rows: Integers, target: Hashes) -> None:
        self._set_duplicates(rows, target, np.full(len(rows), Rule.IDENTITY), np.ones(len(rows)))

    def _set_duplicates(
        self, rows: Integers, target: Hashes, rule: Integers, score: np.ndarray[tuple[int], np.dtype[np.generic]]
    ) -> None:
        self.verdicts["verdict"][rows] = Verdict.DUPLICATE
        self.verdicts["revision"][rows] = 1
        self._set_targets(rows, target, rule, score)

    def _set_targets(
        self, rows: Integers, target: Hashes, rule: Integers, score: np.ndarray[tuple[int], np.dtype[np.generic]]
    ) -> None:
        hashes.put(hashes.pair(self.verdicts, "target"), rows, target)
        self.verdicts["rule"][rows] = rule
        self.verdicts["score"][rows] = score

    # What the indexes learn from the run.

    def index_rows(self) -> dict[str, index.Rows]:
        """Return the new rows of the keys index, by table."""
        verdict = self.verdicts["verdict"]
        kept = (verdict == Verdict.NEW) | (verdict == Verdict.REVISION)
        told = np.flatnonzero(kept | (verdict == Verdict.DUPLICATE))
        ids, targets = hashes.pair(self.verdicts, "id"), hashes.pair(self.verdicts, "target")
        target = hashes.where(kept, ids, targets)
        namespace = np.zeros(self.count, np.uint64)
        namespace[self.named.has_source] = self.read_wide("namespace", self.named.has_source)
        is_dated = np.less(self.rows["doubt"][told], UNBELIEVED)
        versions = {
            **hashes.named("key", hashes.take(ids, told)),
            **hashes.named("content", hashes.take(hashes.pair(self.rows, "content"), told)),
            **hashes.named("stable", hashes.take(hashes.pair(self.rows, "stable"), told)),
            **hashes.named("target", hashes.take(target, told)),
            "revision": np.where(kept, self.verdicts["revision"], 0)[told],
            "met": np.full(len(told), self.entry, np.uint32),
            "body_rank": self.rows["body_rank"][told],
            "namespace": namespace[told],
            "headline": self.rows["headline"][told],
            "published_from": np.where(is_dated, self.rows["published_from"][told], UNKNOWN_INSTANT),
        }
        match = hashes.pair(self.rows, "match")
        # A text that was dropped as a near-duplicate stands for the article that it repeats. So
        # another copy of the text needs no comparison.
        was_dropped = (verdict == Verdict.DUPLICATE) & (self.verdicts["rule"] == Rule.NEAR)
        holders = np.flatnonzero((kept | was_dropped) & hashes.are_set(match))
        contents = {
            **hashes.named("key", hashes.take(match, holders)),
            **hashes.named("id", hashes.take(target, holders)),
            "score": np.where(kept, np.float32(1), self.verdicts["score"])[holders],
            "day_from": np.where(kept, self.rows["day_from"], self.target_from)[holders],
            "day_until": np.where(kept, self.rows["day_until"], self.target_until)[holders],
        }
        # A kept version sorts before a repeat of it under the same id and content, so that the
        # kept version is the one that stays.
        of_version = ("key_hi", "key_lo", "content_hi", "content_lo", "namespace")
        return {
            "versions": hashes.distinct(versions, of_version, first=~kept[told]),
            "aliases": hashes.distinct(self.named.aliases, ("key_hi", "key_lo", "id_hi", "id_lo")),
            "voids": self.named.voids,
            "contents": hashes.distinct(contents, ("key_hi", "key_lo", "id_hi", "id_lo"), first=-contents["score"]),
        }

    def near_rows(self) -> tuple[Integers, Integers]:
        """Return the rows that the near index learns, and their shingle counts.

        These are the rows that later articles may be near-duplicates of, and the rows that a later
        teaser or text may be joined to. The latter have count 0 unless they are among the former.
        """
        verdict, rule = self.verdicts["verdict"], self.verdicts["rule"]
        leads = self.is_kept & (rule != Rule.NEAR)
        is_joinable = (self.is_kept | ((verdict == Verdict.DUPLICATE) & (rule != Rule.IDENTITY))) & hashes.are_set(
            hashes.pair(self.rows, "lead")
        )
        shingles = np.where(leads, self.rows["shingles"], 0)
        rows = np.flatnonzero(is_joinable | (shingles > 0))
        return rows, shingles[rows]

    def _hash(self, name: str, row: int) -> Hash:
        return hashes.hash_at(self.rows, name, row)

    def _id(self, row: int) -> Hash:
        return hashes.hash_at(self.verdicts, "id", row)


def new_keys(keys: Hashes, lake: Known, table: str) -> Flags:
    """Return True for the first row of each key that ``table`` of the keys index lacks."""
    fresh = np.zeros(len(keys[0]), np.bool_)
    order = np.lexsort((keys[1], keys[0]))
    fresh[order[hashes.starts(*hashes.take(keys, order))]] = True
    query, _ = index.find(lake.keys, table, keys)
    fresh[query] = False
    return fresh
