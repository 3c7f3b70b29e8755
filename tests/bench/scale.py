"""Lakes of a million articles: `make bench-scale` fills lakes, then adds news to them.

Near-duplicates are on.

  fill   one process fills a lake with articles of 24 months: peak memory of all its processes, and
         time for an article, compared with a lake of a tenth of the size
  add    the news of the current month, into that lake and into a lake of the last 90 days: time,
         compared with the same news into an empty lake (medians of rounds that take turns)

With a million articles this takes half an hour and 15 GB of disk. Use --articles for a smaller
lake. All files are removed at the end, also after a failure.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

from alone import Measured, in_own_process, timed, verdict
from news_copies import write_many

NOW = dt.date(2025, 6, 20)
"""The day of all runs, so that months and windows are the same at any time."""
MONTH = (NOW.replace(day=1), NOW.day)
TWO_YEARS = (dt.date(2023, 7, 1), (NOW - dt.date(2023, 7, 1)).days)
WINDOW = (NOW - dt.timedelta(days=90), 90)
"""The first day and number of days: of the news, of the spread lake, and of the lake in the window.
"""

MEGABYTES_GOAL = 1_500
TIME_AN_ARTICLE_GOAL = 1.2
ADD_RATIO_GOAL = 2.0
CLOCKS = ("seconds", "cpu")
LINKED_BYTES = 1 << 16
"""Files of at least this size are copied as hard links. No file of this size is written again."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=1_000, help="articles that are added then")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run", nargs=2, type=Path, metavar=("CORPUS", "LAKE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(run_whole(*options.run)))
        return
    console = Console() if sys.stdout.isatty() else Console(width=120)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))  # so that all files are removed
    folder = Path(tempfile.mkdtemp(prefix="newslake-bench-"))
    try:
        measure(folder, options.articles, options.new, options.rounds, console)
    finally:
        shutil.rmtree(folder)


def run_whole(corpus: Path, lake: Path) -> Measured:
    """Return seconds and megabytes of `newslake run` in this process, without loading it."""
    import newslake.pipeline.run.once
    from newslake.pipeline.cli import main as newslake

    arguments = [
        "run",
        "--files",
        corpus,
        "--lake",
        lake,
        "--workers",
        "1",
        "--near-duplicates",
        "drop",
        "--now",
        f"{NOW}T12:00:00Z",
        "--quiet",
    ]
    codes: list[int] = []
    measured = timed(lambda: codes.append(newslake([str(argument) for argument in arguments])))
    if codes != [0]:
        sys.exit(f"the run ended with exit code {codes[0]}")
    return measured


def measure(folder: Path, articles: int, new: int, rounds: int, console: Console) -> None:
    began = time.perf_counter()

    def say(what: str) -> None:
        console.print(f"{time.perf_counter() - began:6.0f} s  {what}", style="dim", highlight=False)

    def fill(name: str, count: int, period: tuple[dt.date, int], seed: int) -> Measured:
        corpus = folder / f"{name}.jsonl"
        write_many(corpus, count, *period, seed=seed)
        say(f"{name}: {count:,} articles written, {corpus.stat().st_size / 1e6:,.0f} MB")
        measured = in_own_process(__file__, "--run", corpus, folder / name)
        corpus.unlink()
        say(f"{name}: a lake of them after {measured['seconds']:,.1f} s, {measured['megabytes']:,.0f} MB of memory")
        return measured

    tenth = fill("tenth", articles // 10, TWO_YEARS, seed=2)
    shutil.rmtree(folder / "tenth")
    spread = fill("spread", articles, TWO_YEARS, seed=3)
    recent = fill("recent", articles, WINDOW, seed=4)

    news = folder / "news.jsonl"
    write_many(news, new, *MONTH, seed=5)
    added: dict[str, list[Measured]] = {"empty": [], "spread": [], "recent": []}
    for number in range(rounds):
        for name, spent in added.items():
            lake = folder / "work"
            if name != "empty":
                copy_lake(folder / name, lake)
            spent.append(in_own_process(__file__, "--run", news, lake))
            shutil.rmtree(lake)
            clocks = f"{spent[-1]['seconds']:.2f} s, {spent[-1]['cpu']:.2f} s of the processor"
            say(f"round {number + 1}: {new:,} articles into the {name} lake: {clocks}")
    console.print(_table(articles, new, rounds, {"tenth": tenth, "spread": spread, "recent": recent}, added))


def copy_lake(lake: Path, to: Path) -> None:
    """Copy a lake, so that a run can add to the copy and ``lake`` does not change."""

    def copy(source: str, target: str) -> str:
        if Path(source).stat().st_size >= LINKED_BYTES:
            os.link(source, target)
        else:
            shutil.copy2(source, target)
        return target

    shutil.copytree(lake, to, copy_function=copy)


def _table(
    articles: int, new: int, rounds: int, filled: dict[str, Measured], added: dict[str, list[Measured]]
) -> Table:
    table = Table(
        title=f"lakes of {articles:,} articles of 2 kB, near-duplicates on, one process", title_justify="left"
    )
    for heading in ("", "measured", "of the processor's time", "goal", ""):
        table.add_column(heading, justify="right" if heading else "left")

    def add(what: str, value: float, cpu: float | None, form: str, goal: float) -> None:
        table.add_row(
            what, form.format(value), "" if cpu is None else form.format(cpu), f"≤ {goal:,}", verdict(value <= goal)
        )

    tenth = filled["tenth"]
    for name, what in (("spread", "24 months"), ("recent", "90 days")):
        one = filled[name]
        add(f"peak memory to fill a lake of {what}, MB", one["megabytes"], None, "{:,.0f}", MEGABYTES_GOAL)
        times = (one[clock] / tenth[clock] / 10 for clock in CLOCKS)
        add("  time an article beside that of a tenth", *times, "{:.2f}", TIME_AN_ARTICLE_GOAL)
        table.add_row("  microseconds an article", *(f"{one[clock] / articles * 1e6:,.0f}" for clock in CLOCKS), "", "")
    table.add_section()
    medians = {
        (name, clock): statistics.median(one[clock] for one in spent)
        for name, spent in added.items()
        for clock in CLOCKS
    }
    what = f"{new:,} new articles into an empty lake, seconds, median of {rounds}"
    table.add_row(what, *(f"{medians['empty', clock]:.2f}" for clock in CLOCKS), "", "")
    for name, what in (("spread", "24 months"), ("recent", "90 days")):
        ratios = (medians[name, clock] / medians["empty", clock] for clock in CLOCKS)
        add(f"  into the lake of {what}, beside that", *ratios, "{:.2f}", ADD_RATIO_GOAL)
    return table


if __name__ == "__main__":
    main()
