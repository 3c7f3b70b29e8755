"""Which state of a feed a commit saves, on a real disk."""

from dataclasses import replace
from pathlib import Path

import pytest
from lake_runs import Runs, article_batch, reject_batch

from newslake.schemas.feed_state import AnswerFacts, FeedCheck, FeedOutcome, FeedState, Validators
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import SourceManifest, StagedBatch
from newslake.transforms.lake import log
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.lake.feed_states import read_states
from newslake.transforms.storage.local import LocalStorage

FEED = "https://news.example/rss"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(LocalStorage(str(tmp_path / "lake")))


def state_of(runs: Runs) -> FeedState | None:
    return read_states(runs.lake, log.current_state(runs.lake)).get(FEED)


def answer(etag: str, base: FeedState | None) -> FeedCheck:
    facts = AnswerFacts(200, Validators(etag, None, etag))
    return FeedCheck(FEED, base, FeedOutcome.OK, facts, interval=300, entries=("a",))


def finish(runs: Runs, run: RunFacts, check: FeedCheck, *batches: StagedBatch, is_whole: bool = True) -> Outcome:
    shards = runs.stage(run, *batches)
    met = sum(len(batch.lines) for batch in batches)
    manifest = SourceManifest(FEED, met, is_fetch=True, status=200, check=check, is_whole=is_whole)
    outcome = runs.commit(run, runs.decide(run, shards, [manifest]))
    runs.let_go(run)
    return outcome


def test_of_two_runs_that_checked_a_feed_at_once_the_first_commit_gives_its_state(runs: Runs) -> None:
    one, two = runs.begin(), runs.begin()
    assert finish(runs, two, answer("two", None), article_batch((1, 1, 0), source=FEED)).status is Status.COMMITTED
    assert finish(runs, one, answer("one", None), article_batch((2, 2, 0), source=FEED)).summary["new"] == 1
    state = state_of(runs)
    assert state is not None
    assert (state.etag, state.checks, state.new) == ("two", 1, 1)
    finish(runs, runs.begin(), answer("three", state), article_batch((3, 3, 0), source=FEED))
    after = state_of(runs)
    assert after is not None
    assert (after.etag, after.checks, after.new) == ("three", 2, 2)


def test_a_merge_in_between_changes_no_state(runs: Runs) -> None:
    finish(runs, runs.begin(), answer("one", None), article_batch((1, 1, 0), source=FEED))
    for number in range(2, 12):
        runs.run(article_batch((number, number, 0)))
    finish(runs, runs.begin(), answer("two", state_of(runs)), article_batch((50, 50, 0), source=FEED))
    state = state_of(runs)
    assert state is not None
    assert state.etag == "two"


def test_validators_are_kept_only_if_every_entry_is_in_the_lake(runs: Runs) -> None:
    finish(runs, runs.begin(), answer("one", None), article_batch((1, 1, 0), source=FEED))
    finish(runs, runs.begin(), answer("cut", state_of(runs)), article_batch((2, 2, 0), source=FEED), is_whole=False)
    state = state_of(runs)
    assert state is not None
    assert (state.etag, state.body_hash, state.checks) == ("one", "one", 2)
    quarantined = reject_batch(*range(30), source=FEED)
    assert finish(runs, runs.begin(), answer("bad", state), quarantined).summary["sources_quarantined"] == 1
    after = state_of(runs)
    assert after is not None
    assert (after.etag, after.checks) == ("one", 3)


def test_a_failure_keeps_the_validators_and_says_why(runs: Runs) -> None:
    finish(runs, runs.begin(), answer("one", None), article_batch((1, 1, 0), source=FEED))
    check = replace(answer("", state_of(runs)), outcome=FeedOutcome.FAILED, facts=AnswerFacts(503), detail="HTTP 503")
    finish(runs, runs.begin(), check)
    state = state_of(runs)
    assert state is not None
    assert (state.etag, state.failures, state.error, state.status) == ("one", 1, "HTTP 503", 503)
