"""Runs of the command line on one lake at once: all succeed, as if one ran after another.

``make stress`` runs three rounds of six; one round keeps the tests short.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from commandline import CHECKOUT, article, rows, run_here, write_lines
from prose import prose
from stress import IS_FULL

RUNS = 6
ROUNDS = 3 if IS_FULL else 1


def text(number: int) -> str:
    """Return a text that belongs to ``number`` alone."""
    return prose(f"story {number}", 14)


def stories(number: int, round_: int) -> list[dict[str, Any]]:
    """Return the stories of one run of a round.

    Each run shares stories with the next run, in every way in which two articles can be one.
    """
    after = (number + 1) % RUNS
    base = round_ * 1000
    own = [article(base + number * 100 + one, text=text(base + number * 100 + one)) for one in range(8)]
    same = [article(base + after * 100 + one, text=text(base + after * 100 + one)) for one in range(3)]
    copies = [
        article(
            base + after * 100 + one,
            text=text(base + after * 100 + one),
            url=f"https://other.example/{base}/{number}/{one}",
        )
        for one in (4, 5)
    ]
    near = base + after * 100 + 6
    alike = article(near, text=f"{text(near)} Read more in the paper of tomorrow.", url=f"https://third.example/{near}")
    revised = article(7, text=text(7) + f" Edition {round_ * RUNS + number}.", url="https://example.org/revised")
    return [*own, *same, *copies, alike, revised]


def start(lake: Path, source: Path, *more: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "newslake",
        "run",
        "--files",
        str(source),
        "--lake",
        str(lake),
        "--summary",
        "json",
        "--quiet",
        *more,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT)


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    summary: dict[str, Any] = json.loads(output)
    return summary


def clusters(lake: Path) -> Counter[frozenset[str]]:
    """Return the groups of an article and its repeats, whichever of them came first."""
    told = rows(
        lake, "SELECT id, NULL FROM articles UNION ALL SELECT id, duplicate_of FROM duplicates WHERE id <> duplicate_of"
    )
    members: dict[str, set[str]] = {}
    for identity, target in told:
        members.setdefault(target or identity, set()).add(identity)
    return Counter(map(frozenset, members.values()))


def test_six_runs_at_once_leave_the_lake_of_one_after_another(tmp_path: Path) -> None:
    at_once, serial = tmp_path / "at-once", tmp_path / "serial"
    for round_ in range(ROUNDS):
        inputs = [write_lines(tmp_path / f"{round_}-{number}.jsonl", stories(number, round_)) for number in range(RUNS)]
        summaries = [ended(process) for process in [start(at_once, source) for source in inputs]]
        assert [summary["read"] for summary in summaries] == [15] * RUNS
        for source in inputs:
            run_here(serial, "--files", source)
    assert clusters(at_once) == clusters(serial)
    by_id = (
        "SELECT id, count(*), count(DISTINCT revision), min(revision), max(revision) "
        "FROM revisions GROUP BY id ORDER BY id"
    )
    assert rows(at_once, by_id) == rows(serial, by_id)
    assert rows(at_once, by_id)[0][1:] == (RUNS * ROUNDS - 1, RUNS * ROUNDS - 1, 2, RUNS * ROUNDS)
    totals = "SELECT sum(read), sum(new), sum(revised), sum(unchanged + duplicates), sum(rejected) FROM runs"
    assert rows(at_once, totals) == rows(serial, totals)
    assert rows(at_once, "SELECT count(*) FROM duplicates WHERE duplicate_of NOT IN (SELECT id FROM articles)") == [
        (0,)
    ]
    assert list((at_once / "_newslake/staging").iterdir()) == []


def test_one_run_key_given_to_two_runs_at_once_commits_once(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first, second = (write_lines(tmp_path / f"{number}.jsonl", stories(number, 0)) for number in range(2))
    summaries = [ended(process) for process in [start(lake, source, "--run-key", "K") for source in (first, second)]]
    assert [summary.pop("repeated", False) for summary in summaries].count(True) == 1
    assert summaries[0] == summaries[1]
    assert summaries[0]["run_key"] == "K"
    assert rows(lake, "SELECT run_id, read, run_key FROM runs") == [(summaries[0]["run_id"], 15, "K")]
    assert rows(lake, "SELECT count(DISTINCT source_uri) FROM articles") == [(1,)]
