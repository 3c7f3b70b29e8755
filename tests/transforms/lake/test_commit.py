"""From staged shards to a committed lake, by the pure functions and on a real disk."""

import gzip
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from schemas import codec
from schemas.lake import STAGING
from schemas.staged import ARTICLE_COLUMNS, REJECT_COLUMNS, UNKNOWN_INSTANT, Columns, RunPlace, Shard, SourceManifest, StagedBatch
from transforms.deduplicate.decide import Policy, decide
from transforms.lake import log, recover, stage, storage
from transforms.lake.commit import Outcome, RunMeta, Status, commit_run
from transforms.lake.log import LogEntry
from transforms.lake.publish import FileBuilder


def article_batch(*articles: tuple[int, int, int], source: str = "source") -> StagedBatch:
    """Articles given as (id, content, partition code)."""
    columns: Columns = {name: np.zeros(len(articles), dtype) for name, dtype in ARTICLE_COLUMNS.items()}
    lines = []
    for place, (identity, content, partition) in enumerate(articles):
        for name, value in (("id", identity), ("content", content), ("stable", content), ("match", content)):
            columns[f"{name}_hi"][place], columns[f"{name}_lo"][place] = value, value
        columns["partition"][place] = partition
        columns["published_from"][place] = identity
        columns["modified_from"][place] = UNKNOWN_INSTANT
        row = {
            "id": hex_id(identity),
            "revision": 1,
            "article_body": f"text {content}",
            "ingested_at": "now",
            "run_id": "r",
            "schema_version": 1,
        }
        lines.append(codec.encode(row))
    return StagedBatch(stage.ARTICLES, lines, columns, [source])


def reject_batch(*keys: int, source: str = "source") -> StagedBatch:
    columns: Columns = {name: np.zeros(len(keys), dtype) for name, dtype in REJECT_COLUMNS.items()}
    columns["key_hi"][:] = keys
    return StagedBatch(stage.REJECTS, [codec.encode({"stage": "read_articles", "detail": str(key)}) for key in keys], columns, [source])


def hex_id(identity: int) -> str:
    return (np.uint64(identity).tobytes() * 2).hex()


