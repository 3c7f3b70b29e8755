"""Decide: one verdict for each staged article, from its columns and the indexes.

There are four acts, and each is a module:

- ids.py: rows that share a key are one article;
- versions.py: its contents, those that the lake knows and those that are new;
- contents.py: equal texts under different ids are one article;
- near.py: an article that repeats most of a kept article is a near-duplicate.

The text of a row is read only to break a tie. The verdicts depend only on the set of rows. Their
order and their bundles do not matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    BODY_RANK,
    UNBELIEVED,
    UNKNOWN_INSTANT,
    VERDICT_COLUMNS,
    WIDE_COLUMNS,
    Columns,
    Rule,
    Verdict,
)
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.contents import find_same_text
from newslake.transforms.deduplicate.hashes import Flags, Integers, ReadWide
from newslake.transforms.deduplicate.ids import Known, Named, merit, name_articles
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, ranges
from newslake.transforms.deduplicate.index.near import band_words
from newslake.transforms.deduplicate.near import OFF, NearCounters, NearPolicy, judge_near
from newslake.transforms.deduplicate.near_rule import Articles, Likeness
from newslake.transforms.deduplicate.standing import Standing
from newslake.transforms.deduplicate.versions import Versions, find_versions


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


def resolve_articles(staged: Staged, lake: Known, policy: NearPolicy, entry: int) -> Resolved:
    """Give each staged article its verdict, against the other articles and the lake.

    ``entry`` is the number that the run's own entry in the log will have. The index uses it to tell
    which of two ids is older.
    """
    rows = {name: staged.columns[name] for name in ARTICLE_COLUMNS if name not in WIDE_COLUMNS}
    named = name_articles(rows, lake, staged.read_wide)
    versions = find_versions(rows, named.ids, named.former, lake.keys, staged.tie_break)
    standing = Standing(rows["body"], rows["headline"], named.ids, lake.near)  # type: ignore[arg-type]
    count = len(rows["id_hi"])
    verdicts: Columns = {name: np.zeros(count, dtype) for name, dtype in VERDICT_COLUMNS.items()}
    verdicts |= hashes.named("id", named.ids)
    verdicts["standing"] = standing.has(rows["body"]).astype(np.uint8)  # type: ignore[arg-type]
    verdicts["verdict"][versions.unchanged] = Verdict.UNCHANGED
    judgement = _Judgement(
        rows, staged.read_wide, standing, policy, lake.keys, verdicts, np.zeros(count, np.bool_), NearCounters()
    )
    _judge_versions(judgement, versions)
    _set_repeats(judgement, versions)
    return Resolved(verdicts, _index_rows(judgement, named, entry), *_near_rows(judgement), near=judgement.counters)


@dataclass(slots=True)
class _Judgement:
    """The verdicts of a run as they grow, and what they are made from.

    ``is_kept`` are the rows that are in the lake for certain, as articles or as revisions.
    """

    rows: Columns
    read_wide: ReadWide
    standing: Standing
    policy: NearPolicy
    files: Sequence[index.IndexFile]
    verdicts: Columns
    is_kept: Flags
    counters: NearCounters

    def ids(self, rows: Integers) -> Hashes:
        return hashes.take(hashes.pair(self.verdicts, "id"), rows)

    def keep(self, rows: Integers, verdict: Verdict, revision: Integers | int) -> None:
        self.verdicts["verdict"][rows], self.verdicts["revision"][rows] = verdict, revision
        self.is_kept[rows] = True

    def repeat(self, rows: Integers, target: Hashes, rule: Rule, score: Any = 1) -> None:
        """Make rows duplicates of the articles ``target``."""
        self.verdicts["verdict"][rows], self.verdicts["revision"][rows] = Verdict.DUPLICATE, 1
        self.point(rows, target, rule, score)

    def point(self, rows: Integers, target: Hashes, rule: Rule, score: Any) -> None:
        hashes.put(hashes.pair(self.verdicts, "target"), rows, target)
        self.verdicts["rule"][rows], self.verdicts["score"][rows] = rule, score


def _judge_versions(judgement: _Judgement, versions: Versions) -> None:
    """Judge the new versions of all articles.

    The versions of an article that the lake keeps are revisions. For another article, the first
    version is judged as a head. If it is kept, the others are its revisions. If it repeats another
    article, the next version is a head of the next round. A head without a verdict is judged again.
    """
    new, article = versions.new, versions.article[versions.new]
    place = hashes.starts(article)
    end = np.append(place[1:], len(new))
    is_known = versions.kept[article[place]] > 0
    known, size = place[is_known], (end - place)[is_known]
    judgement.keep(new[ranges(known, size)], Verdict.REVISION, ranges(versions.kept[article[known]] + 1, size))
    place, end = place[~is_known], end[~is_known]
    while len(place):
        heads = new[place]
        _judge_heads(judgement, heads)
        is_kept, is_dropped = judgement.is_kept[heads], judgement.verdicts["verdict"][heads] == Verdict.DUPLICATE
        later, size = place[is_kept] + 1, (end - place)[is_kept] - 1
        judgement.keep(new[ranges(later, size)], Verdict.REVISION, ranges(np.full(len(size), 2), size))
        place = place + is_dropped
        waits = ~is_kept & (place < end)
        place, end = place[waits], end[waits]


def _judge_heads(judgement: _Judgement, heads: Integers) -> None:
    """Judge articles by their text, and then by their likeness to kept articles.

    A head that repeats the text of a dropped head is compared by itself: it may be of another
    outlet or day. If it is not dropped then, it stays without a verdict.
    """
    winner = _judge_contents(judgement, heads)
    winners, followers, led = heads[winner == heads], heads[winner != heads], winner[winner != heads]
    del winner  # large
    _judge_near(judgement, winners, are_kept=True)
    judgement.keep(winners[judgement.verdicts["verdict"][winners] != Verdict.DUPLICATE], Verdict.NEW, 1)
    is_led = (led >= 0) & judgement.is_kept[led]
    judgement.repeat(followers[is_led], judgement.ids(led[is_led]), Rule.CONTENT)
    _judge_near(judgement, followers[~is_led & (led >= 0)], are_kept=False)


def _judge_contents(judgement: _Judgement, heads: Integers) -> Integers:
    """Make heads with the text of a kept article duplicates of it.

    Return for each other head the best head with its text, which may be the head itself; -1 for a
    head that is a duplicate now.
    """
    kept = np.flatnonzero(judgement.is_kept)
    ids = hashes.pair(judgement.verdicts, "id")
    same = find_same_text(judgement.rows, ids, heads, kept, judgement.files)
    repeats = hashes.are_set(same.target) & ~hashes.same(same.target, judgement.ids(heads))
    judgement.repeat(heads[repeats], hashes.take(same.target, repeats), Rule.CONTENT)
    return np.where(repeats, -1, same.winner)


def _judge_near(judgement: _Judgement, heads: Integers, are_kept: bool) -> None:
    """Drop the near-duplicates among ``heads``.

    With ``are_kept``, heads that are not dropped will be kept: they may be marked, and other heads
    may be dropped for them.
    """
    rows, verdicts = judgement.rows, judgement.verdicts
    comparable = np.greater(rows["shingles"], 0) & np.equal(verdicts["standing"], 0)
    asking = heads[comparable[heads]]
    if judgement.policy.mode == OFF or not len(asking):
        return
    # Teasers come after all texts: a text is never dropped for them.
    is_teaser = rows["body_rank"][asking] == BODY_RANK["feed_summary"]
    asking = asking[np.lexsort((*merit(rows, asking), is_teaser))]
    leaders = np.flatnonzero(comparable & judgement.is_kept)
    leaders = leaders[np.lexsort(merit(rows, leaders))]
    every = np.concatenate([leaders, asking])
    articles = articles_of_rows(rows, judgement.read_wide, every)
    found = judge_near(articles, len(leaders), judgement.standing, judgement.policy)
    judgement.counters += found.counters
    target = hashes.copied(found.known)
    in_run = np.flatnonzero(found.leader >= 0)
    hashes.put(target, in_run, judgement.ids(every[found.leader[in_run]]))
    counts = (found.leader < len(leaders)) | are_kept
    for likeness, set_verdict in ((Likeness.MARK, judgement.point), (Likeness.DROP, judgement.repeat)):
        which = np.flatnonzero((found.likeness == likeness) & counts & (are_kept | (likeness == Likeness.DROP)))
        set_verdict(every[which], hashes.take(target, which), Rule.NEAR, found.score[which])


def articles_of_rows(columns: Columns, read_wide: ReadWide, rows: Integers) -> Articles:
    """Return some rows of ARTICLE_COLUMNS as a comparison reads them."""

    def numbers(name: str) -> Callable[[Integers], NDArray[np.uint8]]:
        return lambda places: band_words(read_wide(name, rows[places])).view(np.uint8)

    return Articles(
        band_words(read_wide("signature", rows)),
        **{name: columns[name][rows] for name in ("shingles", "day_from", "day_until", "outlet", "headline")},  # type: ignore[arg-type]
        numbers=numbers("numbers"),
        headline_numbers=numbers("headline_numbers"),
    )


def _set_repeats(judgement: _Judgement, versions: Versions) -> None:
    """Make the rows that repeat a version of their own article duplicates.

    They repeat their article if it is kept. Otherwise they repeat what it repeats.
    """
    verdicts = judgement.verdicts
    dropped = versions.new[verdicts["verdict"][versions.new] == Verdict.DUPLICATE]
    hashes.put(versions.target, versions.article[dropped], hashes.take(hashes.pair(verdicts, "target"), dropped))
    is_kept = versions.kept > 0
    is_kept[versions.article[judgement.is_kept]] = True
    rows = np.flatnonzero(versions.repeats)
    article = versions.article[rows]
    target = hashes.take(versions.target, article)
    itself = is_kept[article] | ~hashes.are_set(target)
    judgement.repeat(rows, hashes.where(itself, judgement.ids(rows), target), Rule.IDENTITY)


def _index_rows(judgement: _Judgement, named: Named, entry: int) -> dict[str, index.Rows]:
    """Return the new rows of the keys index, by table."""
    rows, verdicts, kept = judgement.rows, judgement.verdicts, judgement.is_kept
    told = np.flatnonzero(kept | (verdicts["verdict"] == Verdict.DUPLICATE))
    target = hashes.where(kept, hashes.pair(verdicts, "id"), hashes.pair(verdicts, "target"))
    namespace = np.zeros(len(kept), np.uint32)
    namespace[named.has_source] = judgement.read_wide("namespace", named.has_source)
    is_dated = np.less(rows["doubt"][told], UNBELIEVED)
    versions = {
        **hashes.named("key", judgement.ids(told)),
        "content": rows["content"][told],
        "stable": rows["stable"][told],
        **hashes.named("target", hashes.take(target, told)),
        "revision": np.where(kept, verdicts["revision"], 0)[told],
        "met": np.full(len(told), entry, np.uint32),
        "body_rank": rows["body_rank"][told],
        "namespace": namespace[told],
        "headline": rows["headline"][told],
        "published_from": np.where(is_dated, rows["published_from"][told], UNKNOWN_INSTANT),
    }
    match = hashes.pair(rows, "match")
    holders = np.flatnonzero(kept & hashes.are_set(match))
    contents = hashes.named("key", hashes.take(match, holders)) | hashes.named("id", judgement.ids(holders))
    # A kept version sorts before a repeat of it under the same id and content, so that the kept
    # version is the one that stays.
    return {
        "versions": hashes.distinct(versions, ("key_hi", "key_lo", "content", "namespace"), first=~kept[told]),
        "aliases": hashes.distinct(named.aliases, ("key_hi", "key_lo", "id_hi", "id_lo")),
        "voids": named.voids,
        "contents": hashes.distinct(contents, ("key_hi", "key_lo", "id_hi", "id_lo")),
    }


def _near_rows(judgement: _Judgement) -> tuple[Integers, Integers]:
    """Return the rows that the near index learns, and their shingle counts.

    These are the kept rows that later articles may be compared with or whose bodies may become
    standing text, and the rows that a later teaser or text may be joined to. Standing text and rows
    that are not kept have count 0.
    """
    rows, verdicts, kept = judgement.rows, judgement.verdicts, judgement.is_kept
    shingles = np.where(kept & np.equal(verdicts["standing"], 0), rows["shingles"], 0)
    is_copy = (verdicts["verdict"] == Verdict.DUPLICATE) & (verdicts["rule"] != Rule.IDENTITY)
    learns = (shingles > 0) | (kept & (rows["body"] != 0)) | ((kept | is_copy) & (rows["lead"] != 0))
    which = np.flatnonzero(learns)
    return which, shingles[which]


def new_keys(keys: Hashes, lake: Known, table: str) -> Flags:
    """Return True for the first row of each key that ``table`` of the keys index lacks."""
    fresh = np.zeros(len(keys[0]), np.bool_)
    order = np.lexsort((keys[1], keys[0]))
    fresh[order[hashes.starts(*hashes.take(keys, order))]] = True
    query, _ = index.find(lake.keys, table, keys)
    fresh[query] = False
    return fresh
