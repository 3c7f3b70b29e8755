"""Standing text: one body, word for word, under several headlines of one outlet.

Consent forms, paywalls and pages that block readers look like articles that the outlet retitles,
and every reader of the outlet gets them in place of other articles. Nothing is a near-duplicate of
standing text, and standing text is no near-duplicate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Flags
from newslake.transforms.deduplicate.index.keys import Hashes
from newslake.transforms.deduplicate.index.near import NearFile, sorted_distinct

STANDING_HEADLINES = 3
"""So many headlines, of so many articles, make a body standing text. An editor may retitle an
article once."""

Words = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which bodies are standing text, by the articles of a run and of ``files``.

    ``body``, ``headline`` and ``id`` have one item for each article of the run.
    """

    body: Words
    headline: Words
    id: Hashes
    files: Sequence[NearFile]

    def has(self, bodies: Words) -> Flags:
        """Tell for each of ``bodies`` whether it is standing text. A body of 0 is not."""
        asked = sorted_distinct([bodies[bodies != 0]])
        rows_of_files = [file.find_all("body", asked) for file in self.files]
        own = np.sort(self.body)
        counts = np.searchsorted(own, asked, "right") - np.searchsorted(own, asked, "left")
        for query, _ in rows_of_files:
            counts += np.bincount(query, minlength=len(asked))
        likely = counts >= STANDING_HEADLINES
        if not likely.any():
            return np.zeros(len(bodies), np.bool_)
        rows = np.flatnonzero(np.isin(self.body, asked[likely]))
        found = [(self.body[rows], self.headline[rows], *hashes.take(self.id, rows))]
        for file, (query, row) in zip(self.files, rows_of_files, strict=True):
            query, row = query[likely[query]], row[likely[query]]
            found.append((asked[query], *(file.rows[name][row] for name in ("headline", "id_hi", "id_lo"))))  # type: ignore[arg-type]
        body, headline, *id_ = (np.concatenate(parts) for parts in zip(*found, strict=True))
        least = np.minimum(_distinct(asked, body, headline), _distinct(asked, body, *id_))
        return np.isin(bodies, asked[least >= STANDING_HEADLINES])


def _distinct(asked: Words, body: Words, *columns: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return how many distinct values of ``columns`` each of ``asked`` has. ``asked`` is sorted."""
    order = np.lexsort((*columns, body))
    first = order[hashes.starts(body[order], *(column[order] for column in columns))]
    return np.bincount(np.searchsorted(asked, body[first]), minlength=len(asked))
