"""Contents: articles of different ids that have the same text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Integers
from newslake.transforms.deduplicate.ids import merit
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile


@dataclass(frozen=True, slots=True)
class SameText:
    """What each head repeats word for word.

    ``target`` is the id of a kept article with its text, of the lake or of this run. It is 0 if no
    kept article has the text. Then ``winner`` is the best head with the text, which may be the head
    itself.
    """

    target: Hashes
    winner: Integers


def find_same_text(rows: Columns, ids: Hashes, heads: Integers, kept: Integers, files: Sequence[IndexFile]) -> SameText:
    """Find for each of ``heads`` a kept article with the same text, else the best head with it.

    ``kept`` are the rows of this run that are kept. The lake's oldest article counts first.
    """
    match = hashes.pair(rows, "match")
    asking = np.flatnonzero(hashes.are_set(hashes.take(match, heads)))
    kept = kept[hashes.are_set(hashes.take(match, kept))]
    every = np.concatenate([heads[asking], kept])
    text = hashes.groups(hashes.take(match, every))
    texts = hashes.firsts(text)
    of_head, of_kept = text[: len(asking)], text[len(asking) :]
    holder = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.uint64)
    first, text_of_first = _best(rows, kept, of_kept)
    hashes.put(holder, text_of_first, hashes.take(ids, first))
    query, found = index.find(files, "contents", hashes.take(match, every[texts]))
    hashes.put(holder, query[::-1], hashes.take(hashes.pair(found, "id"), np.arange(len(query))[::-1]))

    target = np.zeros(len(heads), np.uint64), np.zeros(len(heads), np.uint64)
    hashes.put(target, asking, hashes.take(holder, of_head))
    winner = heads.copy()
    free = np.flatnonzero(~hashes.are_set(hashes.take(target, asking)))
    first, text_of_first = _best(rows, heads[asking[free]], of_head[free])
    best = np.zeros(len(texts), np.int64)
    best[text_of_first] = first
    winner[asking[free]] = best[of_head[free]]
    return SameText(target, winner)


def _best(rows: Columns, which: Integers, text: Integers) -> tuple[Integers, Integers]:
    """Return the best row of each text, and the texts.

    Most texts have one row, and need no sort.
    """
    is_shared = (np.bincount(text) > 1)[text]
    shared, text_of_shared = which[is_shared], text[is_shared]
    order = np.lexsort((*merit(rows, shared), text_of_shared))
    first = order[hashes.starts(text_of_shared[order])]
    alone = ~is_shared
    return np.concatenate([which[alone], shared[first]]), np.concatenate([text[alone], text_of_shared[first]])
