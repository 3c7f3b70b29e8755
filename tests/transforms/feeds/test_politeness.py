"""When a feed is asked again, and where. All instants are given."""

import dataclasses
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.feed_state import AnswerFacts, FeedCheck, FeedHints, FeedOutcome, FeedState
from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.due import due_feeds, due_instants
from newslake.transforms.feeds.politeness import (
    Address,
    has_rolled_over,
    hints_of,
    is_due,
    next_address,
    next_check,
)

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)  # a Monday
HOUR = 3600
DAY = 24 * HOUR
NO_HINTS = FeedHints()


def at(**later: float) -> str:
    return codec.timestamp(NOW + dt.timedelta(**later))


def state(**fields: Any) -> FeedState:
    return FeedState(**{"feed": "f", "checked_at": at(hours=-1), "next_check": at(), **fields})


def check(
    outcome: FeedOutcome = FeedOutcome.OK, *, interval: int = HOUR, hints: FeedHints = NO_HINTS, **facts: Any
) -> FeedCheck:
    fields = {name: facts.pop(name) for name in ("entries", "feed") if name in facts}
    return FeedCheck(
        fields.get("feed", "f"), None, outcome, AnswerFacts(**facts), hints, interval, "", fields.get("entries", ())
    )


def wait(one: FeedCheck, before: FeedState | None = None, *, brought: int = 1, now: dt.datetime = NOW) -> float:
    """Return the seconds until the next check."""
    due = next_check(one, before, brought=brought, now=now).at
    assert due is not None
    return (due - now).total_seconds()


# Success


def test_a_feed_that_says_nothing_is_asked_after_the_interval() -> None:
    assert wait(check()) == HOUR
    assert wait(check(interval=300)) == 300


@pytest.mark.parametrize(
    ("hints", "fresh", "seconds"),
    [
        (FeedHints(ttl_seconds=2 * HOUR), 0, 2 * HOUR),
        (FeedHints(update_seconds=3 * HOUR), 0, 3 * HOUR),
        (FeedHints(), 4 * HOUR, 4 * HOUR),
        (FeedHints(ttl_seconds=2 * HOUR, update_seconds=3 * HOUR), 4 * HOUR, 4 * HOUR),
        (FeedHints(ttl_seconds=60, update_seconds=60), 60, HOUR),
        (FeedHints(update_seconds=365 * DAY), 0, DAY),
        (FeedHints(ttl_seconds=10**9), 10**9, DAY),
    ],
)
def test_the_longest_wait_counts_within_the_interval_and_a_day(hints: FeedHints, fresh: int, seconds: int) -> None:
    assert wait(check(hints=hints, fresh_seconds=fresh)) == seconds


def test_a_user_may_ask_less_than_once_a_day() -> None:
    assert wait(check(interval=7 * DAY)) == 7 * DAY
    assert wait(check(FeedOutcome.FAILED, interval=7 * DAY), state(failures=3)) == 7 * DAY


def test_a_feed_that_is_not_modified_keeps_its_hints() -> None:
    before = state(ttl_seconds=2 * HOUR, update_seconds=5, skip_hours=(3,), skip_days=(6,))
    one = check(FeedOutcome.NOT_MODIFIED)
    assert hints_of(one, before) == FeedHints(2 * HOUR, 5, (3,), (6,))
    assert wait(one, before) == 2 * HOUR
    assert wait(check(FeedOutcome.OK), before) == HOUR  # the new document has no hints


