"""One pass of a corpus through all steps: their pure functions are called one after another."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from newslake.schemas.raw import ArticleBatch, RawArticle, RunFacts, SourceSettings
from newslake.schemas.reject import Reject
from newslake.schemas.staging import BuildTask, SourceManifest, StagedFile
from newslake.transforms.deduplicate.decider import Decider, Policy
from newslake.transforms.deduplicate.index import near
from newslake.transforms.deduplicate.keys import identify_articles
from newslake.transforms.feeds.state import new_state
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk
from newslake.transforms.files.steps import BATCH_ARTICLES
from newslake.transforms.lake import recover
from newslake.transforms.lake.build import FileBuilder
from newslake.transforms.lake.commit import Acts, CommitSettings, Status, Work, commit_run
from newslake.transforms.lake.log import LakeState
from newslake.transforms.lake.staging import ARTICLES, ShardBuffer, Staging
from newslake.transforms.normalise.steps import normalise_batch
from newslake.transforms.storage.compression import ENDINGS
from newslake.transforms.storage.local import LocalStorage

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SETTINGS = SourceSettings()
STEPS = ("read", "normalise", "identify", "stage", "decide", "build", "commit")


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the corpus: processor seconds of each step, and what came of it.

    ``builds`` has the processor seconds of building for each compression, and ``sizes`` the bytes
    of the built files of articles. ``staged`` are the bytes of the staged lines. ``keys`` and
    ``near`` are the bytes of the two parts of the index.
    """

    seconds: dict[str, float]
    builds: dict[str, float]
    sizes: dict[str, int]
    new: int
    staged: int
    keys: int
    near: int


def pass_over(corpus: Path, folder: Path, at_most: int | None = None) -> Pass:
    """Take a corpus through all steps into a new lake; ``at_most`` cuts it after so many articles.

    Only the files of the default compression are committed.
    """
    seconds: dict[str, float] = {}

    def spent(step: str, call: Callable[[], Any]) -> Any:
        began = time.process_time()
        made = call()
        seconds[step] = time.process_time() - began
        return made

    lake = LocalStorage(str(folder))
    with recover.owned_staging(lake, 0) as staged:
        run = RunFacts("bench", NOW, commit="bench", staging=staged)
        staging = Staging(lake, run.staging)
        batches = spent("read", lambda: list(_read(corpus, at_most)))
        normalised = spent("normalise", lambda: [normalise_batch(run, batch)[0] for batch in batches])
        identified = spent("identify", lambda: [identify_articles(batch) for batch in normalised])
        buffer = ShardBuffer(staging, ARTICLES)
        shards = spent(
            "stage", lambda: [shard for batch in identified for shard in buffer.add(batch)] + list(buffer.flush())
        )
        manifests = [SourceManifest(str(corpus), sum(len(batch.articles) for batch in batches))]
        decider, settings = Decider(lake, lake, Policy()), CommitSettings("bench", "bench")
        tasks, decision = spent("decide", lambda: decider.decide(run, LakeState(), shards, manifests))
        built: dict[str, list[StagedFile]] = {
            name: spent(name, lambda name=name: _built(staging, run, name, tasks)) for name in ENDINGS
        }
        work = Work(manifests, shards, decision, built[settings.compression])
        acts = Acts(decider.decide, decider.touches, lambda run, tasks: [], new_state)
        outcome = spent("commit", lambda: commit_run(lake, run, work, acts, settings))
        assert outcome.status is Status.COMMITTED, outcome
        lines = sum(path.stat().st_size for path in Path(folder, staged).glob("articles-*.lines"))
    builds = {name: seconds.pop(name) for name in ENDINGS}
    return Pass(
        {**seconds, "build": builds[settings.compression]},
        builds,
        {name: sum(file.bytes for file in files if file.table == ARTICLES) for name, files in built.items()},
        decision.new,
        lines,
        sum(file.bytes for file in decision.index_added if near.segment_of_path(file.path) is None),
        sum(file.bytes for file in decision.index_added if near.segment_of_path(file.path) is not None),
    )


def _read(corpus: Path, at_most: int | None) -> Iterator[ArticleBatch]:
    def open_bytes(path: str) -> Any:
        return Path(path).open("rb")

    status = corpus.stat()
    chunks = plan_chunks(FileMatch(str(corpus), status.st_size, status.st_mtime), open_bytes, SETTINGS)
    assert not isinstance(chunks, Reject)
    articles = islice(
        (item for chunk in chunks for item in read_chunk(chunk, open_bytes) if isinstance(item, RawArticle)), at_most
    )
    while some := list(islice(articles, BATCH_ARTICLES)):
        yield ArticleBatch(SETTINGS, some)


def _built(staging: Staging, run: RunFacts, compression: str, tasks: Sequence[BuildTask]) -> list[StagedFile]:
    builder = FileBuilder(staging, run.run_id, compression)
    return [builder.build(task) for task in tasks]
