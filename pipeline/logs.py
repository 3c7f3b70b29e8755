"""Logging to stderr, without secrets: newslake from INFO on, all others from WARNING on."""

import logging
import re
import sys
import time
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

from newslake.pipeline.faults import tells_known_fault
from newslake.schemas.redact import hide, redact, secret_words
from newslake.transforms.storage.base import LakeError

_LOGGER = logging.getLogger("newslake")

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_WORKERS = "apache_beam.runners.portability.local_job_service"
"""The logger that writes the messages of worker processes."""
_NOISE = ("apitools not found", "KeyboardInterrupt [while running")
"""Messages of Beam that call for no action.

It says the first at each import without Google's packages, and the second, with a traceback, after
Ctrl-C within a step."""


def set_up(*, quiet: bool = False, secrets: Iterable[str] = ()) -> None:
    """Log to stderr; a second call replaces the first. ``quiet`` leaves warnings and errors only.

    The words of ``secrets`` are masked (``secret_words``), and URLs are redacted. An exception that
    ends the program is logged the same way.
    """
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _StderrHandler)]:
        root.removeHandler(old)
    handler = _StderrHandler()
    handler.setFormatter(_Formatter(secrets, is_terminal=sys.stderr.isatty()))
    handler.addFilter(_is_news)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(logging.WARNING if quiet else logging.INFO)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.excepthook = _log_exception


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is worth a line.

    Beam's noise is not, and a traceback is not if the run ends with a sentence about its cause.
    """
    message = record.getMessage()
    if message.startswith(_NOISE):
        return False
    if not record.name.startswith("apache_beam"):
        return True
    raised = record.exc_info[1] if record.exc_info else None
    return not isinstance(raised, (OSError, LakeError)) and not (record.name == _WORKERS and tells_known_fault(message))


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the present ``sys.stderr``, which the progress bar replaces while it is drawn."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Formatter(logging.Formatter):
    def __init__(self, secrets: Iterable[str], *, is_terminal: bool) -> None:
        line = "%(name)s: %(message)s" if is_terminal else "%(asctime)s %(levelname)s %(name)s: %(message)s"
        super().__init__(line, "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime
        self._secrets = secret_words(secrets)

    def format(self, record: logging.LogRecord) -> str:
        line = hide(super().format(record), self._secrets)
        return _URL.sub(lambda url: redact(url[0]), line)


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _LOGGER.critical("an error that newslake does not know; please report it", exc_info=(kind, error, trace))
