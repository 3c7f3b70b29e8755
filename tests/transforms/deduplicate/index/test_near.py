"""The near index finds what was written, in any size and in any order."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate.index import near as near_index
from newslake.transforms.deduplicate.index.keys import UnknownAlgoError
from newslake.transforms.deduplicate.index.near import NEAR_COLUMNS, NearFile, Wanted
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage

EPOCH = date(1970, 1, 1)
Pairs = list[tuple[int, int]]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(str(tmp_path))


def make_rows(count: int, seed: int = 1, band_values: int = 2**32, longest: int = 4, days: int = 20) -> Columns:
    """Return random rows of few different leads, bodies and days, so that some rows agree.

    ``band_values`` is the number of different band keys. Intervals last less than ``longest`` days
    more than one, and begin on one of ``days`` days.
    """
    random = np.random.default_rng(seed)
    words = random.integers(0, band_values, (count, 32), np.uint32).astype("<u4")
    day_from = random.integers(19000, 19000 + days, count).astype("<i4")
    return {
        "id_hi": random.integers(0, 3, count, np.uint64),
        "id_lo": random.integers(0, 2**64, count, np.uint64),
        "lead": random.integers(0, 5, count, np.uint32),
        "outlet": random.integers(0, 3, count, np.uint32),
        "headline": random.integers(0, 4, count, np.uint32),
        "body": random.choice(np.array([0, 1, 2, 2**32 - 1], np.uint32), count),
        "day_from": day_from,
        "day_until": day_from + random.integers(0, longest, count).astype("<i4"),
        "shingles": random.choice(np.array([0, 50, 109, 110, 2000], np.uint32), count),
        "body_rank": random.integers(0, 3, count).astype("|u1"),
        "signature": words.view("|V128").reshape(-1),
        "lead_words": np.frombuffer(random.bytes(64 * count), "|V64"),
        "numbers": np.frombuffer(random.bytes(32 * count), "|V32"),
        "commit": random.integers(0, 3, count, np.uint64),
    }


def take(rows: Columns, places: np.ndarray) -> Columns:
    return {name: column[places] for name, column in rows.items()}


def opened(storage: Storage, name: str, rows: Columns) -> NearFile:
    near_index.write(storage, name, dict(rows))
    return NearFile(storage, name)


def same_rows(left: Columns, right: Columns) -> bool:
    return all(
        left[name].tobytes() == right[name].tobytes() and left[name].dtype == right[name].dtype for name in NEAR_COLUMNS
    )


def wanted_of(rows: Columns) -> Wanted:
    names = ("headline", "shingles", "day_from", "day_until")
    return Wanted(near_index.band_words(rows["signature"]), **{name: rows[name] for name in names})


def find_alike(file: NearFile, asked: Columns, window: int = 6, at_most: int = 8) -> tuple[Pairs, int]:
    query, row, dropped = file.find_alike(wanted_of(asked), window, at_most)
    return list(zip(query.tolist(), row.tolist(), strict=True)), dropped


def brute_keys(rows: Columns) -> list[set[tuple[int, bytes]]]:
    """Return the keys of each row by the definition.

    A key is its place in the fingerprint with its bytes, or -1 with the headline. A row with 0
    shingles has no keys.
    """
    keys = []
    for signature, shingles, headline in zip(
        rows["signature"], rows["shingles"].tolist(), rows["headline"].tolist(), strict=True
    ):
        raw = signature.tobytes()
        found = {(at, raw[at : at + 4]) for at in range(0, 96, 4)}
        found |= {(-1, headline.to_bytes(4, "little"))} if headline else set()
        keys.append(found if shingles else set())
    return keys


def brute_alike(rows: Columns, asked: Columns, window: int, at_most: int) -> tuple[Pairs, int]:
    """Scan all rows, whose dates are known to the day."""
    stored, days = brute_keys(rows), rows["day_from"].tolist()
    found, dropped = set(), 0
    bounds = zip(asked["day_from"].tolist(), asked["day_until"].tolist(), strict=True)
    for query, (keys, (first, last)) in enumerate(zip(brute_keys(asked), bounds, strict=True)):
        for key in keys:
            bucket = [
                row for row, of in enumerate(stored) if key in of and first - window <= days[row] <= last + window
            ]
            earlier = [row for row in bucket if days[row] <= last][::-1]
            nearest = (earlier + [row for row in bucket if days[row] > last])[:at_most]
            found |= {(query, row) for row in nearest}
            dropped += len(bucket) - len(nearest)
    return sorted(found), dropped


def within(rows: Columns, asked: Columns, pairs: Pairs, window: int) -> set[tuple[int, int]]:
    """Return the pairs of which one interval begins at most ``window`` days after the other."""
    return {
        (query, row)
        for query, row in pairs
        if max(asked["day_from"][query], rows["day_from"][row]) - min(asked["day_until"][query], rows["day_until"][row])
        <= window
    }


def brute_within(rows: Columns, asked: Columns, window: int) -> set[tuple[int, int]]:
    stored = brute_keys(rows)
    pairs = [
        (query, row)
        for query, keys in enumerate(brute_keys(asked))
        for row, others in enumerate(stored)
        if not keys.isdisjoint(others)
    ]
    return within(rows, asked, pairs, window)


def test_columns_come_back_sorted_by_day_and_id(storage: Storage) -> None:
    rows = make_rows(300)
    file = opened(storage, "one", rows)
    order = np.lexsort((rows["id_lo"], rows["id_hi"], rows["day_from"]))
    assert same_rows(file.rows, take(rows, order))
    assert (file.first_day, file.last_day) == (rows["day_from"].min(), rows["day_until"].max())
    assert file.words.tobytes() == file.rows["signature"].tobytes()
    assert file.words.shape == (300, 32)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 12))
def test_equal_rows_give_equal_bytes_in_whatever_order_they_came(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int
) -> None:
    storage = LocalStorage(str(tmp_path_factory.mktemp("near")))
    random = np.random.default_rng(seed)
    rows = make_rows(count, seed)
    # Several rows have one id and day, as revisions of a day do. Two rows differ only in their
    # last byte.
    rows["id_lo"], rows["day_from"] = rows["id_lo"] % np.uint64(2), np.full(count, 19000, "<i4")
    if count > 1:
        rows = take(rows, np.append(np.arange(count), 0))
        name, size = (("signature", 128), ("lead_words", 64), ("numbers", 32))[seed % 3]
        words = rows[name].view("|u1").reshape(-1, size).copy()
        words[-1, -1] ^= 1
        rows[name] = words.view(f"|V{size}").reshape(-1)
    shuffled = take(rows, random.permutation(len(rows["id_hi"])))
    assert near_index.write(storage, "one", dict(rows)) == near_index.write(storage, "other", shuffled)


def test_columns_may_be_views_of_a_larger_table(storage: Storage) -> None:
    rows = make_rows(100)
    wide = {name: np.repeat(column, 2) for name, column in rows.items()}
    view = {name: column[::2] for name, column in wide.items()}
    assert near_index.write(storage, "views", dict(view)) == near_index.write(storage, "copies", rows)


@pytest.mark.parametrize("stored", [0, 1, 50])
@pytest.mark.parametrize("asked", [0, 1, 40])
@pytest.mark.parametrize("band_values", [2, 2**32])
@pytest.mark.parametrize(("window", "at_most"), [(6, 8), (6, 1), (0, 2)])
def test_a_search_finds_what_a_scan_of_all_rows_finds(
    storage: Storage, stored: int, asked: int, band_values: int, window: int, at_most: int
) -> None:
    file = opened(storage, "one", make_rows(stored, 1, band_values, longest=1))
    strange, known = make_rows(asked, 2, band_values, longest=9, days=40), take(file.rows, np.arange(min(stored, 5)))
    both = near_index.merged([strange, known])
    for order in (slice(None), slice(None, None, -1)):
        query = {name: column[order].copy() for name, column in both.items()}
        assert find_alike(file, query, window, at_most) == brute_alike(file.rows, query, window, at_most)


HOT = {"headline": np.uint32(7), "shingles": np.uint32(200)}


def under_one_headline(days: Sequence[int], spans: Sequence[int] | None = None, seed: int = 1) -> Columns:
    """Return texts with nothing in common but their headline, by their first days."""
    rows = make_rows(len(days), seed)
    first = np.array(days, "<i4")
    last = first + np.array(spans or [0] * len(days), "<i4")
    rows |= {name: np.full(len(days), value) for name, value in HOT.items()} | {"day_from": first, "day_until": last}
    return rows | {"id_hi": np.zeros(len(days), np.uint64), "id_lo": np.arange(len(days), dtype=np.uint64)}


@pytest.mark.parametrize(
    ("day", "found", "left_out"),
    [
        (100, range(94, 102), 5),  # 94 to 106 are within the window, and earlier ones come first
        (52, range(50, 58), 1),
        (150, range(144, 151), 0),
        (155, range(149, 151), 0),
        (156, range(150, 151), 0),
        (157, [], 0),
        (44, [50], 0),
        (43, [], 0),
    ],
)
def test_the_eight_nearest_rows_within_the_window_are_found_and_the_others_counted(
    storage: Storage, day: int, found: Sequence[int], left_out: int
) -> None:
    file = opened(storage, "one", under_one_headline(range(50, 151)))
    pairs, dropped = find_alike(file, under_one_headline([day], seed=2))
    assert (sorted(file.rows["day_from"][row] for _, row in pairs), dropped) == (list(found), left_out)


@pytest.mark.parametrize(("span", "is_found"), [(0, False), (3, False), (4, True), (30, True), (400, True)])
def test_a_long_interval_is_found_from_its_last_day_too(storage: Storage, span: int, is_found: bool) -> None:
    file = opened(storage, "one", under_one_headline([90, 60], [span, 0]))
    asked = under_one_headline([100], seed=2)
    assert bool(within(file.rows, asked, find_alike(file, asked)[0], 6)) == is_found
    reverse = opened(storage, "reverse", under_one_headline([100, 130], seed=2))
    asked = under_one_headline([90], [span])
    assert bool(within(reverse.rows, asked, find_alike(reverse, asked)[0], 6)) == is_found


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 8), longest=st.sampled_from([1, 31, 400]))
def test_below_the_limit_all_rows_within_the_window_are_found(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, longest: int
) -> None:
    storage = LocalStorage(str(tmp_path_factory.mktemp("near")))
    file = opened(storage, "one", make_rows(count, seed, 9, longest, 90))
    asked = make_rows(12, seed + 1, 9, longest, 90)
    pairs, dropped = find_alike(file, asked)
    assert within(file.rows, asked, pairs, 6) == brute_within(file.rows, asked, 6)
    assert dropped == 0
    assert pairs == sorted(set(pairs))


def test_few_queries_against_many_rows_find_theirs(storage: Storage) -> None:
    rows = make_rows(5000) | {"headline": np.zeros(5000, np.uint32), "body": np.zeros(5000, np.uint32)}
    rows["body"][70:72] = 2**32 - 1
    file = opened(storage, "one", rows)
    known = np.flatnonzero(file.rows["shingles"])[[700, 3]]
    assert find_alike(file, take(file.rows, known)) == ([(0, known[0]), (1, known[1])], 0)
    query, row = file.find_all("body", np.array([5, 2**32 - 1, 0], np.uint32))
    assert (query.tolist(), row.tolist()) == ([1, 1], np.flatnonzero(file.rows["body"]).tolist())


def test_a_text_that_is_too_short_finds_no_rows_and_a_row_of_0_shingles_is_not_found(storage: Storage) -> None:
    rows = make_rows(20) | {"shingles": np.full(20, 50, np.uint32)}
    file = opened(storage, "one", rows)
    assert len(find_alike(file, file.rows)[0]) >= 20
    assert find_alike(file, file.rows | {"shingles": np.full(20, 49, np.uint32)}) == ([], 0)
    rows["shingles"][:] = 0
    file = opened(storage, "zero", rows)
    assert find_alike(file, file.rows | {"shingles": np.full(20, 50, np.uint32)}) == ([], 0)
    assert len(file.find_all("lead", rows["lead"])[0]) > 0


@pytest.mark.parametrize("stored", [0, 1, 60])
@pytest.mark.parametrize("name", ["lead", "body"])
@pytest.mark.parametrize("at_most", [None, 0, 1, 14])
def test_all_rows_with_a_lead_or_body_are_found(storage: Storage, stored: int, name: str, at_most: int | None) -> None:
    file = opened(storage, "one", make_rows(stored))
    asked = np.array([4, 2, 0, 2**32 - 1, 1, 9, 2], np.uint32)
    query, row = file.find_all(name, asked, at_most)
    held = file.rows[name].tolist()
    expected = [
        (place, at)
        for place, one in enumerate(asked.tolist())
        for at, value in enumerate(held)
        if value == one != 0 and (at_most is None or held.count(one) <= at_most)
    ]
    assert list(zip(query.tolist(), row.tolist(), strict=True)) == expected


def test_merged_files_are_the_file_of_all_their_rows(storage: Storage) -> None:
    parts = [make_rows(count, seed) for seed, count in enumerate((30, 0, 7))]
    files = [opened(storage, str(number), part) for number, part in enumerate(parts)]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in NEAR_COLUMNS}
    assert near_index.write(storage, "all", near_index.merged([file.rows for file in files])) == near_index.write(
        storage, "w", whole
    )


def by_id(files: Sequence[NearFile], asked: Columns) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return what several files find: by likeness within the window, and by the body."""
    alike, bodies = set(), set()
    for file in files:
        ids = file.rows["id_lo"].tolist()
        alike |= {(query, ids[row]) for query, row in within(file.rows, asked, find_alike(file, asked)[0], 6)}
        query, rows = file.find_all("body", asked["body"])
        bodies |= {(one, ids[row]) for one, row in zip(query.tolist(), rows.tolist(), strict=True)}
    return alike, bodies


