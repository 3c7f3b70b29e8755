"""Which article each row is: rows that share a key are one, under the oldest id that the lake knows by any of their keys.

Keys are the canonical URL, and source and source_id. A teaser has neither in common with its text where the one comes by feed and the other
as a file: those are joined by headline, outlet and day, where the teaser's words stand in the text's lead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import BODY_RANK, Columns
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.fingerprint import share_in_lead
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile
from newslake.transforms.deduplicate.index.near import NearFile

MIN_SHARE_IN_LEAD = 0.85
"""So much of a teaser must stand in a text's lead. Hourly bulletins under one headline share less: their greeting and their last
sentence."""

_TEASER, _TEXT = BODY_RANK["feed_summary"], BODY_RANK["file"]
MAX_LEADS = 32
"""A headline that more texts of one day and outlet carry is the name of a column: it tells nothing, and comparing all would cost."""

_NEVER = np.iinfo(np.int64).max
_MAX_BRIDGES = 10_000
"""So many times an id can have turned out to be another one: nothing but a bound, since each leads to an older one."""

ReadWide = Callable[[str, Integers], NDArray[np.generic]]
"""Reads one of WIDE_COLUMNS for some rows: ``(name, rows)``."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the lake remembers, as far as a run needs it: the files of both indexes, the oldest first."""

    keys: Sequence[IndexFile]
    near: Sequence[NearFile]


@dataclass(frozen=True, slots=True)
class Named:
    """``ids``: the final id of each row. ``aliases``: rows of the index table of that name, to be learnt. ``former``: rows, and other ids
    of the lake that turned out to be theirs."""

    ids: Hashes
    aliases: Columns
    former: tuple[Integers, Hashes]


@dataclass(frozen=True, slots=True)
class _Met:
    """What the lake remembers of a key of each row.

    ``known`` says whether the lake met it, ``ids`` to which id it leads (to itself where it is not known), and ``is_id`` whether an
    article stands under it.
    """

    key: Hashes
    known: Flags
    ids: Hashes
    is_id: Flags


def name_articles(rows: Columns, lake: Known, read_wide: ReadWide) -> Named:
    """Give each row of ARTICLE_COLUMNS its final id. The outcome hangs on the set of rows only, never on their order."""
    count = len(rows["id_hi"])
    everything = np.arange(count)
    own, source = hashes.pair(rows, "id"), hashes.pair(rows, "source")
    has_source = np.flatnonzero(hashes.are_set(source))
    own_groups, source_groups = hashes.groups(own), hashes.groups(hashes.take(source, has_source))
    own_known = _met(own, own_groups, lake.keys)
    teasers, texts, lead_rows, lead_ids = _find_leads(rows, own_known.ids, lake, read_wide)
    kinds = [
        (everything, own_known),
        (has_source, _met(hashes.take(source, has_source), source_groups, lake.keys)),
        (lead_rows, _met(lead_ids, hashes.groups(lead_ids), lake.keys)),
    ]
    label = hashes.connected(
        count,
        (everything, own_groups),
        (has_source, source_groups),
        (np.concatenate([teasers, texts]), np.tile(np.arange(len(teasers)), 2)),
    )
    moved = ~hashes.same(own, hashes.take(own, label))
    for which, known in kinds:
        moved[which] |= known.known & ~hashes.same(known.ids, hashes.take(own, which))
    final = hashes.copied(own)
    mixed = np.flatnonzero(np.isin(label, label[moved]))
    if len(mixed):
        hashes.put(final, mixed, _oldest(rows, mixed, label, kinds, lake.keys))

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
    return Named(final, aliases, (np.concatenate(former_rows), hashes.joined(former_ids)))


def merit(rows: Columns, which: Integers) -> tuple[NDArray[np.generic], ...]:
    """The winner order as keys for lexsort (last first): date without doubt and fine, early, long body, id."""
    return (
        rows["id_lo"][which],
        rows["id_hi"][which],
        -rows["body_length"][which].astype(np.int64),
        rows["published_from"][which],
        rows["doubt"][which],
    )


def _met(keys: Hashes, grouped: Integers, files: Sequence[IndexFile]) -> _Met:
    """``grouped`` are the groups of ``keys``: each is looked up once, since an id may have thousands of versions, here and in the lake."""
    ids = hashes.take(keys, hashes.firsts(grouped))
    is_id = np.zeros(len(ids[0]), np.bool_)
    is_id[index.find(files, "versions", ids)[0]] = True
    known = is_id.copy()
    asked = np.arange(len(known))
    for _ in range(_MAX_BRIDGES):  # an id that was bridged to an older one is an alias of it
        query, alias = index.find(files, "aliases", hashes.take(ids, asked))
        if not len(query):
            break
        asked = asked[query]
        known[asked] = True
        hashes.put(ids, asked, hashes.pair(alias, "id"))
    return _Met(keys, known[grouped], hashes.take(ids, grouped), is_id[grouped])


def _oldest(
    rows: Columns, mixed: Integers, label: Integers, kinds: Sequence[tuple[Integers, _Met]], files: Sequence[IndexFile]
) -> Hashes:
    """For each row of ``mixed`` the id of its component: the one that the lake has had longest; by URL before others where it is as old;
    that of the best row where it knows none."""
    places, ids, ages, ranks = (
        [mixed],
        [hashes.take(hashes.pair(rows, "id"), mixed)],
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
    """Teasers and the texts whose lead holds their words: pairs of rows of this run; and rows with the id of their other half in the lake.

    A teaser that stands in the lead of two articles is the teaser of neither: there is no telling which.
    """
    key = hashes.pair(rows, "lead")
    rank = rows["body_rank"]
    asks = np.flatnonzero(hashes.are_set(key) & ((rank == _TEASER) | (rank == _TEXT)))
    # Only what shares its key with a row of the other kind is looked at any closer.
    grouped = hashes.groups(hashes.take(key, asks))
    is_text = rank[asks] == _TEXT
    texts_in, all_in = np.bincount(grouped, is_text), np.bincount(grouped)
    can_join = ((texts_in > 0) & (texts_in < all_in) & (texts_in <= MAX_LEADS))[grouped]
    teaser, text = _pairs(asks[can_join], grouped[can_join], is_text[can_join])
    verified = share_in_lead(_sketches(read_wide, teaser), _sketches(read_wide, text)) >= MIN_SHARE_IN_LEAD
    teaser, text = teaser[verified], text[verified]

    known_rows, known_ids = [np.empty(0, np.int64)], []
    for file in lake.near:
        query, place = file.find_leads(*hashes.take(key, asks), MAX_LEADS)
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
    """Every teaser with every text of its group, as rows."""
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
    """The pairs of this run and those with the lake, without those of a teaser that has several texts; ``ids`` are what the lake calls the
    rows, so that a text which it knows counts once."""
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
