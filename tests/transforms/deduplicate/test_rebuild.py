"""Indexes that are built from the tables know what those know that the runs wrote."""

import gzip
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lake_runs import Runs, news_batch
from prose import prose, sentences

from newslake.schemas.raw import RawArticle
from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate.index import keys, near
from newslake.transforms.deduplicate.index.keys import IndexFile
from newslake.transforms.deduplicate.index.near import NearFile
from newslake.transforms.deduplicate.rebuild import RecordRows, index_tables, near_rows, rows_of_records
from newslake.transforms.lake import log
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.storage.local import LocalStorage

TABLES = ("articles", "revisions", "duplicates")
STORED_ONLY = {"met", "commit"}
"""Columns that tell when a row was learnt."""


def story(number: int, **more: Any) -> RawArticle:
    made = RawArticle(
        source_uri="feed.xml",
        position="entry 1",
        source="https://example.org/feed",
        source_id=f"guid-{number}",
        url=f"https://example.org/{number}",
        headline=f"Story {number}",
        body=prose(number, 20),
        body_source="feed_content",
        dates=(("feed", f"2023-03-{number:02}T10:00:00Z"),),
    )
    return replace(made, **more)


PAGE = "https://example.org/status"
RUNS = [
    [story(1), story(2, source_id=None), story(3, url=None), story(4, url=PAGE), story(5, url=None, source_id=None)],
    [story(1, body=prose("edited", 20)), story(6, body=prose(2, 20), headline="Story 2"), story(7, url=PAGE)],
    [
        story(
            8, body=" ".join([*sentences("another lead", 2), *sentences(1, 20)[2:]]), dates=(("feed", "2023-03-02"),)
        ),
        story(9, body=" ".join(sentences(3, 2)), body_source="feed_summary"),
        story(10, source_id="guid-1"),
        story(11, headline="Story 3", dates=(("feed", "2099-01-01"),)),
        story(
            12, url="https://other.example/12", headline="Story 1", body=prose(1, 19), dates=(("feed", "2023-03-02"),)
        ),
    ],
    [story(number, body=prose("consent", 20)) for number in (13, 14, 15)],
    [story(number, body=prose("consent", 20)) for number in (16, 17)],
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> LocalStorage:
    storage = LocalStorage(str(tmp_path_factory.mktemp("lake")))
    for articles in RUNS:
        Runs(storage).run(news_batch(articles))
    return storage


@pytest.fixture(scope="module")
def rebuilt(lake: LocalStorage) -> list[RecordRows]:
    entries = log.entries_after(lake, 0, log.read_state(lake).number)
    return [
        rows_of_records([row for file in entry.added if file.table in TABLES for row in read(lake, file)], entry.number)
        for entry in entries
    ]


def test_the_runs_met_what_the_near_index_knows(lake: LocalStorage, rebuilt: list[RecordRows]) -> None:
    """The lake has a near-duplicate that was dropped, one that was marked, and standing text."""
    records = [row for file in log.read_state(lake).files if file.table in TABLES for row in read(lake, file)]
    assert {row["source_id"] for row in records if row.get("rule") == "near"} == {"guid-12"}
    assert {row["source_id"] for row in records if row["near_duplicate_of"]} == {"guid-8"}
    assert sum(int(part.is_standing.sum()) for part in rebuilt) == 5


def read(lake: LocalStorage, file: LiveFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(lake.read(file.path)).splitlines()]


def as_rows(columns: Columns) -> list[tuple[Any, ...]]:
    names = sorted(columns.keys() - STORED_ONLY)
    return sorted(zip(*(columns[name].tolist() for name in names), strict=True))


def files(lake: LocalStorage) -> tuple[list[IndexFile], list[NearFile]]:
    paths = [file.path for file in log.read_state(lake).index]
    of_keys = [IndexFile(lake, path) for path in paths if near.segment_of_path(path) is None]
    return of_keys, [NearFile(lake, path) for path in paths if near.segment_of_path(path) is not None]


@pytest.fixture(scope="module")
def written(lake: LocalStorage) -> dict[str, Columns]:
    return keys.merged([file.tables for file in files(lake)[0]])


@pytest.mark.parametrize("table", ["versions", "contents"])
def test_the_tables_of_the_keys_index_are_those_that_the_runs_wrote(
    written: dict[str, Columns], rebuilt: list[RecordRows], table: str
) -> None:
    again, stored = index_tables(rebuilt)[table], dict(written[table])
    if table == "versions":  # a source_id that is void tells nothing, but the record still has it
        again["namespace"] = np.where(
            np.isin(again["key_hi"], stored["key_hi"][stored["namespace"] == 0]), 0, again["namespace"]
        )
    assert as_rows(again) == as_rows(stored)
    assert len(stored["key_hi"]) > 0


def test_the_keys_that_are_void_are_those_that_the_runs_found(
    written: dict[str, Columns], rebuilt: list[RecordRows]
) -> None:
    void = as_rows(written["voids"])
    assert as_rows(index_tables(rebuilt)["voids"]) == void
    assert len(void) == 2


def test_every_other_key_leads_where_it_led(written: dict[str, Columns], rebuilt: list[RecordRows]) -> None:
    aliases, void = written["aliases"], written["voids"]["key_hi"]
    is_void = np.isin(aliases["key_hi"], void)
    stored = {name: column[~is_void] for name, column in aliases.items()}
    assert as_rows(index_tables(rebuilt)["aliases"]) == as_rows(stored)
    assert is_void.sum() == 1


def test_the_aliases_of_an_older_index_stay(rebuilt: list[RecordRows]) -> None:
    tables = index_tables(rebuilt)
    first = tables["versions"]["key_hi"][:1], tables["versions"]["key_lo"][:1]
    bridge = {"key_hi": np.array([1, 2], "<u8"), "key_lo": np.array([1, 2], "<u8")}
    bridge |= {"id_hi": np.array([2, first[0][0]], "<u8"), "id_lo": np.array([2, first[1][0]], "<u8")}
    added = set(as_rows(index_tables(rebuilt, bridge)["aliases"])) - set(as_rows(tables["aliases"]))
    assert added == {(int(first[0][0]), int(first[1][0]), one, one) for one in (1, 2)}


def test_the_rows_of_the_near_index_are_those_that_the_runs_wrote(
    lake: LocalStorage, rebuilt: list[RecordRows]
) -> None:
    written = near.merged([file.rows for file in files(lake)[1]])
    again = [near_rows(part) for part in rebuilt]
    assert as_rows({name: np.concatenate([one[name] for one in again]) for name in again[0]}) == as_rows(written)
