"""DuckDB, Polars, pyarrow and pandas over one lake: the same rows, although inference fails."""

from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from lakes import READERS, Read, Row, by_duckdb, by_polars, commit, each_reader, row, write_file

import newslake
from newslake.schemas import readers
from newslake.schemas.tables import PARTITIONED, TABLES
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.lake.query import Lake, UnknownTableError
from newslake.transforms.storage.base import LakeError
from newslake.transforms.storage.local import LocalStorage

MARCH = "articles/published_month=2023-03/part-1-0.jsonl.gz"
LAST_ID, OLDER_ID, NEWER_ID = "f" * 32, "e" * 32, "d" * 32
CAPTIONS = [{"text": "Souvenirs in Moskou", "credit": None}, {"text": "Two", "credit": "AFP"}]
COUNTRIES = [{"code": "RU", "mentions": 2}]


def id_of(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with files of three versions.

    One file has 30,000 articles that are known to the second. The article after them is known to
    the month, and it is the first one that has a value in most columns.
    """
    root = tmp_path_factory.mktemp("lake")
    exact = [
        row("articles", id=id_of(number), date_published=f"2023-03-{number % 28 + 1:02d}T10:00:00Z")
        for number in range(30_000)
    ]
    coarse = row(
        "articles",
        id=LAST_ID,
        date_published="2023-03",
        language_score=0.5,
        byline="2023",
        tags=["2023-03-20"],
        captions=CAPTIONS,
        countries=COUNTRIES,
    )
    older = row("articles", id=OLDER_ID, date_published="2023")
    del older["warnings"]
    newer = {**row("articles", id=NEWER_ID), "sentiment": 0.25}
    commit(
        root,
        {
            MARCH: [*exact, coarse],
            "articles/published_month=2023-XX/part-1-1.jsonl.gz": [older],
            "articles/published_month=unknown/part-1-2.jsonl.gz": [newer],
            "runs/part-1-0.jsonl.gz": [row("runs", run_id="1", seconds=1.5, files=2, failures=["a: missing"])],
        },
    )
    commit(root, {"fetches/part-2-0.jsonl.gz": [row("fetches", feed="https://example.org/feed", may_have_missed=True)]})
    return newslake.open(str(root))


@pytest.fixture(scope="module", params=READERS)
def articles(lake: Lake, request: pytest.FixtureRequest) -> dict[str, Row]:
    """Return the articles by their id, as each reader gives them."""
    return {one["id"]: one for one in READERS[request.param](lake, "articles")}


def test_every_row_is_read_with_its_partition(articles: dict[str, Row]) -> None:
    assert len(articles) == 30_003
    assert articles[id_of(29_999)]["date_published"] == "2023-03-12T10:00:00Z"
    months = {one: articles[one]["published_month"] for one in (id_of(0), LAST_ID, OLDER_ID, NEWER_ID)}
    assert months == {id_of(0): "2023-03", LAST_ID: "2023-03", OLDER_ID: "2023-XX", NEWER_ID: "unknown"}


def test_what_first_appears_in_the_last_row_is_read_as_it_was_written(articles: dict[str, Row]) -> None:
    last = articles[LAST_ID]
    assert last["date_published"] == "2023-03"
    assert last["language_score"] == 0.5
    assert last["byline"] == "2023"
    assert last["tags"] == ["2023-03-20"]
    assert last["captions"] == CAPTIONS
    assert last["countries"] == COUNTRIES


def test_files_of_an_older_and_a_newer_version_are_read_at_once(articles: dict[str, Row]) -> None:
    assert articles[OLDER_ID]["warnings"] is None
    assert articles[NEWER_ID]["warnings"] == []
    assert "sentiment" not in articles[NEWER_ID]


@each_reader
def test_the_small_tables_are_read(lake: Lake, read: Read) -> None:
    (run,) = read(lake, "runs")
    assert run == row("runs", run_id="1", seconds=1.5, files=2, failures=["a: missing"])
    (fetch,) = read(lake, "fetches")
    assert fetch == row("fetches", feed="https://example.org/feed", may_have_missed=True)


@each_reader
@pytest.mark.parametrize("table", ["revisions", "duplicates", "rejects"])
def test_a_table_without_files_is_empty(lake: Lake, read: Read, table: str) -> None:
    assert read(lake, table) == []


@pytest.mark.parametrize("table", TABLES)
def test_the_types_are_those_of_the_schema_whether_or_not_there_are_rows(lake: Lake, table: str) -> None:
    partition = ["published_month"] if table in PARTITIONED else []
    found = lake.duckdb().sql(f"FROM {table}")
    # DuckDB spells a type in its own way, so it is asked for its spelling of the declared types.
    declared = {**readers.duckdb_columns(table), **dict.fromkeys(partition, "VARCHAR")}
    spelt = duckdb.sql("SELECT " + ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in declared.items()))
    assert spelt is not None
    assert (found.columns, found.types) == (spelt.columns, spelt.types)

    assert lake.polars(table).collect().schema == {
        **readers.polars_schema(table),
        **dict.fromkeys(partition, pl.String()),
    }

    schema = pa.schema([*readers.pyarrow_schema(table), *(pa.field(column, pa.string()) for column in partition)])
    assert lake.arrow(table).schema == schema
    assert lake.arrow(table).to_table().schema == schema


def test_inference_fails_on_the_same_file(lake: Lake) -> None:
    path = str(Path(lake.root, MARCH))
    with pytest.raises(duckdb.Error, match="2023-03"):
        duckdb.execute(f"SELECT date_published FROM read_json('{path}') WHERE id = '{LAST_ID}'").fetchall()
    with pytest.raises(pl.exceptions.ComputeError):
        pl.scan_ndjson(path).collect()
    with pytest.raises(pa.ArrowInvalid):
        ds.dataset(path, format="json").to_table()


@pytest.fixture
def half_broken(tmp_path: Path) -> Lake:
    """Return a lake with a good file of March and one of April that is not JSON."""
    broken = "articles/published_month=2023-04/part-1-1.jsonl.gz"
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))], broken: [row("articles", id=id_of(2))]})
    (tmp_path / broken).write_bytes(b"neither gzip nor JSON")
    return newslake.open(str(tmp_path))


def test_a_filter_on_the_partition_leaves_the_other_files_closed(half_broken: Lake) -> None:
    connection = half_broken.duckdb()
    assert connection.sql("SELECT id FROM articles WHERE published_month = '2023-03'").fetchall() == [(id_of(1),)]
    dataset = half_broken.arrow()
    assert dataset.to_table(["id"], filter=ds.field("published_month") == "2023-03").to_pylist() == [{"id": id_of(1)}]
    with pytest.raises(duckdb.Error, match="2023-04"):
        connection.execute("SELECT id FROM articles").fetchall()
    with pytest.raises(OSError, match="2023-04"):
        dataset.to_table(["id"])


@each_reader
def test_a_lake_is_opened_by_a_relative_path_as_well(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(tmp_path / "lake", {MARCH: [row("articles", id=id_of(1))]})
    monkeypatch.chdir(tmp_path)
    assert [one["id"] for one in read(newslake.open("lake"), "articles")] == [id_of(1)]
    assert newslake.open("lake").files("articles") == [str(tmp_path / "lake" / MARCH)]


@each_reader
def test_months_and_days_stand_in_one_lake(tmp_path: Path, read: Read) -> None:
    day = "articles/published_day=2023-03-20/part-2-0.jsonl.gz"
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))], day: [row("articles", id=id_of(2))]})
    lake = newslake.open(str(tmp_path))
    found = {(one["id"], one["published_month"], one["published_day"]) for one in read(lake, "articles")}
    assert found == {(id_of(1), "2023-03", None), (id_of(2), None, "2023-03-20")}
    assert read(lake, "revisions") == []
    assert len(read(lake, "articles")[0]) == len(readers.fields("articles")) + 2


@each_reader
def test_a_line_may_be_longer_than_any_block(tmp_path: Path, read: Read) -> None:
    commit(
        tmp_path, {MARCH: [row("articles", id=id_of(1), article_body="x" * 20_000_000), row("articles", id=id_of(2))]}
    )
    assert [len(one["article_body"] or "") for one in read(newslake.open(str(tmp_path)), "articles")] == [20_000_000, 0]


def test_all_but_pyarrow_read_zstd_beside_gzip_and_pyarrow_says_that_it_does_not(tmp_path: Path) -> None:
    commit(tmp_path, {MARCH.replace(".gz", ".zst"): [row("articles", id=id_of(1))]})
    commit(tmp_path, {MARCH.replace("part-1", "part-2"): [row("articles", id=id_of(2))]})
    lake = newslake.open(str(tmp_path))
    for read in (by_duckdb, by_polars, READERS["pandas"]):
        assert {one["id"] for one in read(lake, "articles")} == {id_of(1), id_of(2)}
    with pytest.raises(LakeError, match=r"pyarrow\.dataset does not read zstd"):
        lake.arrow()


@each_reader
def test_a_committed_file_that_stands_in_staging_gets_its_name_when_the_lake_is_opened(
    tmp_path: Path, read: Read
) -> None:
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))]}, staged="_newslake/staging/token-1")
    commit(tmp_path, {MARCH.replace("2023-03", "2023-04"): [row("articles", id=id_of(2))]})
    assert not (tmp_path / MARCH).exists()
    rows = read(newslake.open(str(tmp_path)), "articles")
    assert {(one["id"], one["published_month"]) for one in rows} == {(id_of(1), "2023-03"), (id_of(2), "2023-04")}
    assert (tmp_path / MARCH).samefile(tmp_path / "_newslake/staging/token-1/out-0.jsonl.gz")


@each_reader
def test_a_reader_that_may_not_write_gets_the_newest_state_that_is_all_in_place(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    april, may = (MARCH.replace("2023-03", month) for month in ("2023-04", "2023-05"))
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))]})
    commit(tmp_path, {april: [row("articles", id=id_of(2))]}, staged="_newslake/staging/token-2")
    commit(tmp_path, {may: [row("articles", id=id_of(3))]})

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    for operation in ("create", "write", "replace", "link", "delete", "settle"):
        monkeypatch.setattr(LocalStorage, operation, refuse)
    assert [one["id"] for one in read(newslake.open(str(tmp_path)), "articles")] == [id_of(1)]
    assert not (tmp_path / april).exists()


@each_reader
def test_a_file_that_is_gone_is_named(tmp_path: Path, read: Read) -> None:
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))]})
    (tmp_path / MARCH).unlink()
    lake = newslake.open(str(tmp_path))
    with pytest.raises(LakeError, match=f"{tmp_path / MARCH} is gone, though entry 1 of the log names it"):
        read(lake, "articles")
    with pytest.raises(LakeError, match="is gone"):
        lake.files()


@each_reader
def test_a_file_that_the_log_does_not_name_is_not_read(tmp_path: Path, read: Read) -> None:
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))]})
    write_file(tmp_path / MARCH.replace("part-1", "part-2"), [row("articles", id=id_of(2))])
    assert [one["id"] for one in read(newslake.open(str(tmp_path)), "articles")] == [id_of(1)]


@each_reader
def test_an_opened_lake_stays_at_its_entry(tmp_path: Path, read: Read) -> None:
    commit(tmp_path, {MARCH: [row("articles", id=id_of(1))]})
    before = newslake.open(str(tmp_path))
    commit(tmp_path, {MARCH.replace("part-1", "part-2"): [row("articles", id=id_of(2))]})
    assert len(read(before, "articles")) == 1
    assert len(read(newslake.open(str(tmp_path)), "articles")) == 2


def test_an_unknown_table_is_named_with_those_there_are() -> None:
    lake = Lake(LocalStorage("lake"), ())
    for ask in (lake.files, lake.polars, lake.arrow, lake.pandas):
        with pytest.raises(
            UnknownTableError, match=r"no table 'article' in a lake; its tables are articles, revisions, "
        ):
            ask("article")


@pytest.mark.parametrize(("package", "read"), [*READERS.items(), ("duckdb", READERS["pandas"])])
def test_a_package_that_is_missing_is_named_with_the_way_to_it(
    package: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ImportError) as caught:
        read(Lake(LocalStorage("lake"), ()), "articles")
    assert str(caught.value) == f"{package} is not installed; install it with: pip install {package}"
    assert isinstance(caught.value, LakeError)


@pytest.mark.parametrize("setting", ["autoinstall_known_extensions", "autoload_known_extensions"])
def test_duckdb_neither_installs_nor_loads_an_extension_by_itself(setting: str) -> None:
    connection = Lake(LocalStorage("lake"), ()).duckdb()
    assert connection.sql(f"SELECT current_setting('{setting}')").fetchall() == [(False,)]
    with pytest.raises(duckdb.Error, match="httpfs"):
        connection.execute("ATTACH 'http://127.0.0.1:9/lake.duckdb'")


def test_a_lake_may_be_made_of_a_list_of_files(tmp_path: Path) -> None:
    data = write_file(tmp_path / MARCH, [row("articles", id=id_of(1))])
    lake = Lake(LocalStorage(str(tmp_path)), (LiveFile("articles", MARCH, 1, len(data), ""),))
    assert lake.files() == lake.files("articles") == [str(tmp_path / MARCH)]
    assert lake.files("runs") == []
    assert [one["id"] for one in by_duckdb(lake, "articles")] == [id_of(1)]
