"""The resolver alone: ``decide`` over the columns of staged articles, in a new process on one core.

The shards are those of staging, but each line has only a few bytes, because deciding reads no text.
A tenth of the articles repeat the identity of an earlier one, a twentieth its text, and a tenth its
signature except for some bytes. One text has ten thousand near copies. Ten thousand signatures
share one band and nothing else.
"""

import datetime as dt
import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from alone import in_own_process, keep_to_one_core, timed, verdict
from rich.console import Console
from rich.table import Table

from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import ARTICLE_COLUMNS, Columns, Shard, StagedBatch

if TYPE_CHECKING:
    from newslake.transforms.lake.staging import Staging

SECONDS_GOAL = 12
MEGABYTES_GOAL = 600

SHARD_ROWS = 50_000
DAYS = 730
FIRST_DAY = 19_000
"""2022-01-08, in days since 1970."""
SIGNATURE_BYTES = 128
IDENTITY_SHARE, CONTENT_SHARE, NEAR_SHARE = 0.10, 0.05, 0.10
HOT_ROWS = 10_000
HOT_DAY, HOT_DAYS = 300, 60
"""The days on which the ten thousand near copies appear, so that all are in one window."""
MOST_BYTES_CHANGED = 60
"""The most bytes of a near copy's signature that change.

With a few changed bytes every rule finds the same article. With this many it is another (J = 0.53).
"""
STAGING = "_newslake/staging/bench"
_LINE = b'{"id":"%s","revision":1,"url":null,"near_duplicate_of":null,"warnings":[],"near_score":null}'


def show_resolver(rows: int, rounds: int, console: Console) -> None:
    folder = Path(tempfile.mkdtemp(prefix="newslake-bench-"))
    try:
        measured = []
        for number in range(rounds):
            lake = folder / f"lake-{number}"
            write_shards(lake, rows)
            measured.append(in_own_process(__file__, lake))
            console.print(
                f"round {number + 1}: resolver: {measured[-1]['seconds']:.1f} s, {measured[-1]['megabytes']:.0f} MB",
                style="dim",
            )
            shutil.rmtree(lake)
    finally:
        shutil.rmtree(folder)
    seconds, cpu = (statistics.median(one[clock] for one in measured) for clock in ("seconds", "cpu"))
    megabytes = max(one["megabytes"] for one in measured)
    table = Table(
        title=f"the resolver alone on {rows:,} articles, one core, a fresh process, median of {rounds}",
        title_justify="left",
    )
    for heading in ("", "measured", "goal", ""):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    table.add_row("seconds", f"{seconds:.1f}", f"≤ {SECONDS_GOAL}", verdict(seconds <= SECONDS_GOAL))
    table.add_row("  of the processor's time", f"{cpu:.1f}", "", "")
    table.add_row("peak memory, MB", f"{megabytes:.0f}", f"≤ {MEGABYTES_GOAL}", verdict(megabytes <= MEGABYTES_GOAL))
    for name in ("new", "duplicates", "unchanged"):
        table.add_row(name, f"{measured[0][name]:,.0f}", "", "")
    console.print(table)