def test_small_files_that_are_gathered_find_what_each_of_them_finds(storage: Storage) -> None:
    counts = [0, 1, 3, 0, 40, 1024, 1023]
    for number, count in enumerate(counts):
        near_index.write(storage, str(number), make_rows(count, number, longest=5 + 100 * (number == 4), days=200))
    names = [str(number) for number in range(len(counts))]
    apart = [NearFile(storage, name) for name in names]
    gathered = near_index.open_files(storage, names)
    assert sorted(len(file.rows["id_hi"]) for file in gathered) == [1024, 1067]
    assert max(file.last_day for file in gathered) == max(file.last_day for file in apart)
    # Every tenth row is asked for, so that each bucket of a headline stays below the limit.
    known = near_index.merged([take(file.rows, np.arange(0, len(file.rows["id_hi"]), 10)) for file in apart])
    known |= {"headline": np.zeros(len(known["headline"]), np.uint32)}
    alike, bodies = by_id(apart, known)
    assert (alike, bodies) == by_id(gathered, known)
    assert len(alike) >= np.count_nonzero(known["shingles"])
    assert bodies


def test_many_small_files_are_gathered_into_several(storage: Storage) -> None:
    for number in range(40):
        near_index.write(storage, str(number), make_rows(1000, number))
    files = near_index.open_files(storage, [str(number) for number in range(40)])
    assert [len(file.rows["id_hi"]) for file in files] == [17_000, 17_000, 6_000]


