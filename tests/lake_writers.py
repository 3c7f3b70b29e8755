"""Many writers on one lake, without Beam: their articles, and the rows that the lake must hold.

A writer that is killed continues where it was, because its run keys tell which runs are committed.
"""

import gzip
import json
import random
from collections import Counter
from pathlib import Path

from lake_runs import Runs, article_batch, hex_id, reject_batch, rows

from newslake.schemas.staging import StagedBatch
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage

STORIES = 300
STORIES_A_RUN = 4
SHARED_EVERY = 10
"""One run in this many has the same key in all writers, which commit it at the same time."""
COPIES_FROM = 10_000
"""An id from here on is another outlet's copy of the story with the id less this number."""

Story = tuple[int, int]
"""An id and a content."""


def run_key(writer: int, number: int) -> str:
    return f"all-{number}" if number % SHARED_EVERY == 0 else f"{writer}-{number}"


def run_keys(writers: int, commits: int) -> set[str]:
    return {run_key(writer, number) for writer in range(writers) for number in range(commits)}


def stories(key: str) -> list[Story]:
    """Return the stories of the run with this key.

    Other runs have some of these stories, copies of them, and new versions of them.
    """
    chance = random.Random(key)
    chosen = chance.sample(range(1, STORIES), STORIES_A_RUN)
    found = [(story, story * 10 + chance.choice((0, 0, 1, 2))) for story in chosen[1:]]
    copied = chosen[0]
    return [*found, (COPIES_FROM + copied, copied * 10)]


def batches(key: str) -> list[StagedBatch]:
    return [
        article_batch(*((story, content, 20230300 + content % 3 * 100) for story, content in stories(key))),
        reject_batch(len(key)),
    ]


def write(lake: Storage, writer: int, commits: int) -> list[Outcome]:
    """Commit one run after another.

    Each must be committed, by this writer or by one with its key.
    """
    runs, outcomes = Runs(lake), []
    for number in range(commits):
        key = run_key(writer, number)
        if key in log.current_state(lake).run_keys:
            continue
        outcome = runs.run(*batches(key), run_key=key)
        assert outcome.status in (Status.COMMITTED, Status.KEY_TAKEN), outcome
        outcomes.append(outcome)
    return outcomes


def check(lake: Storage, keys: set[str]) -> None:
    """Check that the lake equals that of one run after another, in the order of the log.

    No row is lost, and no row is there twice.
    """
    state = log.read_state(lake)
    entries = [entry for entry in log.entries_after(lake, 0, state.number) if entry.summary is not None]
    assert Counter(entry.run_key for entry in entries) == Counter(keys)
    serial = Serial()
    for entry in entries:
        assert entry.run_key is not None
        assert entry.summary is not None
        expected = serial.run(stories(entry.run_key))
        assert {name: entry.summary[name] for name in expected} == expected, entry.number
        assert entry.summary["read"] == STORIES_A_RUN + 1
    assert sorted((row["id"], row["article_body"]) for row in rows(lake, "articles")) == sorted(serial.articles)
    assert sorted((row["id"], row["revision"]) for row in rows(lake, "revisions")) == sorted(serial.revisions)
    assert sorted((row["id"], row["duplicate_of"]) for row in rows(lake, "duplicates")) == sorted(serial.duplicates)
    assert len(rows(lake, "rejects")) == len({len(key) for key in keys})
    if lake.has_locks:
        assert lake.list("_newslake/staging") == []


class Serial:
    """A lake that gets one run after another, by the rules of identity and content alone."""

    def __init__(self) -> None:
        self.articles: list[tuple[str, str]] = []
        self.revisions: list[tuple[str, int]] = []
        self.duplicates: list[tuple[str, str]] = []
        self._versions: dict[int, dict[int, int]] = {}
        """Maps id -> content -> revision, which is 0 for a version that was not kept."""
        self._holders: dict[int, int] = {}
        """Maps content -> id of the article that has it."""

    def run(self, brought: list[Story]) -> dict[str, int]:
        verdicts = Counter(self._verdict(*story) for story in brought)
        return {name: verdicts[name] for name in ("new", "revised", "unchanged", "duplicates")}

    def _verdict(self, story: int, content: int) -> str:
        versions = self._versions.setdefault(story, {})
        if content in versions:
            return "unchanged"
        kept = max(versions.values(), default=0)
        if kept:
            versions[content] = kept + 1
            self.revisions.append((hex_id(story), kept + 1))
            self._holders.setdefault(content, story)
            return "revised"
        if content in self._holders:
            versions[content] = 0
            self.duplicates.append((hex_id(story), hex_id(self._holders[content])))
            return "duplicates"
        versions[content] = 1
        self._holders[content] = story
        self.articles.append((hex_id(story), f"text {content}"))
        return "new"


def read_by_log(lake: Storage) -> int:
    """Read all articles by the log, and return their number.

    Check that each file exists and is whole, and that no id is there twice.
    """
    state = recover.state_in_place(lake)
    ids = []
    for file in state.files:
        lines = gzip.decompress(lake.read(file.path)).splitlines()
        assert len(lines) == file.rows, file.path
        ids += [json.loads(line)["id"] for line in lines if file.table == "articles"]
    assert len(ids) == len(set(ids))
    return len(ids)


def read_by_glob(lake: LocalStorage) -> int:
    """Read all articles that a glob sees, and return their number.

    Check that each file is whole, and that no id is there twice.
    """
    ids = []
    for path in Path(lake.root).glob("articles/*/*.jsonl.gz"):
        ids += [json.loads(line)["id"] for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert len(ids) == len(set(ids))
    return len(ids)