@pytest.mark.parametrize(
    ("hints", "now", "due"),
    [
        (FeedHints(skip_hours=(11,)), NOW, "2026-03-02T12:00:00Z"),
        (FeedHints(skip_hours=(11, 12, 13)), NOW, "2026-03-02T14:00:00Z"),
        (FeedHints(skip_hours=(10, 12)), NOW, "2026-03-02T11:00:00Z"),
        (FeedHints(skip_hours=(23, 0, 1)), NOW.replace(hour=22, minute=20), "2026-03-03T02:00:00Z"),
        (FeedHints(skip_days=(1,)), NOW.replace(hour=23, minute=30), "2026-03-03T23:30:00Z"),  # at most a day
        (FeedHints(skip_days=(0,)), NOW, "2026-03-03T00:00:00Z"),
        (FeedHints(skip_days=(0,), skip_hours=(0, 1)), NOW, "2026-03-03T02:00:00Z"),
        (FeedHints(skip_hours=tuple(range(24))), NOW, "2026-03-02T11:00:00Z"),
        (FeedHints(skip_days=tuple(range(7))), NOW, "2026-03-02T11:00:00Z"),
    ],
)
def test_skipped_hours_and_days_are_not_asked(hints: FeedHints, now: dt.datetime, due: str) -> None:
    assert codec.timestamp(next_check(check(hints=hints), None, brought=1, now=now).at or now) == due


def test_skipped_hours_count_in_utc() -> None:
    now = NOW.astimezone(dt.timezone(dt.timedelta(hours=5)))
    assert wait(check(hints=FeedHints(skip_hours=(11,))), now=now) == 2 * HOUR


def test_a_quiet_feed_is_asked_less_often_and_news_bring_it_back() -> None:
    waits = [wait(check(interval=900), state(quiet=quiet), brought=0) / 900 for quiet in (0, 1, 2, 4, 5, 8, 20, 500)]
    assert waits == [1, 1, 2, 2, 3, 4, 8, 8]
    assert wait(check(interval=900), state(quiet=500), brought=1) == 900
    assert wait(check(), state(quiet=500), brought=0) == 8 * HOUR
    assert wait(check(interval=5 * HOUR), state(quiet=500), brought=0) == DAY


def test_a_feed_that_rolled_over_is_asked_more_often_whatever_it_asks_for() -> None:
    before = state(next_check=at(hours=3), entries=("a", "b"))
    hints = FeedHints(ttl_seconds=4 * HOUR, skip_hours=tuple(range(1, 24)))
    rolled = check(interval=600, hints=hints, fresh_seconds=HOUR, entries=("c", "d"))
    assert has_rolled_over(rolled, before)
    assert next_check(rolled, before, brought=9, now=NOW).interval_seconds == 2 * HOUR
    assert wait(rolled, before) == 2 * HOUR
    assert wait(replace(rolled, interval=3 * HOUR), before) == 3 * HOUR
    # At the check after that, what the feed asks for does not count either.
    after = replace(rolled, entries=("d", "e"))
    assert wait(after, state(entries=("c", "d"), may_have_missed=True)) == 600
    assert wait(after, state(entries=("c", "d"))) > 600


def test_a_feed_that_comes_back_after_failures_is_not_asked_by_their_long_wait() -> None:
    before = state(next_check=at(hours=23), entries=("a",), outcome=FeedOutcome.FAILED, failures=9)
    assert wait(check(interval=600, entries=("b",)), before) == 600


@pytest.mark.parametrize(
    ("entries", "before"),
    [((), ("a",)), (("a",), ()), (("a", "b"), ("b", "c")), (("a",), None)],
)
def test_a_feed_with_an_entry_of_before_missed_nothing(
    entries: tuple[str, ...], before: tuple[str, ...] | None
) -> None:
    assert not has_rolled_over(check(entries=entries), None if before is None else state(entries=before))


def test_only_a_document_can_roll_over() -> None:
    for outcome in (FeedOutcome.NOT_MODIFIED, FeedOutcome.FAILED, FeedOutcome.GONE):
        assert not has_rolled_over(check(outcome, entries=("a",)), state(entries=("b",)))


# Failure


