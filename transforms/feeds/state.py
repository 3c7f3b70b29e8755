"""From a check of a feed to what the lake remembers of the feed."""

import datetime as dt
import hashlib
from dataclasses import replace
from http import HTTPStatus

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedCheck, FeedOutcome, FeedState, Validators
from newslake.schemas.raw import RawArticle
from newslake.schemas.staging import SourceCounts
from newslake.transforms.feeds.politeness import has_rolled_over, hints_of, next_address, next_check

_ENTRIES_KEPT = 5
"""This many of the first and of the last entries are remembered.

They tell whether a feed rolled over: feeds are ordered by time, the newest first or last."""
_BELIEVED = dt.timedelta(days=1)
"""How long a server is believed that a feed did not change."""


def entry_hash(article: RawArticle) -> str:
    """Return 8 hex digits that name an entry of a feed from one check to the next."""
    name = article.source_id or article.url or article.headline or article.description or ""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def new_state(check: FeedCheck, counts: SourceCounts, now: dt.datetime, *, is_written: bool) -> FeedState:
    """Return the state of a feed after a check. ``counts`` are the verdicts on its entries.

    ``is_written`` tells that every entry of the feed is in the lake with this state. If not, the
    validators stay as they were, so that the entries come again.
    """
    before, instant = check.base, codec.timestamp(now)
    brought = counts.new + counts.revised
    due, hints = next_check(check, before, brought=brought, now=now), hints_of(check, before)
    where = next_address(check, before, now=now)
    last = before or FeedState(check.feed, checked_at=instant, next_check=instant, since=instant)
    state = replace(
        last,
        checked_at=instant,
        next_check=codec.timestamp(due.at) if due.at else "",
        interval=due.interval_seconds,
        outcome=check.outcome,
        reached=check.reached,
        status=check.facts.status,
        detail=check.detail,
        checks=last.checks + 1,
        new=last.new + counts.new,
        revised=last.revised + counts.revised,
        duplicates=last.duplicates + counts.duplicates,
        lag_seconds=last.lag_seconds if counts.lag_seconds is None else counts.lag_seconds,
        retry_at=_later(now, check.facts.retry_after_seconds),
        ttl_seconds=hints.ttl_seconds,
        update_seconds=hints.update_seconds,
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
        address=where.address,
        moved_to=where.moved_to,
        moved_since=where.moved_since,
        moved_checks=where.moved_checks,
    )
    if check.outcome in (FeedOutcome.FAILED, FeedOutcome.GONE):
        return replace(state, failures=last.failures + 1, failed_at=instant, error=check.detail)
    state = replace(state, failures=0, succeeded_at=instant, quiet=0 if brought else last.quiet + 1)
    if counts.new:
        state = replace(state, new_at=instant)
    if last.succeeded_at is None:
        state = replace(state, backlog=counts.new + counts.duplicates)
    if check.outcome is FeedOutcome.OK:
        state = replace(
            state,
            read=last.read + len(check.entries),
            may_have_missed=has_rolled_over(check, before),
            entries=(*check.entries[:_ENTRIES_KEPT], *check.entries[_ENTRIES_KEPT:][-_ENTRIES_KEPT:]),
        )
    if check.facts.status != HTTPStatus.NOT_MODIFIED:
        state = replace(state, body_at=instant)
    if not is_written:
        return state
    kept = check.facts.validators
    return replace(
        state,
        etag=kept.etag,
        last_modified=kept.last_modified,
        body_hash=kept.body_hash,
        settings=check.settings,
    )


def validators_of(state: FeedState | None, settings: str, now: dt.datetime) -> Validators:
    """Return the validators to send for a feed that is read with these settings.

    They are empty if the feed was read with other settings, so that it is read again. Once a day
    the feed is asked in full, because some servers answer 304 for ever. The hash of the body still
    tells then whether it changed.
    """
    if state is None or state.settings != settings:
        return Validators()
    if state.body_at is None or now - dt.datetime.fromisoformat(state.body_at) >= _BELIEVED:
        return Validators(body_hash=state.body_hash)
    return Validators(state.etag, state.last_modified, state.body_hash)


def _later(now: dt.datetime, seconds: int | None) -> str | None:
    return None if seconds is None else codec.timestamp(now + dt.timedelta(seconds=seconds))
