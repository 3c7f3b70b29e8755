"""The whole run compared with plain loops: `make bench` prints a table of medians and ratios.

Each measurement is a process of its own, which takes its time after its imports and reports its
peak memory. The contenders take turns, so a noisy machine disturbs all of them. The time of each
step of normalisation comes after that (steps.py).

  whole      newslake run over one JSON Lines file, one process
  own loop   a Python loop over the project's own functions, a set for identity, one gzip file
  bare loop  orjson, a hash and a set

One more run is measured alone, and then beside a writer that commits to the same lake every second
(beside.py).
"""

import argparse
import hashlib
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

import alone
import beside
from corpus import write_corpus
from steps import steps_table


def measure_bare(corpus: Path, _: Path) -> float:
    import orjson

    began = time.perf_counter()
    seen = set()
    with corpus.open("rb") as file:
        for line in file:
            article = orjson.loads(line)
            seen.add(hashlib.sha256(article["text"].encode()).digest())
    return time.perf_counter() - began


def measure_own(corpus: Path, folder: Path) -> float:
    import datetime as dt

    from newslake.schemas.raw import NormalisedBatch, RawArticle, RunFacts, SourceSettings
    from newslake.transforms.deduplicate.keys import identify_articles
    from newslake.transforms.files.find import FileMatch
    from newslake.transforms.files.plan import plan_chunks
    from newslake.transforms.files.read import read_chunk
    from newslake.transforms.normalise.article import find_languages, make_record, name_countries, read_texts
    from newslake.transforms.storage.compression import compress

    began = time.perf_counter()
    settings = SourceSettings()
    run = RunFacts("run", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    def open_bytes(path: str):  # type: ignore[no-untyped-def]
        return open(path, "rb")  # noqa: PTH123

    def kept_lines() -> Iterator[bytes]:
        seen: set[tuple[int, int]] = set()
        status = corpus.stat()
        planned = plan_chunks(FileMatch(str(corpus), status.st_size, status.st_mtime), open_bytes, settings)
        for chunk in planned:  # type: ignore[union-attr]
            pending = []
            for raw in read_chunk(chunk, open_bytes):
                if isinstance(raw, RawArticle):
                    pending.append((read_texts(raw), raw))
                if len(pending) == 200:
                    yield from fresh(pending, seen)
                    pending = []
            yield from fresh(pending, seen)

    def fresh(pending: list, seen: set[tuple[int, int]]) -> Iterator[bytes]:  # type: ignore[type-arg]
        if pending:
            languages = find_languages(pending, settings)
            countries = [name_countries(found, *article) for found, article in zip(languages, pending, strict=True)]
            records = [
                (make_record(named, found, *article, settings=settings, run=run, base=None), article[1])
                for named, found, article in zip(countries, languages, pending, strict=True)
            ]
            staged = identify_articles(NormalisedBatch(records))
            lines = []
            for line, high, low in zip(
                staged.lines, staged.columns["id_hi"].tolist(), staged.columns["id_lo"].tolist(), strict=True
            ):
                if (high, low) not in seen:
                    seen.add((high, low))
                    lines.append(line + b"\n")
            yield b"".join(lines)

    with (folder / "out.jsonl.gz").open("wb") as file:
        for part in compress(kept_lines(), "gzip"):
            file.write(part)
    return time.perf_counter() - began


def measure_whole(corpus: Path, folder: Path, workers: int = 1) -> float:
    import newslake.pipeline.run.once  # noqa: F401
    from newslake.pipeline.cli import main

    began = time.perf_counter()
    code = main(
        [
            "run",
            "--files",
            str(corpus),
            "--lake",
            str(folder / "lake"),
            "--workers",
            str(workers),
            "--quiet",
            "--summary",
            "json",
        ]
    )
    seconds = time.perf_counter() - began
    if code != 0:
        sys.exit(f"the run ended with exit code {code}")
    return seconds


def measure_beside(corpus: Path, folder: Path) -> float:
    """Return the seconds of a run while another writer commits every second.

    The corpus of the run is the first part of the writer's corpus.
    """
    both = corpus.with_name(BOTH)
    command = [
        sys.executable,
        str(Path(__file__).with_name("beside.py")),
        str(folder / "lake"),
        str(both),
        str(BESIDE_ARTICLES),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        seconds = measure_whole(corpus, folder)
        writer.stdin.close()
        commits = writer.stdout.read().splitlines()
    print(f"{len(commits)} commits beside the run", file=sys.stderr)
    if writer.returncode or not all(line.endswith("committed") for line in commits):
        sys.exit("the writer beside the run failed")
    return seconds


CONTENDERS: dict[str, Callable[[Path, Path], float]] = {
    "bare loop": measure_bare,
    "own loop": measure_own,
    "whole": measure_whole,
    "whole, two processes": lambda corpus, folder: measure_whole(corpus, folder, 2),
    "beside a writer": measure_beside,
}
BESIDE_ARTICLES = 20_000
BOTH = "both.jsonl"
"""The corpus for the run that is measured beside a writer, and for that writer."""


def in_own_process(contender: str, corpus: Path) -> tuple[float, float]:
    """Return seconds, and peak memory in MB."""
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        measured = alone.in_own_process(__file__, "--contender", contender, "--corpus", corpus, "--folder", folder)
    return measured["seconds"], measured["megabytes"]


def take_turns(names: list[str], corpus: Path, rounds: int, console: Console) -> dict[str, tuple[float, float]]:
    """Return the median seconds and the greatest memory of each contender."""
    seconds: dict[str, list[float]] = {name: [] for name in names}
    memory: dict[str, float] = dict.fromkeys(names, 0.0)
    for number in range(rounds):
        for name in names:
            spent, megabytes = in_own_process(name, corpus)
            seconds[name].append(spent)
            memory[name] = max(memory[name], megabytes)
            console.print(f"round {number + 1}: {name}: {spent:.2f} s, {megabytes:.0f} MB", style="dim")
    return {name: (statistics.median(seconds[name]), memory[name]) for name in names}


def write_both(folder: Path) -> None:
    """Write the corpus of the run, and a longer one with more articles for the writer."""
    write_corpus(folder / BOTH, BESIDE_ARTICLES + beside.COMMITS * beside.OWN)
    with (folder / BOTH).open("rb") as both, (folder / "beside.jsonl").open("wb") as run:
        run.writelines(itertools.islice(both, BESIDE_ARTICLES))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--many-articles", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        seconds = CONTENDERS[options.contender](options.corpus, options.folder)
        print(json.dumps({"seconds": seconds, "megabytes": alone.peak_megabytes()}))
        return
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="newslake-bench-"))
    try:
        small, large = folder / "small.jsonl", folder / "large.jsonl"
        write_corpus(small, options.articles)
        write_corpus(large, options.many_articles)
        few = take_turns(["bare loop", "own loop", "whole"], small, options.rounds, console)
        write_both(folder)
        alone_and_beside = take_turns(
            ["whole", "beside a writer"], folder / "beside.jsonl", max(options.rounds, 5), console
        )
        many = take_turns(["whole", "whole, two processes"], large, options.rounds, console)
    finally:
        shutil.rmtree(folder)
    table = Table(title=f"medians of {options.rounds}, side by side")
    for heading in ("", "measured", "ratio", "at most / at least"):
        table.add_column(heading, justify="left" if not heading else "right")
    whole, own, bare = few["whole"], few["own loop"], few["bare loop"]
    table.add_row(f"whole run, {options.articles:,} articles", f"{whole[0]:.2f} s", "", "")
    table.add_row("  beside a loop over our own functions", f"{own[0]:.2f} s", f"{whole[0] / own[0]:.2f}", "≤ 1.3")
    table.add_row(
        "  beside a bare loop of orjson, a hash and a set", f"{bare[0]:.2f} s", f"{whole[0] / bare[0]:.2f}", "≤ 6"
    )
    table.add_row("  peak memory", f"{whole[1]:.0f} MB", "", "≤ 400 MB")
    one, two = many["whole"], many["whole, two processes"]
    table.add_row(f"whole run, {options.many_articles:,} articles, one process", f"{one[0]:.2f} s", "", "")
    table.add_row("  two processes", f"{two[0]:.2f} s", f"{one[0] / two[0]:.2f}", "≥ 1.5")
    table.add_row("  peak memory, one and two", f"{one[1]:.0f}, {two[1]:.0f} MB", "", "≤ 400 MB")
    by_itself, besides = alone_and_beside["whole"], alone_and_beside["beside a writer"]
    table.add_row(f"whole run, {BESIDE_ARTICLES:,} articles", f"{by_itself[0]:.2f} s", "", "")
    table.add_row(
        "  beside a writer that commits every second",
        f"{besides[0]:.2f} s",
        f"{besides[0] / by_itself[0]:.2f}",
        "≤ 1.3",
    )
    console.print(table)
    console.print(steps_table(rounds=options.rounds))


if __name__ == "__main__":
    main()
