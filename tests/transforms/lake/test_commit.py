"""From staged shards to a committed lake, by the pure functions and on a real disk."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lake_runs import Runs, article_batch, counts, hex_id, reject_batch, rows

from newslake.schemas.staging import Shard
from newslake.schemas.tables import LINKED, STAGING
from newslake.transforms.deduplicate.decider import Policy
from newslake.transforms.deduplicate.index import keys
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import CommitSettings, Status, commit_run
from newslake.transforms.lake.layout import Layout
from newslake.transforms.lake.log import LogEntry, Operation
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import LakeError
from newslake.transforms.storage.local import DRAFTS, LocalStorage


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(LocalStorage(str(tmp_path / "lake")))


def test_a_run_writes_each_row_once_and_adds_up(runs: Runs) -> None:
    outcome = runs.run(article_batch((1, 1, 20230300), (2, 2, 20230400), (3, 1, 20230300)), reject_batch(7, 7, 8))
    assert outcome.status is Status.COMMITTED
    assert counts(outcome) == (6, 2, 0, 0, 1, 3)
    assert sorted(str(row["id"]) for row in rows(runs.lake, "articles")) == sorted([hex_id(1), hex_id(2)])
    (duplicate,) = rows(runs.lake, "duplicates")
    assert (duplicate["id"], duplicate["duplicate_of"], duplicate["rule"], duplicate["score"]) == (
        hex_id(3),
        hex_id(1),
        "content",
        1.0,
    )
    assert len(rows(runs.lake, "rejects")) == 2
    assert (Path(runs.lake.root) / "articles/published_month=2023-04").is_dir()


def test_a_rerun_adds_a_row_to_runs_and_nothing_else(runs: Runs) -> None:
    batches = article_batch((1, 1, 0), (2, 2, 0)), reject_batch(7)
    runs.run(*batches)
    before = {file.path for file in log.read_state(runs.lake).files if file.table != "runs"}
    outcome = runs.run(*batches)
    assert counts(outcome) == (3, 0, 0, 2, 0, 1)
    state = log.read_state(runs.lake)
    assert {file.path for file in state.files if file.table != "runs"} == before
    assert len(state.index) == 1
    assert len(rows(runs.lake, "runs")) == 2


def test_a_revision_carries_its_number_and_the_rest_of_its_line(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    outcome = runs.run(article_batch((1, 2, 0)))
    assert counts(outcome) == (1, 0, 1, 0, 0, 0)
    (revision,) = rows(runs.lake, "revisions")
    assert (revision["id"], revision["revision"], revision["article_body"]) == (hex_id(1), 2, "text 2")


def test_files_are_cut_at_the_target_size(runs: Runs) -> None:
    outcome = runs.run(
        article_batch(*((number, number, 20230300) for number in range(1, 101))),
        policy=Policy(Layout(target_bytes=1000)),
    )
    files = [file for file in log.read_state(runs.lake).files if file.table == "articles"]
    assert counts(outcome)[:2] == (100, 100)
    assert sum(file.rows for file in files) == 100
    assert len(files) > 5
    assert len({row["id"] for row in rows(runs.lake, "articles")}) == 100


def test_partitions_of_a_day(runs: Runs) -> None:
    runs.run(
        article_batch((1, 1, 20230320), (2, 2, 20230300), (3, 3, 20230000)), policy=Policy(Layout(granularity="day"))
    )
    folders = sorted(path.name for path in (Path(runs.lake.root) / "articles").iterdir())
    assert folders == ["published_day=2023-03-20", "published_day=2023-03-XX", "published_day=2023-XX-XX"]


def test_an_article_that_no_reader_counted_ends_the_run(runs: Runs) -> None:
    outcome = runs.finish(runs.begin(), article_batch((1, 1, 0), (2, 2, 0)), read=3)
    assert outcome.status is Status.UNBALANCED
    assert "3 articles, but 2" in outcome.detail
    assert log.current_state(runs.lake).number == 0


@pytest.mark.parametrize("lost", ["first", "middle", "last"])
def test_one_lost_staged_line_ends_the_run_and_nothing_is_published(runs: Runs, lost: str) -> None:
    def lose_a_line(folder: Staging, shard: Shard) -> None:
        path = folder.storage.local_copy(folder.name(f"{shard.name}.lines"))
        lines = path.read_bytes().splitlines(keepends=True)
        del lines[{"first": 0, "middle": len(lines) // 2, "last": -1}[lost]]
        path.write_bytes(b"".join(lines))

    outcome = runs.finish(
        runs.begin(), article_batch(*((number, number, 0) for number in range(1, 10))), tamper=lose_a_line
    )
    assert outcome.status is Status.UNBALANCED
    assert "9 rows were decided for articles" in outcome.detail
    assert not (Path(runs.lake.root) / "articles").exists()


def test_a_source_of_mostly_rejects_is_quarantined_with_its_articles(runs: Runs) -> None:
    good, bad = (
        article_batch(*((number, number, 0) for number in range(1, 11)), source="bad"),
        reject_batch(*range(15), source="bad"),
    )
    outcome = runs.finish(runs.begin(), good, bad, source="bad")
    assert outcome.summary["sources_quarantined"] == 1
    assert outcome.summary["quarantined"] == 10
    assert counts(outcome) == (15, 0, 0, 0, 0, 15)


def entry_at(runs: Runs, number: int) -> LogEntry:
    entry = log.read_entry(runs.lake, number)
    assert entry is not None
    return entry


# Another writer commits while a run decides.


def test_an_article_that_another_run_brought_meanwhile_is_unchanged(runs: Runs) -> None:
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0), (2, 2, 0)))
    runs.run(article_batch((1, 1, 0)))
    outcome = runs.commit(slow, work)
    assert (outcome.status, counts(outcome), outcome.entry) == (Status.COMMITTED, (2, 1, 0, 1, 0, 0), 2)
    assert sorted(row["id"] for row in rows(runs.lake, "articles")) == sorted([hex_id(1), hex_id(2)])


def test_a_text_that_another_run_commits_meanwhile_makes_a_duplicate_of_it(runs: Runs) -> None:
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 7, 0)))
    runs.run(article_batch((2, 7, 0)))
    assert counts(runs.commit(slow, work)) == (1, 0, 0, 0, 1, 0)
    (duplicate,) = rows(runs.lake, "duplicates")
    assert (duplicate["id"], duplicate["duplicate_of"]) == (hex_id(1), hex_id(2))


def test_two_runs_never_give_one_revision_number(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 2, 0)))
    runs.run(article_batch((1, 3, 0)))
    assert counts(runs.commit(slow, work)) == (1, 0, 1, 0, 0, 0)
    assert sorted((row["revision"], row["article_body"]) for row in rows(runs.lake, "revisions")) == [
        (2, "text 3"),
        (3, "text 2"),
    ]


def test_an_article_whose_keys_another_run_joins_is_decided_again(runs: Runs) -> None:
    """Its URL leads to one article and its source_id to another, so the later run joins both."""
    runs.run(article_batch((1, 1, 0, 91)))
    slow = runs.begin()
    work = runs.work(slow, article_batch((2, 2, 0)))
    runs.run(article_batch((2, 3, 0, 91)))
    assert counts(runs.commit(slow, work)) == (1, 0, 1, 0, 0, 0)
    assert {row["id"] for row in rows(runs.lake, "articles") + rows(runs.lake, "revisions")} == {hex_id(1)}


def test_a_reject_that_another_run_wrote_meanwhile_is_not_written_again(runs: Runs) -> None:
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0)), reject_batch(7))
    runs.run(article_batch((2, 2, 0)), reject_batch(7))
    assert counts(runs.commit(slow, work)) == (2, 1, 0, 0, 0, 1)
    assert len(rows(runs.lake, "rejects")) == 1


def test_verdicts_stay_valid_if_another_run_adds_other_articles(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0)))
    runs.run(article_batch((2, 2, 0)))

    def decide(*_: object) -> None:
        raise AssertionError("there was nothing to decide again")

    acts = replace(runs.acts, decide=decide)
    outcome = commit_run(runs.lake, slow, work, acts, runs.settings)
    assert (outcome.status, outcome.entry, counts(outcome)) == (Status.COMMITTED, 2, (1, 1, 0, 0, 0, 0))


def test_files_are_built_anew_only_where_a_verdict_changed(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0), (2, 2, 0)))
    runs.run(article_batch((1, 3, 0)))

    def build(*_: object) -> None:
        raise AssertionError("every verdict is as before")

    outcome = commit_run(runs.lake, slow, work, replace(runs.acts, build=build), runs.settings)
    assert counts(outcome) == (2, 1, 0, 1, 0, 0)


def test_merging_changes_no_verdict(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 8):
        runs.run(article_batch((number, number, 0)))
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0), (20, 20, 0)))
    runs.run(article_batch((8, 8, 0)))
    assert entry_at(runs, 9).operation is Operation.MERGE
    outcome = runs.commit(slow, work)
    assert (outcome.status, outcome.entry, counts(outcome)) == (Status.COMMITTED, 10, (2, 1, 0, 1, 0, 0))


def test_a_run_that_is_always_overtaken_ends_as_busy(runs: Runs) -> None:
    slow = runs.begin()
    work = runs.work(slow, article_batch((1, 1, 0)))
    runs.run(article_batch((1, 2, 0)))
    outcome = replace(runs, settings=CommitSettings("local", "1", wait_seconds=0)).commit(slow, work)
    assert (outcome.status, outcome.entry) == (Status.BUSY, 0)
    assert len(rows(runs.lake, "articles")) == 1


def test_one_run_key_commits_once(runs: Runs) -> None:
    first, second = runs.begin("K"), runs.begin("K")
    works = [runs.work(run, article_batch((number, number, 0))) for number, run in enumerate((first, second), 1)]
    assert runs.commit(first, works[0]).status is Status.COMMITTED
    outcome = runs.commit(second, works[1])
    assert (outcome.status, outcome.entry, outcome.summary["run_id"]) == (Status.KEY_TAKEN, 1, first.run_id)
    assert len(rows(runs.lake, "articles")) == 1


def test_a_key_that_was_taken_before_deciding_is_seen_at_once(runs: Runs) -> None:
    slow = runs.begin("K")
    shards = runs.stage(slow, article_batch((1, 1, 0)))
    runs.run(article_batch((2, 2, 0)), run_key="K")
    work = runs.decide(slow, shards, [])
    assert work.decision.verdicts == ""
    assert runs.commit(slow, work).status is Status.KEY_TAKEN


def test_a_writer_whose_staging_was_swept_gives_up(runs: Runs) -> None:
    run = runs.begin()
    work = runs.work(run, article_batch((1, 1, 0)))
    sweep = LogEntry(0, Operation.SWEEP, "sweeper", swept=(run.staging,))
    assert log.append(runs.lake, log.current_state(runs.lake), sweep)
    assert runs.commit(run, work).status is Status.BUSY


def test_a_lost_reply_is_no_second_commit(runs: Runs) -> None:
    run = runs.begin()
    first = runs.finish(run, article_batch((1, 1, 0)))
    again = runs.finish(run, article_batch((1, 1, 0)))
    assert (first.entry, again.entry, log.read_state(runs.lake).number) == (1, 1, 1)
    assert first.summary == again.summary


# Deleting staging.


def test_a_commit_that_was_not_linked_is_finished_by_the_next_run(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recover, "link_files", die)
    run = runs.begin()
    with pytest.raises(KeyboardInterrupt):
        runs.finish(run, article_batch((1, 1, 0)))
    monkeypatch.undo()
    runs.let_go(run)
    assert not (Path(runs.lake.root) / "articles").exists()
    recover.roll_forward(runs.lake)
    assert len(rows(runs.lake, "articles")) == 1
    assert runs.lake.list(STAGING) == []


def test_the_staging_of_a_dead_run_is_swept_and_that_of_a_live_one_stays(runs: Runs) -> None:
    with recover.owned_staging(runs.lake, 0) as dead:
        runs.lake.write(f"{dead}/articles-1.lines", [b"{}"])
    with recover.owned_staging(runs.lake, 0) as live:
        state = recover.sweep(runs.lake)
        assert [f"{STAGING}/{name}" for name in runs.lake.list(STAGING)] == [live]
    assert entry_at(runs, state.number).swept == (dead,)


def test_a_folder_that_an_entry_names_is_never_swept(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run commits and dies before it links, after another one has read the log to sweep."""
    list_of = runs.lake.__class__.list
    looks = []

    def list_late(lake: LocalStorage, folder: str) -> list[str]:
        if folder == STAGING and not looks:
            looks.append(folder)
            with pytest.raises(KeyboardInterrupt):
                runs.commit(run, work)
            monkeypatch.setattr(recover, "link_files", link_files)
            runs.let_go(run)
        return list_of(lake, folder)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    link_files = recover.link_files
    run = runs.begin()
    monkeypatch.setattr(recover, "link_files", die)
    work = runs.work(run, article_batch((1, 1, 0)))
    monkeypatch.setattr(LocalStorage, "list", list_late)
    recover.sweep(runs.lake)
    monkeypatch.undo()
    assert looks
    recover.roll_forward(runs.lake)
    assert len(rows(runs.lake, "articles")) == 1


