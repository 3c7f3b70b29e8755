"""Parse feeds: plain ones in this process, others in a child of limited processor time and memory.

So a hostile feed costs only itself. This module is both ends of the pipe:
``python -m newslake.transforms.feeds.sandbox`` is the child. A message is 8 bytes of length,
big-endian, and a pickle. The parent sends a FeedDocument. The child answers with lists of RawItems
and then an empty message.
"""

import contextlib
import dataclasses
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.fast.doubt import Doubt

_LENGTH_BYTES = 8
_ITEMS_PER_MESSAGE = 500
_EXIT_OUT_OF_MEMORY = 70
_STDERR_TAIL_BYTES = 4_000
_PAYLOAD_BYTES = 64_000
_CLOSE_SECONDS = 5.0
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an odd feed may make the fast reader raise. It then costs time, but not the feed."""


def time_limit(body_bytes: int) -> float:
    """Return how many seconds of processor time a feed may take: 30, and 120 for each 10 MB.

    Real feeds take some 10 s for 10 MB, and entries of 30 bytes 60 s.
    """
    return 30.0 + body_bytes * 120.0 / 10_000_000


def own_process(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a process that runs a module of this newslake."""
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # -P: a folder named "newslake" in the working directory must not be imported.
    return [sys.executable, "-P", "-m", module, *arguments], {**os.environ, "PYTHONPATH": path}


class FeedParser:
    """Parses feeds, and those that are not plain in one child process.

    The child starts with the first feed that needs it, and again after each feed that kills it. Use
    this as a context manager, or call ``close``. Each thread needs its own parser.

    ``doubt`` tells why the document that was parsed last went to feedparser in the child. It is
    None if ``read_fast`` read it.
    """

    def __init__(self, *, max_memory_bytes: int = 4_000_000_000) -> None:
        self.doubt: Doubt | None = None
        self._max_memory_bytes = max_memory_bytes
        self._child: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, document: FeedDocument, limit_seconds: float | None = None) -> Iterator[RawItem]:
        """Yield what ``read_document`` yields, with some 500 items in memory at a time.

        A plain feed has up to 5,000 items, which are all in memory.

        ``limit_seconds`` (default: ``time_limit``) limits the processor time of the child, so that
        other work on the machine changes nothing. If the child fails, the last item is a Reject of
        the whole source: TIMEOUT at the time limit, TOO_LARGE if the child ran out of memory,
        PARSER_FAILED if it died for another reason.
        """
        from newslake.transforms.feeds.fast.read import read_fast  # processes that parse nothing do without feedparser

        try:
            found = read_fast(document)
        except _FAULTS as error:
            found = Doubt(f"the fast reader failed: {type(error).__name__}")
        self.doubt = found if isinstance(found, Doubt) else None
        if not isinstance(found, Doubt):
            yield from found
            return
        limit = time_limit(len(document.body)) if limit_seconds is None else limit_seconds
        child = self._running_child()
        is_done = False
        try:
            _write_message(child.stdin, pickle.dumps((dataclasses.replace(document, body=b""), limit)))
            _write_message(child.stdin, document.body)
            while message := _read_message(child.stdout):
                yield from pickle.loads(message)
            is_done = True
        except (BrokenPipeError, EOFError):
            yield self._obituary(document, limit)
        finally:
            if not is_done:
                self._kill()

    def close(self) -> None:
        """End the child."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(_CLOSE_SECONDS)
        self._kill()

    def _running_child(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
            command, environment = own_process("newslake.transforms.feeds.sandbox", str(self._max_memory_bytes))
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env=environment,
            )
        return self._child

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            for pipe in (self._child.stdin, self._child.stdout):
                # Bytes that wait to be flushed have no reader any more.
                with contextlib.suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()
            self._child.wait()
            self._child = None
        if self._stderr is not None:
            self._stderr.close()
            self._stderr = None

    def _obituary(self, document: FeedDocument, limit_seconds: float) -> Reject:
        """Return the Reject that says why the child died."""
        assert self._child is not None
        code = self._child.wait()
        if code == -signal.SIGPROF:
            reason, detail = Reason.TIMEOUT, f"parsing it took more than {limit_seconds:g} s of processor time"
        elif code == _EXIT_OUT_OF_MEMORY:
            reason, detail = Reason.TOO_LARGE, f"parsing it takes more than {self._max_memory_bytes} bytes of memory"
        else:
            cause = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            reason, detail = Reason.PARSER_FAILED, f"the parser died ({cause})\n{self._last_words()}".strip()
        payload = document.body[:_PAYLOAD_BYTES]
        return Reject(Stage.PARSE_FEEDS, reason, document.source_uri, detail, payload, whole_source=True)

    def _last_words(self) -> str:
        """Return the end of what the child wrote to its standard error."""
        assert self._stderr is not None
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - _STDERR_TAIL_BYTES))
        return self._stderr.read().decode("utf-8", "replace")


def _write_message(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def _read_message(pipe: IO[bytes] | None) -> bytes:
    """Return the next message. Raise EOFError if the other end is gone."""
    assert pipe is not None
    head = pipe.read(_LENGTH_BYTES)
    size = int.from_bytes(head, "big")
    data = pipe.read(size) if len(head) == _LENGTH_BYTES else b""
    if len(head) < _LENGTH_BYTES or len(data) < size:
        raise EOFError
    return data


def _serve(max_memory_bytes: int) -> None:
    """Answer documents until the pipe ends."""
    with contextlib.suppress(ValueError, OSError):  # macOS refuses this; the limit of time still holds
        resource.setrlimit(resource.RLIMIT_AS, (max_memory_bytes, max_memory_bytes))
    from newslake.transforms.feeds.read import read_document

    source = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as sink:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # prints must not mix with the messages
        while True:
            try:
                document, limit_seconds = pickle.loads(_read_message(source))
                body = _read_message(source)
            except EOFError:
                return
            # SIGPROF ends this process, by default, when it has used the processor for so long.
            signal.setitimer(signal.ITIMER_PROF, limit_seconds)
            items = read_document(dataclasses.replace(document, body=body))
            while batch := list(islice(items, _ITEMS_PER_MESSAGE)):
                _write_message(sink, pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
            _write_message(sink, b"")
            signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    try:
        _serve(int(sys.argv[1]))
    except MemoryError:
        sys.exit(_EXIT_OUT_OF_MEMORY)
