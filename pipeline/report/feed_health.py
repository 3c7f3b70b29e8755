"""How feeds are, by what the lake remembers of them: the worst first.

The levels, from the worst to the best, are in LEVELS. All of it is pure: the instant is given.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newslake.pipeline.report.advice import advice
from newslake.schemas.feed_state import FeedOutcome, FeedState


class Level(StrEnum):
    """How a feed is. LEVELS says each in words."""

    GONE = "gone"
    FAILING = "failing"
    OVERDUE = "overdue"
    MISSING = "may_have_missed"
    SILENT = "silent"
    FINE = "fine"
    DROPPED = "dropped"


LEVELS: dict[Level, str] = {
    Level.GONE: "the server said that the feed is gone (410); it is not asked again",
    Level.FAILING: "the last check failed; the feed that failed longest comes first",
    Level.OVERDUE: "the check is late by an hour and by the time between two checks",
    Level.MISSING: "no entry of the last answer was in the answer before it, so entries may be lost",
    Level.SILENT: "nothing new came for 3 days, and for 10 times as long as usual; or for 7 days since the first check",
    Level.FINE: "the feed was read, or is unchanged",
    Level.DROPPED: "nobody asked the feed for a week after it was due, though others were asked",
}
"""Each level and its meaning; the worst comes first."""

PROBLEMS = (Level.GONE, Level.FAILING, Level.OVERDUE, Level.MISSING, Level.SILENT)
"""The levels at which somebody should look at the feed."""

_LATE = dt.timedelta(hours=1)
_DROPPED = dt.timedelta(days=7)
_SILENT = dt.timedelta(days=3)
"""Longer than a weekend with a holiday."""
_USUAL_GAPS = 10
_LEAST_ARRIVED = 3
"""From so many entries on, a feed has a rhythm."""
_NEVER_NEW = dt.timedelta(days=7)
_RHYTHM = dt.timedelta(days=1)
"""Entries a day are told of feeds that are known at least so long."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How one feed is. Instants are texts as in records; None says that there was no such instant.

    ``failures`` are failed checks in a row. ``last_error`` is told also if later checks succeeded.
    ``entries_a_day`` are entries that the feed had not shown before. ``duplicates_share`` is the
    part of the entries that repeat an article of another source. ``lag_seconds`` is the median from
    publication to the lake. ``waits_until`` is what the host asked for by Retry-After. ``advice``
    says what to do about a problem.
    """

    feed: str
    level: Level
    status: int | None
    failures: int
    checks: int
    first_check: str | None
    last_check: str | None
    last_success: str | None
    last_new: str | None
    last_failure: str | None
    last_error: str
    next_check: str | None
    waits_until: str | None
    entries_a_day: float | None
    duplicates_share: float | None
    lag_seconds: int | None
    moved_to: str | None
    advice: str


def rank(states: Iterable[FeedState], now: dt.datetime) -> list[FeedHealth]:
    """Return how each feed is at ``now``, an aware instant; the worst first."""
    known = list(states)
    newest = max((one for state in known if (one := instant(state.checked_at))), default=None)
    found = [(_order(level := _level(state, now, newest), state), _health(state, level, now)) for state in known]
    return [health for _, health in sorted(found, key=lambda one: one[0])]


def instant(text: str | None) -> dt.datetime | None:
    """Return the instant of a state, or None if it has none."""
    try:
        read = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def _level(state: FeedState, now: dt.datetime, newest: dt.datetime | None) -> Level:
    if state.outcome == FeedOutcome.GONE:
        return Level.GONE
    due = instant(state.next_check)
    if due and newest and newest - due > _DROPPED:
        return Level.DROPPED
    if state.outcome not in (FeedOutcome.OK, FeedOutcome.NOT_MODIFIED):
        return Level.FAILING
    if due and now - due > max(_LATE, dt.timedelta(seconds=state.interval)):
        return Level.OVERDUE
    if state.may_have_missed:
        return Level.MISSING
    return Level.SILENT if _is_silent(state) else Level.FINE


def _is_silent(state: FeedState) -> bool:
    first, last, new = instant(state.since), instant(state.checked_at), instant(state.new_at)
    if not first or not last:
        return False
    if not state.new:
        return last - first >= _NEVER_NEW
    arrived = _arrived(state)
    if new is None or arrived < _LEAST_ARRIVED:
        return False
    return last - new >= max(_SILENT, (new - first) / arrived * _USUAL_GAPS)


def _arrived(state: FeedState) -> int:
    """Return how many entries came after the first answer, which holds those of days or years."""
    return max(state.new + state.duplicates - state.backlog, 0)


def _order(level: Level, state: FeedState) -> tuple[int, str, str]:
    """Return the key that sorts the worst first: the level, then since when it lasts."""
    since = {
        Level.GONE: state.checked_at,
        Level.FAILING: state.succeeded_at or state.since or state.checked_at,
        Level.OVERDUE: state.next_check,
        Level.SILENT: state.new_at or state.since,
    }
    return list(LEVELS).index(level), since.get(level, ""), state.feed


def _health(state: FeedState, level: Level, now: dt.datetime) -> FeedHealth:
    first, last = instant(state.since), instant(state.checked_at)
    seen = last - first if first and last else dt.timedelta(0)
    entries = state.new + state.duplicates
    waits = instant(state.retry_at)
    return FeedHealth(
        feed=state.feed,
        level=level,
        status=state.status,
        failures=state.failures,
        checks=state.checks,
        first_check=state.since or None,
        last_check=state.checked_at or None,
        last_success=state.succeeded_at,
        last_new=state.new_at,
        last_failure=state.failed_at,
        last_error=state.error or state.detail,
        next_check=None if level is Level.GONE else state.next_check or None,
        waits_until=state.retry_at if waits and waits > now else None,
        entries_a_day=round(_arrived(state) / (seen / dt.timedelta(days=1)), 2) if seen >= _RHYTHM else None,
        duplicates_share=round(state.duplicates / entries, 3) if entries else None,
        lag_seconds=state.lag_seconds,
        moved_to=state.moved_to or state.address,
        advice=_advice(state, level),
    )


def _advice(state: FeedState, level: Level) -> str:
    match level:
        case Level.GONE:
            return advice(410, "")
        case Level.FAILING:
            return advice(state.status, state.detail or state.error)
        case Level.OVERDUE:
            return "see whether newslake still runs, and whether the feed is still among its sources"
        case Level.MISSING:
            return "set a shorter interval for the feed, or run newslake more often"
        case Level.SILENT:
            return "see whether the site still publishes there; it may have a new feed"
        case Level.FINE if elsewhere := state.moved_to or state.address:
            return f"the feed is at {elsewhere} now; change its URL"
        case Level.FINE | Level.DROPPED:
            return ""