def test_a_run_that_lives_keeps_its_staging_although_another_links_its_files(runs: Runs) -> None:
    with runs.owned() as run:
        runs.finish(run, article_batch((1, 1, 0)))
        recover.roll_forward(runs.lake)
        assert (Path(runs.lake.root) / run.staging).exists()
        assert len(rows(runs.lake, "articles")) == 1
    recover.clear_staging(runs.lake, run.staging)
    assert not (Path(runs.lake.root) / run.staging).exists()


def test_a_draft_of_a_dead_writer_is_swept(runs: Runs) -> None:
    runs.run(article_batch((1, 1, 0)))
    draft = Path(runs.lake.root) / DRAFTS / "0123456789abcdef"
    draft.write_bytes(b"{")
    recover.sweep(runs.lake)
    assert not draft.exists()
    assert log.read_state(runs.lake).number == 1


def test_a_run_that_failed_before_it_tried_to_append_takes_its_staging_away_at_once(runs: Runs) -> None:
    run = runs.begin()
    runs.stage(run, article_batch((1, 1, 0)))
    assert recover.end_without_commit(runs.lake, run, has_workers=False) is None
    assert (runs.lake.list(STAGING), log.current_state(runs.lake).number) == ([], 0)


@pytest.mark.parametrize("why", ["a worker may live", "it tried to append"])
def test_a_run_whose_entry_may_still_come_is_ended_by_an_entry_that_sweeps_it(runs: Runs, why: str) -> None:
    run = runs.begin()
    work = runs.work(run, article_batch((1, 1, 0)))
    if why == "it tried to append":
        recover.note_try(runs.lake, run.staging)
    assert recover.end_without_commit(runs.lake, run, has_workers=why == "a worker may live") is None
    assert (entry_at(runs, 1).swept, runs.lake.list(STAGING)) == ((run.staging,), [])
    assert runs.commit(run, replace(work, built=())).status is Status.BUSY


