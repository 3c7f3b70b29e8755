"""How often feeds are asked, and how the cost of a round grows with the feeds of a lake."""

import datetime as dt
import json
import sys
import tempfile
from dataclasses import replace

from alone import Measured, in_own_process, keep_to_one_core, timed

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FeedSource
from newslake.pipeline.run.settings import fetcher_of
from newslake.schemas.feed_state import AnswerFacts, FeedCheck, FeedOutcome, FeedState, Validators
from newslake.schemas.raw import SourceSettings
from newslake.schemas.staging import SourceCounts
from newslake.schemas.tables import FEEDS, STAGING
from newslake.transforms.feeds.state import new_state
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.build import write_lines
from newslake.transforms.lake.commit import Outcome
from newslake.transforms.lake.feed_states import encode_state, read_states
from newslake.transforms.lake.layout import part_path
from newslake.transforms.lake.log import LogEntry, Operation
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.local import LocalStorage

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SETTINGS = SourceSettings()
DAY_SECONDS = 86_400
ENTRIES = 20
_FACTS = AnswerFacts(200, Validators('W/"0123456789abcdef0123"', "Thu, 01 Jan 2026 00:00:00 GMT", "0" * 32))


def checks_a_day(interval_seconds: int, articles_a_day: float, days: int = 30) -> float:
    """Return how often newslake asks a feed that publishes evenly and gives no hints.

    The feed publishes ``articles_a_day``, day and night. A round is there whenever the feed is due.
    """
    state, now, shown, checks = None, NOW, 0, 0
    while now < NOW + dt.timedelta(days=days):
        published = int((now - NOW).total_seconds() / DAY_SECONDS * articles_a_day)
        outcome = FeedOutcome.OK if published > shown else FeedOutcome.NOT_MODIFIED
        state = _checked(state, "feed", outcome, now, interval_seconds, new=published - shown)
        shown, checks = published, checks + 1
        now = dt.datetime.fromisoformat(state.next_check)
    return checks / days


def _checked(
    before: FeedState | None, feed: str, outcome: FeedOutcome, now: dt.datetime, interval: int, new: int
) -> FeedState:
    # A feed still shows entries of its last answer, so that none was missed.
    entries = tuple(f"{number:08x}" for number in range(ENTRIES)) if outcome is FeedOutcome.OK else ()
    check = FeedCheck(feed, before, outcome, _FACTS, interval=interval, settings="0" * 16, entries=entries)
    return new_state(check, SourceCounts(feed, new=new), now, is_written=True)


def remembered(feeds: int) -> dict[str, Measured]:
    """Return what a lake costs that remembers so many feeds; each is measured in its own process.

    ``read`` is reading the states of the feeds, ``idle`` a whole run without a due feed, and
    ``look`` a look of a watch that finds no due feed and has read the states before.
    """
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        lake, options = LocalStorage(folder), _options(folder, feeds)
        first = _checked(None, "", FeedOutcome.OK, NOW, 300, new=ENTRIES)
        reached = fetcher_of(options, lake).reached(SETTINGS)
        lines = [encode_state(replace(first, feed=feed.location, reached=reached)) for feed in options.feeds]
        staging, path = Staging(lake, f"{STAGING}/bench"), part_path(FEEDS, "", "run", 0, "gzip")
        written = write_lines(staging, FEEDS.rpartition("/")[2], path, lines, "gzip")
        entry = LogEntry(0, Operation.RUN, "bench", staging=staging.folder, state_added=log.live_files([written]))
        log.append(lake, log.LakeState(), entry)
        recover.roll_forward(lake)
        return {what: in_own_process(__file__, what, folder, feeds) for what in MEASURED}


def _options(lake: str, feeds: int) -> RunOptions:
    asked = tuple(FeedSource(f"https://paper-{number}.example.org/feeds/all.xml", SETTINGS) for number in range(feeds))
    return RunOptions(lake=lake, feeds=asked, now=NOW, quiet=True)


def _read(folder: str, _: int) -> Measured:
    lake, kept = LocalStorage(folder), list[object]()
    return timed(lambda: kept.append(read_states(lake, log.current_state(lake))))


def _idle(folder: str, feeds: int) -> Measured:
    from newslake.pipeline.run.once import run

    options, outcomes = _options(folder, feeds), list[Outcome]()
    measured = timed(lambda: outcomes.append(run(options)))
    assert outcomes[0].summary["sources_not_due"] == feeds, outcomes[0].summary
    return measured


def _look(folder: str, feeds: int) -> Measured:
    from newslake.pipeline.run.watch import Watch
    from newslake.pipeline.runners import open_engine

    options = _options(folder, feeds)
    with open_engine(options) as engine:
        watch = Watch(options, engine, lambda: NOW)
        assert watch.look().outcome is None
        return timed(watch.look)


MEASURED = {"read": _read, "idle": _idle, "look": _look}

if __name__ == "__main__":
    keep_to_one_core()
    print(json.dumps(MEASURED[sys.argv[1]](sys.argv[2], int(sys.argv[3]))))
