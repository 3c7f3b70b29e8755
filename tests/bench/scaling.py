"""What an article costs, and how that grows with the run and with the lake: `make bench-scaling`.

  steps      the processor time of each step, by calling its pure functions one after another
  files      bytes of an article in the lake, and the time to write them, for each compression
  shuffles   what crosses each shuffle of a whole run over files, and of one over feeds
  runs       the one-key steps, decide and commit, for runs of several sizes
  lakes      the size of the index, and a search in it, for lakes of several sizes
  logs       opening a lake after several numbers of runs
  states     what a lake costs that remembers several numbers of feeds, and how often it asks them

The default sizes take less than five minutes. docs/scaling.md has the results of these:

    scaling.py --runs 10000 100000 1000000 --lakes 10000 100000 1000000 --logs 1000 10000 50000
        --states 2000 20000 180000 --feeds 2000
"""

import argparse
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

import feed_sizes
import lake_sizes
from alone import keep_to_one_core
from corpus import write_corpus
from one_pass import SETTINGS, STEPS, pass_over
from shuffles import Crossing, crossings_of
from slow_servers import serving

from newslake.pipeline.commands.run import collect_garbage_rarely
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FeedSource, FileSource
from newslake.schemas.tables import RunSummary
from newslake.transforms.files.steps import BATCH_ARTICLES
from newslake.transforms.lake import log
from newslake.transforms.lake.feed_states import encode_state, read_states
from newslake.transforms.storage.local import LocalStorage

PUBLISHED_A_DAY = (0.1, 1, 2.8, 10, 100)
EVERY_MINUTES = (5, 15, 30, 60)
FEEDS_BENCH = str(Path(__file__).with_name("feeds_run.py"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="for the steps and the shuffles")
    parser.add_argument("--feeds", type=int, default=500, help="at most 2,000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--lakes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--new", type=int, default=1_000, help="articles that are searched in each lake")
    parser.add_argument("--logs", type=int, nargs="*", default=[1_000, 10_000], help="numbers of runs")
    parser.add_argument("--states", type=int, nargs="*", default=[2_000, 20_000], help="numbers of feeds")
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=120)
    keep_to_one_core()
    collect_garbage_rarely()  # as the command does
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        show_steps(Path(folder), options.articles, options.rounds, console)
        show_shuffles(Path(folder), options.articles, options.feeds, console)
    show_runs(options.runs, console)
    show_lakes(options.lakes, options.new, console)
    show_logs(options.logs, console)
    show_states(options.states, console)