class Runs:
    """Runs over a lake; ``tamper`` is called on the staging folder between staging and judging."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, run_key: str | None = None) -> RunPlace:
        token = secrets.token_hex(8)
        state = recover.roll_forward(str(self.root))
        place = RunPlace(str(self.root), f"{STAGING}/{token}", token, state.number, f"run-{token}", run_key)
        (self.root / place.staging).mkdir(parents=True)
        return place

    def finish(
        self,
        place: RunPlace,
        *batches: StagedBatch,
        policy: Policy | None = None,
        read: int | None = None,
        tamper: Callable[[Path, Shard], None] = lambda folder, shard: None,
        preview: bool = False,
        source: str = "source",
        lose: str = "",
    ) -> Outcome:
        folder = self.root / place.staging
        shards = [stage.write_shard(folder, batch.kind, [batch]) for batch in batches]
        for shard in shards:
            tamper(folder, shard)
        met = sum(len(batch.lines) for batch in batches) if read is None else read
        manifests = [SourceManifest(source, met)]
        tasks, resolution = decide(place, shards, manifests, policy or Policy())
        builder = FileBuilder(place, "gzip")
        built = [builder.build(task) for task in tasks]
        for path in folder.glob(lose) if lose else ():
            path.unlink()
        meta = RunMeta("2026-01-02T03:04:05Z", 0.0, "local", "1", seconds=7.0)
        return commit_run(place, meta, manifests, resolution, built, preview=preview)

    def run(self, *batches: StagedBatch, policy: Policy | None = None) -> Outcome:
        outcome = self.finish(self.begin(), *batches, policy=policy)
        recover.roll_forward(str(self.root))
        return outcome


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "lake")


def rows(root: Path, table: str) -> list[dict[str, object]]:
    found = []
    for file in log.read_state(str(root)).files:
        if file.table == table:
            lines = gzip.decompress((root / file.path).read_bytes()).splitlines()
            assert len(lines) == file.rows
            found += [json.loads(line) for line in lines]
    return found


def counts(outcome: Outcome) -> tuple[int, ...]:
    summary = dict(outcome.summary)
    return tuple(int(str(summary[name])) for name in ("read", "new", "revised", "unchanged", "duplicates", "rejected"))


def test_a_run_writes_each_row_once_and_adds_up(runs: Runs) -> None:
    outcome = runs.run(article_batch((1, 1, 20230300), (2, 2, 20230400), (3, 1, 20230300)), reject_batch(7, 7, 8))
    assert outcome.status is Status.COMMITTED
    assert counts(outcome) == (6, 2, 0, 0, 1, 3)
    assert sorted(str(row["id"]) for row in rows(runs.root, "articles")) == sorted([hex_id(1), hex_id(2)])
    (duplicate,) = rows(runs.root, "duplicates")
    assert (duplicate["id"], duplicate["duplicate_of"], duplicate["rule"], duplicate["score"]) == (hex_id(3), hex_id(1), "content", 1.0)
    assert len(rows(runs.root, "rejects")) == 2
    assert (runs.root / "articles/published_month=2023-04").is_dir()


def test_a_rerun_adds_a_row_to_runs_and_nothing_else(runs: Runs) -> None:
    batches = article_batch((1, 1, 0), (2, 2, 0)), reject_batch(7)
    runs.run(*batches)
    before = {file.path for file in log.read_state(str(runs.root)).files if file.table != "runs"}
    outcome = runs.run(*batches)
    assert counts(outcome) == (3, 0, 0, 2, 0, 1)
    state = log.read_state(str(runs.root))
    assert {file.path for file in state.files if file.table != "runs"} == before
    assert len(state.index) == 1
    assert len(rows(runs.root, "runs")) == 2


def test_a_revision_carries_its_number_and_the_rest_of_its_line(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    outcome = runs.run(article_batch((1, 2, 0)))
    assert counts(outcome) == (1, 0, 1, 0, 0, 0)
    (revision,) = rows(runs.root, "revisions")
    assert (revision["id"], revision["revision"], revision["article_body"]) == (hex_id(1), 2, "text 2")


def test_files_are_cut_at_the_target_size(runs: Runs) -> None:
    outcome = runs.run(article_batch(*((number, number, 20230300) for number in range(1, 101))), policy=Policy(target_bytes=1000))
    files = [file for file in log.read_state(str(runs.root)).files if file.table == "articles"]
    assert counts(outcome)[:2] == (100, 100)
    assert sum(file.rows for file in files) == 100
    assert len(files) > 5
    assert len({row["id"] for row in rows(runs.root, "articles")}) == 100


def test_partitions_of_a_day(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 20230320), (2, 2, 20230300), (3, 3, 20230000)), policy=Policy(granularity="day"))
    folders = sorted(path.name for path in (runs.root / "articles").iterdir())
    assert folders == ["published_day=2023-03-20", "published_day=2023-03-XX", "published_day=2023-XX-XX"]


def test_an_article_that_no_reader_counted_ends_the_run(runs: Runs) -> None:
    outcome = runs.finish(runs.begin(), article_batch((1, 1, 0), (2, 2, 0)), read=3)
    assert outcome.status is Status.UNBALANCED
    assert "3 articles, but 2" in outcome.detail
    assert log.current_state(str(runs.root)).number == 0


@pytest.mark.parametrize("lost", ["first", "middle", "last"])
def test_one_lost_staged_line_ends_the_run_and_nothing_is_published(runs: Runs, lost: str) -> None:
    def lose_a_line(folder: Path, shard: Shard) -> None:
        path = folder / f"{shard.name}.lines"
        lines = path.read_bytes().splitlines(keepends=True)
        del lines[{"first": 0, "middle": len(lines) // 2, "last": -1}[lost]]
        path.write_bytes(b"".join(lines))

    outcome = runs.finish(runs.begin(), article_batch(*((number, number, 0) for number in range(1, 10))), tamper=lose_a_line)
    assert outcome.status is Status.UNBALANCED
    assert "9 rows were decided for articles" in outcome.detail
    assert not (runs.root / "articles").exists()


def test_a_source_of_mostly_rejects_is_quarantined_with_its_articles(runs: Runs) -> None:
    good, bad = article_batch(*((number, number, 0) for number in range(1, 11)), source="bad"), reject_batch(*range(15), source="bad")
    outcome = runs.finish(runs.begin(), good, bad, source="bad")
    assert outcome.summary["sources_quarantined"] == 1
    assert outcome.summary["quarantined"] == 10
    assert counts(outcome) == (15, 0, 0, 0, 0, 15)


def test_a_conflict_with_another_writer_publishes_nothing(runs: Runs) -> None:
    slow = runs.begin()
    runs.run(article_batch((1, 1, 0)))
    outcome = runs.finish(slow, article_batch((1, 1, 0), (2, 2, 0)))
    assert outcome.status is Status.BUSY
    assert len(rows(runs.root, "articles")) == 1
    assert counts(runs.run(article_batch((1, 1, 0), (2, 2, 0)))) == (2, 1, 0, 1, 0, 0)


def test_an_entry_that_changes_no_article_is_no_conflict(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    slow = runs.begin()
    runs.run(article_batch((1, 1, 0)))
    outcome = runs.finish(slow, article_batch((2, 2, 0)))
    assert (outcome.status, outcome.entry) == (Status.COMMITTED, 3)


def test_a_writer_whose_staging_was_swept_gives_up(runs: Runs) -> None:
    place = runs.begin()
    log.append(str(runs.root), LogEntry(1, "sweeper", "", None, "2026-01-02T03:04:05Z", swept=(place.token,)))
    assert runs.finish(place, article_batch((1, 1, 0))).status is Status.BUSY


def test_a_lost_reply_is_no_second_commit(runs: Runs) -> None:
    place = runs.begin()
    first = runs.finish(place, article_batch((1, 1, 0)))
    again = runs.finish(place, article_batch((1, 1, 0)))
    assert (first.entry, again.entry, log.read_state(str(runs.root)).number) == (1, 1, 1)


def test_a_commit_that_was_not_published_is_finished_by_the_next_run(runs: Runs) -> None:
    runs.finish(runs.begin(), article_batch((1, 1, 0)))
    assert not (runs.root / "articles").exists()
    recover.roll_forward(str(runs.root))
    assert len(rows(runs.root, "articles")) == 1
    assert list((runs.root / "_newslake/staging").iterdir()) == []


def test_the_staging_of_a_dead_run_is_swept_and_that_of_a_live_one_stays(runs: Runs) -> None:
    with recover.owned_staging(runs.root / "_newslake/staging/dead"):
        pass
    with recover.owned_staging(runs.root / "_newslake/staging/live"):
        state = recover.sweep(str(runs.root), "2026-01-02T03:04:05Z")
        assert [path.name for path in (runs.root / "_newslake/staging").iterdir()] == ["live"]
    entry = log.read_entry(str(runs.root), state.number)
    assert entry is not None
    assert entry.swept == ("dead",)


def test_a_folder_that_an_entry_names_is_never_swept(runs: Runs) -> None:
    place = runs.begin()
    with recover.owned_staging(runs.root / place.staging):
        runs.finish(place, article_batch((1, 1, 0)))
    recover.sweep(str(runs.root), "2026-01-02T03:04:05Z")
    recover.roll_forward(str(runs.root))
    assert len(rows(runs.root, "articles")) == 1


def test_a_file_that_is_gone_is_never_committed(runs: Runs) -> None:
    place = runs.begin()

    with pytest.raises(storage.LakeError, match=r"index-\w+.columns is gone"):
        runs.finish(place, article_batch((1, 1, 0)), lose="index-*")
    assert log.current_state(str(runs.root)).number == 0


def test_an_entry_tells_when_it_was_committed_and_not_the_instant_of_the_run(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    entry = log.read_entry(str(runs.root), 1)
    assert entry is not None
    assert entry.committed_at == "1970-01-01T00:00:07Z"
    assert entry.summary is not None
    assert entry.summary["started_at"] == "2026-01-02T03:04:05Z"


def test_a_run_that_lives_keeps_its_staging_although_another_publishes_its_commit(runs: Runs) -> None:
    place = runs.begin()
    with recover.owned_staging(runs.root / place.staging):
        runs.finish(place, article_batch((1, 1, 0)))
        recover.roll_forward(str(runs.root))
        assert (runs.root / place.staging).exists()
        assert len(rows(runs.root, "articles")) == 1
    recover.remove_staging(str(runs.root), place.token)
    assert not (runs.root / place.staging).exists()


def test_a_dry_run_commits_nothing(runs: Runs) -> None:
    outcome = runs.finish(runs.begin(), article_batch((1, 1, 0)), preview=True)
    assert outcome.status is Status.PREVIEWED
    assert [file.table for file in outcome.files] == ["articles"]
    assert log.current_state(str(runs.root)).number == 0


def test_a_disk_that_refuses_the_entry_leaves_the_lake_as_it_was(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    place = runs.begin()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        runs.finish(place, article_batch((1, 1, 0)))
    monkeypatch.undo()
    assert counts(runs.run(article_batch((1, 1, 0)))) == (1, 1, 0, 0, 0, 0)


def test_a_log_that_was_set_back_is_published_from_its_beginning(runs: Runs) -> None:
    runs.run(article_batch((1, 11, 20230300)))
    (runs.root / "_newslake/published").write_bytes(b"99")
    runs.run(article_batch((2, 22, 20230300)))
    assert len(rows(runs.root, "articles")) == 2


def test_an_entry_that_is_missing_in_the_log_is_no_free_number(runs: Runs) -> None:
    for number in range(3):
        runs.run(article_batch((number + 1, number + 1, 20230300)))
    entry = runs.root / "_newslake/log/00000000000000000002.json"
    entry.unlink()
    with pytest.raises(log.LogDamagedError, match=f"{entry.name} is missing, though entry 3 is there"):
        runs.begin()


def test_a_run_that_failed_takes_its_staging_away_unless_it_was_committed(runs: Runs) -> None:
    place = runs.begin()
    recover.abandon(str(runs.root), place.token, place.base)
    assert not (runs.root / place.staging).exists()
    committed = runs.begin()
    runs.finish(committed, article_batch((1, 11, 20230300)))
    recover.abandon(str(runs.root), committed.token, committed.base)
    assert (runs.root / committed.staging).exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:40]), lambda path: path.write_bytes(b"")])
def test_an_index_file_that_is_gone_or_damaged_is_named(runs: Runs, damage: Callable[[Path], object]) -> None:
    runs.run(article_batch((1, 11, 20230300)))
    (file,) = (runs.root / "_newslake/index").iterdir()
    damage(file)
    with pytest.raises(storage.LakeError, match=file.name):
        runs.run(article_batch((2, 22, 20230300)))