def test_failures_double_the_wait_up_to_a_day_with_jitter() -> None:
    waits = [wait(check(FeedOutcome.FAILED, status=404), state(failures=failures)) / HOUR for failures in range(12)]
    assert waits[0] == 1
    for failures, hours in enumerate(waits):
        most = min(2**failures, 24)
        assert max(1, 0.8 * most) <= hours <= most
    assert wait(check(FeedOutcome.FAILED)) == HOUR


def test_the_jitter_differs_by_feed_and_is_the_same_in_a_retry() -> None:
    feeds = [check(FeedOutcome.FAILED, feed=f"https://example.org/{number}") for number in range(20)]
    waits = [wait(feed, state(failures=5)) for feed in feeds]
    assert len(set(waits)) == 20
    assert waits == [wait(feed, state(failures=5)) for feed in feeds]


def test_a_failure_keeps_to_no_hint_of_the_answer() -> None:
    hints = FeedHints(ttl_seconds=9 * HOUR, skip_hours=(11,))
    assert wait(check(FeedOutcome.FAILED, hints=hints, fresh_seconds=9 * HOUR)) == HOUR


@pytest.mark.parametrize("outcome", [FeedOutcome.OK, FeedOutcome.NOT_MODIFIED, FeedOutcome.FAILED])
def test_retry_after_is_the_least_wait(outcome: FeedOutcome) -> None:
    assert wait(check(outcome, retry_after_seconds=5 * HOUR)) == 5 * HOUR
    assert wait(check(outcome, retry_after_seconds=60)) == HOUR


def test_a_feed_that_is_gone_is_never_asked_again() -> None:
    assert next_check(check(FeedOutcome.GONE), state(), brought=0, now=NOW).at is None
    assert not is_due(state(outcome=FeedOutcome.GONE, next_check=""), NOW)
    assert wait(check(entries=("b",)), state(outcome="gone", next_check="", entries=("a",))) == HOUR  # asked by --all


@given(
    outcome=st.sampled_from([FeedOutcome.OK, FeedOutcome.NOT_MODIFIED, FeedOutcome.FAILED]),
    interval=st.integers(0, 3 * DAY),
    hints=st.builds(
        FeedHints,
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.lists(st.integers(0, 23)).map(tuple),
        st.lists(st.integers(0, 6)).map(tuple),
    ),
    fresh=st.integers(0, 10**9),
    retry=st.none() | st.integers(0, DAY),
    quiet=st.integers(0, 10**6),
    failures=st.integers(0, 10**6),
    brought=st.integers(0, 2),
)
def test_every_wait_is_from_the_interval_to_a_day(
    outcome: FeedOutcome,
    interval: int,
    hints: FeedHints,
    fresh: int,
    retry: int | None,
    quiet: int,
    failures: int,
    brought: int,
) -> None:
    one = check(outcome, interval=interval, hints=hints, fresh_seconds=fresh, retry_after_seconds=retry)
    seconds = wait(one, state(quiet=quiet, failures=failures, **dataclasses.asdict(hints)), brought=brought)
    assert max(interval, retry or 0) <= seconds <= max(interval, DAY)


# Due


def test_a_feed_without_a_state_is_due() -> None:
    assert is_due(None, NOW)


def test_a_clock_that_was_ahead_stops_no_feed() -> None:
    asked = state(checked_at=at(days=400), next_check=at(days=400, hours=1), retry_at=at(days=401))
    feeds = {asked.feed: asked}
    assert is_due(asked, NOW)
    due, _ = due_feeds([FeedRequest(asked.feed, SourceSettings())], feeds, NOW, "1", lambda settings: "")
    assert [request.location for request in due] == [asked.feed]
    assert due_instants([asked.feed], feeds, NOW) == [NOW]
    assert not is_due(state(checked_at=at(seconds=5), next_check=at(hours=1)), NOW)
    assert not is_due(state(checked_at=at(days=400), outcome=FeedOutcome.GONE, next_check=""), NOW)


