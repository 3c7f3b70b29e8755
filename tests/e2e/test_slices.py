"""Runs in slices through the command line: the same articles as in one commit.

The counts of each slice's commit add up.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commandline import COUNTS, SAMPLE, article, newslake_command, rows, run, run_here, write_lines

from newslake.transforms.lake import log
from newslake.transforms.storage.local import LocalStorage

SLICE = 50
FILES = 4
ARTICLES = 40
"""The number of articles in a file. Two files do not fit into one slice."""


def write_inputs(folder: Path) -> Path:
    """Write JSON lines, documents, a table, an archive and a feed.

    The last file of lines repeats texts of the first one, a day later at another site.
    """
    folder.mkdir()
    for number in range(FILES):
        write_lines(folder / f"{number}.jsonl", [article(number * ARTICLES + one) for one in range(ARTICLES)])
    copies = [article(one, url=f"https://other.example/{one}", date="2023-03-21") for one in range(10)]
    write_lines(folder / "copies.jsonl", copies)
    (folder / "archive.jsonl.gz").write_bytes(gzip.compress((folder / "2.jsonl").read_bytes()))
    table = "".join(
        f'Row {one},"Text {one}\nof several lines",https://example.org/row/{one},2023-03-20\n'
        for one in range(ARTICLES)
    )
    (folder / "table.csv").write_text("title,text,url,date\n" + table)
    documents = "".join(f"date 2023-03 Document {one}\n\nIts text has number {one}.\n" for one in range(ARTICLES))
    (folder / "documents.txt").write_text(documents)
    (folder / "harbour.xml").write_bytes((SAMPLE / "feeds/harbour-ledger.xml").read_bytes())
    return folder


def large_file(path: Path) -> Path:
    """Write a file of two chunks, with about 80 and 20 articles."""
    return write_lines(
        path, [article(one, text=f"A long text with number {one} in it. " * 2_700) for one in range(100)]
    )


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_inputs(tmp_path_factory.mktemp("inputs") / "inputs")


def sources(folder: Path) -> tuple[Any, ...]:
    return "--files", folder / "[0-9].jsonl", folder / "*", folder / "missing.jsonl"


def test_slices_give_the_articles_of_one_go_and_each_commit_adds_up(inputs: Path, tmp_path: Path) -> None:
    whole = run_here(tmp_path / "whole", *sources(inputs))
    sliced = run_here(tmp_path / "sliced", *sources(inputs), "--slice-articles", SLICE)
    ids = [rows(tmp_path / lake, "SELECT id FROM articles ORDER BY 1") for lake in ("whole", "sliced")]
    assert ids[0] == ids[1]
    for name in ("read", "new", "revised", "rejected", "sources_ok", "sources_failed", "failures"):
        assert sliced[name] == whole[name], name
    # A copy of an article of its own slice is a duplicate. An article that is in the lake already
    # is unchanged.
    assert sliced["unchanged"] + sliced["duplicates"] == whole["duplicates"] == ARTICLES + 10
    kept = (
        "SELECT a.domain, count(*) FROM duplicates d JOIN articles a ON a.id = d.duplicate_of "
        "WHERE d.rule = 'content' GROUP BY 1"
    )
    assert rows(tmp_path / "sliced", kept) == [("example.org", 10)]
    commits = rows(tmp_path / "sliced", f"SELECT run_id, {', '.join(COUNTS)} FROM runs ORDER BY 1")
    assert [run_id.removeprefix(sliced["run_id"]) for run_id, *_ in commits] == [
        f"-{one:03d}" for one in range(1, len(commits) + 1)
    ]
    assert all(read == sum(counts) for _, read, *counts in commits)
    assert sum(read for _, read, *_ in commits) == sliced["read"]
    assert (sliced["slices"], sliced["slices_committed"], sliced["slices_skipped"]) == (len(commits), len(commits), 0)
    assert "slices" not in whole
    assert not list((tmp_path / "sliced/_newslake/staging").iterdir())
    again = run_here(tmp_path / "sliced", *sources(inputs), "--slice-articles", SLICE)
    assert (again["new"], again["unchanged"], again["rejected"]) == (
        0,
        whole["read"] - whole["rejected"],
        whole["rejected"],
    )


def test_the_order_of_slices_is_that_of_the_files_and_feeds_and_failures_are_the_first_ones(
    inputs: Path, tmp_path: Path
) -> None:
    found = []
    for workers in (1, 2):
        lake = tmp_path / str(workers)
        (run_here if workers == 1 else run)(lake, *sources(inputs), "--slice-articles", SLICE, "--workers", workers)
        query = "SELECT DISTINCT run_id, source_uri FROM articles UNION SELECT run_id, source_uri FROM rejects"
        found.append({(run_id.rpartition("-")[2], Path(uri).name) for run_id, uri in rows(lake, query)})
    assert found[0] == found[1]
    assert {"harbour.xml", "missing.jsonl"} < {name for number, name in found[0] if number == "001"}
    lines = [
        number
        for number, name in sorted(found[0], key=lambda one: one[1])
        if name in {f"{one}.jsonl" for one in range(FILES)}
    ]
    assert lines == sorted(set(lines))


def test_a_run_that_fits_into_a_slice_is_one(inputs: Path, tmp_path: Path) -> None:
    summary = run_here(tmp_path / "lake", *sources(inputs), "--slice-articles", 1_000)
    assert "slices" not in summary
    assert rows(tmp_path / "lake", "SELECT run_id FROM runs") == [(summary["run_id"],)]


@pytest.mark.parametrize("option", [("--dry-run",), ("--limit", 30)])
def test_a_preview_or_a_limit_is_not_sliced(inputs: Path, tmp_path: Path, option: tuple[object, ...]) -> None:
    assert "slices" not in run(tmp_path / "lake", *sources(inputs), "--slice-articles", SLICE, *option)


def test_the_configuration_may_say_how_large_a_slice_is(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "newslake.toml").write_text(
        f"[run]\nslice_articles = {SLICE}\n[[files]]\nglob = '{inputs}/[0-9].jsonl'\n"
    )
    assert run_here(tmp_path / "lake", "--config", tmp_path / "newslake.toml")["slices"] == FILES


def inputs_of(lake: Path, number: int) -> list[str]:
    """Return the URIs of the inputs that an entry of the log saves."""
    entry = log.read_entry(LocalStorage(str(lake)), number)
    assert entry is not None
    lines = [
        line for file in entry.state_added for line in gzip.decompress((lake / file.path).read_bytes()).splitlines()
    ]
    assert len(lines) == sum(file.rows for file in entry.state_added)
    return [json.loads(line)["uri"] for line in lines]


def test_a_file_of_two_slices_is_one_source_and_an_input_of_the_one_that_ends_it(tmp_path: Path) -> None:
    large, small = (
        large_file(tmp_path / "a.jsonl"),
        write_lines(tmp_path / "b.jsonl", [article(one + 1_000) for one in range(SLICE)]),
    )
    summary = run_here(tmp_path / "lake", "--files", large, small, "--slice-articles", SLICE)
    assert (summary["read"], summary["new"], summary["slices"], summary["sources_ok"]) == (150, 150, 3, 2)
    assert [inputs_of(tmp_path / "lake", number) for number in (1, 2, 3)] == [[], [str(large)], [str(small)]]


def test_standard_input_lives_through_all_slices(tmp_path: Path) -> None:
    text = large_file(tmp_path / "a.jsonl").read_text()
    summary = run(tmp_path / "lake", "--files", "-", "--slice-articles", SLICE, input=text)
    assert (summary["new"], summary["slices"], summary["sources_ok"]) == (100, 2, 1)
    assert not list((tmp_path / "lake/_newslake/staging").iterdir())


def test_a_key_whose_slices_are_committed_is_a_no_op_that_tells_their_sum(tmp_path: Path, inputs: Path) -> None:
    arguments = ("--files", inputs / "[0-9].jsonl", "--slice-articles", SLICE, "--run-key", "K")
    first = run_here(tmp_path / "lake", *arguments)
    again = run_here(tmp_path / "lake", *arguments)
    assert {name: again[name] for name in (*COUNTS, "run_key", "slices")} == {
        name: first[name] for name in (*COUNTS, "run_key", "slices")
    }
    assert again["slices_skipped"] == FILES
    assert log.read_state(LocalStorage(str(tmp_path / "lake"))).number == FILES


def test_a_source_that_cannot_be_used_in_a_slice_of_its_own_neither_ends_the_run_nor_keeps_its_key_free(
    tmp_path: Path,
) -> None:
    first = write_lines(tmp_path / "a.jsonl", [article(one) for one in range(SLICE)])
    last = write_lines(tmp_path / "c.jsonl", [article(one + 100) for one in range(SLICE)])
    for name in ("b.csv", "d.csv"):
        (tmp_path / name).write_text("title,text\n")
    arguments = ("--files", tmp_path / "*.*", "--slice-articles", SLICE, "--run-key", "K")
    summary = run_here(tmp_path / "lake", *arguments)
    assert (summary["new"], summary["sources_ok"], summary["sources_failed"], summary["slices"]) == (2 * SLICE, 2, 2, 4)
    first.unlink()
    last.unlink()
    assert run_here(tmp_path / "lake", *arguments)["new"] == 2 * SLICE


def test_no_usable_source_in_any_slice_is_exit_code_3(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("title,text\n")
    summary = run(tmp_path / "lake", "--files", tmp_path / "*.csv", "--slice-articles", 1, "--run-key", "K", code=3)
    assert (summary["status"], summary["rejected"], summary["slices"]) == ("no_source", 0, 2)
    assert log.read_state(LocalStorage(str(tmp_path / "lake"))).run_keys == {}


def test_a_quarantine_in_one_slice_is_remembered_to_the_end(tmp_path: Path) -> None:
    for name, count in (("a", 0), ("c", 100)):
        write_lines(tmp_path / f"{name}.jsonl", [article(count + one) for one in range(SLICE)])
    (tmp_path / "b.jsonl").write_text('{"title": x}\n' * SLICE)
    summary = run(tmp_path / "lake", "--files", tmp_path / "*.jsonl", "--slice-articles", SLICE, code=4)
    assert (summary["new"], summary["sources_quarantined"], summary["slices_committed"]) == (2 * SLICE, 1, 3)


FAILING = """
import subprocess, sys
from newslake.transforms.lake import commit

