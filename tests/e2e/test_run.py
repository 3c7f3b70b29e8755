"""Whole runs through the command line. DuckDB reads the lake."""

import datetime as dt
import io
import json
from pathlib import Path

import feedparser
import pytest
from commandline import COUNTS, SAMPLE, SHARED, article, newslake_command, rows, run, run_here, write_lines

import newslake

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the shared feeds and documents are not at {SHARED}; set NEWSLAKE_SHARED"
)


def lines(lake: Path) -> list[str]:
    """Return all rows of all tables except runs, without the fields that differ from run to run."""
    found = []
    opened = newslake.open(str(lake)).duckdb()
    for table in ("articles", "revisions", "duplicates", "rejects"):
        relation = opened.sql(f"SELECT * EXCLUDE (ingested_at, run_id) FROM {table}")
        found += [table + repr(row) for row in relation.fetchall()]
    return sorted(found)


def test_the_sample_gives_the_counts_that_its_readme_states(tmp_path: Path) -> None:
    summary = run(tmp_path / "lake", "--config", SAMPLE / "newslake.toml")
    assert [summary[name] for name in COUNTS] == [45, 40, 0, 0, 4, 1]
    assert (summary["sources_ok"], summary["sources_failed"]) == (13, 1)
    months = dict(rows(tmp_path / "lake", "SELECT published_month, count(*) FROM articles GROUP BY 1"))
    assert months["2023-03"] == 29
    assert months["2023-XX"] == 2
    assert months["unknown"] == 1
    rules = rows(tmp_path / "lake", "SELECT rule, count(*) FROM duplicates GROUP BY 1 ORDER BY 1")
    assert rules == [("content", 1), ("identity", 2), ("near", 1)]
    again = run_here(tmp_path / "lake", "--config", SAMPLE / "newslake.toml")
    assert [again[name] for name in COUNTS] == [45, 0, 0, 44, 0, 1]


@needs_shared
def test_the_seed_document_is_known_to_the_month(tmp_path: Path) -> None:
    run_here(tmp_path / "lake", "--files", SHARED / "documents/000_57d676cd9cd9616e.txt")
    columns = (
        "date_published, date_precision, published_from, published_until, date_source, published_month, article_body"
    )
    ((*dated, body),) = rows(tmp_path / "lake", f"SELECT {columns} FROM articles")
    assert dated == ["2023-03", "month", dt.datetime(2023, 3, 1), dt.datetime(2023, 4, 1), "body_prefix", "2023-03"]
    assert body.startswith("Voor")


@needs_shared
def test_every_entry_of_the_shared_feeds_is_accounted_for_and_a_rerun_adds_nothing(tmp_path: Path) -> None:
    feeds = sorted((SHARED / "feeds").glob("*.xml"))
    entries = sum(
        len(feedparser.parse(io.BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False).entries)
        for path in feeds
    )
    lake = tmp_path / "lake"
    summary = run_here(lake, "--files", SHARED / "feeds/*.xml")
    assert summary["read"] >= entries
    assert summary["rejected"] == 0
    assert summary["sources_ok"] == len(feeds)
    before = lines(lake)
    files = newslake.open(str(lake)).files()
    again = run_here(lake, "--feeds", *feeds)
    assert again["unchanged"] == summary["read"]
    assert lines(lake) == before
    assert len(newslake.open(str(lake)).files()) == len(files) + 1


def test_order_chunks_and_processes_never_change_the_lines(tmp_path: Path) -> None:
    articles = [article(number % 700, page=number % 3) for number in range(2000)]
    articles += [
        {**article(number), "url": f"https://other.example/{number}", "date": f"2023-04-{number % 28 + 1:02d}"}
        for number in range(50)
    ]
    whole = write_lines(tmp_path / "whole.jsonl", articles)
    # These are the same articles in another order, in halves and in other chunks. The file has the
    # same name, because a line holds its source.
    settings = tmp_path / "newslake.toml"
    outcomes = []
    for name, order, workers in (("a", articles, 1), ("b", articles[::-1], 1), ("c", articles, 2)):
        write_lines(whole, order)
        settings.write_text(f'[[files]]\nglob = "{whole}"\n')
        lake = tmp_path / name
        run(lake, "--config", settings, "--workers", workers)
        outcomes.append(lines(lake))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(rows(tmp_path / "a", "FROM articles")) == 700


@needs_shared
def test_two_processes_write_the_lines_of_one(tmp_path: Path) -> None:
    feeds = sorted((SHARED / "feeds").glob("*.xml"))[:20]
    run_here(tmp_path / "one", "--feeds", *feeds)
    run(tmp_path / "two", "--feeds", *feeds[::-1], "--workers", 2)
    assert lines(tmp_path / "one") == lines(tmp_path / "two")


