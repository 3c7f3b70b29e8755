"""When a feed is asked again, and at which address. Pure: what it needs to know, it is given."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedCheck, FeedHints, FeedOutcome, FeedState
from newslake.transforms.feeds.http_dates import LONGEST_WAIT_SECONDS

_QUIET_CHECKS = 3
"""After each so many checks without a new article, the time between two checks grows by one
interval."""
_MOST_INTERVALS = 8
"""A quiet feed is asked at least once in so many intervals, so that its next news is not late."""
_JITTER = 0.2
"""A failed feed may be asked this share of its wait earlier, so that not all come back at once."""
_SLACK = 0.1
_MOST_SLACK_SECONDS = 120.0
"""A feed may be asked a little early. Otherwise a run that starts each hour, some seconds earlier
or later, would ask an hourly feed every two hours."""
_MOVE_DAYS = 3
_MOVE_CHECKS = 3
MOST_FAILURES_ELSEWHERE = 5
"""After so many failures at another address, the feed's own URL is asked again."""


@dataclass(frozen=True, slots=True)
class NextCheck:
    """When a feed is due next, and the seconds between two checks before hints and jitter.

    ``at`` is None if the feed is never asked again.
    """

    at: dt.datetime | None
    interval_seconds: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a feed is asked, and where it seems to move.

    The fields are those of FeedState. ``moved_checks`` counts the checks in a row that led to
    ``moved_to``.
    """

    address: str | None = None
    moved_to: str | None = None
    moved_since: str | None = None
    moved_checks: int = 0


def is_due(state: FeedState | None, now: dt.datetime) -> bool:
    """Tell whether a feed is asked at ``now``. A feed without a state is due.

    So is a feed that seems to have been checked tomorrow or later (``is_ahead``).

    A feed that is gone is never due. Retry-After is kept to the second. Any other wait has a little
    slack: a tenth of it, at most two minutes.
    """
    if state is None:
        return True
    if state.outcome == FeedOutcome.GONE:
        return False
    if is_ahead(state, now):
        return True
    if state.retry_at and now < _instant(state.retry_at):
        return False
    slack = min(_last_wait(state) * _SLACK, _MOST_SLACK_SECONDS)
    return now >= _instant(state.next_check) - dt.timedelta(seconds=slack)


def is_ahead(state: FeedState, now: dt.datetime) -> bool:
    """Tell whether the clock of the last check was a day or more ahead of ``now``.

    Without this, a machine that once had a wrong date would not ask its feeds until then.
    """
    return _instant(state.checked_at) - now >= dt.timedelta(days=1)


def next_check(check: FeedCheck, before: FeedState | None, *, brought: int, now: dt.datetime) -> NextCheck:
    """Return when a feed is due after a check. ``brought`` counts its new and revised articles.

    - After a success: after the longest of the interval, the feed's hints (``hints_of``) and the
      freshness of the answer, outside of the hours and days that the feed skips. The interval is
      the user's. It is longer for a feed that was quiet.
    - After a check that may have missed articles (``has_rolled_over``): after half the last wait.
      What the feed asks for does not count then, nor at the check after that.
    - After a failure: the wait doubles each time.

    A wait is never shorter than ``check.interval`` and Retry-After, nor longer than 24 hours if
    these are not. A feed that is gone (410) is never due.
    """
    if check.outcome == FeedOutcome.GONE:
        return NextCheck(None, check.interval)
    hints = FeedHints()
    if check.outcome == FeedOutcome.FAILED:
        interval, wait = _after_failure(check, before)
    elif has_rolled_over(check, before):
        interval = wait = _after_missed(check, before)
    else:
        interval = wait = _usual_interval(check, before, brought)
        if before is None or not before.may_have_missed:
            hints = hints_of(check, before)
            wait = max(interval, hints.ttl_seconds, hints.update_seconds, check.facts.fresh_seconds)
    at = now + dt.timedelta(seconds=_clamped(wait, check.interval))
    latest = max(at, now + dt.timedelta(seconds=LONGEST_WAIT_SECONDS))
    at = min(_outside_skips(at, hints), latest)
    return NextCheck(max(at, now + dt.timedelta(seconds=check.facts.retry_after_seconds or 0)), interval)


def has_rolled_over(check: FeedCheck, before: FeedState | None) -> bool:
    """Tell whether no entry of a feed was in its answer before: articles may have been missed."""
    return (
        check.outcome == FeedOutcome.OK
        and before is not None
        and bool(check.entries and before.entries)
        and set(check.entries).isdisjoint(before.entries)
    )


def hints_of(check: FeedCheck, before: FeedState | None) -> FeedHints:
    """Return the hints that hold after a check: those of the last document that was read."""
    if check.outcome == FeedOutcome.OK or before is None:
        return check.hints
    return FeedHints(before.ttl_seconds, before.update_seconds, tuple(before.skip_hours), tuple(before.skip_days))


def next_address(check: FeedCheck, before: FeedState | None, *, now: dt.datetime) -> Address:
    """Return where a feed is asked from now on, and what is known of its move.

    A page names its feed: that address counts at once. The target of a permanent redirect (301,
    308) counts when each successful check of 3 days, and at least 3 of them, led to it, because
    some servers send one by mistake. A failed check tells nothing of a move. After 5 failures in a
    row at another address, the feed's own URL counts again.
    """
    last = Address()
    if before is not None:
        last = Address(before.address, before.moved_to, before.moved_since, before.moved_checks)
    facts = check.facts
    if check.outcome not in (FeedOutcome.OK, FeedOutcome.NOT_MODIFIED):
        failures = before.failures + 1 if before else 1
        return Address() if last.address and failures >= MOST_FAILURES_ELSEWHERE else last
    if facts.found_at:
        return Address(facts.found_at)
    if not facts.moved_to:
        return Address(last.address)
    since, checks = codec.timestamp(now), 1
    if facts.moved_to == last.moved_to and last.moved_since:
        since, checks = last.moved_since, last.moved_checks + 1
    if checks >= _MOVE_CHECKS and now - _instant(since) >= dt.timedelta(days=_MOVE_DAYS):
        return Address(facts.moved_to)
    return Address(last.address, facts.moved_to, since, checks)


def _usual_interval(check: FeedCheck, before: FeedState | None, brought: int) -> int:
    quiet = 0 if brought or before is None else before.quiet + 1
    return _clamped(check.interval * min(1 + quiet // _QUIET_CHECKS, _MOST_INTERVALS), check.interval)


def _after_missed(check: FeedCheck, before: FeedState | None) -> int:
    """Return half the last wait. A wait after a failure does not count: it was too long anyway."""
    if before is None or before.outcome not in (FeedOutcome.OK, FeedOutcome.NOT_MODIFIED):
        return check.interval
    return _clamped(_last_wait(before) // 2, check.interval)


def _after_failure(check: FeedCheck, before: FeedState | None) -> tuple[int, int]:
    """Return the interval, and the wait with jitter.

    The jitter is a digest of the feed's name and the number of failures, so that each retry of a
    run computes the same. It only shortens the wait: a run that starts each hour must find the feed
    due.
    """
    failures = before.failures if before else 0
    interval = _clamped(check.interval << min(failures, 30), check.interval)
    digest = hashlib.blake2b(f"{check.feed} {failures}".encode("utf-8", "replace"), digest_size=4).digest()
    return interval, interval - int(interval * _JITTER * int.from_bytes(digest) / 2**32)


def _last_wait(state: FeedState) -> int:
    return int((_instant(state.next_check) - _instant(state.checked_at)).total_seconds())


def _clamped(seconds: int, least: int) -> int:
    return max(min(seconds, LONGEST_WAIT_SECONDS), least)


def _outside_skips(at: dt.datetime, hints: FeedHints) -> dt.datetime:
    """Return the first instant from ``at`` on that the feed does not skip.

    Hours and days count in GMT (RSS 2.0). Hints that leave no hour of a week are ignored.
    """
    hours = frozenset(hints.skip_hours) if len(set(hints.skip_hours)) < 24 else frozenset()
    days = frozenset(hints.skip_days) if len(set(hints.skip_days)) < 7 else frozenset()
    free = at.astimezone(dt.UTC)
    while free.hour in hours or free.weekday() in days:
        free = free.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return free


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