def test_a_run_that_did_commit_keeps_its_files(runs: Runs) -> None:
    run = runs.begin()
    runs.finish(run, article_batch((1, 11, 20230300)))
    found = recover.end_without_commit(runs.lake, run, has_workers=True)
    assert found is not None
    assert (found.commit, len(rows(runs.lake, "articles"))) == (run.commit, 1)


# What an entry holds.


def test_a_file_that_is_gone_is_never_committed(runs: Runs) -> None:
    run = runs.begin()
    work = runs.work(run, article_batch((1, 1, 0)))
    runs.lake.delete(work.decision.index_added[0].staged)
    with pytest.raises(LakeError, match=r"index-\w+.columns is gone"):
        runs.commit(run, work)
    assert log.current_state(runs.lake).number == 0


def test_a_file_that_was_cut_is_never_committed(runs: Runs) -> None:
    run = runs.begin()
    work = runs.work(run, article_batch((1, 1, 0)))
    os.truncate(Path(runs.lake.root) / work.built[0].staged, 10)
    with pytest.raises(LakeError, match=r"has 10 bytes instead of \d+ before the commit"):
        runs.commit(run, work)


def test_an_entry_says_who_began_when_and_follows_the_one_before(runs: Runs) -> None:
    run = runs.begin()
    runs.run(article_batch((1, 1, 0)))
    runs.finish(run, article_batch((2, 2, 0)))
    first, second = entry_at(runs, 1), entry_at(runs, 2)
    assert (second.commit, second.staging, second.since, second.operation) == (
        run.commit,
        run.staging,
        0,
        Operation.RUN,
    )
    assert second.started_at == "2026-01-02T03:04:05Z" != second.committed_at
    assert second.committed_at >= first.committed_at
    assert [file.table for file in second.state_added] == []