check_files = commit._check_files
calls = 0

def check(lake, entry):
    global calls
    calls += 1
    if calls == 2:
        {failure}
    check_files(lake, entry)

commit._check_files = check
from newslake.pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""
FAILURES = {
    "another writer commits": (
        ("--run-key", "K", "--wait", "0s"),
        "subprocess.run([sys.executable, '-m', 'newslake', 'run', '--files', {other!r}, "
        "'--lake', lake.root, '--quiet'], check=True)",
        75,
        "slice 2 of 4: other runs committed to the lake meanwhile",
    ),
    "the disk is full": ((), "raise OSError(28, 'No space left on device')", 1, "newslake: the machine failed: "),
}
"""For each failure: further options, the code that the second commit runs, the exit code, and the
beginning of the message."""


@pytest.mark.parametrize("failure", FAILURES)
def test_what_is_committed_stays_when_a_slice_fails_and_the_sentence_says_so(
    inputs: Path, tmp_path: Path, failure: str
) -> None:
    key, code, exit_code, sentence = FAILURES[failure]
    other = write_lines(tmp_path / "other.jsonl", [article(one + 5_000) for one in range(3)])
    lake = tmp_path / "lake"
    arguments = ("--files", str(inputs / "[0-9].jsonl"), "--slice-articles", str(SLICE), *key)
    program = FAILING.format(failure=code.format(other=str(other)))
    command = [sys.executable, "-c", program, "run", "--lake", str(lake), "--summary", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == exit_code, done.stderr
    rest = "goes on with slice 2" if key else "reads all again, adds nothing of them twice, and goes on with slice 2"
    assert f"slice 1 of 4 is committed; the same command {rest}" in done.stderr
    assert sentence in done.stderr
    if exit_code == 75:
        told = json.loads(done.stdout)
        assert (told["status"], told["new"], told["slices"], told["slices_committed"]) == ("busy", ARTICLES, 4, 1)
    again = run_here(lake, *arguments)
    assert again["slices_skipped"] == (1 if key else 0)
    assert (again["read"], again["new"]) == (FILES * ARTICLES, (FILES if key else FILES - 1) * ARTICLES)
    assert rows(lake, "SELECT count(*), count(DISTINCT id) FROM articles WHERE source_uri NOT LIKE '%other.jsonl'") == [
        (160, 160)
    ]


def test_the_table_tells_the_slices(inputs: Path, tmp_path: Path) -> None:
    done = newslake_command(
        "run", "--lake", tmp_path / "lake", "--files", inputs / "[0-9].jsonl", "--slice-articles", SLICE
    )
    assert "\nslices: 4 of 4 committed\n" in done.stderr
    assert "4 slices, of about 50 articles each" in done.stderr
