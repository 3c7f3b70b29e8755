"""A lake of format 1 can be read, and continued once its index is built anew.

The version before made data/lakes/format-1 from the files in ``inputs``. It holds three commits.
The run of the third commit was killed before it linked its files.
"""

import shutil
from pathlib import Path

import pytest
from commandline import newslake_command, rows, run_here

from newslake.pipeline.run.reindex import reindex
from newslake.transforms.lake import log
from newslake.transforms.lake.log import Operation
from newslake.transforms.storage.local import LocalStorage, open_local

LAKES = Path(__file__).parents[1] / "data/lakes"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LAKES / "format-1", tmp_path / "lake"))


def test_a_lake_of_format_1_is_read_as_it_is(lake: Path) -> None:
    counts = (
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM revisions), "
        "(SELECT count(*) FROM duplicates), count(*) FROM runs"
    )
    assert rows(lake, counts) == [(11, 1, 1, 3)]
    state = log.read_state(LocalStorage(str(lake)))
    assert (state.number, state.is_of_format_1, sorted(state.run_keys)) == (3, True, ["one", "three", "two"])


def test_the_same_inputs_bring_nothing_new(lake: Path) -> None:
    reindex(open_local(str(lake)))
    summary = run_here(lake, "--files", LAKES / "inputs/*.jsonl")
    assert (summary["read"], summary["new"], summary["revised"]) == (16, 0, 0)
    assert (summary["unchanged"] + summary["duplicates"], summary["rejected"]) == (15, 1)
    storage = LocalStorage(str(lake))
    operations = [entry.operation for entry in log.entries_after(storage, 0, log.read_state(storage).number)]
    assert operations == [Operation.RUN] * 3 + [Operation.UPGRADE, Operation.REINDEX, Operation.RUN]
    assert list((lake / "_newslake/staging").iterdir()) == []
    assert rows(lake, "SELECT count(*), count(DISTINCT id) FROM articles") == [(11, 11)]


def test_a_run_key_of_format_1_is_still_taken(lake: Path) -> None:
    summary = run_here(lake, "--files", LAKES / "inputs/one.jsonl", "--run-key", "two")
    assert (summary["run_key"], summary["read"], summary["revised"]) == ("two", 5, 1)
    assert summary["internal_errors"] is None


def test_the_log_of_both_formats_is_listed(lake: Path) -> None:
    reindex(open_local(str(lake)))
    run_here(lake, "--files", LAKES / "inputs/two.jsonl")
    listed = [line.split("\t") for line in newslake_command("lake", "log", "--lake", lake).stdout.splitlines()]
    assert [line[0] for line in listed] == ["1", "2", "3", "4", "5", "6"]
    assert (listed[2][1], listed[3][3]) == ("2023-04-21T00:00:00Z", "upgrade")
    assert listed[5][1] > "2026"


def test_drafts_of_format_1_are_swept(lake: Path) -> None:
    draft = lake / "_newslake/log/.00000000000000000004.json.0123456789abcdef"
    draft.write_bytes(b"{")
    dead = lake / "_newslake/staging/0123456789abcdef"
    dead.mkdir()
    (dead / "owner").write_bytes(b"")
    (dead / "articles-1.lines").write_bytes(b"{}\n")
    reindex(open_local(str(lake)))
    run_here(lake, "--files", LAKES / "inputs/two.jsonl")
    assert not draft.exists()
    assert not dead.exists()
