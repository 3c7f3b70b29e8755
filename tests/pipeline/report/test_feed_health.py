"""How feeds are judged by what the lake remembers of them."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.pipeline.report.advice import BY_STATUS, advice
from newslake.pipeline.report.feed_health import LEVELS, FeedHealth, Level, instant, rank
from newslake.schemas.codec import timestamp
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.schemas.reject import REASON_MEANING, Reason

NOW = dt.datetime(2026, 1, 31, 12, 0, 0, tzinfo=dt.UTC)


def ago(**length: float) -> str:
    return timestamp(NOW - dt.timedelta(**length))


def state(name: str = "feed", **told: Any) -> FeedState:
    """Return a feed that was asked each hour for 30 days, the last time 10 minutes ago."""
    usual = {
        "checked_at": ago(minutes=10),
        "next_check": ago(minutes=-50),
        "interval": 3_600,
        "since": ago(days=30),
        "succeeded_at": ago(minutes=10),
        "new_at": ago(hours=2),
        "checks": 720,
        "new": 400,
        "duplicates": 100,
        "backlog": 20,
    }
    return FeedState(feed=name, **{**usual, **told})


def failing(name: str = "failing", **told: Any) -> FeedState:
    usual = {"outcome": FeedOutcome.FAILED, "succeeded_at": ago(days=7), "failures": 168, "failed_at": ago(minutes=10)}
    return state(name, **{**usual, **told})


def judged(one: FeedState, *others: FeedState) -> FeedHealth:
    return next(found for found in rank([one, *others], NOW) if found.feed == one.feed)


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (state(), Level.FINE),
        (state(outcome=FeedOutcome.NOT_MODIFIED), Level.FINE),
        (state(outcome=FeedOutcome.GONE, status=410, next_check=""), Level.GONE),
        (failing(), Level.FAILING),
        (failing(failures=1, succeeded_at=ago(hours=1)), Level.FAILING),
        (failing(outcome="of a later version"), Level.FAILING),
        (state(may_have_missed=True), Level.MISSING),
        (state(next_check=ago(minutes=59)), Level.FINE),
        (state(next_check=ago(minutes=61)), Level.OVERDUE),
        (state(next_check=ago(hours=5), interval=6 * 3_600), Level.FINE),
        (state(next_check=ago(hours=7), interval=6 * 3_600), Level.OVERDUE),
        (failing(next_check=ago(days=2)), Level.FAILING),
        (state(new_at=ago(days=2.9)), Level.FINE),
        (state(new_at=ago(days=3.1)), Level.SILENT),
        # 3 entries came in 25 days after the 20 of the first answer: 5 silent days are usual.
        (state(new=23, duplicates=0, new_at=ago(days=5)), Level.FINE),
        (state(new=22, duplicates=0, new_at=ago(days=20)), Level.FINE),
        (state(new=0, duplicates=0, new_at=None), Level.SILENT),
        (state(new=0, duplicates=0, new_at=None, since=ago(days=6)), Level.FINE),
        (state(new_at=None), Level.FINE),
        (state(checked_at="", next_check="", since="", interval=0), Level.FINE),
        (state(checked_at="odd", next_check="odd", since="odd", new_at="odd", retry_at="odd"), Level.FINE),
    ],
)
def test_the_level_of_a_feed(one: FeedState, level: Level) -> None:
    assert judged(one).level is level


def test_a_feed_that_nobody_asks_any_more_is_dropped() -> None:
    old = failing("old", checked_at=ago(days=8.1), next_check=ago(days=8))
    assert judged(old, state()).level is Level.DROPPED
    assert judged(old).level is Level.FAILING


def test_the_worst_feeds_come_first() -> None:
    feeds = [
        state("fine b"),
        state("fine a"),
        state("silent", new_at=ago(days=4)),
        state("missing", may_have_missed=True),
        state("late", next_check=ago(hours=3)),
        state("later", next_check=ago(hours=9)),
        failing("never", succeeded_at=None),
        failing("a week"),
        failing("an hour", succeeded_at=ago(hours=1)),
        state("gone", outcome=FeedOutcome.GONE),
        state("dropped", next_check=ago(days=9), checked_at=ago(days=10)),
    ]
    order = [one.feed for one in rank(feeds, NOW)]
    assert order == [
        *("gone", "never", "a week", "an hour", "later", "late"),
        *("missing", "silent", "fine a", "fine b", "dropped"),
    ]


@given(
    st.lists(
        st.builds(
            state,
            st.text(max_size=3),
            outcome=st.sampled_from([*FeedOutcome, "odd"]),
            next_check=st.sampled_from(["", ago(days=9), ago(hours=3), ago(hours=-3)]),
            new_at=st.sampled_from([None, ago(days=9)]),
            may_have_missed=st.booleans(),
            succeeded_at=st.sampled_from([None, ago(days=9)]),
        )
    )
)
def test_every_feed_is_told_once_in_the_order_of_the_levels(states: list[FeedState]) -> None:
    found = rank(states, NOW)
    assert sorted(one.feed for one in found) == sorted(one.feed for one in states)
    places = [list(LEVELS).index(one.level) for one in found]
    assert all(before <= after for before, after in pairwise(places))


def test_entries_a_day_leave_out_those_of_the_first_answer() -> None:
    found = judged(state())
    assert (found.entries_a_day, found.duplicates_share) == (16.0, 0.2)
    assert judged(state(new=5, duplicates=0)).entries_a_day == 0
    assert judged(state(since=ago(hours=3))).entries_a_day is None
    assert judged(state(new=0, duplicates=0)).duplicates_share is None


def test_a_failing_feed_says_what_to_do() -> None:
    assert judged(failing(status=404)).advice == BY_STATUS[404]
    assert judged(failing(detail="not_a_feed (it is HTML)")).advice == REASON_MEANING[Reason.NOT_A_FEED]
    assert judged(state()).advice == ""
    assert all(judged(one).advice for one in (state(may_have_missed=True), state(new_at=ago(days=9))))


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ("example.org: Name or service not known", "DNS"),
        ("network (example.org: Temporary failure in name resolution)", "DNS"),
        ("example.org: its certificate is not valid: expired", "certificate"),
        ("network: Connection refused", "browser"),
        ("timeout: no answer in 30 s, timed out", "browser"),
        ("https://h: the host has no public address; set ...", "--allow-private-addresses"),
        ("what nobody knows", "browser"),
    ],
)
def test_words_of_the_network_lead_to_an_advice(error: str, word: str) -> None:
    assert word in advice(None, error)


def test_a_pause_that_is_over_is_not_told() -> None:
    assert judged(failing(retry_at=ago(hours=-1))).waits_until == ago(hours=-1)
    assert judged(failing(retry_at=ago(hours=1))).waits_until is None


@pytest.mark.parametrize("status", [301, 401, 403, 404, 407, 410, 418, 429, 500, 503, 599, None, 200])
@pytest.mark.parametrize("error", ["", "odd", "http_status (HTTP 503)", *Reason])
def test_there_is_always_an_advice(status: int | None, error: str) -> None:
    told = advice(status, error)
    assert told
    assert not told.endswith(".")
    assert "error status" not in told


def test_an_instant_may_lack_its_zone() -> None:
    assert instant("2026-01-31T12:00:00Z") == instant("2026-01-31T12:00:00") == NOW
    assert instant(None) is instant("") is instant("yesterday") is None
