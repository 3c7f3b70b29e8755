"""Which keys name an article: a URL or a source_id that several articles share is void.

A status page gives all its incidents one URL. A row number, or a guid that is used again, gives one
``source_id`` to many articles. The decision is made against the index and the rows of the run, and
never by what else a feed holds that day:

- A URL is void if entries of one source, with two values of ``source_id``, are strangers.
- A ``source_id`` is void if entries without a common URL are strangers.

Entries are strangers if they have neither a headline nor a date in common. An entry is compared
with all versions of the article that the lake has under the key. If the lake has none, the entries
of the run are compared with each other. Only an entry with a headline and a believed date counts:
what is not known cannot be another one. Only two entries of one document need no date: neither is
an edit of the other. A void key stays void, for every source.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import HASH, UNBELIEVED, UNKNOWN_INSTANT, Columns, Link
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Flags, Integers, ReadWide
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile

_MAX_BRIDGES = 10_000
"""How often an id may lead to another id. This is only a safety limit, since each one is older."""


@dataclass(frozen=True, slots=True)
class Met:
    """What the lake remembers of one key of each row.

    ``known`` tells whether the lake has met the key. ``ids`` is the id that the key leads to, or
    the key itself if it is not known. ``is_id`` tells whether an article stands under the key.
    """

    key: Hashes
    known: Flags
    ids: Hashes
    is_id: Flags


@dataclass(frozen=True, slots=True)
class Usable:
    """The keys by which rows are named, and what the lake learns about void keys.

    ``own`` is what the lake knows of each row's first key that is not void: its URL, else its
    source_id, else its text. ``source`` is the same for the rows ``has_source``, which have a
    source_id that is not void. ``voids`` are new rows of that table of the index.
    """

    own: Met
    has_source: Integers
    source: Met
    voids: Columns


@dataclass(frozen=True, slots=True)
class _Claims:
    """Rows or versions that claim keys, one item a claim.

    ``key`` is the number of the key. ``headline`` is 0 and ``published`` UNKNOWN_INSTANT if it is
    not known. Only claims of one ``namespace`` can be strangers, and never those of namespace 0.
    """

    key: Integers
    headline: NDArray[np.generic]
    published: NDArray[np.generic]
    namespace: NDArray[np.generic]

    @property
    def is_dated(self) -> Flags:
        """Tell which claims have a headline and a date, and a namespace."""
        return np.asarray((self.headline != 0) & (self.published != UNKNOWN_INSTANT) & (self.namespace != 0))


def usable_keys(rows: Columns, files: Sequence[IndexFile], read_wide: ReadWide) -> Usable:
    """Return the keys by which rows of ARTICLE_COLUMNS are named.

    The result depends only on the set of rows, not on their order.
    """
    source = hashes.copied(hashes.pair(rows, "source"))
    has_url = rows["link"] == Link.URL
    _drop(source, _are_void(source, hashes.are_set(source), files))
    has_url &= ~_are_void(hashes.pair(rows, "id"), has_url, files)
    own_key = _first_keys(rows, has_url, source, read_wide)
    own = meet(own_key, hashes.groups(own_key), files)
    has_source = np.flatnonzero(hashes.are_set(source))
    source_key = hashes.take(source, has_source)
    by_source = meet(source_key, hashes.groups(source_key), files)

    # A source_id that is no key tells no entries apart. So the URLs are judged after the ids.
    node = _nodes_of_sources(rows, has_source, has_url, own, by_source)
    shared = _are_shared(rows, has_source, by_source, node, np.ones(len(has_source), np.bool_), files, None)
    learnt = [_learnt(by_source, shared)]
    _drop(source, has_source[shared])
    has_source, by_source = has_source[~shared], _taken(by_source, ~shared)

    url_rows = np.flatnonzero(has_url)
    by_url = _taken(own, url_rows)
    node = url_rows.astype(np.uint64), np.zeros(len(url_rows), np.uint64)
    asks = hashes.are_set(hashes.take(source, url_rows))
    hashes.put(node, asks, hashes.take(by_source.ids, np.isin(has_source, url_rows)))
    shared = _are_shared(rows, url_rows, by_url, node, asks, files, read_wide)
    learnt.append(_learnt(by_url, shared))
    has_url[url_rows[shared]] = False

    changed_key = _first_keys(rows, has_url, source, read_wide)
    changed = np.flatnonzero(~hashes.same(changed_key, own.key))
    changed_key = hashes.take(changed_key, changed)
    _put(own, changed, meet(changed_key, hashes.groups(changed_key), files))
    voids = {name: np.concatenate([one[name] for one in learnt]) for name in learnt[0]}
    return Usable(own, has_source, by_source, hashes.distinct(voids, ("key_hi", "key_lo")))


def meet(keys: Hashes, grouped: Integers, files: Sequence[IndexFile]) -> Met:
    """Look up ``keys`` in the versions and aliases of the lake. ``grouped`` are their groups.

    Each group is looked up once, because an id may have thousands of versions.
    """
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
    return Met(keys, known[grouped], hashes.take(ids, grouped), is_id[grouped])


def _taken(met: Met, which: Integers | Flags) -> Met:
    return Met(hashes.take(met.key, which), met.known[which], hashes.take(met.ids, which), met.is_id[which])


def _put(met: Met, places: Integers, values: Met) -> None:
    hashes.put(met.key, places, values.key)
    hashes.put(met.ids, places, values.ids)
    met.known[places], met.is_id[places] = values.known, values.is_id


def _drop(source: Hashes, which: Integers | Flags) -> None:
    hashes.put(source, which, (np.uint64(0), np.uint64(0)))  # type: ignore[arg-type]


def _are_void(keys: Hashes, which: Flags, files: Sequence[IndexFile]) -> Flags:
    """Tell for each key whether it is one of ``which`` and the lake knows it as void."""
    asked = np.flatnonzero(which)
    grouped = hashes.groups(hashes.take(keys, asked))
    query, _ = index.find(files, "voids", hashes.take(keys, asked[hashes.firsts(grouped)]))
    void = np.zeros(len(which), np.bool_)
    void[asked[np.isin(grouped, query)]] = True
    return void


def _first_keys(rows: Columns, has_url: Flags, source: Hashes, read_wide: ReadWide) -> Hashes:
    """Return the first key of each row that is not void: its URL, else its source_id, else text."""
    keys = hashes.copied(hashes.pair(rows, "id"))
    without = np.flatnonzero(~has_url & (rows["link"] != Link.GIVEN) & hashes.are_set(hashes.pair(rows, "source")))
    hashes.put(keys, without, hashes.take(source, without))
    nameless = np.flatnonzero(((rows["link"] == Link.URL) & ~has_url & ~hashes.are_set(source)) | ~hashes.are_set(keys))
    text = np.ascontiguousarray(read_wide("text", nameless)).view(HASH).reshape(-1, 2)
    hashes.put(keys, nameless, (text[:, 0], text[:, 1]))
    return keys


def _nodes_of_sources(rows: Columns, has_source: Integers, has_url: Flags, own: Met, by_source: Met) -> Hashes:
    """Return what the rows ``has_source`` are besides their source_id: rows of one node are one.

    A URL, or an id that was given, tells it. A row without a URL is like no other one. Where the
    URL turned out to name a page, the source_id is trusted: a status page edits its incidents.
    """
    link = rows["link"][has_source]
    node = hashes.copied(by_source.ids)
    alone = np.flatnonzero((link == Link.NONE) | (link == Link.PAGE))
    hashes.put(node, alone, (has_source[alone].astype(np.uint64), np.zeros(len(alone), HASH)))
    tells = has_url[has_source] | (link == Link.GIVEN)
    hashes.put(node, tells, hashes.take(own.ids, has_source[tells]))
    return node


def _are_shared(
    rows: Columns,
    which: Integers,
    met: Met,
    node: Hashes,
    asks: Flags,
    files: Sequence[IndexFile],
    read_wide: ReadWide | None,
) -> Flags:
    """Tell for each row of ``which`` whether several articles share its key ``met``.

    Rows of one ``node`` are one article. Only the rows ``asks`` can show that there are several.
    With ``read_wide``, two such rows must have one namespace.
    """
    grouped = hashes.groups(met.key)
    is_mixed = _are_mixed(grouped, met, node, asks)
    chosen = np.flatnonzero(is_mixed[grouped])
    if not len(chosen):
        return np.zeros(len(which), np.bool_)
    first = hashes.firsts(grouped)
    known = np.flatnonzero(is_mixed & met.known[first])
    query, version = index.find(files, "versions", hashes.take(met.ids, first[known]))
    row = which[chosen]
    namespace = read_wide("namespace", row) if read_wide else np.ones(len(row), HASH)
    is_believed = np.less(rows["doubt"][row], UNBELIEVED)
    claims = _Claims(
        grouped[chosen],
        rows["headline"][row],
        np.where(is_believed, rows["published_from"][row], UNKNOWN_INSTANT),
        np.where(asks[chosen], namespace, 0),
    )
    versions = _Claims(
        known[query],
        version["headline"],
        version["published_from"],
        version["namespace"] if read_wide else np.ones(len(query), HASH),
    )
    node = hashes.take(node, chosen)
    is_other = ~(met.known[chosen] & hashes.same(node, hashes.take(met.ids, chosen)))
    return np.isin(grouped, _several(claims, hashes.groups(node), is_other, rows["origin"][row], versions))


def _are_mixed(grouped: Integers, met: Met, node: Hashes, asks: Flags) -> Flags:
    """Tell for each group whether a row that asks is of another node than the lake or a row."""
    count = int(grouped.max(initial=-1)) + 1
    reference = np.zeros(count, HASH), np.zeros(count, HASH)
    asking, known = np.flatnonzero(asks), np.flatnonzero(met.known)
    hashes.put(reference, grouped[asking], hashes.take(node, asking))
    hashes.put(reference, grouped[known], hashes.take(met.ids, known))
    is_other = ~hashes.same(hashes.take(node, asking), hashes.take(reference, grouped[asking]))
    return np.asarray(np.bincount(grouped[asking], is_other, count) > 0)


def _several(
    claims: _Claims, node: Integers, is_other: Flags, document: NDArray[np.generic], versions: _Claims
) -> NDArray[np.int64]:
    """Return the keys that several articles share.

    ``node``, ``is_other`` and ``document`` have one item a claim. Claims of one key and node are
    one article. ``is_other`` tells whether this is not the article that the lake has under the key.
    """
    scope = hashes.numbered(
        np.concatenate([claims.key, versions.key]), np.concatenate([claims.namespace, versions.namespace])
    )
    scope, known = scope[: len(node)], scope[len(node) :][versions.is_dated]
    is_compared = np.bincount(known, minlength=int(scope.max()) + 1)[scope] > 0
    is_alike = _is_in(claims.key, claims.headline, versions.key, versions.headline) & (claims.headline != 0)
    is_alike |= _is_in(claims.key, claims.published, versions.key, versions.published) & (
        claims.published != UNKNOWN_INSTANT
    )
    group = hashes.numbered(claims.key, node)
    is_stranger = claims.is_dated & is_other & is_compared & (np.bincount(group, is_alike) == 0)[group]

    free = np.flatnonzero(is_other & ~is_compared & (claims.namespace != 0))
    values = [(claims.headline[free], 0), (claims.published[free], UNKNOWN_INSTANT)]
    is_stranger[free] |= _have_strangers(scope[free], node[free], claims.is_dated[free], values)

    undated = np.flatnonzero((claims.published == UNKNOWN_INSTANT) & (claims.headline != 0) & (claims.namespace != 0))
    scope = hashes.numbered(claims.key[undated], document[undated])
    values = [(claims.headline[undated], 0)]
    is_stranger[undated] |= _have_strangers(scope, node[undated], np.ones(len(undated), np.bool_), values)
    return np.asarray(claims.key[is_stranger])


def _have_strangers(
    scope: Integers, node: Integers, counts: Flags, values: Sequence[tuple[NDArray[np.generic], int]]
) -> Flags:
    """Tell for each claim whether its node has none of ``values`` in common with another node.

    Each value is an array with one item a claim, and the number that stands for "not known". Nodes
    without a claim that ``counts`` are left out. A node meets at most as many others as share its
    values, counted value by value. So the work is linear, and the smaller of two camps is found.
    """
    if not len(scope):
        return np.zeros(0, np.bool_)
    member = hashes.numbered(scope, node)
    is_member = np.bincount(member, counts) > 0
    scope_of = np.zeros(len(is_member), np.int64)
    scope_of[member] = scope
    size = np.bincount(scope_of[is_member], minlength=int(scope.max()) + 1)
    met = np.zeros(len(is_member))
    for value, unknown in values:
        which = np.flatnonzero((value != unknown) & is_member[member])
        each = hashes.distinct({"member": member[which], "value": value[which]}, ("member", "value"))
        of_value = hashes.numbered(scope_of[each["member"]], each["value"])
        met += np.bincount(each["member"], np.bincount(of_value)[of_value] - 1, len(is_member))
    return np.asarray((is_member & (met < size[scope_of] - 1))[member])


def _is_in(key: Integers, value: NDArray[np.generic], stored_key: Integers, stored: NDArray[np.generic]) -> Flags:
    """Tell for each pair (key, value) whether it is among the stored pairs."""
    pairs = hashes.numbered(np.concatenate([key, stored_key]), np.concatenate([value, stored]))
    return np.isin(pairs[: len(key)], pairs[len(key) :])


def _learnt(met: Met, shared: Flags) -> Columns:
    """Return rows of the table ``voids`` for the keys that are shared."""
    known = met.known[shared]
    ids = hashes.take(met.ids, shared)
    return hashes.named("key", hashes.take(met.key, shared)) | {
        f"id_{half}": np.where(known, column, np.uint64(0)) for half, column in zip(("hi", "lo"), ids, strict=True)
    }
