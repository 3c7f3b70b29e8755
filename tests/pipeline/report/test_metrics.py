"""The metrics of rounds, read with Prometheus' own parser, and the health of a process."""

import datetime as dt
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newslake.pipeline.report.metrics import FEEDS, Metrics, state_of
from newslake.pipeline.report.rounds import FAILED_ROUNDS, Health, Round
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.schemas.tables import RunSummary

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
STARTED = "2026-01-02T03:04:00Z"
LATER = NOW + dt.timedelta(minutes=5)
COMMITTED = Round("committed", True, NOW, LATER)
FAILED = Round("failed", False, NOW, LATER)


def summary(**counts: Any) -> RunSummary:
    names = ("read", "new", "revised", "unchanged", "duplicates", "rejected", "quarantined")
    sources = ("sources_ok", "sources_failed", "sources_quarantined")
    whole = {**dict.fromkeys((*names, *sources), 0), "started_at": STARTED, "seconds": 2.0, **counts}
    return RunSummary(**whole)  # type: ignore[typeddict-item]


def feed(number: int, **told: Any) -> FeedState:
    return FeedState(**{"feed": f"https://h/{number}?token=s3cret", "checked_at": STARTED, "next_check": "", **told})


def samples(metrics: Metrics) -> dict[str, float]:
    """Return each sample of newslake by its name and the values of its labels."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for one in family.samples:
            found[" ".join([one.name.removeprefix("newslake_"), *one.labels.values()])] = one.value
    return found


def test_every_metric_is_there_before_the_first_round() -> None:
    told = samples(Metrics())
    assert told["articles_total new"] == told["sources_total failed"] == told["feeds gone"] == 0
    assert told["process_resident_memory_bytes"] > 0


def test_rounds_articles_and_sources_are_counted() -> None:
    metrics = Metrics()
    counts = {"new": 5, "revised": 1, "unchanged": 7, "duplicates": 2, "rejected": 3, "sources_ok": 4}
    metrics.observe_round(COMMITTED, summary(**counts), {})
    metrics.observe_round(COMMITTED, summary(new=1, sources_failed=2, sources_not_modified=9, sources_known=None), {})
    metrics.observe_round(FAILED)
    told = samples(metrics)
    assert (told["rounds_total committed"], told["rounds_total failed"]) == (2, 1)
    articles = [told[f"articles_total {name}"] for name in ("new", "revised", "unchanged", "duplicates", "rejected")]
    assert articles == [6, 1, 7, 2, 3]
    assert [told[f"sources_total {name}"] for name in ("ok", "failed", "not_modified", "known")] == [4, 2, 9, 0]
    assert (told["stage_seconds_count round"], told["stage_seconds_sum round"]) == (2, 4)
    assert told["last_success_timestamp_seconds"] == NOW.timestamp()
    assert told["next_round_timestamp_seconds"] == LATER.timestamp()


def test_a_look_that_finds_nothing_to_do_puts_the_next_round_off() -> None:
    metrics = Metrics()
    metrics.observe_round(COMMITTED, summary(), {})
    metrics.observe_next_round(LATER + dt.timedelta(hours=1))
    assert samples(metrics)["next_round_timestamp_seconds"] == LATER.timestamp() + 3600


def test_a_failed_round_leaves_the_last_success_and_the_feeds() -> None:
    metrics = Metrics()
    metrics.observe_round(COMMITTED, summary(), {"a": feed(1)})
    metrics.observe_round(Round("busy", False, LATER, None))
    told = samples(metrics)
    assert told["last_success_timestamp_seconds"] == NOW.timestamp()
    assert told["feeds ok"] == 1


def test_each_feed_counts_in_one_state() -> None:
    outcomes = [FeedOutcome.OK, FeedOutcome.OK, FeedOutcome.NOT_MODIFIED, FeedOutcome.FAILED, FeedOutcome.GONE]
    feeds = [feed(number, outcome=outcome) for number, outcome in enumerate(outcomes)]
    feeds += [feed(7, outcome=FeedOutcome.FAILED, retry_at="2026-01-02T04:00:00Z", may_have_missed=True)]
    feeds += [feed(8, retry_at="2026-01-02T03:00:00Z"), feed(9, outcome="of a later version")]
    metrics = Metrics()
    metrics.observe_round(COMMITTED, summary(), {one.feed: one for one in feeds})
    told = samples(metrics)
    assert {name: told[f"feeds {name}"] for name in FEEDS} == {
        "ok": 3, "not_modified": 1, "failed": 2, "gone": 1, "postponed": 1
    }  # fmt: skip
    assert told["feeds_may_have_missed"] == 1


def test_a_gone_feed_is_gone_whatever_its_host_asked() -> None:
    gone = feed(1, outcome=FeedOutcome.GONE, retry_at="2099-01-01T00:00:00Z")
    assert state_of(gone, "2026-01-01T00:00:00Z") == "gone"


def test_the_lag_counts_feeds_that_brought_something_in_this_round() -> None:
    feeds = [
        feed(1, lag_seconds=45),
        feed(2, lag_seconds=-30),
        feed(3, lag_seconds=500, quiet=2),
        feed(4, lag_seconds=500, checked_at="2026-01-02T03:00:00Z"),
        feed(5),
    ]
    metrics = Metrics()
    metrics.observe_round(COMMITTED, summary(), {one.feed: one for one in feeds})
    told = samples(metrics)
    assert told["publication_lag_seconds_count"] == 2
    assert told["publication_lag_seconds_sum"] == 45


def test_no_text_of_a_feed_reaches_the_metrics() -> None:
    metrics = Metrics()
    metrics.observe_round(COMMITTED, summary(failures=["https://h/?token=s3cret"]), {"x": feed(1, error="s3cret")})
    assert b"s3cret" not in metrics.text()
    assert b"http" not in b"".join(line for line in metrics.text().splitlines() if not line.startswith(b"#"))


@pytest.mark.parametrize("name", ["https://example.org", "", "Round", "a b", "a" * 50])
def test_a_stage_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="a word of small letters"):
        Metrics().observe_stage(name, 1.0)


def test_two_processes_in_one_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.observe_stage("fetch", 0.2)
    assert "stage_seconds_count fetch" not in samples(other)


def test_a_process_is_healthy_until_rounds_failed_in_a_row() -> None:
    health = Health()
    assert health.answer()[1]["status"] == "starting"
    health.note(COMMITTED)
    for _ in range(FAILED_ROUNDS - 1):
        health.note(FAILED)
    assert health.answer()[0]
    health.note(Round("busy", False, LATER, None))
    is_healthy, told = health.answer()
    assert not is_healthy
    assert told == {
        "status": "failing",
        "reason": "the last 3 rounds failed, the last one with busy; see the log",
        "rounds": 4,
        "failed_rounds": 3,
        "last_outcome": "busy",
        "last_round": "2026-01-02T03:09:05Z",
        "last_success": "2026-01-02T03:04:05Z",
        "next_round": None,
    }
    health.note(COMMITTED)
    assert health.answer()[0]


def test_a_process_that_never_succeeded_is_unhealthy_too() -> None:
    health = Health(failed_rounds=1)
    health.note(FAILED)
    assert health.answer()[1]["last_success"] is None
    assert not health.answer()[0]