def test_a_single_small_file_is_opened_as_it_is(storage: Storage) -> None:
    near_index.write(storage, "one", make_rows(3))
    (file,) = near_index.open_files(storage, ["one"])
    assert same_rows(file.rows, NearFile(storage, "one").rows)
    assert near_index.open_files(storage, []) == []


def test_nothing_merged_is_a_file_without_rows(storage: Storage) -> None:
    file = opened(storage, "none", near_index.merged([]))
    assert {name: column.dtype.str for name, column in file.rows.items()} == NEAR_COLUMNS
    assert (len(file.rows["id_hi"]), file.first_day, file.last_day) == (0, 0, -1)
    assert find_alike(file, make_rows(5)) == ([], 0)


@pytest.mark.parametrize(
    ("meta", "remedy"),
    [
        ({"algo": "near-2"}, "newslake lake reindex"),
        ({"algo": "keys-2"}, "newslake lake reindex"),
        ({}, "newslake lake reindex"),
        ({"algo": "near-99"}, "use the newslake that wrote it"),
    ],
    ids=["older", "keys index", "none", "newer"],
)
def test_an_index_of_another_version_is_a_named_error(storage: Storage, meta: dict[str, str], remedy: str) -> None:
    columns.write(storage, "old", {}, meta)
    with pytest.raises(UnknownAlgoError, match=f"{meta.get('algo')!r}.*{remedy}"):
        NearFile(storage, "old")