@pytest.mark.parametrize("late", [0, 3, 40])
def test_an_hourly_run_finds_an_hourly_feed_due(late: int) -> None:
    checked = NOW + dt.timedelta(seconds=late)
    due = next_check(check(), None, brought=1, now=checked).at
    assert due is not None
    asked = state(checked_at=codec.timestamp(checked), next_check=codec.timestamp(due))
    assert is_due(asked, NOW + dt.timedelta(hours=1))
    assert not is_due(asked, NOW + dt.timedelta(minutes=57))


@pytest.mark.parametrize("failures", range(8))
def test_a_failed_feed_is_due_in_the_run_in_which_its_wait_ends(failures: int) -> None:
    checked = NOW + dt.timedelta(seconds=3)
    due = next_check(check(FeedOutcome.FAILED), state(failures=failures), brought=0, now=checked).at
    assert due is not None
    asked = state(checked_at=codec.timestamp(checked), next_check=codec.timestamp(due))
    assert is_due(asked, NOW + dt.timedelta(hours=min(2**failures, 24)))


def test_the_slack_of_a_short_interval_is_short() -> None:
    asked = state(checked_at=at(), next_check=at(seconds=60))
    assert not is_due(asked, NOW + dt.timedelta(seconds=50))
    assert is_due(asked, NOW + dt.timedelta(seconds=55))


def test_retry_after_has_no_slack() -> None:
    asked = state(checked_at=at(), next_check=at(hours=1), retry_at=at(hours=1))
    assert not is_due(asked, NOW + dt.timedelta(seconds=3599))
    assert is_due(asked, NOW + dt.timedelta(hours=1))


# Where


TARGET = "https://www.example.org/feed"


def moves(*days: float, to: str | None = TARGET, outcome: FeedOutcome = FeedOutcome.OK) -> list[Address]:
    """Return the address after each of several checks, each at so many days from now."""
    before: FeedState | None = None
    found = []
    for day in days:
        now = NOW + dt.timedelta(days=day)
        found.append(next_address(check(outcome, moved_to=to), before, now=now))
        before = state(**dataclasses.asdict(found[-1]))
    return found


def test_a_move_counts_after_three_days_and_three_checks() -> None:
    assert [one.address for one in moves(0, 1, 2, 3, 4)] == [None, None, None, TARGET, TARGET]
    assert [one.address for one in moves(0, 4, 5)] == [None, None, TARGET]
    assert [one.address for one in moves(0, 0.1, 0.2, 0.3, 2.9)] == [None] * 5
    assert moves(0, 1)[-1] == Address(None, TARGET, at(), 2)


def test_another_target_begins_anew() -> None:
    before = state(moved_to=TARGET, moved_since=at(days=-9), moved_checks=9)
    there = check(moved_to="https://other.example/feed")
    assert next_address(there, before, now=NOW) == Address(None, "https://other.example/feed", at(), 1)
    assert next_address(check(), before, now=NOW) == Address()


def test_a_failure_tells_nothing_of_a_move() -> None:
    before = state(moved_to=TARGET, moved_since=at(days=-2), moved_checks=2)
    for outcome in (FeedOutcome.FAILED, FeedOutcome.GONE):
        assert next_address(check(outcome, moved_to=TARGET), before, now=NOW) == Address(None, TARGET, at(days=-2), 2)
    assert next_address(check(FeedOutcome.FAILED), None, now=NOW) == Address()


def test_a_feed_that_was_found_is_asked_there_at_once() -> None:
    assert next_address(check(found_at=TARGET), None, now=NOW) == Address(TARGET)
    assert next_address(check(FeedOutcome.NOT_MODIFIED), state(address=TARGET), now=NOW) == Address(TARGET)


def test_after_five_failures_elsewhere_the_own_url_counts_again() -> None:
    assert next_address(check(FeedOutcome.FAILED), state(address=TARGET, failures=3), now=NOW) == Address(TARGET)
    assert next_address(check(FeedOutcome.FAILED), state(address=TARGET, failures=4), now=NOW) == Address()