def test_beams_direct_runner_works_offline(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(number) for number in range(10)])
    assert run(tmp_path / "lake", "--files", source, "--runner", "direct")["new"] == 10


def test_standard_input_is_a_source_and_the_same_input_again_adds_nothing(tmp_path: Path) -> None:
    text = "".join(json.dumps({"id": number, "text": f"text {number} " * 20}) + "\n" for number in range(5))
    assert run(tmp_path / "lake", "--files", "-", input=text)["new"] == 5
    assert run(tmp_path / "lake", "--files", "-", input=text)["unchanged"] == 5


def test_a_run_key_that_is_committed_is_a_no_op(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1)])
    first = run_here(tmp_path / "lake", "--files", source, "--run-key", "2023-03-20")
    write_lines(source, [article(2)])
    again = run_here(tmp_path / "lake", "--files", source, "--run-key", "2023-03-20")
    assert again.pop("repeated") is True
    assert again == first
    assert rows(tmp_path / "lake", "SELECT headline FROM articles") == [("Story 1",)]


def test_a_dry_run_shows_rows_and_leaves_no_lake(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(number) for number in range(20)])
    done = newslake_command("run", "--files", source, "--lake", tmp_path / "lake", "--dry-run", "--limit", 3)
    assert [json.loads(line)["headline"] for line in done.stdout.splitlines()] == ["Story 0", "Story 1", "Story 2"]
    assert not (tmp_path / "lake").exists()


def test_changed_text_is_a_revision_and_the_newest_one_is_the_latest(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1)])
    run_here(tmp_path / "lake", "--files", source)
    write_lines(source, [article(1, text="Quite another text. " * 20)])
    assert run_here(tmp_path / "lake", "--files", source)["revised"] == 1
    latest = rows(tmp_path / "lake", "SELECT revision, article_body FROM articles_latest")
    assert [(revision, body[:13]) for revision, body in latest] == [(2, "Quite another")]


def test_a_date_in_the_future_is_flagged_and_stands_under_unknown(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1, date="2023-05-01"), article(2, date="2023-03-22")])
    run_here(tmp_path / "lake", "--files", source, "--now", "2023-03-20T12:00:00Z")
    found = rows(
        tmp_path / "lake",
        "SELECT headline, date_published, date_flags, published_month FROM articles ORDER BY headline",
    )
    assert found == [("Story 1", "2023-05-01", ["future"], "unknown"), ("Story 2", "2023-03-22", [], "2023-03")]


def test_a_source_of_mostly_rejects_is_quarantined_and_the_rest_is_committed(tmp_path: Path) -> None:
    good = write_lines(tmp_path / "good.jsonl", [article(number) for number in range(5)])
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        "".join(json.dumps(article(100 + number)) + "\n" for number in range(10)) + "broken {\n" * 3 + "broken [\n" * 30
    )
    summary = run(tmp_path / "lake", "--files", good, bad, code=4)
    assert (summary["new"], summary["quarantined"], summary["sources_quarantined"]) == (5, 10, 1)
    assert rows(tmp_path / "lake", "SELECT count(*) FROM articles") == [(5,)]


def test_no_usable_source_is_exit_code_3_and_keeps_the_run_key_free(tmp_path: Path) -> None:
    summary = run(tmp_path / "lake", "--files", tmp_path / "nothing-*.jsonl", "--run-key", "k", code=3)
    assert summary["sources_failed"] == 1
    source = write_lines(tmp_path / "x.jsonl", [article(1)])
    assert run_here(tmp_path / "lake", "--files", source, "--run-key", "k")["new"] == 1


def test_zstd_and_days_are_options(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1)])
    run_here(tmp_path / "lake", "--files", source, "--compression", "zstd", "--partition", "day")
    assert list((tmp_path / "lake/articles/published_day=2023-03-20").glob("*.jsonl.zst"))
    assert rows(tmp_path / "lake", "SELECT headline, published_day FROM articles") == [("Story 1", "2023-03-20")]


def test_a_lake_keeps_its_layout_unless_a_run_sets_another(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1)])
    run_here(tmp_path / "lake", "--files", source, "--compression", "zstd", "--partition", "day")
    run_here(tmp_path / "lake", "--files", write_lines(source, [article(2)]))
    run_here(tmp_path / "lake", "--files", write_lines(source, [article(3)]), "--compression", "gzip")
    names = [path.name.partition(".")[2] for path in (tmp_path / "lake/articles/published_day=2023-03-20").iterdir()]
    assert sorted(names) == ["jsonl.gz", "jsonl.zst", "jsonl.zst"]


