"""Watching: one warm process that runs the batch graph again and again over what is due.

A round is a run like any other: it reads what is due, and commits once. Between rounds the process
sleeps until the next feed is due, or looks for new files. What a round has to do is read from the
head of the lake's log, so a process that was killed goes on where it stopped.
"""

import datetime as dt
import gc
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import newslake
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FeedSource
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.faults import comes_of_interrupt
from newslake.pipeline.filesystems import match_remote
from newslake.pipeline.run.known_files import Match, unknown_files
from newslake.pipeline.run.merge import merge_small_files
from newslake.pipeline.run.once import plan_run, run_plans
from newslake.pipeline.run.settings import clock, fetcher_of, graph_settings, lake_of, new_run_id
from newslake.pipeline.runners.base import Engine
from newslake.schemas.errors import NewslakeError
from newslake.schemas.feed_state import FeedState
from newslake.schemas.raw import RunFacts
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.due import due_feeds, due_instants
from newslake.transforms.files.find import FilePattern, match_patterns
from newslake.transforms.files.plan import source_uri
from newslake.transforms.lake import recover
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.lake.feed_states import read_states
from newslake.transforms.lake.inputs import KnownFile, read_known_files

_LOGGER = logging.getLogger("newslake")

FILE_POLL_SECONDS = 10.0
"""How often the process looks for new files, if --every is not shorter."""
_SETTLED_SECONDS = 2.0
"""A file that changed later than this ago may still be written, so it is read in a later round."""
_SHORTEST_WAIT = dt.timedelta(seconds=1)
_LONGEST_WAIT = 86_400.0
_FIRST_PAUSE = 5.0
"""The pause after a round that failed; it doubles with each round that fails after it."""

