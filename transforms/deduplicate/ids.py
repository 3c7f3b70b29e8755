"""Final ids: rows that share a key are one article, under the oldest id that the lake knows.

The keys are the canonical URL, and source with source_id, unless several articles share them
(voids.py). A teaser in a feed and its text in a file share neither. Those two are joined if
headline, outlet and day are equal and the teaser's words stand in the lead of the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import BODY_RANK, Columns
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.fingerprint import share_in_lead
from newslake.transforms.deduplicate.hashes import Flags, Integers, ReadWide
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile
from newslake.transforms.deduplicate.index.near import NearFile
from newslake.transforms.deduplicate.voids import Met, meet, usable_keys

MIN_SHARE_IN_LEAD = 0.85
"""This share of a teaser must stand in the lead of a text. Hourly bulletins under one headline
share less: only their greeting and their last sentence."""

_TEASER, _TEXT = BODY_RANK["feed_summary"], BODY_RANK["file"]
MAX_LEADS = 32
"""If more texts of one outlet and day have a headline, it is the name of a column. It then tells
nothing, and comparing all of them would be slow."""

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Known:
    """What the lake remembers, as far as a run needs it: files of both indexes, oldest first."""

    keys: Sequence[IndexFile]
    near: Sequence[NearFile]


@dataclass(frozen=True, slots=True)
class Named:
    """The final ids of the rows, and what the lake learns about ids.

    ``ids`` is the final id of each row. ``aliases`` and ``voids`` are the new rows of these tables
    of the index. ``has_source`` are the rows with a source_id that is a key. ``former`` are rows,
    and for each row another id of the lake that became its id.
    """

    ids: Hashes
    aliases: Columns
    voids: Columns
    has_source: Integers
    former: tuple[Integers, Hashes]


def name_articles(rows: Columns, lake: Known, read_wide: ReadWide) -> Named:
    """Give each row of ARTICLE_COLUMNS its final id.

    The ids depend only on the set of rows, not on their order.
    """
    count = len(rows["id_hi"])
    everything = np.arange(count)
    usable = usable_keys(rows, lake.keys, read_wide)
    own, has_source, source = usable.own.key, usable.has_source, usable.source
    teasers, texts, lead_rows, lead_ids = _find_leads(rows, usable.own.ids, lake, read_wide)
    kinds = [
        (everything, usable.own),
        (has_source, source),
        (lead_rows, meet(lead_ids, hashes.groups(lead_ids), lake.keys)),
    ]
    label = hashes.connected(
        count,
        (everything, hashes.groups(own)),
        (has_source, hashes.groups(source.key)),
        (np.concatenate([teasers, texts]), np.tile(np.arange(len(teasers)), 2)),
    )
    moved = ~hashes.same(own, hashes.take(own, label))
    for which, known in kinds:
        moved[which] |= known.known & ~hashes.same(known.ids, hashes.take(own, which))
    final = hashes.copied(own)
    mixed = np.flatnonzero(np.isin(label, label[moved]))
    if len(mixed):
        hashes.put(final, mixed, _oldest(rows, own, mixed, label, kinds, lake.keys))

    alias_keys, alias_ids, former_rows, former_ids = [], [], [], []
    for which, known in kinds:
        ids = hashes.take(final, which)
        learns = ~hashes.same(known.ids, ids)
        alias_keys.append(hashes.take(known.ids, learns))
        alias_ids.append(hashes.take(ids, learns))
        for is_former, other in (
            (known.known & learns, known.ids),
            (known.is_id & ~hashes.same(known.key, ids), known.key),
        ):
            former_rows.append(which[is_former])
            former_ids.append(hashes.take(other, is_former))
    aliases = hashes.named("key", hashes.joined(alias_keys)) | hashes.named("id", hashes.joined(alias_ids))
    return Named(final, aliases, usable.voids, has_source, (np.concatenate(former_rows), hashes.joined(former_ids)))


def merit(rows: Columns, which: Integers) -> tuple[NDArray[np.generic], ...]:
    """Return the winner order of the rows as keys for lexsort, the last key first.

    A certain and fine date wins, then an early one, then a long body, then the lower id.
    """
    return (
        rows["id_lo"][which],
        rows["id_hi"][which],
        -rows["body_length"][which].astype(np.int64),
        rows["published_from"][which],
        rows["doubt"][which],
    )


def _oldest(
    rows: Columns,
    own: Hashes,
    mixed: Integers,
    label: Integers,
    kinds: Sequence[tuple[Integers, Met]],
    files: Sequence[IndexFile],
) -> Hashes:
    """Return the final id of each row of ``mixed``. Rows with one ``label`` get one id.

    This is the id that the lake has had longest. If two are equally old, an id found by URL comes
    first. If the lake knows none of them, it is the id of the best row.
    """
    places, ids, ages, ranks = (
        [mixed],
        [hashes.take(own, mixed)],
        [np.full(len(mixed), _NEVER)],
        [len(kinds)],
    )
    is_mixed = np.zeros(len(label), np.bool_)
    is_mixed[mixed] = True
    for rank, (which, known) in enumerate(kinds):
        chosen = np.flatnonzero(known.known & is_mixed[which])
        places.append(which[chosen])
        ids.append(hashes.take(known.ids, chosen))
        grouped = hashes.groups(ids[-1])
        query, versions = index.find(files, "versions", hashes.take(ids[-1], hashes.firsts(grouped)))
        met = np.full(int(grouped.max(initial=-1)) + 1, _NEVER - 1)
        np.minimum.at(met, query, versions["met"].astype(np.int64))
        ages.append(met[grouped])
        ranks.append(rank)
    row = np.concatenate(places)
    candidate = hashes.joined(ids)
    kind = np.repeat(ranks, [len(one) for one in places])
    order = np.lexsort((candidate[1], candidate[0], *merit(rows, row), kind, np.concatenate(ages), label[row]))
    first = order[hashes.starts(label[row][order])]
    chosen = np.searchsorted(label[row][first], label[mixed])
    return hashes.take(hashes.take(candidate, first), chosen)


def _find_leads(
    rows: Columns, ids: Hashes, lake: Known, read_wide: ReadWide
) -> tuple[Integers, Integers, Integers, Hashes]:
    """Find teasers and the texts whose leads hold their words.

    Return pairs of this run (teaser rows, text rows), then rows with the id of their counterpart in
    the lake. A teaser that fits two articles is joined to neither.
    """
    key, rank = rows["lead"], rows["body_rank"]
    asks = np.flatnonzero((key != 0) & ((rank == _TEASER) | (rank == _TEXT)))
    # Only rows that share their key with a row of the other kind need a closer look.
    grouped = np.unique(key[asks], return_inverse=True)[1]
    is_text = rank[asks] == _TEXT
    texts_in, all_in = np.bincount(grouped, is_text), np.bincount(grouped)
    can_join = ((texts_in > 0) & (texts_in < all_in) & (texts_in <= MAX_LEADS))[grouped]
    teaser, text = _pairs(asks[can_join], grouped[can_join], is_text[can_join])
    verified = share_in_lead(_sketches(read_wide, teaser), _sketches(read_wide, text)) >= MIN_SHARE_IN_LEAD
    teaser, text = teaser[verified], text[verified]

    known_rows, known_ids = [np.empty(0, np.int64)], []
    for file in lake.near:
        query, place = file.find_all("lead", key[asks], MAX_LEADS)
        row = asks[query]
        known_rank = file.rows["body_rank"][place]
        other_kind = (known_rank != rank[row]) & np.isin(known_rank, (_TEASER, _TEXT))
        row, place = row[other_kind], place[other_kind]
        mine, theirs = _sketches(read_wide, row), _bits(file.rows["lead_words"][place])
        is_teaser = (rank[row] == _TEASER)[:, None]
        stands = (
            share_in_lead(np.where(is_teaser, mine, theirs), np.where(is_teaser, theirs, mine)) >= MIN_SHARE_IN_LEAD
        )
        known_rows.append(row[stands])
        known_ids.append(hashes.take(hashes.pair(file.rows, "id"), place[stands]))
    return _unambiguous(rows, ids, (teaser, text), (np.concatenate(known_rows), hashes.joined(known_ids)))


def _pairs(rows: Integers, grouped: Integers, is_text: Flags) -> tuple[Integers, Integers]:
    """Return every teaser with every text of its group, as two columns of rows."""
    order = np.argsort(grouped, kind="stable")
    rows, grouped, is_text = rows[order], grouped[order], is_text[order]
    texts, text_groups = rows[is_text], grouped[is_text]
    teasers, teaser_groups = rows[~is_text], grouped[~is_text]
    first, last = (
        np.searchsorted(text_groups, teaser_groups, "left"),
        np.searchsorted(text_groups, teaser_groups, "right"),
    )
    counts = last - first
    return np.repeat(teasers, counts), texts[index.ranges(first, counts)]


def _unambiguous(
    rows: Columns, ids: Hashes, pairs: tuple[Integers, Integers], known: tuple[Integers, Hashes]
) -> tuple[Integers, Integers, Integers, Hashes]:
    """Return the pairs of this run and those with the lake, without teasers of several texts.

    ``ids`` are the ids that the lake has for the rows, so that a text that it knows counts once.
    """
    (teaser, text), (row, known_ids) = pairs, known
    is_teaser = rows["body_rank"][row] == _TEASER
    claims = np.concatenate([teaser, row[is_teaser]])
    claimed = hashes.joined([hashes.take(ids, text), hashes.take(known_ids, is_teaser)])
    order = np.lexsort((claimed[1], claimed[0], claims))
    first = order[hashes.starts(claims[order], *hashes.take(claimed, order))]
    is_plain = np.bincount(claims[first], minlength=len(ids[0])) <= 1
    stands = is_plain[row] | ~is_teaser
    return teaser[is_plain[teaser]], text[is_plain[teaser]], row[stands], hashes.take(known_ids, stands)


def _sketches(read_wide: ReadWide, rows: Integers) -> NDArray[np.uint8]:
    return _bits(read_wide("lead_words", rows))


def _bits(column: NDArray[np.generic]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), column.dtype.itemsize)
