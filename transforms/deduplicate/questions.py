"""Whether rows that another writer added meanwhile could change a decision.

A verdict can change only if such a row answers a question that deciding asked the lake. The
questions are:

- ``versions``, ``aliases`` and ``voids``: the keys of the rows, the ids, former ids and targets of
  the verdicts, and the articles that void keys led to;
- ``contents``: the texts of the articles;
- the near index: their leads, their bodies, and texts that are alike;
- ``rejects``: the keys of the rejects.

An answer may change no verdict. Without an answer no verdict changes.
"""

from collections.abc import Sequence

import numpy as np

from newslake.schemas.staging import HASH, Columns
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.decide import articles_of_rows
from newslake.transforms.deduplicate.ids import MAX_LEADS, Known
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile
from newslake.transforms.deduplicate.near import OFF, NearPolicy, meet_alike
from newslake.transforms.deduplicate.pile import Pile

_ROWS_AT_ONCE = 1 << 16
"""Rows whose fingerprints are in memory at a time."""


def are_answered(
    fresh: Known, articles: Pile, rejects: Pile, verdicts: Columns, own: Sequence[IndexFile], policy: NearPolicy
) -> bool:
    """Tell whether the fresh rows answer any question.

    ``verdicts`` are VERDICT_COLUMNS, the articles before the rejects. ``own`` are the index files
    that this run would add.
    """
    columns = articles.columns
    asked = _ids(articles, {name: column[: articles.rows] for name, column in verdicts.items()}, own)
    return (
        any(_finds(fresh, table, asked) for table in ("versions", "aliases", "voids"))
        or _finds(fresh, "contents", _set(columns, "match"))
        or _finds(fresh, "rejects", hashes.pair(rejects.columns, "key"))
        or any(len(file.find_all("lead", columns["lead"], MAX_LEADS)[0]) > 0 for file in fresh.near)
        or any(len(file.find_all("body", columns["body"])[0]) > 0 for file in fresh.near)
        or (policy.mode != OFF and _meets_alike(fresh, articles, policy))
    )


def _ids(articles: Pile, verdicts: Columns, own: Sequence[IndexFile]) -> Hashes:
    """Return all hashes that may stand for an article of the run."""
    learnt = [
        _set(file.tables[table], name) for file in own for table in ("aliases", "voids") for name in ("key", "id")
    ]
    text = articles.read_wide("text", np.arange(articles.rows)).view(HASH).reshape(-1, 2)
    return hashes.joined(
        [
            hashes.pair(articles.columns, "id"),
            _set(articles.columns, "source"),
            (text[:, 0], text[:, 1]),
            hashes.pair(verdicts, "id"),
            _set(verdicts, "target"),
            *learnt,
        ]
    )


def _finds(fresh: Known, table: str, asked: Hashes) -> bool:
    return any(len(file.find(table, asked)[0]) > 0 for file in fresh.keys)


def _set(columns: Columns, name: str) -> Hashes:
    """Return the hashes of a column without those that are 0, which means "absent"."""
    pair = hashes.pair(columns, name)
    return hashes.take(pair, hashes.are_set(pair))


def _meets_alike(fresh: Known, articles: Pile, policy: NearPolicy) -> bool:
    comparable = np.flatnonzero(np.greater(articles.columns["shingles"], 0))
    pieces = (comparable[start : start + _ROWS_AT_ONCE] for start in range(0, len(comparable), _ROWS_AT_ONCE))
    read = articles.columns, articles.read_wide
    return bool(fresh.near) and any(meet_alike(articles_of_rows(*read, rows), fresh.near, policy) for rows in pieces)
