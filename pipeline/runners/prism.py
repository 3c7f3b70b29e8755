"""Prism, Beam's runner in Go: one program on this machine, which needs no cluster."""

import json
import logging
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.runners.base import Engine
from newslake.pipeline.runners.local import beam_options
from newslake.pipeline.runners.portable import portable_engine

_LOGGER = logging.getLogger("newslake")

_INSTALL = "go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0"
_END_SECONDS = 10.0


@contextmanager
def open_engine(options: RunOptions) -> Iterator[Engine]:
    """Start Prism and yield it; it ends with the context.

    Prism has one worker process, whose threads share the work. Raises UsageError if there is no
    Prism, or if it does not start.
    """
    if options.workers > 1:
        _LOGGER.warning("prism has one worker process: --workers %d changes nothing", options.workers)
    given = beam_options(options.beam_options)
    with (
        _prism(_program(options.prism_location)) as endpoint,
        # A job that does not end when it is cancelled ends with Prism.
        portable_engine(options, endpoint, given, cancel_seconds=_END_SECONDS) as engine,
    ):
        yield engine


def _program(location: str | None) -> str:
    """Return the path of Prism: what the user names, else the one on PATH."""
    found = shutil.which(location or "prism")
    if found is not None:
        return found
    named = f"--prism-location {location}: there is no such program" if location else "there is no prism on PATH"
    raise UsageError(f"{named}; build it by {_INSTALL}, and name the file with --prism-location")


@contextmanager
def _prism(program: str) -> Iterator[str]:
    """Run Prism, and yield the HOST:PORT of its job server.

    It has a session of its own, so that Ctrl-C in a terminal does not end it before its job.
    """
    command = [program, "--job_port=0", "--serve_http=false", "--log_kind=json"]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as error:
        raise UsageError(f"{program} cannot be run: {error.strerror}; build it by {_INSTALL}") from None
    assert process.stdout is not None
    try:
        endpoint = _endpoint(process.stdout)
        if endpoint is None:
            raise UsageError(f"{program} does not run as Prism does; build it by {_INSTALL}")
        threading.Thread(target=_drain, args=(process.stdout,), name="prism log", daemon=True).start()
        yield endpoint
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _endpoint(log: IO[bytes]) -> str | None:
    """Read Prism's log up to the line that names its job server, and return its HOST:PORT."""
    for line in log:
        try:
            told = json.loads(line)
        except ValueError:
            return None
        if isinstance(told, dict) and told.get("msg") == "Serving JobManagement":
            return str(told["endpoint"])
    return None


def _drain(log: IO[bytes]) -> None:
    """Read the log to its end, because Prism stops when nobody reads it.

    What matters for a user comes by the Job API.
    """
    with log:
        for line in log:
            _LOGGER.debug("prism: %s", line.decode(errors="replace").rstrip())