def test_the_files_of_the_lake_itself_are_no_input(tmp_path: Path) -> None:
    write_lines(tmp_path / "x.jsonl", [article(number) for number in range(3)])
    for counts in ((3, 3, 0), (3, 0, 3), (3, 0, 3)):
        summary = run_here(tmp_path / "lake", "--files", tmp_path / "**")
        assert (summary["read"], summary["new"], summary["unchanged"]) == counts


def test_a_misspelt_column_of_the_configuration_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("kop;text\nA;one\n")
    (tmp_path / "newslake.toml").write_text('[[files]]\nglob = "x.csv"\nfields = { kopp = "headline" }\n')
    done = newslake_command("run", "--config", tmp_path / "newslake.toml", "--lake", tmp_path / "lake")
    assert "x.csv: there is no column 'kopp', which the settings name" in done.stderr
    assert "x.csv: no column gives the date" in done.stderr


def test_a_dry_run_without_a_usable_source_ends_as_the_run_would(tmp_path: Path) -> None:
    done = newslake_command("run", "--files", tmp_path / "missing", "--lake", tmp_path / "lake", "--dry-run", code=3)
    assert (
        f"failed: {tmp_path}/missing: missing (there is no such file): the file is not there; check the path"
        in done.stderr
    )
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("value", ["../../outside", "2023-03/../..", "2023-\x0003", "9" * 5000, "2023-03\x00"])
def test_no_date_leads_out_of_the_lake(tmp_path: Path, value: str) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(1, date=value)])
    run_here(tmp_path / "lake", "--files", source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake", "x.jsonl"]
    (folder,) = (tmp_path / "lake/articles").iterdir()
    assert folder.name in ("published_month=unknown", "published_month=2023-03")


def test_a_table_of_foreign_columns_is_refused_with_the_words_that_name_them(tmp_path: Path) -> None:
    source = tmp_path / "krant.csv"
    text = "De brug over de rivier blijft tot het voorjaar dicht volgens de gemeente. " * 3
    lines = [f"{number},Brug {number} blijft dicht,{text}\n" for number in (1, 2)]
    source.write_text("nr,kop,inhoud\n" + "".join(lines))
    done = newslake_command("run", "--files", source, "--lake", tmp_path / "lake", code=3)
    assert "no_columns" in done.stderr
    assert "--field kop=headline --field inhoud=body" in done.stderr
    summary = run_here(tmp_path / "lake", "--files", source, "--field", "kop=headline", "inhoud=body")
    assert (summary["read"], summary["new"]) == (2, 2)
    assert rows(tmp_path / "lake", "SELECT headline, extra FROM articles ORDER BY 1") == [
        ("Brug 1 blijft dicht", '{"nr":"1"}'),
        ("Brug 2 blijft dicht", '{"nr":"2"}'),
    ]


def test_more_failed_sources_than_allowed_end_with_exit_code_4_also_in_a_retry(tmp_path: Path) -> None:
    good = write_lines(tmp_path / "good.jsonl", [article(1)])
    for name in ("bad1", "bad2"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    files = ("--files", good, tmp_path / "bad1", tmp_path / "bad2", "--quiet")
    for number, (limit, code) in enumerate([("2", 0), ("1", 4), ("67%", 0), ("66%", 4)]):
        options = ("--max-failed-sources", limit, "--run-key", f"night {number}")
        first = run_here(tmp_path / "lake", *files, *options, code=code)
        again = run_here(tmp_path / "lake", *files, *options, code=code)
        assert again.pop("repeated") is True
        assert again == first
        assert (first["read"], first["rejected"], first["sources_failed"], first["sources_ok"]) == (1, 0, 2, 1)
    assert rows(tmp_path / "lake", "SELECT count(*) FROM rejects WHERE whole_source") == [(2,)]


def test_a_failed_source_is_a_warning_even_in_a_quiet_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = write_lines(tmp_path / "good.jsonl", [article(1)])
    options = ("--files", good, tmp_path / "missing", "--quiet")
    run_here(tmp_path / "lake", *options)
    assert "1 of 2 sources failed; --max-failed-sources 0 makes" in capfd.readouterr().err
    run_here(tmp_path / "lake", *options, "--max-failed-sources", "0", code=4)
    assert "1 of 2 sources failed, more than --max-failed-sources allows" in capfd.readouterr().err
