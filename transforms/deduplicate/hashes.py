"""Columns of 128-bit hashes: each hash is two ``uint64`` columns, its halves.

Both halves are sorted, compared and grouped together.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate.index.keys import Hashes

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

ReadWide = Callable[[str, Integers], NDArray[np.generic]]
"""Reads one of WIDE_COLUMNS for some rows: ``(name, rows)``."""


def pair(columns: Columns, name: str) -> Hashes:
    """Return the columns ``name_hi`` and ``name_lo``."""
    return columns[f"{name}_hi"], columns[f"{name}_lo"]  # type: ignore[return-value]


def named(name: str, hashes: Hashes) -> Columns:
    return {f"{name}_hi": hashes[0], f"{name}_lo": hashes[1]}


def hash_at(columns: Columns, name: str, row: int) -> tuple[int, int]:
    return int(columns[f"{name}_hi"][row]), int(columns[f"{name}_lo"][row])


def take(hashes: Hashes, places: Integers | Flags) -> Hashes:
    return hashes[0][places], hashes[1][places]


def copied(hashes: Hashes) -> Hashes:
    return hashes[0].copy(), hashes[1].copy()


def joined(parts: Iterable[Hashes]) -> Hashes:
    """Return several pairs of columns as one pair; two empty columns if ``parts`` is empty."""
    listed = [(np.empty(0, "<u8"), np.empty(0, "<u8")), *parts]
    return np.concatenate([one[0] for one in listed]), np.concatenate([one[1] for one in listed])


def put(hashes: Hashes, places: Integers | Flags, values: Hashes) -> None:
    hashes[0][places], hashes[1][places] = values


def are_set(hashes: Hashes) -> Flags:
    """Tell for each hash whether it is set. The hash 0 means "absent"."""
    found: Flags = (hashes[0] | hashes[1]) != 0
    return found


def same(left: Hashes, right: Hashes) -> Flags:
    equal: Flags = (left[0] == right[0]) & (left[1] == right[1])
    return equal


def where(condition: Flags, left: Hashes, right: Hashes) -> Hashes:
    return np.where(condition, left[0], right[0]), np.where(condition, left[1], right[1])


def starts(*columns: NDArray[np.generic]) -> Integers:
    """Return the places in sorted columns at which a new value begins."""
    count = len(columns[0])
    if count == 0:
        return np.empty(0, np.int64)
    change = np.zeros(count, np.bool_)
    change[0] = True
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(change)


def groups(hashes: Hashes) -> Integers:
    """Return for each hash the number of its group. Equal hashes have one number, from 0 on."""
    order = np.lexsort((hashes[1], hashes[0]))
    numbers = np.zeros(len(order), np.int64)
    numbers[starts(*take(hashes, order))] = 1
    grouped = np.empty(len(order), np.int64)
    grouped[order] = np.cumsum(numbers) - 1
    return grouped


def numbered(left: NDArray[np.generic], right: NDArray[np.generic]) -> Integers:
    """Return the number of each pair of values. Equal pairs have one number, from 0 on."""
    return groups((left.astype(np.uint64), right.astype(np.uint64)))


def firsts(grouped: Integers) -> Integers:
    """Return the first row of each group, for group numbers as ``groups`` returns them."""
    first = np.full(int(grouped.max(initial=-1)) + 1, len(grouped))
    np.minimum.at(first, grouped, np.arange(len(grouped)))
    return first


def connected(count: int, *joins: tuple[Integers, Integers]) -> Integers:
    """Return for each of ``count`` rows the lowest row that it is joined to, directly or not.

    A join is a pair (rows, their groups): all rows of one group belong together. A row may stand in
    a join several times, in different groups.
    """
    label = np.arange(count)
    while True:
        before = label
        for rows, grouped in joins:
            if len(rows):
                least = np.full(int(grouped.max()) + 1, count)
                np.minimum.at(least, grouped, label[rows])
                label = label.copy()
                # Lower the row that stands for a label too, so that a long chain takes few rounds.
                np.minimum.at(label, label[rows], least[grouped])
                np.minimum.at(label, rows, least[grouped])
                label = label[label]
        if np.array_equal(label, before):
            return label


def distinct(rows: Columns, by: Iterable[str], first: NDArray[np.generic] | None = None) -> Columns:
    """Return one row for each distinct value of the columns ``by``.

    It is the row with the least ``first``, or the first row if ``first`` is not given.
    """
    keys = [rows[name] for name in by]
    order = np.lexsort((first, *keys)) if first is not None else np.lexsort(tuple(keys))
    kept = order[starts(*(key[order] for key in keys))]
    return {name: column[kept] for name, column in rows.items()}
