"""The metrics of a watching process, in the text form that Prometheus reads.

Names and units follow https://prometheus.io/docs/practices/naming. Every label has a fixed set of
words. No label holds the name of a feed, because a URL may hold a secret, and because thousands of
feeds would make thousands of series. ``newslake health`` tells of each feed.
"""

import datetime as dt
import re
from collections import Counter as Count
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from newslake.pipeline.report.rounds import Round
from newslake.schemas.codec import timestamp
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.schemas.tables import RunSummary

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

ARTICLES = ("new", "revised", "unchanged", "duplicates", "rejected")
SOURCES = ("ok", "failed", "quarantined", "not_modified", "not_due", "known")
"""Each is a count of the summary, such as ``sources_ok``. An older summary lacks the last three."""
POSTPONED = "postponed"
FEEDS = (*map(str, FeedOutcome), POSTPONED)

_STAGE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_LAG_SECONDS = (10, 30, 60, 120, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 86_400, 7 * 86_400)
_LABEL = re.compile(r"[a-z][a-z0-9_]{0,40}")


class Metrics:
    """The metrics of one process, in a registry of their own. Threads may share it."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._rounds = Counter("newslake_rounds", "Rounds by outcome.", ["outcome"], registry=registry)
        self._articles = Counter("newslake_articles", "Articles that were read.", ["outcome"], registry=registry)
        self._sources = Counter("newslake_sources", "Files and feeds by outcome.", ["outcome"], registry=registry)
        self._feeds = Gauge("newslake_feeds", "Known feeds by their present state.", ["state"], registry=registry)
        self._missed = Gauge(
            "newslake_feeds_may_have_missed", "Feeds whose entries were all new at the last check.", registry=registry
        )
        self._stages = Histogram(
            "newslake_stage_seconds", "Time of each stage.", ["stage"], buckets=_STAGE_SECONDS, registry=registry
        )
        self._lag = Histogram(
            "newslake_publication_lag_seconds",
            "From publication to the lake: the median of each feed with new articles, once a round.",
            buckets=_LAG_SECONDS,
            registry=registry,
        )
        self._last_success = Gauge(
            "newslake_last_success_timestamp_seconds", "The end of the last round that succeeded.", registry=registry
        )
        self._next_round = Gauge(
            "newslake_next_round_timestamp_seconds", "When the next round is due.", registry=registry
        )
        for outcome in ARTICLES:
            self._articles.labels(outcome)
        for outcome in SOURCES:
            self._sources.labels(outcome)
        for state in FEEDS:
            self._feeds.labels(state)

    def observe_round(
        self, ended: Round, summary: RunSummary | None = None, states: Mapping[str, FeedState] | None = None
    ) -> None:
        """Take in a round.

        ``summary`` is the row of ``runs``, or None if an error ended the round. ``states`` are all
        feeds of the lake after the round; None leaves the gauges of feeds as they are.
        """
        self._rounds.labels(_label(ended.outcome)).inc()
        if ended.is_success:
            self._last_success.set(ended.ended_at.timestamp())
        if ended.next_round is not None:
            self.observe_next_round(ended.next_round)
        if summary is not None:
            counts: Mapping[str, object] = summary
            for outcome in ARTICLES:
                self._articles.labels(outcome).inc(_number(counts[outcome]))
            for outcome in SOURCES:
                self._sources.labels(outcome).inc(_number(counts.get(f"sources_{outcome}")))
            self.observe_stage("round", summary["seconds"])
        if states is not None:
            self._observe_feeds(states, timestamp(ended.ended_at), summary["started_at"] if summary else "")

    def observe_next_round(self, due: dt.datetime) -> None:
        """Take in when the next round is due: a look that finds nothing to do puts it off."""
        self._next_round.set(due.timestamp())

    def observe_stage(self, name: str, seconds: float) -> None:
        """Take in how long a stage took. Raises ValueError if the name is not like ``a_stage``."""
        self._stages.labels(_label(name)).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics, as CONTENT_TYPE."""
        return generate_latest(self._registry)

    def _observe_feeds(self, states: Mapping[str, FeedState], now: str, checked_at: str) -> None:
        counted = Count(state_of(state, now) for state in states.values())
        for name in FEEDS:
            self._feeds.labels(name).set(counted[name])
        self._missed.set(sum(state.may_have_missed for state in states.values()))
        for state in states.values():
            if state.checked_at == checked_at and state.quiet == 0 and state.lag_seconds is not None:
                self._lag.observe(max(state.lag_seconds, 0))


def state_of(state: FeedState, now: str) -> str:
    """Return the one of ``FEEDS`` that a feed counts as at ``now``, an instant as in records.

    A feed is "postponed" if its host asked for a pause that is not over (Retry-After), whatever its
    last answer was.
    """
    if state.outcome == FeedOutcome.GONE:
        return str(FeedOutcome.GONE)
    if state.retry_at and state.retry_at > now:
        return POSTPONED
    return str(state.outcome) if state.outcome in FEEDS else str(FeedOutcome.FAILED)


def _label(word: str) -> str:
    if not _LABEL.fullmatch(word):
        raise ValueError("a label of a metric is a word of small letters")
    return word


def _number(count: object) -> int:
    return count if isinstance(count, int) else 0
