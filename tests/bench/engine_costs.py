"""What a run costs on each engine: CPU seconds and memory beside the local runner, which is 1.

Usage: python engine_costs.py [ARTICLES [ROUNDS]]

All engines run the same articles into a new lake, in turns. A server that an engine needs stands
ready; its own CPU time during a run counts, and so does its memory.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from alone import SAMPLE_SECONDS, family, megabytes
from corpus import write_corpus
from engines import servers, targets
from engines.targets import Target
from rich.console import Console
from rich.table import Table

_TICKS = os.sysconf("SC_CLK_TCK")
Cost = tuple[float, float, float]
"""CPU seconds, seconds and megabytes."""


@contextmanager
def opened(name: str, logs: Path) -> Iterator[Target]:
    """Yield an engine, whose servers run until the context closes."""
    with ExitStack() as stack:
        options: tuple[str, ...] = ()
        pooled: tuple[str, ...] = ()
        if name == "prism":
            options = ("--runner", "prism", "--prism-location", str(servers.build_prism()))
        elif name == "flink, embedded":
            server = stack.enter_context(servers.embedded_flink(servers.build_jars(), logs))
            options = ("--runner", "flink", "--job-endpoint", server.endpoint)
        elif name == "flink, 2 TaskManagers":
            server, pool = stack.enter_context(servers.flink_cluster(servers.build_jars(), logs, os.environ))
            options = ("--runner", "flink", "--job-endpoint", server.endpoint, "--workers", "2")
            pooled = ("--environment_type=EXTERNAL", f"--environment_config=localhost:{pool}")
        elif name == "local, 2 workers":
            options = ("--workers", "2")
        yield Target(name, options, pooled)


ENGINES = ("local", "local, 2 workers", "prism", "flink, embedded", "flink, 2 TaskManagers")


def measure(engine: Target, corpus: Path, lake: Path) -> tuple[Cost, int]:
    """Run once; return the cost and the number of new articles."""
    used = Used()
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            used.sample()

    sampler, began = threading.Thread(target=sample), time.perf_counter()
    sampler.start()
    try:
        done = targets.run(engine.command(lake, "--files", corpus))
    finally:
        ended.set()
        sampler.join()
    if done.code:
        sys.exit(f"{engine.name}: {done.err[-3000:]}")
    return (used.cpu_seconds, time.perf_counter() - began, used.peak), done.summary["new"]


class Used:
    """What the processes below this one use from now on, by samples.

    A process that ends loses what it used after the last sample. Parents that ignore the end of
    their children do not know it either.
    """

    def __init__(self) -> None:
        self.peak = 0.0
        self._ticks: dict[int, int] = {}
        self.sample()
        self._before = dict(self._ticks)

    def sample(self) -> None:
        below = family(os.getpid()) - {os.getpid()}
        self.peak = max(self.peak, megabytes(below))
        for process in below:
            with suppress(OSError, IndexError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                self._ticks[process] = int(fields[11]) + int(fields[12])  # utime and stime

    @property
    def cpu_seconds(self) -> float:
        return sum(ticks - self._before.get(process, 0) for process, ticks in self._ticks.items()) / _TICKS


def main() -> None:
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    costs: dict[str, list[Cost]] = {name: [] for name in ENGINES}
    found: set[int] = set()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "articles.jsonl")
        write_corpus(corpus, articles)
        for number in range(rounds):
            for name in ENGINES:
                logs = Path(folder, f"{ENGINES.index(name)}-{number}")
                logs.mkdir()
                with opened(name, logs) as engine:
                    cost, new = measure(engine, corpus, logs / "lake")
                costs[name].append(cost)
                found.add(new)
                print(f"{name}: {cost[0]:.1f} s of CPU, {cost[1]:.1f} s, {cost[2]:.0f} MB", file=sys.stderr)
    medians = {name: [statistics.median(column) for column in zip(*some, strict=True)] for name, some in costs.items()}
    table = Table(title=f"{articles:,} articles, medians of {rounds}; local is 1", title_justify="left")
    for heading in ("engine", "CPU", "CPU s", "seconds", "memory", "MB"):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    local_cpu, _, local_megabytes = medians["local"]
    for name, (cpu, seconds, peak) in medians.items():
        table.add_row(
            name,
            f"{cpu / local_cpu:.2f}",
            f"{cpu:.1f}",
            f"{seconds:.1f}",
            f"{peak / local_megabytes:.2f}",
            f"{peak:.0f}",
        )
    Console(width=100).print(table)
    if len(found) > 1:
        sys.exit(f"the engines disagree about the new articles: {sorted(found)}")


if __name__ == "__main__":
    main()
