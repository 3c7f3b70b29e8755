"""A writer that commits to a lake every second while a run is measured.

Usage: python beside.py LAKE CORPUS ARTICLES

Each commit adds articles of its own, and some articles of the corpus that the run reads. When a run
of usual length ends, the writer has committed about one in a hundred of the run's articles. All
articles are normalised before the first commit, so the main cost of a commit is deciding. Then the
script prints "ready", and later a line for each commit. It ends when its standard input ends.
"""

import itertools
import select
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lake_runs import Runs, news_batch

from newslake.schemas.raw import SourceSettings
from newslake.schemas.staging import StagedBatch
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk
from newslake.transforms.storage.local import LocalStorage

SECONDS_BETWEEN = 1.0
REPEATED = 20
"""The number of the run's articles in each commit."""
OWN = 180
COMMITS = 60


def staged_batches(corpus: Path, articles: int) -> Iterator[StagedBatch]:
    """Yield the batch of each commit.

    The corpus holds at least ``articles`` more articles than the run reads.
    """

    def open_bytes(path: str):  # type: ignore[no-untyped-def]
        return open(path, "rb")  # noqa: PTH123

    chunks = plan_chunks(FileMatch(str(corpus), corpus.stat().st_size, 0.0), open_bytes, SourceSettings())
    raws = itertools.chain.from_iterable(read_chunk(chunk, open_bytes) for chunk in chunks)  # type: ignore[union-attr]
    of_run = list(itertools.islice(raws, articles))
    for number in range(COMMITS):
        repeated = of_run[number * REPEATED * 7 % articles :][:REPEATED]
        yield news_batch([*repeated, *itertools.islice(raws, OWN)])


def main() -> None:
    lake, corpus, articles = LocalStorage(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    batches = list(staged_batches(corpus, articles))
    print("ready", flush=True)
    runs = Runs(lake)
    for batch in batches:
        outcome = runs.run(batch)
        print(outcome.entry, outcome.status, flush=True)
        if select.select([sys.stdin], [], [], SECONDS_BETWEEN)[0]:
            return


if __name__ == "__main__":
    main()