DAYS = st.integers((date(1, 1, 1) - EPOCH).days, (date(9990, 12, 31) - EPOCH).days)


@given(first=DAYS, span=st.integers(0, 400))
@example(first=19000, span=30)
@example(first=19000, span=31)
def test_an_interval_is_filed_under_its_month_unless_it_is_longer_than_one(first: int, span: int) -> None:
    segment = int(near_index.segments(np.array([first], np.int32), np.array([first + span], np.int32))[0])
    start = EPOCH + timedelta(days=first)
    assert segment == start.year * 100 + (start.month if span < 31 else 0)
    days = near_index.segment_days(segment)
    assert days is None if span >= 31 else days is not None and days[0] <= first <= first + span <= days[1]


def test_a_month_date_is_filed_under_its_month_in_each_of_the_twelve() -> None:
    starts = np.arange("2023-01", "2024-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
    assert near_index.segments(starts[:-1], starts[1:] - np.int32(1)).tolist() == [
        202300 + month for month in range(1, 13)
    ]


@given(first=DAYS, span=st.integers(0, 60), gap=st.integers(-200, 200), window=st.integers(0, 120))
def test_a_file_that_holds_a_row_within_the_window_is_in_reach(first: int, span: int, gap: int, window: int) -> None:
    segment = int(near_index.segments(np.array([first], np.int32), np.array([first + span], np.int32))[0])
    asked = first + gap
    apart = max(asked - first - span, first - asked, 0)
    assert near_index.in_reach(segment, asked, asked, window) or apart > window


@pytest.mark.parametrize(
    ("first_day", "last_day", "reached"),
    [(60 + 90, 999, True), (60 + 91, 999, False), (-99, -90, True), (-99, -91, False)],
)
def test_a_month_file_reaches_its_month_a_month_more_and_the_window(
    first_day: int, last_day: int, reached: bool
) -> None:
    assert near_index.in_reach(197001, first_day, last_day, 90) is reached


@given(year=st.integers(1, 9999), month=st.integers(0, 12))
def test_a_file_name_tells_its_segment(year: int, month: int) -> None:
    path = near_index.file_name("20230320T140500Z-0a1b2c3d", year * 100 + month, "0a1b2c3d")
    assert near_index.segment_of_path(path) == year * 100 + month


def test_a_keys_index_file_has_no_segment() -> None:
    assert near_index.segment_of_path("_newslake/index/20230320T140500Z-0a1b2c3d-4e5f6a7b.columns") is None
