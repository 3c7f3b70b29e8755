"""``newslake health`` on lakes whose log names states of feeds."""

import datetime as dt
import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from newslake.pipeline.cli import main
from newslake.pipeline.commands.health import human
from newslake.pipeline.report.feed_health import rank
from newslake.pipeline.terminal import columns_of
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.transforms.lake import log
from newslake.transforms.lake.feed_states import encode_state
from newslake.transforms.lake.log import LiveFile, LogEntry, Operation
from newslake.transforms.storage.local import LocalStorage

FOLDER = "_newslake/feeds"
NOW = dt.datetime(2026, 1, 31, 12, 0, 0, tzinfo=dt.UTC)
FINE = FeedState(
    feed="https://example.org/rss",
    checked_at="2026-01-31T11:50:00Z",
    next_check="2026-01-31T12:50:00Z",
    succeeded_at="2026-01-31T11:50:00Z",
    new_at="2026-01-31T10:50:00Z",
    since="2026-01-01T12:00:00Z",
    interval=3600,
    checks=720,
    new=360,
    duplicates=40,
    lag_seconds=250,
)
FAILING = replace(
    FINE,
    feed="https://broken.example.com/a/very/long/path/to/a/feed/that/no/table/has/room/for/index.rss",
    outcome=FeedOutcome.FAILED,
    status=404,
    detail="http_status (HTTP 404: Not Found)",
    error="http_status (HTTP 404: Not Found)",
    failures=168,
    succeeded_at="2026-01-24T11:50:00Z",
    next_check="2026-02-01T11:50:00Z",
)
HOSTILE = replace(FINE, feed="https://example.net/\x1b[2J\n市議会が可決" * 4, may_have_missed=True)


def commit(root: Path, *states: FeedState) -> None:
    """Commit states of feeds to the lake at ``root``."""
    storage = LocalStorage(str(root))
    head = log.current_state(storage)
    path = f"{FOLDER}/part-{head.number}-0.jsonl.gz"
    data = gzip.compress(b"".join(encode_state(state) + b"\n" for state in states))
    storage.create(path, data)
    file = LiveFile("feeds", path, len(states), len(data), hashlib.sha256(data).hexdigest())
    entry = LogEntry(0, Operation.RUN, f"commit-{head.number}", state_added=(file,) if states else ())
    assert log.append(storage, head, entry)


def health(root: Path, *words: str) -> int:
    return main(["health", "--lake", str(root), "--now", "2026-01-31T12:00:00Z", *words])


def test_a_feed_that_failed_for_a_week_is_on_top_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    commit(tmp_path, FINE, replace(FAILING, failures=1))
    commit(tmp_path, FAILING)
    assert health(tmp_path) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert (
        told.out
        == f"""\
1 of 2 feeds need a look: 1 failing

failing: {FAILING.feed}
  no success since 2026-01-24 11:50 (7 d ago); 168 checks in a row failed
  last error: http_status (HTTP 404: Not Found)
  what to do: the server has no such page; look for the feed's new address on
    the site, and change the URL

newslake check FEED asks a feed now, and says more

feed                               state      read    next  a day  copies    lag
broken.example.com/a/very/long/p…  failing     7 d    23 h   13.3     10%  4 min
example.org/rss                    fine     10 min  50 min   13.3     10%  4 min
"""
    )


def test_json_has_an_object_a_feed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, FINE, FAILING)
    assert health(tmp_path, "--json") == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["feed"], first["level"], first["failures"]) == (FAILING.feed, "failing", 168)
    assert second == {
        "feed": FINE.feed,
        "level": "fine",
        "status": None,
        "failures": 0,
        "checks": 720,
        "first_check": FINE.since,
        "last_check": FINE.checked_at,
        "last_success": FINE.succeeded_at,
        "last_new": FINE.new_at,
        "last_failure": None,
        "last_error": "",
        "next_check": FINE.next_check,
        "waits_until": None,
        "entries_a_day": 13.34,
        "duplicates_share": 0.1,
        "lag_seconds": 250,
        "moved_to": None,
        "advice": "",
    }


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_no_line_is_too_wide_but_for_a_name(columns: int) -> None:
    states = [FINE, FAILING, HOSTILE, replace(FINE, feed="gone", outcome=FeedOutcome.GONE)]
    lines = list(human(rank(states, NOW), NOW, columns))
    feeds = [state.feed[:20] for state in states]
    wide = [line for line in lines if columns_of(line) > columns]
    assert all(any(feed in line for feed in feeds) and ": " in line for line in wide), wide
    table = lines[lines.index("") :][-5:]
    assert table[0].startswith("feed ")
    assert len({columns_of(line.partition("fine")[0]) for line in table if "fine" in line}) == 1


def test_a_name_cannot_drive_the_terminal() -> None:
    text = "\n".join(human(rank([HOSTILE], NOW), NOW, 80))
    assert "\x1b" not in text
    assert len([line for line in text.splitlines() if "\ufffd" in line]) == 2


def test_the_first_of_many_problems_are_described() -> None:
    states = [replace(FAILING, feed=f"https://h/{number:03}") for number in range(50)]
    text = "\n".join(human(rank(states, NOW), NOW, 80))
    assert text.count("what to do:") == 20
    assert "and 30 more, which the table names and --json describes" in text
    assert "h/049" in text


def test_a_lake_without_feeds_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path)
    for words in ((), ("--json",)):
        assert health(tmp_path, *words) == 0
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith(f"{tmp_path} knows no feed yet; ask some with: newslake run --feeds ")


def test_what_is_no_lake_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert health(tmp_path / "none") == 2
    assert "there is no lake at" in capsys.readouterr().err


def test_a_damaged_file_is_told_with_what_to_restore(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, FINE)
    (tmp_path / FOLDER / "part-0-0.jsonl.gz").write_bytes(b"")
    assert health(tmp_path) == 2
    assert "restore it from a backup of the lake" in capsys.readouterr().err