def test_the_rows_of_the_index_tell_their_commit(runs: Runs) -> None:
    run = runs.begin()
    runs.finish(run, article_batch((1, 1, 0), (2, 2, 0)), reject_batch(7))
    (file,) = log.read_state(runs.lake).index
    tables = keys.IndexFile(runs.lake, file.path).tables
    assert {int(word) for rows in tables.values() for word in rows["commit"]} == {int(keys.commit_word(run.commit))}


def test_a_dry_run_commits_nothing(runs: Runs) -> None:
    outcome = runs.finish(runs.begin(), article_batch((1, 1, 0)), preview=True)
    assert outcome.status is Status.PREVIEWED
    assert [file.table for file in outcome.files] == ["articles"]
    assert log.current_state(runs.lake).number == 0


def test_a_disk_that_refuses_the_entry_leaves_the_lake_as_it_was(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.begin()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        runs.finish(run, article_batch((1, 1, 0)))
    monkeypatch.undo()
    assert recover.end_without_commit(runs.lake, run, has_workers=False) is None
    assert counts(runs.run(article_batch((1, 1, 0)))) == (1, 1, 0, 0, 0, 0)


def test_a_hint_beyond_the_head_is_ignored(runs: Runs) -> None:
    runs.run(article_batch((1, 11, 20230300)))
    runs.lake.replace(LINKED, b"99")
    runs.run(article_batch((2, 22, 20230300)))
    assert len(rows(runs.lake, "articles")) == 2


def test_the_number_of_a_missing_entry_is_not_free(runs: Runs) -> None:
    for number in range(3):
        runs.run(article_batch((number + 1, number + 1, 20230300)))
    entry = Path(runs.lake.root) / "_newslake/log/00000000000000000002.json"
    entry.unlink()
    with pytest.raises(log.LogDamagedError, match=f"{entry.name} is missing, though entry 3 is there"):
        runs.begin()


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:40]), lambda path: path.write_bytes(b"")]
)
def test_an_index_file_that_is_gone_or_damaged_is_named(runs: Runs, damage: Callable[[Path], object]) -> None:
    runs.run(article_batch((1, 11, 20230300)))
    (file,) = (Path(runs.lake.root) / "_newslake/index").iterdir()
    damage(file)
    with pytest.raises(LakeError, match=file.name):
        runs.run(article_batch((2, 22, 20230300)))
