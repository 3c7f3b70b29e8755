"""A lake whose index is of an older version gets a new one, and then knows all that it knew.

The version before made data/lakes/keys-4 from data/lakes/keys-4-inputs, in two runs: first the
feeds that end in "-1" and the rows, then the feeds that end in "-2".
"""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
from commandline import SAMPLE, newslake_command, rows, run_here

from newslake.pipeline.run.reindex import reindex
from newslake.transforms.lake import log
from newslake.transforms.lake.log import Operation
from newslake.transforms.storage.local import LocalStorage, open_local

LAKES = Path(__file__).parents[1] / "data/lakes"
INPUTS = LAKES / "keys-4-inputs"
ALL = [part for feed in sorted(INPUTS.glob("*.xml")) for part in ("--feeds", feed)] + ["--files", INPUTS / "*.jsonl"]
TABLES = ("articles", "revisions", "duplicates", "rejects")


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LAKES / "keys-4", tmp_path / "lake"))


def counts(summary: dict[str, Any]) -> tuple[int, ...]:
    return tuple(summary[name] for name in ("read", "new", "revised", "unchanged", "duplicates", "rejected"))


def operations(lake: Path) -> list[Operation]:
    storage = LocalStorage(str(lake))
    return [entry.operation for entry in log.entries_after(storage, 0, log.read_state(storage).number)]


def contents(lake: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(lake, f"FROM {table} ORDER BY ALL") for table in TABLES}


@pytest.mark.parametrize("command", [["run", *ALL], ["why", "https://blog.example/1"]])
def test_an_older_lake_is_refused_by_a_sentence_that_names_the_remedy(lake: Path, command: list[object]) -> None:
    refused = newslake_command(*command, "--lake", lake, code=2).stderr
    assert "keys-4" in refused
    assert f"newslake lake reindex --lake {lake}" in refused
    assert "Traceback" not in refused


def test_an_older_lake_can_still_be_queried(lake: Path) -> None:
    assert rows(lake, "SELECT count(*) FROM articles") == [(15,)]
    assert newslake_command("lake", "log", "--lake", lake).stdout.count("\n") == 2


def test_after_a_reindex_the_same_input_brings_only_what_is_listed(lake: Path) -> None:
    before = contents(lake)
    done = newslake_command("lake", "reindex", "--lake", lake)
    [(article, revision)] = rows(lake, "SELECT id, revision FROM revisions WHERE url LIKE 'https://notes.example/%'")
    assert done.stdout == f"{article}\t{revision}\thttps://notes.example/log#v2\n"
    assert "21 of 21 rows read" in done.stderr
    assert contents(lake) == before
    summary = run_here(lake, *ALL)
    assert counts(summary) == (24, 1, 0, 22, 0, 1)
    [added] = [row for row in contents(lake)["articles"] if row not in before["articles"]]
    assert "https://notes.example/log#v2" in added
    assert operations(lake) == [Operation.RUN, Operation.RUN, Operation.REINDEX, Operation.RUN]
    assert counts(run_here(lake, *ALL)) == (24, 0, 0, 23, 0, 1)


def test_a_reindex_changes_nothing_for_later_runs(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for lake in (one, other):
        run_here(lake, "--config", SAMPLE / "newslake.toml")
    reindex(open_local(str(one)))
    reindex(open_local(str(one)))
    again = run_here(one, "--config", SAMPLE / "newslake.toml")
    assert counts(again) == counts(run_here(other, "--config", SAMPLE / "newslake.toml"))
    assert again["new"] == 0


def test_a_run_may_commit_while_the_index_is_built(tmp_path: Path) -> None:
    lake, feed = tmp_path / "lake", INPUTS / "blog-1.xml"
    run_here(lake, "--feeds", feed)
    commits: list[dict[str, Any]] = []

    def tell(done: int, total: int) -> None:
        if not commits:
            commits.append(run_here(lake, "--feeds", INPUTS / "town-1.xml"))

    reindex(open_local(str(lake)), tell)
    assert [summary["new"] for summary in commits] == [1]
    assert operations(lake) == [Operation.RUN, Operation.RUN, Operation.REINDEX]
    assert counts(run_here(lake, "--feeds", feed, "--feeds", INPUTS / "town-1.xml")) == (4, 0, 0, 4, 0, 0)


def test_a_reindex_that_fails_leaves_the_lake_as_it_was(lake: Path) -> None:
    def fail(done: int, total: int) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        reindex(open_local(str(lake)), fail)
    assert operations(lake) == [Operation.RUN, Operation.RUN]
    reindex(open_local(str(lake)))
    assert operations(lake)[-1] is Operation.REINDEX


def test_a_lake_of_rejects_alone_is_reindexed(tmp_path: Path) -> None:
    lake, rejected = tmp_path / "lake", tmp_path / "rows.jsonl"
    rejected.write_text('{"title": \n{"title": "One", "text": "A text."}\n')
    run_here(lake, "--files", rejected, "--limit", 1)
    assert rows(lake, "SELECT (SELECT count(*) FROM articles), count(*) FROM rejects") == [(0, 1)]
    assert reindex(open_local(str(lake))).rejects == 1
    assert counts(run_here(lake, "--files", rejected)) == (2, 1, 0, 0, 0, 1)
    assert rows(lake, "SELECT count(*) FROM rejects") == [(1,)]


def test_a_file_of_nothing_but_changed_identities_is_reindexed(lake: Path) -> None:
    """Here each revision has a file of its own."""
    [path] = (lake / "revisions").glob("*/*.jsonl.gz")
    stored = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    changed = [line for line in stored if b"https://notes.example/" in line]
    assert len(changed) == 1
    path.write_bytes(gzip.compress(changed[0]))
    assert [one.url for one in reindex(open_local(str(lake))).changed] == ["https://notes.example/log#v2"]


def test_where_there_is_no_lake_none_is_made(tmp_path: Path) -> None:
    refused = newslake_command("lake", "reindex", "--lake", tmp_path / "none", code=2)
    assert "there is no lake" in refused.stderr
    assert not (tmp_path / "none").exists()
