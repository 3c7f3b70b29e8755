"""Columns of 128-bit hashes: a hash is two ``uint64`` columns, its halves, which are sorted, compared and grouped together."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate.index.keys import Hashes

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def pair(columns: Columns, name: str) -> Hashes:
    """``name_hi`` and ``name_lo``."""
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
    """One pair of columns of several; of none, two empty ones."""
    listed = [(np.empty(0, "<u8"), np.empty(0, "<u8")), *parts]
    return np.concatenate([one[0] for one in listed]), np.concatenate([one[1] for one in listed])


def put(hashes: Hashes, places: Integers | Flags, values: Hashes) -> None:
    hashes[0][places], hashes[1][places] = values


def are_set(hashes: Hashes) -> Flags:
    """True where the hash is not 0, which stands for none."""
    found: Flags = (hashes[0] | hashes[1]) != 0
    return found


def same(left: Hashes, right: Hashes) -> Flags:
    equal: Flags = (left[0] == right[0]) & (left[1] == right[1])
    return equal


def where(condition: Flags, left: Hashes, right: Hashes) -> Hashes:
    return np.where(condition, left[0], right[0]), np.where(condition, left[1], right[1])


def starts(*columns: NDArray[np.generic]) -> Integers:
    """Where a new value begins in sorted columns."""
    count = len(columns[0])
    if count == 0:
        return np.empty(0, np.int64)
    change = np.zeros(count, np.bool_)
    change[0] = True
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(change)


def groups(hashes: Hashes) -> Integers:
    """A number for each distinct hash, 0 and up."""
    order = np.lexsort((hashes[1], hashes[0]))
    numbers = np.zeros(len(order), np.int64)
    numbers[starts(*take(hashes, order))] = 1
    grouped = np.empty(len(order), np.int64)
    grouped[order] = np.cumsum(numbers) - 1
    return grouped


def firsts(grouped: Integers) -> Integers:
    """The first row of each group, for groups numbered as ``groups`` does."""
    first = np.full(int(grouped.max(initial=-1)) + 1, len(grouped))
    np.minimum.at(first, grouped, np.arange(len(grouped)))
    return first


def connected(count: int, *joins: tuple[Integers, Integers]) -> Integers:
    """For each of ``count`` rows the least row that it is joined to. A join is rows and their groups: rows of one group belong together.

    A row may stand in a join several times, in different groups.
    """
    label = np.arange(count)
    while True:
        before = label
        for rows, grouped in joins:
            if len(rows):
                least = np.full(int(grouped.max()) + 1, count)
                np.minimum.at(least, grouped, label[rows])
                label = label.copy()
                np.minimum.at(label, rows, least[grouped])
        if np.array_equal(label, before):
            return label


def distinct(rows: Columns, by: Iterable[str], first: NDArray[np.generic] | None = None) -> Columns:
    """One row for each distinct value of the columns ``by``: the one where ``first`` is least."""
    keys = [rows[name] for name in by]
    order = np.lexsort((first, *keys)) if first is not None else np.lexsort(tuple(keys))
    kept = order[starts(*(key[order] for key in keys))]
    return {name: column[kept] for name, column in rows.items()}
