"""Progress of a run: a bar if stderr is a terminal, else a log line every few seconds."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from newslake.pipeline.terminal import can_redraw

_LOGGER = logging.getLogger("newslake")

_POLL_SECONDS = 0.2
_LOG_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How far a run is: chunks and feeds done and planned, articles read, and the present stage.

    An engine may tell only the number of ``shards`` that are staged.
    """

    chunks_done: int
    chunks_planned: int
    articles: int
    stage: str
    shards: int = 0


class Progress:
    """Shows progress while the context is open: a thread calls ``snapshot`` again and again.

    ``quiet`` shows nothing. ``log_seconds`` is the time between two log lines.
    """

    def __init__(
        self, snapshot: Callable[[], Snapshot], *, quiet: bool = False, log_seconds: float = _LOG_SECONDS
    ) -> None:
        self._snapshot = snapshot
        self._quiet = quiet
        self._log_seconds = log_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw if can_redraw() else self._log, name="progress", daemon=True)

    def __enter__(self) -> Self:
        if not self._quiet:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if not self._quiet:
            self._thread.join()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}")
        began = time.monotonic()
        with Bar(
            *columns, console=Console(stderr=True), auto_refresh=False, transient=True, redirect_stdout=False
        ) as bar:
            line = bar.add_task("starting", total=None, counts="")
            while not self._over.wait(_POLL_SECONDS):
                now = self._snapshot()
                bar.update(
                    line,
                    description=now.stage,
                    total=now.chunks_planned or None,
                    completed=now.chunks_done,
                    counts=describe(now, time.monotonic() - began),
                    refresh=True,
                )

    def _log(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self._log_seconds):
            now = self._snapshot()
            chunks = f"{now.chunks_done} of {now.chunks_planned} chunks, " if now.chunks_planned else ""
            _LOGGER.info("%s: %s%s", now.stage, chunks, describe(now, time.monotonic() - began))


def describe(snapshot: Snapshot, seconds: float) -> str:
    """Return the number of articles or shards; while chunks are left, also rate and time left.

    ``seconds`` is how long the chunks that are done took.

    >>> describe(Snapshot(1, 4, 2500, "reading"), 10.0)
    '2,500 articles, 250/s, 0:30 left'
    """
    if snapshot.shards:
        return f"{snapshot.shards:,} shards staged"
    parts = [f"{snapshot.articles:,} articles"]
    if snapshot.articles and seconds > 0 and snapshot.chunks_done < snapshot.chunks_planned:
        parts.append(f"{snapshot.articles / seconds:,.0f}/s")
    if 0 < snapshot.chunks_done < snapshot.chunks_planned:
        minutes, rest = divmod(
            round(seconds * (snapshot.chunks_planned - snapshot.chunks_done) / snapshot.chunks_done), 60
        )
        parts.append(f"{minutes}:{rest:02d} left")
    return ", ".join(parts)
