"""The near index finds what was written, in any size and in any order."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate.index import near as near_index
from newslake.transforms.deduplicate.index.keys import UnknownAlgoError
from newslake.transforms.deduplicate.index.near import BANDS, MIN_SHINGLES, NEAR_COLUMNS, NearFile
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage

EPOCH = date(1970, 1, 1)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(str(tmp_path))


def make_rows(count: int, seed: int = 1, band_values: int = 2**32) -> Columns:
    """Return random rows of few different leads and days, so that some rows agree.

    ``band_values`` is the number of different band keys.
    """
    random = np.random.default_rng(seed)
    words = random.integers(0, band_values, (count, BANDS), np.uint32).astype("<u4")
    day_from = random.integers(19000, 19020, count).astype("<i4")
    return {
        "id_hi": random.integers(0, 3, count, np.uint64),
        "id_lo": random.integers(0, 2**64, count, np.uint64),
        "lead_hi": random.integers(0, 3, count, np.uint64),
        "lead_lo": random.integers(0, 3, count, np.uint64),
        "outlet": random.integers(0, 3, count, np.uint64),
        "headline": random.integers(0, 3, count, np.uint64),
        "day_from": day_from,
        "day_until": day_from + random.integers(0, 4, count).astype("<i4"),
        "shingles": random.choice(np.array([49, 50, 109, 110, 200, 599, 600, 2000], np.uint32), count),
        "body_rank": random.integers(0, 3, count).astype("|u1"),
        "signature": words.view("|V128").reshape(-1),
        "lead_words": np.frombuffer(random.bytes(128 * count), "|V128"),
        "figures": np.frombuffer(random.bytes(16 * count), "|V16"),
        "commit": random.integers(0, 3, count, np.uint64),
    }


def take(rows: Columns, places: np.ndarray) -> Columns:
    return {name: column[places] for name, column in rows.items()}


def opened(storage: Storage, name: str, rows: Columns) -> NearFile:
    near_index.write(storage, name, rows)
    return NearFile(storage, name)


def same_rows(left: Columns, right: Columns) -> bool:
    return all(
        left[name].tobytes() == right[name].tobytes() and left[name].dtype == right[name].dtype for name in NEAR_COLUMNS
    )


def brute_keys(rows: Columns) -> list[set[tuple[int, bytes]]]:
    """Return the keys of each row by the definition.

    A key is its place in the fingerprint with its bytes, or -1 with the headline.
    """
    keys = []
    for signature, shingles, headline in zip(
        rows["signature"], rows["shingles"].tolist(), rows["headline"].tolist(), strict=True
    ):
        raw = signature.tobytes()
        keys.append({(at, raw[at : at + 4]) for at in range(0, 128, 4)} if shingles >= MIN_SHINGLES else set())
        if 110 <= shingles < 600:
            keys[-1] |= {(at, raw[at : at + 3]) for at in range(0, 126, 3)}
            keys[-1] |= {(-1, headline.to_bytes(8, "big"))} if headline else set()
    return keys


def brute_bands(rows: Columns, asked: Columns, at_most: int) -> tuple[list[tuple[int, int]], int]:
    stored = brute_keys(rows)
    found, dropped = set(), 0
    for query, keys in enumerate(brute_keys(asked)):
        for key in keys:
            bucket = [row for row, others in enumerate(stored) if key in others]
            found |= {(query, row) for row in bucket[:at_most]}
            dropped += max(len(bucket) - at_most, 0)
    return sorted(found), dropped


def find_bands(
    file: NearFile, asked: Columns, places: np.ndarray | None = None, at_most: int = 8
) -> tuple[list[tuple[int, int]], int]:
    rows = np.arange(len(asked["id_hi"])) if places is None else places
    query, row, dropped = file.find_bands(
        near_index.band_words(asked["signature"]), asked["shingles"], asked["headline"], rows, at_most
    )
    return list(zip(query.tolist(), row.tolist(), strict=True)), dropped


def test_columns_come_back_sorted_by_day_and_id(storage: Storage) -> None:
    rows = make_rows(300)
    file = opened(storage, "one", rows)
    order = np.lexsort((rows["id_lo"], rows["id_hi"], rows["day_from"]))
    assert same_rows(file.rows, take(rows, order))
    assert (file.first_day, file.last_day) == (rows["day_from"].min(), rows["day_until"].max())


@given(seed=st.integers(0, 2**32), count=st.integers(0, 12))
def test_a_file_is_the_same_in_whatever_order_its_rows_came(
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
        words = rows["lead_words"].view("|u1").reshape(-1, 128).copy()
        words[-1, -1] ^= 1
        rows["lead_words"] = words.view("|V128").reshape(-1)
    shuffled = take(rows, random.permutation(len(rows["id_hi"])))
    assert near_index.write(storage, "one", rows) == near_index.write(storage, "other", shuffled)


def test_columns_may_be_views_of_a_larger_table(storage: Storage) -> None:
    rows = make_rows(100)
    wide = {name: np.repeat(column, 2) for name, column in rows.items()}
    view = {name: column[::2] for name, column in wide.items()}
    assert near_index.write(storage, "views", view) == near_index.write(storage, "copies", rows)


@pytest.mark.parametrize("stored", [0, 1, 40])
@pytest.mark.parametrize("asked", [0, 1, 60])
@pytest.mark.parametrize("band_values", [2, 50, 2**32])
@pytest.mark.parametrize("at_most", [1, 8])
def test_lookups_find_what_a_scan_of_all_rows_finds(
    storage: Storage, stored: int, asked: int, band_values: int, at_most: int
) -> None:
    file = opened(storage, "one", make_rows(stored, 1, band_values))
    strange, known = make_rows(asked, 2, band_values), take(file.rows, np.arange(min(stored, 5)))
    both = near_index.merged([strange, known])
    assert find_bands(file, both, at_most=at_most) == brute_bands(file.rows, both, at_most)
    backwards = np.arange(len(both["id_hi"]))[::-1].copy()
    assert find_bands(file, both, backwards, at_most) == brute_bands(file.rows, take(both, backwards), at_most)


def test_rows_share_a_band_where_they_have_a_key_in_common() -> None:
    rows = make_rows(60, 3, 400)
    rows["headline"] *= np.arange(60, dtype=np.uint64) % np.uint64(7)
    left, right = (np.repeat(np.arange(60), 60), np.tile(np.arange(60), 60))
    keys = brute_keys({**rows, "shingles": np.maximum(rows["shingles"], np.uint32(MIN_SHINGLES))})
    expected = [not keys[one].isdisjoint(keys[other]) for one, other in zip(left, right, strict=True)]
    words = near_index.band_words(rows["signature"])
    assert near_index.share_band(words, rows["shingles"], rows["headline"], left, right).tolist() == expected
    assert 0 < sum(expected) < len(expected)


def test_few_queries_against_many_rows_find_theirs(storage: Storage) -> None:
    file = opened(storage, "one", make_rows(5000))
    wanted = np.flatnonzero(file.rows["shingles"] >= MIN_SHINGLES)[[700, 3]]
    assert find_bands(file, file.rows, wanted) == ([(0, wanted[0]), (1, wanted[1])], 0)


@pytest.mark.parametrize("stored", [0, 1, 60])
def test_leads_are_found_by_both_halves_of_their_key(storage: Storage, stored: int) -> None:
    file = opened(storage, "one", make_rows(stored))
    hi, lo = (np.array(half, np.uint64) for half in ([0, 2, 1, 2, 9, 0], [0, 1, 0, 2, 9, 2]))
    query, row = file.find_leads(hi, lo, 60)
    leads = list(zip(file.rows["lead_hi"].tolist(), file.rows["lead_lo"].tolist(), strict=True))
    asked = list(zip(hi.tolist(), lo.tolist(), strict=True))
    expected = [
        (one, place) for one, key in enumerate(asked) for place, lead in enumerate(leads) if lead == key != (0, 0)
    ]
    assert list(zip(query.tolist(), row.tolist(), strict=True)) == expected


def test_a_lead_that_too_many_rows_have_finds_no_rows(storage: Storage) -> None:
    rows = make_rows(20)
    rows["lead_hi"][:], rows["lead_lo"][:] = 7, 7
    rows["lead_hi"][:3] = 8
    file = opened(storage, "one", rows)
    query, _ = file.find_leads(np.array([7, 8], np.uint64), np.array([7, 7], np.uint64), 16)
    assert query.tolist() == [1, 1, 1]


@pytest.mark.parametrize("column", ["shingles", "lead_hi"])
def test_a_file_without_any_band_or_lead_answers_that_it_has_none(storage: Storage, column: str) -> None:
    rows = make_rows(20)
    rows[column][:] = 0
    rows["lead_lo"][:] = 0
    file = opened(storage, "one", rows)
    found, dropped = find_bands(file, file.rows)
    assert (len(found) > 0, dropped) == (column != "shingles", 0)
    assert (len(file.find_leads(rows["lead_hi"], rows["lead_lo"], 20)[0]) > 0) == (column != "lead_hi")


def test_merged_files_are_the_file_of_all_their_rows(storage: Storage) -> None:
    parts = [make_rows(count, seed) for seed, count in enumerate((30, 0, 7))]
    files = [opened(storage, str(number), part) for number, part in enumerate(parts)]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in NEAR_COLUMNS}
    assert near_index.write(storage, "all", near_index.merged([file.rows for file in files])) == near_index.write(
        storage, "w", whole
    )


def test_rows_of_a_file_without_commits_belong_to_none(storage: Storage) -> None:
    near_index.write(storage, "new", make_rows(20))
    stored, meta = columns.read(storage, "new")
    columns.write(storage, "old", {name: column for name, column in stored.items() if name != "commit"}, meta)
    old, new = NearFile(storage, "old"), NearFile(storage, "new")
    assert same_rows(old.rows, {**new.rows, "commit": np.zeros(20, "<u8")})


def test_nothing_merged_is_a_file_without_rows(storage: Storage) -> None:
    file = opened(storage, "none", near_index.merged([]))
    assert {name: column.dtype.str for name, column in file.rows.items()} == NEAR_COLUMNS
    assert (len(file.rows["id_hi"]), file.first_day, file.last_day) == (0, 0, -1)


@pytest.mark.parametrize("meta", [{"algo": "near-0"}, {"algo": "keys-2"}, {}], ids=["older", "keys index", "none"])
def test_an_index_of_another_version_is_a_named_error(storage: Storage, meta: dict[str, str]) -> None:
    columns.write(storage, "old", {}, meta)
    with pytest.raises(UnknownAlgoError, match=f"{meta.get('algo')!r}.*newslake lake reindex"):
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
