"""A lake of format 1 can be read. Its index is of an older version, so that a run is refused.

The version before made data/lakes/format-1 from the files in ``inputs``. It holds three commits.
The run of the third commit was killed before it linked its files.
"""

import shutil
from pathlib import Path

import pytest
from commandline import newslake_command, rows, run_here

from newslake.transforms.lake import log
from newslake.transforms.storage.local import LocalStorage

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


def test_a_run_into_it_is_refused_by_a_sentence_that_names_the_command(lake: Path) -> None:
    refused = newslake_command("run", "--files", LAKES / "inputs/*.jsonl", "--lake", lake, code=2).stderr
    assert "keys-4" in refused
    assert f"newslake lake reindex {lake}" in refused
    assert "Traceback" not in refused
    assert "while running" not in refused


def test_a_run_key_of_format_1_is_still_taken(lake: Path) -> None:
    summary = run_here(lake, "--files", LAKES / "inputs/one.jsonl", "--run-key", "two")
    assert (summary["run_key"], summary["read"], summary["revised"]) == ("two", 5, 1)
    assert summary["internal_errors"] is None
