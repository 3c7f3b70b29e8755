"""Columns of hashes: their groups, and which rows a group joins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.deduplicate import hashes

PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 8)), max_size=20)


@given(joins=st.lists(PAIRS, max_size=3))
def test_rows_are_joined_as_a_union_find_joins_them(joins: list[list[tuple[int, int]]]) -> None:
    parent = list(range(12))

    def root(row: int) -> int:
        while parent[row] != row:
            row = parent[row]
        return row

    for join in joins:
        for row, group in join:
            for other, same in join:
                if group == same:
                    first, second = sorted((root(row), root(other)))
                    parent[second] = first
    columns = [
        (np.array([row for row, _ in join], np.int64), np.array([group for _, group in join], np.int64))
        for join in joins
    ]
    assert hashes.connected(12, *columns).tolist() == [root(row) for row in range(12)]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=12))
def test_groups_number_distinct_hashes_and_know_their_first_rows(values: list[tuple[int, int]]) -> None:
    columns = np.array([hi for hi, _ in values], np.uint64), np.array([lo for _, lo in values], np.uint64)
    grouped = hashes.groups(columns)
    numbers = {value: number for number, value in enumerate(sorted(set(values)))}
    assert grouped.tolist() == [numbers[value] for value in values]
    assert [values[row] for row in hashes.firsts(grouped).tolist()] == sorted(set(values))