def table_of(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    return table


# The steps.


def show_steps(folder: Path, articles: int, rounds: int, console: Console) -> None:
    corpus = folder / "corpus.jsonl"
    write_corpus(corpus, articles)
    with tempfile.TemporaryDirectory(dir=folder) as warm:
        pass_over(corpus, Path(warm), at_most=BATCH_ARTICLES)  # late imports, and the language model
    done = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as lake:
            done.append(pass_over(corpus, Path(lake)))
    size = corpus.stat().st_size / articles
    steps = table_of(
        f"processor time of {articles:,} articles of {size:,.0f} bytes, medians of {rounds}",
        "step",
        "µs an article",
        "share",
    )
    medians = {step: statistics.median(one.seconds[step] for one in done) for step in STEPS}
    for step, seconds in medians.items():
        steps.add_row(step, f"{seconds / articles * 1e6:.1f}", f"{seconds / sum(medians.values()):.1%}")
    steps.add_section()
    whole = sum(medians.values())
    steps.add_row("together", f"{whole / articles * 1e6:.1f}", f"{articles / whole:,.0f} articles a second")
    console.print(steps)
    last = done[-1]
    sizes = table_of(f"what is written, {last.new:,} articles of them are new", "", "bytes an article", "build, µs")
    sizes.add_row("staged", f"{last.staged / articles:,.0f}", "")
    for name, written in last.sizes.items():
        seconds = statistics.median(one.builds[name] for one in done)
        sizes.add_row(f"new, {name}", f"{written / last.new:,.0f}", f"{seconds / articles * 1e6:.1f}")
    sizes.add_row("new, index of keys", f"{last.keys / last.new:,.0f}", "")
    sizes.add_row("new, near index", f"{last.near / last.new:,.0f}", "")
    console.print(sizes)


# The shuffles.


def show_shuffles(folder: Path, articles: int, feeds: int, console: Console) -> None:
    corpus = folder / "shuffled.jsonl"
    write_corpus(corpus, articles)
    options = _options(folder / "of-files", files=(FileSource(str(corpus), SETTINGS),))
    spent, crossed = _cpu_and_value(lambda: crossings_of(options))
    console.print(_crossings_table(f"a run over a file of {articles:,} articles", *crossed))
    console.print(f"bytes of the text, which cross nothing: {corpus.stat().st_size / articles:,.0f} an article")
    console.print(f"the whole run with Beam: {spent / articles * 1e6:,.1f} µs an article")
    with serving(FEEDS_BENCH) as urls:
        show_feeds(folder, tuple(FeedSource(url, SETTINGS) for url in urls[:feeds]), console)


def show_feeds(folder: Path, feeds: tuple[FeedSource, ...], console: Console) -> None:
    """Run three times over the feeds, and show what crosses the shuffles and what a feed costs.

    A run over one feed, to which nothing was added, tells what a run costs by itself.
    """
    lake, alone = folder / "of-feeds", folder / "of-one-feed"
    crossings_of(_options(alone, feeds=feeds[:1]))
    fixed, _ = _cpu_and_value(lambda: crossings_of(_options(alone, feeds=feeds[:1], all=True)))
    costs = table_of(f"runs over {len(feeds):,} feeds of 20 entries", "", "processor, s", "µs a feed")
    costs.add_row("one feed, nothing modified", f"{fixed:.2f}", "")
    for what, more in (("the first run", {}), ("nothing modified", {"all": True}), ("nothing due", {})):
        spent, crossed = _cpu_and_value(partial(crossings_of, _options(lake, feeds=feeds, **more)))
        costs.add_row(what, f"{spent:.2f}", f"{(spent - fixed) / len(feeds) * 1e6:,.0f}")
        console.print(_crossings_table(f"a run over {len(feeds):,} feeds, {what}", *crossed, feeds=len(feeds)))
    storage = LocalStorage(str(lake))
    state = log.current_state(storage)
    spent, states = _cpu_and_value(lambda: read_states(storage, state))
    costs.add_row("reading what the lake remembers", f"{spent:.2f}", f"{spent / len(states) * 1e6:,.0f}")
    console.print(costs)
    size = sum(len(encode_state(one)) for one in states.values())
    console.print(f"bytes that the lake remembers of a feed, before compression: {size / len(states):,.0f}")


def _options(lake: Path, **more: Any) -> RunOptions:
    return RunOptions(lake=str(lake), quiet=True, runner="tapped", allow_private_addresses=True, **more)


def _cpu_and_value(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor seconds of a call, with those of its child processes, and its value."""
    before = _cpu()
    value = call()
    return _cpu() - before, value


def _cpu() -> float:
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _crossings_table(title: str, summary: RunSummary, crossings: Sequence[Crossing], feeds: int = 0) -> Table:
    """Return a table of what crossed, with the bytes a feed, or a read article without feeds."""
    shares, each = (feeds, "a feed") if feeds else (summary["read"], "an article")
    table = table_of(f"what crosses the shuffles: {title}", "shuffle", "kind", "elements", "B each", f"B {each}")
    for one in crossings:
        size = one.bytes / one.elements
        table.add_row(one.shuffle, one.kind, f"{one.elements:,}", f"{size:,.0f}", f"{one.bytes / shares:,.1f}")
    table.add_section()
    elements, total = sum(one.elements for one in crossings), sum(one.bytes for one in crossings)
    table.add_row("together", "", f"{elements:,}", f"{total / elements:,.0f}", f"{total / shares:,.1f}")
    return table


# The sizes of runs and lakes.


def show_runs(sizes: Sequence[int], console: Console) -> None:
    table = table_of(
        "the steps of one key, alone in a process, lake empty",
        "articles",
        "decide, s",
        "processor, s",
        "µs an article",
        "peak MB",
        "commit, s",
        "files",
    )
    for rows in sizes:
        one = lake_sizes.run_of(rows)
        table.add_row(
            f"{rows:,}",
            f"{one['decide_seconds']:.2f}",
            f"{one['decide_cpu']:.2f}",
            f"{one['decide_cpu'] / rows * 1e6:.1f}",
            f"{one['megabytes']:,.0f}",
            f"{one['commit_seconds']:.2f}",
            f"{one['commit_files']:,.0f}",
        )
    console.print(table)


def show_lakes(sizes: Sequence[int], new: int, console: Console) -> None:
    table = table_of(
        f"deciding {new:,} new articles of the last {lake_sizes.NEW_DAYS} days in lakes of two years; index in bytes",
        "articles",
        "files",
        "keys",
        "near",
        "in reach, MB",
        "read, MB",
        "cold, s",
        "processor, s",
    )
    for rows in sizes:
        one = lake_sizes.probe(rows, new)
        table.add_row(
            f"{rows:,}",
            f"{one.files:,}",
            f"{one.keys_bytes / rows:,.0f}",
            f"{one.near_bytes / rows:,.0f}",
            f"{(one.keys_bytes + one.near_opened) / 1e6:,.1f}",
            f"{one.read_bytes / 1e6:,.1f}",
            f"{one.cold_seconds:.2f}",
            f"{one.cpu:.3f}",
        )
    console.print(table)


def show_logs(runs: Sequence[int], console: Console) -> None:
    table = table_of(
        f"opening a lake whose runs added {lake_sizes.FILES_A_RUN} files each",
        "runs",
        "live files",
        "checkpoint, MB",
        "processor, s",
    )
    for number in runs:
        one = lake_sizes.open_log(number)
        table.add_row(f"{one.runs:,}", f"{one.files:,}", f"{one.checkpoint_bytes / 1e6:.1f}", f"{one.cpu:.2f}")
    console.print(table)


def show_states(sizes: Sequence[int], console: Console) -> None:
    states = table_of(
        "feeds that the lake remembers: processor seconds and peak memory of a process",
        "feeds",
        *(heading for what in feed_sizes.MEASURED for heading in (f"{what}, s", "MB")),
    )
    for feeds in sizes:
        one = feed_sizes.remembered(feeds)
        states.add_row(f"{feeds:,}", *(f"{one[what][unit]:,.1f}" for what in one for unit in ("cpu", "megabytes")))
    console.print(states)
    rates = table_of(
        "how often a feed is asked in a day, by what it publishes in a day",
        "--every",
        *(f"{published:g}" for published in PUBLISHED_A_DAY),
    )
    for minutes in EVERY_MINUTES:
        asked = (feed_sizes.checks_a_day(minutes * 60, published) for published in PUBLISHED_A_DAY)
        rates.add_row(f"{minutes}m", *(f"{one:.0f}" for one in asked))
    console.print(rates)


if __name__ == "__main__":
    main()
