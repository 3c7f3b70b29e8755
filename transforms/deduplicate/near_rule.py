"""The rule for near-duplicates: what a later article is, beside one that is kept.

Two articles are compared if they were published within a window of days and share a band of their
fingerprints or their headline. Texts of fewer than about 20 words must have the same headline, and
they are never dropped.

The later article *repeats* the kept one in one of two cases:

- The Jaccard index of their shingles is at least 0.70, and the later text is at most a quarter
  longer.
- It is *cut*: the later text is the shorter one, and at least 0.85 of it stands in the kept text.

*The numbers agree* if all of this holds:

- Three quarters of the numbers of the later article stand in the kept one, and all numbers of its
  headline.
- At most three numbers are in one of the articles only. If the Jaccard index is below 0.70, the
  later text is cut: then it may lack numbers of the kept one.
- Unless it is cut, the headline is the same, at least two numbers are in both, or the index is at
  least 0.85.

This is the table:

=====================================================================  =======
the later article                                                      verdict
=====================================================================  =======
another outlet; it repeats; the numbers agree                          DROP
the same outlet, headline and day; the index is at least 0.90, or it
is cut by a fifth or more; the numbers agree                           DROP
else the two are alike, and more than half of the numbers of the
article that has fewer stand in the other                              MARK
anything else                                                          APART
=====================================================================  =======

Two articles are *alike* if their Jaccard index is at least 0.50, if one contains the other to 0.85,
or if two outlets have one headline and the index is at least 0.25. Two unknown outlets count as
one.

A drop must be certain, because a dropped article is out of the table that people count. A likely
copy is kept and marked. Stories that are told anew bring new numbers, and so do other fillings of
one form. Where a form has no numbers, an order and its reversal differ in a word, so a headline or
more of the text must agree. A page that blocks readers, or a part that stands under all texts of an
outlet, looks like a copy that the outlet has retitled. So two headlines of one outlet are never
dropped. An outlet that publishes a headline twice on a day may have added to the text, as on a
status page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.fingerprint import bits_set, containment, jaccard
from newslake.transforms.deduplicate.numbers import share_standing

REPEATS, REPEATS_AT_ONE_OUTLET, ALIKE, ALIKE_BY_HEADLINE = 0.70, 0.90, 0.50, 0.25
CONTAINED = 0.85
MOST_LONGER = 1.25
"""A text that is more than this many times as long as the kept one has something to add."""
NUMBERS_STANDING, MOST_OTHER_NUMBERS = 0.75, 3
"""A copy may bring a number of its own, such as one of its outlet's last paragraph. In a table of
prices few change from one day to the next, so a share alone is not enough."""
NUMBERS_VOUCHING, REPEATS_ALONE = 2, 0.85
"""Without the same headline, so many numbers, or so high an index, show that two texts are one."""
NUMBERS_SHARED = 0.5
"""The share of a marked pair is more than this. Two forms with two numbers each often have one in
common."""
TWENTY_WORDS = 110
"""In shingles. Shorter texts are told apart by their headlines, and even equal ones at two outlets
are articles. Otherwise every "Crossword" would repeat the first one."""

_JACCARD = jaccard(np.arange(129))

Integers = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]


class Likeness(IntEnum):
    """What a later article is beside a kept one; the higher value is the stronger verdict."""

    APART = 0
    MARK = 1
    DROP = 2


@dataclass(frozen=True, slots=True)
class Articles:
    """What a comparison reads of the articles of a run or of a file, one item a row.

    ``words`` are the fingerprints, (m, 32). ``day_from`` and ``day_until`` are the first and the
    last day on which the article may have been published. ``outlet`` and ``headline`` are 0 if not
    known. ``numbers`` and ``headline_numbers`` return sketches of some rows (numbers.py).
    """

    words: NDArray[np.uint32]
    shingles: NDArray[np.uint32]
    day_from: NDArray[np.int32]
    day_until: NDArray[np.int32]
    outlet: NDArray[np.uint32]
    headline: NDArray[np.uint32]
    numbers: Callable[[Integers], NDArray[np.uint8]]
    headline_numbers: Callable[[Integers], NDArray[np.uint8]]

    def taken(self, rows: Integers) -> "Articles":
        """Return some of the articles, with their numbers in memory."""
        columns = {name: getattr(self, name)[rows] for name in self.__slots__[:-2]}
        numbers, headline_numbers = self.numbers(rows), self.headline_numbers(rows)
        return Articles(**columns, numbers=numbers.__getitem__, headline_numbers=headline_numbers.__getitem__)


@dataclass(frozen=True, slots=True)
class Compared:
    """What decided on pairs of articles, one item a pair.

    ``place`` is the place of the pair among those that were asked. ``equal`` counts the equal bytes
    of the fingerprints, ``similarity`` is the Jaccard index of the shingles, and ``contained`` the
    share of the shorter text that stands in the longer one. ``new_numbers`` counts the numbers of
    the later article that do not stand in the kept one, and ``new_headline_numbers`` those of its
    headline. ``shared_numbers`` is the share of the numbers of the article with fewer that stand in
    the other. ``likeness`` is the verdict, a Likeness.
    """

    place: Integers
    equal: NDArray[np.uint8]
    similarity: Floats
    contained: Floats
    new_numbers: Integers
    new_headline_numbers: Integers
    shared_numbers: Floats
    likeness: NDArray[np.uint8]

    def taken(self, which: NDArray[np.bool_], start: int = 0) -> "Compared":
        """Return some of the pairs. ``start`` is added to their places."""
        columns = {name: getattr(self, name)[which] for name in self.__slots__}
        return Compared(**columns | {"place": columns["place"] + start})

    @classmethod
    def joined(cls, parts: "Sequence[Compared]") -> "Compared":
        """Return several parts, at least one, as one."""
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__})

    @property
    def score(self) -> Floats:
        """Return the Jaccard index, or the containment if only that makes one repeat the other."""
        by_containment = (self.similarity < REPEATS) & (self.contained >= CONTAINED)
        return np.where(by_containment, self.contained, self.similarity).astype(np.float32)


def compare(
    later: Articles, row: Integers, kept: Articles, kept_row: Integers, window_days: int, only_alike: bool = True
) -> Compared:
    """Compare each row of ``later`` with a row of ``kept``, by the table above.

    Return the pairs that are alike and within the window, or all pairs.
    """
    place = np.arange(len(row))
    gap = days_apart(later.day_from[row], later.day_until[row], kept.day_from[kept_row], kept.day_until[kept_row])
    if only_alike:
        place = place[gap <= window_days]
    one, other, gap = row[place], kept_row[place], gap[place]
    equal = equal_bytes(later.words[one], kept.words[other])
    similarity = _JACCARD[equal]
    shingles, kept_shingles = later.shingles[one], kept.shingles[other]
    contained = containment(similarity, shingles, kept_shingles)
    same_outlet = later.outlet[one] == kept.outlet[other]
    same_headline = (later.headline[one] == kept.headline[other]) & (later.headline[one] != 0)

    alike = (similarity >= ALIKE) | (contained >= CONTAINED)
    alike |= same_headline & ~same_outlet & (similarity >= ALIKE_BY_HEADLINE)
    is_long = np.minimum(shingles, kept_shingles) >= TWENTY_WORDS
    alike &= (gap <= window_days) & (same_headline | is_long)
    is_cut = (contained >= CONTAINED) & (shingles <= kept_shingles)
    repeats = is_cut | ((similarity >= REPEATS) & (shingles <= MOST_LONGER * kept_shingles))
    repeats_itself = (similarity >= REPEATS_AT_ONE_OUTLET) | (is_cut & (MOST_LONGER * shingles <= kept_shingles))
    repeats_itself &= same_headline & (gap <= 0)
    known_to_the_day = (
        np.maximum(later.day_until[one] - later.day_from[one], kept.day_until[other] - kept.day_from[other]) <= 1
    )
    may_drop = alike & is_long & repeats & (~same_outlet | (repeats_itself & known_to_the_day))
    if only_alike:
        place, one, other, equal = place[alike], one[alike], other[alike], equal[alike]
        similarity, contained, may_drop = similarity[alike], contained[alike], may_drop[alike]
        same_headline, alike = same_headline[alike], alike[alike]

    numbers, kept_numbers = later.numbers(one), kept.numbers(other)
    standing, kept_standing = share_standing(numbers, kept_numbers), share_standing(kept_numbers, numbers)
    new, new_in_headline = bits_set(numbers & ~kept_numbers), bits_set(later.headline_numbers(one) & ~kept_numbers)
    missing = np.where(similarity >= REPEATS, bits_set(kept_numbers & ~numbers), 0)
    agree = (standing >= NUMBERS_STANDING) & (new + missing <= MOST_OTHER_NUMBERS) & (new_in_headline == 0)
    vouched = bits_set(numbers & kept_numbers) >= NUMBERS_VOUCHING
    agree &= vouched | same_headline | (similarity >= REPEATS_ALONE) | (similarity < REPEATS)
    shared = np.maximum(standing, kept_standing)
    is_mark = alike & (shared > NUMBERS_SHARED)
    likeness = np.where(may_drop & agree, Likeness.DROP, np.where(is_mark, Likeness.MARK, Likeness.APART))
    return Compared(place, equal, similarity, contained, new, new_in_headline, shared, likeness.astype(np.uint8))


def days_apart(day_from: Any, day_until: Any, other_from: Any, other_until: Any) -> Any:
    """Return how many days one interval begins after the other ends; 0 or less if they share a day.

    Days are numbers, or arrays of them. Both bounds belong to an interval, so neighbouring days are
    1 apart.
    """
    return np.maximum(day_from, other_from) - np.minimum(day_until, other_until)


def equal_bytes(words: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return how many bytes of two fingerprints are equal, for each pair, (k,)."""
    same = words.view(np.uint8) == others.view(np.uint8)
    # Add eight bytes at once. Each byte of a sum is at most 16. The product leaves the sum of these
    # bytes, at most 128, in the highest byte.
    lanes: NDArray[np.uint64] = same.view(np.uint64).sum(axis=1, dtype=np.uint64) * np.uint64(0x0101010101010101)
    return (lanes >> np.uint64(56)).astype(np.uint8)