def make_columns(rows: int, seed: int = 1) -> Columns:
    """Return ARTICLE_COLUMNS for ``rows`` articles.

    A column that this module does not fill is 0.
    """
    chance = np.random.default_rng(seed)
    earlier = (chance.random(rows) * np.arange(rows)).astype(np.int64)
    kind = chance.random(rows)
    kind[0] = 1
    is_repeat = kind < IDENTITY_SHARE
    is_content = ~is_repeat & (kind < IDENTITY_SHARE + CONTENT_SHARE)
    is_near = ~is_repeat & ~is_content & (kind < IDENTITY_SHARE + CONTENT_SHARE + NEAR_SHARE)
    hot_rows = min(HOT_ROWS, rows // 20)
    hot, banded = np.split(chance.permutation(np.flatnonzero(~is_repeat & ~is_content & ~is_near))[: 2 * hot_rows], 2)

    columns: Columns = {name: np.zeros(rows, dtype) for name, dtype in ARTICLE_COLUMNS.items()}

    def fill(name: str, values: np.ndarray) -> None:  # type: ignore[type-arg]
        if name in columns:
            columns[name] = np.ascontiguousarray(values).astype(columns[name].dtype)

    same_id, same_content = np.flatnonzero(is_repeat), np.flatnonzero(is_repeat | is_content)
    for halves, followers in ((("id_hi", "id_lo"), same_id), (("match_hi", "match_lo"), same_content)):
        for half in halves:
            values = chance.integers(1, 1 << 63, rows, np.uint64)
            for row in followers.tolist():  # in order, so a repeat of a repeat equals the first
                values[row] = values[earlier[row]]
            fill(half, values)
    for half in ("hi", "lo"):
        fill(f"url_{half}", columns[f"id_{half}"])
    for name in ("content", "stable"):
        fill(name, columns["match_hi"])
    for name in ("lead", "outlet", "headline", "body"):
        fill(name, chance.integers(1, 1 << 32, rows, np.uint64))
    day = FIRST_DAY + chance.integers(0, DAYS, rows)
    for row in np.flatnonzero(is_repeat | is_content | is_near).tolist():
        day[row] = min(day[earlier[row]] + row % 6, FIRST_DAY + DAYS - 1)
    for rows_of_one_season in (hot, banded):
        day[rows_of_one_season] = FIRST_DAY + HOT_DAY + chance.integers(0, HOT_DAYS, len(rows_of_one_season))
    fill("published_from", day * 86_400)
    fill("modified_from", np.full(rows, np.iinfo(np.int64).max))
    fill("day_from", day)
    fill("day_until", day)
    fill("partition", _partition(day))
    fill("body_length", chance.integers(500, 6_000, rows))
    fill("shingles", chance.integers(300, 3_000, rows))
    fill("body_rank", np.full(rows, 2))
    fill("doubt", np.full(rows, 3))

    if "signature" in columns:
        signatures = chance.integers(0, 256, (rows, SIGNATURE_BYTES), np.uint8)
        signatures[banded, :4] = signatures[banded[:1], :4]
        signatures[hot] = signatures[hot[0]]
        for row in same_content.tolist():
            signatures[row] = signatures[earlier[row]]
        near = np.flatnonzero(is_near)
        for row in near.tolist():
            signatures[row] = signatures[earlier[row]]
        for row in np.concatenate([near, hot[1:]]).tolist():
            changed = chance.integers(0, SIGNATURE_BYTES, row % MOST_BYTES_CHANGED)
            signatures[row, changed] = chance.integers(0, 256, len(changed), np.uint8)
        columns["signature"] = signatures.view(columns["signature"].dtype).reshape(rows)
        sizes = columns["shingles"]
        for row in np.concatenate([same_content, near]).tolist():
            sizes[row] = sizes[earlier[row]]
    return columns


def _partition(day: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    dates = day.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    return np.asarray(years * 10_000 + month * 100 + (dates - months).astype(np.int64) + 1)


def write_shards(lake: Path, rows: int) -> None:
    """Write staged shards of ``rows`` articles into STAGING."""
    from newslake.transforms.lake.staging import Staging
    from newslake.transforms.storage.local import LocalStorage

    stage_columns(Staging(LocalStorage(str(lake)), STAGING), make_columns(rows))


def stage_columns(staging: "Staging", columns: Columns) -> list[Shard]:
    """Write shards of ARTICLE_COLUMNS, with short lines that files can be built of."""
    from newslake.transforms.lake.staging import ARTICLES, write_shard

    shards = []
    for start in range(0, len(columns["id_hi"]), SHARD_ROWS):
        part = {name: column[start : start + SHARD_ROWS] for name, column in columns.items()}
        ids = np.stack([part["id_hi"], part["id_lo"]], axis=1).tobytes().hex()
        lines = [_LINE % ids[place : place + 32].encode() for place in range(0, len(ids), 32)]
        shards.append(write_shard(staging, ARTICLES, [StagedBatch(ARTICLES, lines, part, ["bench"])]))
    return shards


def decide_alone(lake: Path) -> dict[str, float]:
    """Return seconds and megabytes of one decision over the shards of a lake, and its counts."""
    from newslake.transforms.deduplicate.decider import Decider, Policy
    from newslake.transforms.lake.log import LakeState
    from newslake.transforms.lake.staging import ARTICLES, Staging, open_shard
    from newslake.transforms.storage.local import LocalStorage

    keep_to_one_core()
    storage = LocalStorage(str(lake))
    staging = Staging(storage, STAGING)
    names = [path.stem for path in (lake / STAGING).glob(f"{ARTICLES}-*.columns")]
    shards = [Shard(ARTICLES, name, len(open_shard(staging, name).columns["offset"])) for name in names]
    run = RunFacts("bench", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), commit="bench", staging=STAGING)
    counts: dict[str, float] = {}

    def call() -> None:
        _, decision = Decider(storage, storage, Policy()).decide(run, LakeState(), shards, [])
        counts.update(new=decision.new, duplicates=decision.duplicates, unchanged=decision.unchanged)

    return timed(call) | counts


if __name__ == "__main__":
    import sys

    print(json.dumps(decide_alone(Path(sys.argv[1]))))
