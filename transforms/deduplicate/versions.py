"""Versions: the contents of each article, those that the lake knows and those that are new.

Rows of one id with equal content or equal stable content are one version. A version that the lake
knows is unchanged. A version with less of the text than the best one of its article, such as a
teaser beside its text, is a lesser copy. The others are new. If the lake keeps the article, they
are its revisions. Otherwise the first one is compared with other articles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import UNKNOWN_INSTANT, Columns
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile


@dataclass(frozen=True, slots=True)
class Versions:
    """What the rows of a run are to their articles.

    - ``article``: the number of each row's article, from 0 on
    - ``unchanged``: the rows whose version the lake knows
    - ``new``: the best row of each new version, sorted by article, then by age
    - ``repeats``: the rows that repeat a new version or a better one
    - ``kept``: for each article its highest revision in the lake; 0 if the lake does not keep it
    - ``target``: for each article what the lake says it repeats, 0 if it says nothing
    """

    article: Integers
    unchanged: Flags
    new: Integers
    repeats: Flags
    kept: Integers
    target: Hashes


def find_versions(
    rows: Columns,
    ids: Hashes,
    former: tuple[Integers, Hashes],
    files: Sequence[IndexFile],
    tie_break: Callable[[int], bytes],
) -> Versions:
    """Sort rows of ARTICLE_COLUMNS with their final ``ids`` into versions.

    ``former`` are rows and, for each, another id of the lake that became its id. ``tie_break(row)``
    returns bytes that put equal rows into one order.
    """
    article = hashes.groups(ids)
    first = hashes.firsts(article)
    known = _known(hashes.take(ids, first), (article[former[0]], former[1]), files)
    count = len(first)
    kept = np.zeros(count, np.int64)
    known_article, rank = (known[name].astype(np.int64) for name in ("article", "body_rank"))
    np.maximum.at(kept, known_article, known["revision"])
    best_rank = np.full(count, -1)
    np.maximum.at(best_rank, known_article, rank)
    target = _targets(known, count)

    is_met = np.bincount(article, minlength=count) > 1
    is_met[known["article"]] = True
    told = np.flatnonzero(is_met[article])
    is_known = np.zeros(len(told), np.bool_)
    said = []
    for name in ("content", "stable"):
        pairs = hashes.numbered(
            np.concatenate([article[told], known["article"]]), np.concatenate([rows[name][told], known[name]])
        )
        said.append((np.arange(len(told)), pairs[: len(told)]))
        is_known |= np.isin(pairs[: len(told)], pairs[len(told) :])
    version = hashes.connected(len(told), *said)
    is_unchanged = (np.bincount(version, is_known, len(told)) > 0)[version]
    unchanged = np.zeros(len(article), np.bool_)
    unchanged[told[is_unchanged]] = True

    told, version = told[~is_unchanged], version[~is_unchanged]
    length = rows["body_length"].astype(np.int64)
    worth = rows["doubt"], rows["published_from"], -length
    order = _in_order(told, version, worth, tie_break)
    best = told[order[hashes.starts(version[order])]]
    np.maximum.at(best_rank, article[best], rows["body_rank"][best])
    best = best[rows["body_rank"][best] == best_rank[article[best]]]
    age = _instant(rows), length
    best = best[_in_order(best, article[best], age, tie_break)]
    repeats = np.zeros(len(article), np.bool_)
    repeats[told] = True
    repeats[best] = False
    alone = np.flatnonzero(~is_met[article])
    new = np.concatenate([alone, best])
    new = new[np.argsort(article[new], kind="stable")]
    return Versions(article, unchanged, new, repeats, kept, target)


def _known(ids: Hashes, former: tuple[Integers, Hashes], files: Sequence[IndexFile]) -> Columns:
    """Return the versions that the lake has of the articles ``ids``, and of their former ids.

    The column ``article`` is the number of the article. ``revision`` is 0 for a version that was
    not kept, and for a version under a former id.
    """
    others = hashes.distinct({"article": former[0], **hashes.named("id", former[1])}, ("article", "id_hi", "id_lo"))
    asked = np.concatenate([np.arange(len(ids[0])), others["article"]])
    query, known = index.find(files, "versions", hashes.joined([ids, hashes.pair(others, "id")]))
    is_own = query < len(ids[0])
    revision = np.where(is_own, known["revision"], 0).astype(np.int64)
    return known | {"article": asked[query], "revision": revision}


def _targets(known: Columns, count: int) -> Hashes:
    """Return what each article stands for: itself if the lake keeps it, else what it repeats."""
    target = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    order = np.argsort(np.equal(known["revision"], 0), kind="stable")[::-1]  # the last one that is put stays
    hashes.put(target, known["article"][order], hashes.take(hashes.pair(known, "target"), order))  # type: ignore[arg-type]
    return target


def _instant(rows: Columns) -> Integers:
    """Return when each row was modified, else published; a row without either comes first."""
    known = np.where(rows["modified_from"] != UNKNOWN_INSTANT, rows["modified_from"], rows["published_from"])
    return np.where(known != UNKNOWN_INSTANT, known, -UNKNOWN_INSTANT)


def _in_order(
    rows: Integers, grouped: Integers, by: Sequence[NDArray[np.generic]], tie_break: Callable[[int], bytes]
) -> Integers:
    """Return the order of ``rows`` by group, then by columns of all rows, then by their text.

    The text is read for rows only that are equal in all else.
    """
    keys = [column[rows] for column in by]
    order = np.lexsort((*reversed(keys), grouped))
    starts = hashes.starts(grouped[order], *(key[order] for key in keys))
    sizes = np.diff(np.append(starts, len(order)))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        tied = order[start : start + size]
        order[start : start + size] = sorted(tied.tolist(), key=lambda place: tie_break(int(rows[place])))
    return order
