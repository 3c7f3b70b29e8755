"""The contenders of `make bench-dedup`: newslake and other finders of copies, on the same articles.

newslake runs through its command line. A finder gives the number of each article a label. Articles
with the same label count as one article. The other finders:

  datatrove   its MinHash pipeline from its documentation, with default settings:
              spaCy's English words, 5-grams, 14 bands of 8
  SimHash     the library ``simhash`` with its default features (4 letters of the joined
              lower-case words, 64 bits), at most 3 bits apart
  exact       SHA-256 of the letters and numbers of the text, case folded
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from news_copies import Article, write_lines

CHECKOUT = Path(__file__).parents[2]
SIMHASH_DISTANCE = 3
MARKED, CLUSTER = "marked", "cluster"
_ROWS_AT_ONCE = 500

Labels = dict[int, int]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The claim that article ``number`` repeats the kept article ``of``.

    ``rule`` is the rule of newslake that drops the article, MARKED for an article that is kept and
    marked, or CLUSTER for another finder.
    """

    number: int
    of: int
    rule: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a finder.

    Articles with the same label were put together, dropped or marked. In ``drop_labels`` only the
    dropped ones count.
    """

    labels: Labels
    drop_labels: Labels
    repeats: tuple[Repeat, ...]

    @property
    def drops(self) -> tuple[Repeat, ...]:
        return tuple(repeat for repeat in self.repeats if repeat.rule != MARKED)

    @property
    def marks(self) -> tuple[Repeat, ...]:
        return tuple(repeat for repeat in self.repeats if repeat.rule == MARKED)


def found_of_repeats(articles: Sequence[Article], repeats: Sequence[Repeat]) -> Found:
    """Return an answer whose labels follow from the repeats."""
    drops = [repeat for repeat in repeats if repeat.rule != MARKED]
    ordered = tuple(sorted(repeats, key=lambda one: one.number))
    return Found(_joined(articles, repeats), _joined(articles, drops), ordered)


def _joined(articles: Sequence[Article], repeats: Sequence[Repeat]) -> Labels:
    union = _Union(len(articles))
    for repeat in repeats:
        union.join(repeat.number, repeat.of)
    return {article.number: union.root(article.number) for article in articles}


def found_of_clusters(articles: Sequence[Article], clusters: Labels) -> Found:
    """Return the answer of a finder that makes clusters and keeps the first article of each."""
    kept: dict[int, int] = {}
    repeats = []
    for article in articles:
        first = kept.setdefault(clusters[article.number], article.number)
        if first != article.number:
            repeats.append(Repeat(article.number, first, CLUSTER, None))
    return found_of_repeats(articles, repeats)


def find_with_newslake(
    articles: Sequence[Article], folder: Path, run_of: Callable[[Article], int] = lambda article: 0
) -> Found:
    """Return the copies in a lake that `newslake run` filled from ``articles``.

    ``run_of`` tells in which run an article comes. Each run reads one file.
    """
    lake = folder / "lake"
    for number in sorted(set(map(run_of, articles))):
        corpus = folder / f"corpus-{number}.jsonl"
        write_lines(corpus, (article for article in articles if run_of(article) == number))
        run_newslake("--files", corpus, "--lake", lake)
    import newslake

    connection = newslake.open(str(lake)).duckdb()
    numbers = {article.url: article.number for article in articles}
    kept = {id_: numbers[url] for id_, url in connection.sql("SELECT id, url FROM articles").fetchall()}
    rows = connection.sql("SELECT url, duplicate_of, rule, score FROM duplicates").fetchall()
    if len(kept) + len(rows) != len(articles):
        sys.exit(f"the lake has {len(kept)} articles and {len(rows)} duplicates of {len(articles)}")
    rows += connection.sql(
        f"SELECT url, near_duplicate_of, '{MARKED}', NULL FROM articles WHERE near_duplicate_of IS NOT NULL"
    ).fetchall()
    return found_of_repeats(
        articles, [Repeat(numbers[url], kept[target], rule, score) for url, target, rule, score in rows]
    )


def run_newslake(*arguments: object, prefix: Sequence[str] = ()) -> None:
    """Run newslake in a process of its own. Ends the program if the run fails."""
    command = [*prefix, sys.executable, "-m", "newslake", "run", "--workers", "1", "--quiet", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}
    )
    if done.returncode != 0:
        sys.exit(f"newslake ended with exit code {done.returncode}: {done.stderr}")


def find_with_datatrove(articles: Sequence[Article], folder: Path) -> Found:
    corpus = folder / "corpus.jsonl"
    write_lines(corpus, articles)
    run_datatrove(corpus, folder / "work")
    numbers = {article.url: article.number for article in articles}
    labels: Labels = {}
    for part in sorted((folder / "work").glob("*/*.jsonl.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as file:
            for line in file:
                metadata = json.loads(line)["metadata"]
                number, cluster = numbers[metadata["url"]], metadata["minhash_cluster_id"]
                labels[number] = number if cluster < 0 else -1 - cluster
    if len(labels) != len(articles):
        sys.exit(f"datatrove gave {len(labels)} of {len(articles)} articles back")
    return found_of_clusters(articles, labels)


def run_datatrove(corpus: Path, folder: Path) -> None:
    """Run datatrove's local executor over a file: signatures, buckets, clusters and filter.

    The kept articles go to the folder ``kept``, the others to ``removed``.
    """
    os.environ |= {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.logging import logger

    logger.disable("datatrove")
    work = {name: str(folder / name) for name in ("signatures", "buckets", "clusters", "kept", "removed")}

    def reader() -> JsonlReader:
        return JsonlReader(str(corpus.parent), glob_pattern=corpus.name, compression=None)

    stages = [
        ([reader(), MinhashDedupSignature(work["signatures"])], 1),
        ([MinhashDedupBuckets(work["signatures"], work["buckets"])], MinhashConfig().num_buckets),
        ([MinhashDedupCluster(work["buckets"], work["clusters"], save_cluster_id=True)], 1),
        (
            [
                reader(),
                MinhashDedupFilter(
                    work["clusters"], exclusion_writer=JsonlWriter(work["removed"]), load_cluster_ids=True
                ),
                JsonlWriter(work["kept"]),
            ],
            1,
        ),
    ]
    for number, (steps, tasks) in enumerate(stages):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(folder / f"log-{number}")).run()


def find_with_simhash(articles: Sequence[Article], folder: Path) -> Found:
    from simhash import Simhash

    prints = np.array([Simhash(article.text).value for article in articles], np.uint64)
    union = _Union(len(articles))
    for start in range(0, len(prints), _ROWS_AT_ONCE):
        apart = np.bitwise_count(prints[start : start + _ROWS_AT_ONCE, None] ^ prints[None, :])
        for row, other in zip(*np.nonzero(apart <= SIMHASH_DISTANCE), strict=True):
            if start + row < other:
                union.join(int(start + row), int(other))
    return found_of_clusters(articles, {article.number: union.root(place) for place, article in enumerate(articles)})


def find_exact(articles: Sequence[Article], folder: Path) -> Found:
    first: dict[bytes, int] = {}
    labels: Labels = {}
    for article in articles:
        said = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", article.text).casefold()))
        labels[article.number] = first.setdefault(hashlib.sha256(said.encode()).digest(), article.number)
    return found_of_clusters(articles, labels)


class _Union:
    """Disjoint sets. Members that were joined have the same root."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, place: int) -> int:
        while self._parents[place] != place:
            self._parents[place] = place = self._parents[self._parents[place]]
        return place

    def join(self, left: int, right: int) -> None:
        low, high = sorted((self.root(left), self.root(right)))
        self._parents[high] = low


Finder = Callable[[Sequence[Article], Path], Found]

FINDERS: dict[str, Finder] = {
    "newslake": find_with_newslake,
    "datatrove": find_with_datatrove,
    "SimHash": find_with_simhash,
    "exact": find_exact,
}