Sleep = Callable[[float], None]
Observe = Callable[["Look"], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the sources led to.

    ``outcome`` is None if nothing was due, or if the round failed; then ``error`` says why.
    ``next_at`` is the instant of the next look.
    """

    now: dt.datetime
    next_at: dt.datetime
    outcome: Outcome | None = None
    error: str = ""
    feeds: tuple[FeedState, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each stage took: "look" for what is due, "read" for the run, "merge" after it."""


@dataclass(slots=True)
class _Tried:
    """A file that was read, but that the lake does not know as read whole."""

    file: KnownFile | Reason
    wait_seconds: float
    until: dt.datetime


class Watch:
    """The rounds of one process over the sources of ``options``, on one engine.

    ``clock`` gives the instant of a round, in whole seconds. Raises UsageError if a source cannot
    be watched.
    """

    def __init__(self, options: RunOptions, engine: Engine, clock: Callable[[], dt.datetime] = clock) -> None:
        if any(source.glob == "-" for source in options.files):
            raise UsageError("--files -: standard input cannot be watched; name a file, a folder or a glob")
        self._options = replace(options, quiet=True)  # a progress bar of each round would hide the log
        self._engine = engine
        self._clock = clock
        self._lake = lake_of(options)
        self._state = recover.prepare(self._lake)
        self._patterns = [FilePattern(one.glob, one.settings, is_feed=one.is_feed) for one in options.files]
        self._lists_at: dt.datetime | None = None
        self._tried: dict[str, _Tried] = {}
        self._feeds: dict[str, FeedState] = {}
        self._files: dict[str, KnownFile] = {}
        self._remembered: object = None
        self._failures = 0
        self._seconds: dict[str, float] = {}

    def look(self) -> Look:
        """Run a round over what is due now, if anything is.

        A round that fails is told by its ``error``. The next one comes after a pause. A signal that
        ends the round raises KeyboardInterrupt, or the RuntimeError that Beam makes of it.
        """
        now = self._clock()
        self._seconds = {}
        try:
            outcome = self._run_due(now)
            self._look_up()
        except (NewslakeError, OSError, RuntimeError) as error:
            if comes_of_interrupt(error):
                raise
            return self._failed(now, str(error) or type(error).__name__)
        if outcome is not None and outcome.status in (Status.BUSY, Status.UNBALANCED):
            return self._failed(now, outcome.detail)
        self._failures = 0
        return Look(now, self._next_at(now), outcome, feeds=tuple(self._feeds.values()), seconds=self._seconds)

    def _run_due(self, now: dt.datetime) -> Outcome | None:
        with self._timed("look"):
            self._state = recover.roll_forward(self._lake, self._state)
            self._look_up()
            feeds = self._due_feeds(now)
            lists = self._options.opml if self._lists_at is None or now >= self._lists_at else ()
            matches, rejects, known = self._unread(now)
        if not (feeds or lists or matches or rejects):
            return None
        options = replace(self._options, feeds=feeds, opml=lists)
        outcome = self._run(options, now, matches, rejects, known)
        if lists:
            self._lists_at = now + dt.timedelta(seconds=options.every)
        for uri, file in self._fingerprints(matches, rejects):
            before = self._tried.get(uri)
            wait = options.every if before is None else min(before.wait_seconds * 2, _LONGEST_WAIT)
            self._tried[uri] = _Tried(file, wait, now + dt.timedelta(seconds=wait))
        self._state = recover.roll_forward(self._lake, self._state)
        return outcome

    def _run(
        self, options: RunOptions, now: dt.datetime, matches: Sequence[Match], rejects: Sequence[Reject], known: int
    ) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="newslake-", ignore_cleanup_errors=True) as scratch:
            facts = RunFacts(new_run_id(now), now, version=newslake.__version__, files_known=known, scratch=scratch)
            plans = plan_run(options, matches, rejects)
            settings = graph_settings(options, self._lake, self._lake, self._state)
            with self._timed("read"), ExitStack() as stagings:
                outcome = run_plans(options, facts, plans, settings, self._engine, stagings, self._state)
        with self._timed("merge"):
            merge_small_files(self._lake, self._state)
            gc.collect()  # Beam's objects of this round refer to each other in circles
        return outcome

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[stage] = time.monotonic() - began

    def _look_up(self) -> None:
        """Read what the lake remembers of feeds and files, if that has changed."""
        if self._remembered != self._state.state:
            self._feeds = read_states(self._lake, self._state)
            self._files = read_known_files(self._lake, self._state) if self._patterns else {}
            self._remembered = self._state.state

    def _due_feeds(self, now: dt.datetime) -> tuple[FeedSource, ...]:
        by_location = {feed.location: feed for feed in self._options.feeds}
        requests = [FeedRequest(feed.location, feed.settings) for feed in self._options.feeds]
        reached = fetcher_of(self._options, self._lake).reached
        due, _ = due_feeds(requests, self._feeds, now, newslake.__version__, reached)
        return tuple(by_location[request.location] for request in due)

    def _unread(self, now: dt.datetime) -> tuple[list[Match], list[Reject], int]:
        """Return the files to read, the patterns that cannot be used, and how many files are known.

        A file that was read in vain is read again after a while.
        """
        matches, rejects = match_patterns(self._patterns, match_remote, self._options.lake)
        unknown = unknown_files(matches, self._files, newslake.__version__)
        rejects = [reject for reject in rejects if reject.reason is not Reason.NO_MATCH]
        settled = now.timestamp() - _SETTLED_SECONDS
        unread = [(match, pattern) for match, pattern in unknown if not settled < match.modified <= now.timestamp()]
        named = dict(self._fingerprints(unread, rejects))
        self._tried = {uri: tried for uri, tried in self._tried.items() if named.get(uri) == tried.file}
        waiting = {uri for uri, tried in self._tried.items() if now < tried.until}
        return (
            [(match, pattern) for match, pattern in unread if source_uri(match, pattern) not in waiting],
            [reject for reject in rejects if reject.source_uri not in waiting],
            len(matches) - len(unknown),
        )

    def _fingerprints(
        self, matches: Iterable[Match], rejects: Iterable[Reject]
    ) -> Iterable[tuple[str, KnownFile | Reason]]:
        for match, pattern in matches:
            yield source_uri(match, pattern), KnownFile(match.size, match.modified, "")
        for reject in rejects:
            yield reject.source_uri, reject.reason

    def _next_at(self, now: dt.datetime) -> dt.datetime:
        """Return when the next feed or list is due, or the time to look for files."""
        instants = due_instants((feed.location for feed in self._options.feeds), self._feeds, now)
        if self._options.opml and self._lists_at is not None:
            instants.append(self._lists_at)
        if self._patterns:
            instants.append(now + dt.timedelta(seconds=min(self._options.every, FILE_POLL_SECONDS)))
        return max(min(instants, default=now + dt.timedelta(days=1)), now + _SHORTEST_WAIT)

    def _failed(self, now: dt.datetime, why: str) -> Look:
        pause = min(_FIRST_PAUSE * 2**self._failures, max(self._options.every, _FIRST_PAUSE))
        self._failures += 1
        return Look(now, now + dt.timedelta(seconds=pause), error=why, feeds=tuple(self._feeds.values()))


def watch(rounds: Watch, observe: Observe, sleep: Sleep = time.sleep, clock: Callable[[], dt.datetime] = clock) -> None:
    """Run rounds for ever, and sleep between them; ``observe`` is shown each of them.

    Only an exception ends this, such as KeyboardInterrupt.
    """
    while True:
        found = rounds.look()
        observe(found)
        sleep(max((found.next_at - clock()).total_seconds(), 0.0))
