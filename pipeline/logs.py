"""Logging to stderr, without secrets: newslake from INFO on, all others from WARNING on.

A log is text for people, or JSON for programs: then each line of stderr is one object with ``time``
(RFC 3339, UTC), ``level``, ``logger`` and ``message``, with ``exception`` if there is one, and with
the fields that a record has in ``extra={"fields": ...}``. The form is a property of the process.
"""

import datetime as dt
import io
import logging
import re
import sys
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO

from newslake.pipeline.faults import tells_known_fault
from newslake.schemas import codec
from newslake.schemas.errors import NewslakeError
from newslake.schemas.redact import hide, redact, secret_words

FORMAT_VARIABLE = "NEWSLAKE_LOG_FORMAT"
"""The environment variable that says "text" or "json", for a process without the option."""

_LOGGER = logging.getLogger("newslake")

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_BEAM = ("apache_beam", "root")
"""The loggers of Beam."""
_NOISE = (
    "apitools not found",  # at each import without Google's packages
    "KeyboardInterrupt [while running",  # with a traceback, after Ctrl-C within a step
    "Failed to read inputs in the data plane",  # when an engine ends a job that failed
    "Unparseable argument: ",  # of options that a job server knows
    "Starting worker with command",
)
"""Messages of Beam that call for no action."""


def set_up(*, quiet: bool = False, secrets: Iterable[str] = (), as_json: bool | None = None) -> None:
    """Log to stderr; a second call replaces the first. ``quiet`` leaves warnings and errors only.

    The words of ``secrets`` are masked (``secret_words``), and URLs are redacted. An exception that
    ends the program or a thread is logged the same way. ``as_json`` None keeps the present form.
    """
    if as_json is None:
        as_json = is_json()
    root = logging.getLogger()
    for old in _handlers():
        root.removeHandler(old)
    handler = _StderrHandler()
    handler.setFormatter(_JsonFormatter(secrets) if as_json else _Formatter(secrets, is_terminal=sys.stderr.isatty()))
    handler.addFilter(_is_news)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(logging.WARNING if quiet else logging.INFO)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.captureWarnings(as_json)
    sys.excepthook = _log_exception
    threading.excepthook = _log_exception_of_thread


def is_json() -> bool:
    """Tell whether this process logs JSON."""
    return any(isinstance(handler.formatter, _JsonFormatter) for handler in _handlers())


def tell(line: str, *, level: int = logging.INFO, end: str = "\n") -> None:
    """Print a line on stderr, or log it with ``level`` if the log is JSON."""
    if is_json():
        _LOGGER.log(level, "%s", line)
    else:
        print(line, end=end, file=sys.stderr)


def complain(sentence: str) -> None:
    """Tell why a command cannot do what it should: ``newslake: SENTENCE`` on stderr."""
    tell(sentence if is_json() else f"newslake: {sentence}", level=logging.ERROR)


def mute_beam(*, is_over: bool) -> None:
    """Drop all that Beam logs, prints and raises in threads, or show it again.

    Its threads go on for a while when a job has failed or was cancelled. What they complain about
    then is no news: their connections are cut, and the staged files are gone.
    """
    _Printed.is_muted = is_over


def printed() -> "_Printed":
    """Return a stream to stderr for code of Beam that prints there.

    It drops tracebacks of faults that the run reports itself. If the log is JSON, it logs each
    line.
    """
    out = _unwrapped(sys.stderr)
    return _LoggedLines(_handlers()[0], out) if is_json() else _Printed(out)


@contextmanager
def beam_in_this_process() -> Iterator[None]:
    """Let Beam print through ``printed`` while the context is open.

    If a job ended badly, it stays so, because threads of Beam go on.
    """
    before = sys.stderr
    sys.stderr = printed()
    try:
        yield
    finally:
        if not _Printed.is_muted:
            sys.stderr = before


def _handlers() -> list["_StderrHandler"]:
    return [handler for handler in logging.getLogger().handlers if isinstance(handler, _StderrHandler)]


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is worth a line.

    Beam's noise is not, and a traceback is not if the run ends with a sentence about its cause.
    """
    message = record.getMessage()
    if message.startswith(_NOISE):
        return False
    if not record.name.startswith(_BEAM):
        return True
    if _Printed.is_muted:
        return False
    raised = record.exc_info[1] if record.exc_info else None
    return not isinstance(raised, (OSError, NewslakeError)) and not tells_known_fault(message)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the present ``sys.stderr``, which the progress bar replaces while it is drawn."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = _unwrapped(sys.stderr)
        super().emit(record)


class _Formatter(logging.Formatter):
    def __init__(self, secrets: Iterable[str], *, is_terminal: bool) -> None:
        line = "%(name)s: %(message)s" if is_terminal else "%(asctime)s %(levelname)s %(name)s: %(message)s"
        super().__init__(line, "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime
        self._secrets = secret_words(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return _mask(super().format(record), self._secrets)


class _JsonFormatter(logging.Formatter):
    """Makes one object of a record. Its values are masked, and its keys stay."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = secret_words(secrets)

    def format(self, record: logging.LogRecord) -> str:
        instant = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        told = {
            "time": instant.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            told["exception"] = self.formatException(record.exc_info)
        return codec.encode(_masked(told, self._secrets)).decode()


def _mask(text: str, secrets: tuple[str, ...]) -> str:
    return _URL.sub(lambda url: redact(url[0]), hide(text, secrets))


def _masked(value: Any, secrets: tuple[str, ...]) -> Any:
    """Return a value whose texts show no secrets."""
    if isinstance(value, str):
        return _mask(value, secrets)
    if isinstance(value, dict):
        return {key: _masked(one, secrets) for key, one in value.items()}
    return [_masked(one, secrets) for one in value] if isinstance(value, (list, tuple)) else value


class _Printed(io.TextIOBase):
    """A stream that drops Beam's tracebacks of known faults, or all that its threads print."""

    is_muted = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._has_dropped = False

    def write(self, text: str) -> int:
        if self.is_muted and type(threading.current_thread()).__module__.startswith("apache_beam"):
            return len(text)
        is_end_of_dropped = self._has_dropped and text == "\n"
        self._has_dropped = tells_known_fault(text)
        if not self._has_dropped and not is_end_of_dropped:
            self._print(text)
        return len(text)

    def _print(self, text: str) -> None:
        self.out.write(text)

    def flush(self) -> None:
        self.out.flush()

    def isatty(self) -> bool:
        return self.out.isatty()


def _unwrapped(stream: TextIO) -> TextIO:
    return stream.out if isinstance(stream, _Printed) else stream


class _LoggedLines(_Printed):
    """A stream that formats what is printed to it as warnings, whenever a line ends."""

    def __init__(self, handler: logging.Handler, out: TextIO) -> None:
        super().__init__(out)
        self._handler = handler
        self._begun = ""

    def _print(self, text: str) -> None:
        self._begun += text
        if self._begun.endswith("\n"):
            told, self._begun = self._begun.strip("\n"), ""
            if told.strip():
                record = logging.LogRecord(_LOGGER.name, logging.WARNING, "", 0, "%s", (told,), None)
                self.out.write(self._handler.format(record) + "\n")


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _LOGGER.critical("an error that newslake does not know; please report it", exc_info=(kind, error, trace))


def _log_exception_of_thread(failed: threading.ExceptHookArgs) -> None:
    # An engine that ends cuts the connections of Beam's threads. The main thread says why it ended.
    is_cut = _Printed.is_muted or _raised_in(failed.exc_traceback).partition(".")[0] == "grpc"
    if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit) and not is_cut:
        _log_exception(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _raised_in(trace: TracebackType | None) -> str:
    """Return the name of the module that raised an exception."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else str(trace.tb_frame.f_globals.get("__name__"))
