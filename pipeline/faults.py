"""The cause of an exception that Beam raises."""

import builtins
import re
from collections.abc import Iterator
from contextlib import contextmanager

from newslake.schemas.errors import NewslakeError
from newslake.transforms.storage.base import LakeError

_TOLD = re.compile(r"(?:\w+\.)*(?P<kind>\w+): (?P<message>.*)\Z")
_TOLD_IN_A_LOG = re.compile(r"(?:^|\\n|\n)(?:RuntimeError: )?(?:\w+\.)*(?P<kind>\w+): ")
"""A worker's log arrives as one message, in which line ends may be escaped."""
_STEP = re.compile(r" \[while running '[^']*'\]")
"""Beam adds this to the first argument of an exception."""


@contextmanager
def unwrapped() -> Iterator[None]:
    """Raise a fault of the disk or of newslake's own without the wrapping of Beam."""
    try:
        yield
    except (RuntimeError, OSError, NewslakeError) as error:
        if not comes_of_interrupt(error) and (fault := known_fault(error)) is not None:
            raise fault from None
        raise


def known_fault(error: BaseException) -> Exception | None:
    """Return the OSError or NewslakeError that caused ``error``, or None if it has another cause.

    Within one process, Beam wraps the cause. A worker process sends its traceback as text, whose
    last line names the cause.
    """
    wrapped: BaseException | None = error
    while wrapped is not None:
        if isinstance(wrapped, (OSError, NewslakeError)):
            return _as_raised(wrapped)
        wrapped = wrapped.__cause__ or wrapped.__context__
    last = str(error).rstrip().rpartition("\n")[2].removeprefix("RuntimeError: ")
    told = _TOLD.match(_STEP.sub("", last))
    kind = _known_kind(told["kind"]) if told is not None else None
    return kind(told["message"]) if kind is not None and told is not None else None


def tells_known_fault(text: str) -> bool:
    """Tell whether the log of a worker process names a fault that ``known_fault`` would return."""
    return any(_known_kind(told["kind"]) is not None for told in _TOLD_IN_A_LOG.finditer(text))


def _known_kind(name: str) -> type[NewslakeError] | type[OSError] | None:
    for base in (LakeError, NewslakeError):
        if name in {kind.__name__ for kind in _subclasses(base)}:
            return base
    kind = getattr(builtins, name, None)
    return OSError if isinstance(kind, type) and issubclass(kind, OSError) else None


def comes_of_interrupt(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C caused ``error``.

    Beam turns a Ctrl-C within a step into a RuntimeError.
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _as_raised(error: Exception) -> Exception:
    """Return an error without the words that Beam adds to its message.

    Beam raises a copy with these words, of the same type, while it handles the original.
    """
    original = error.__context__
    while isinstance(original, type(error)) and _STEP.sub("", str(error)) == _STEP.sub("", str(original)) != str(error):
        error, original = original, original.__context__
    return error


def _subclasses(kind: type[NewslakeError]) -> set[type[NewslakeError]]:
    found = {kind}
    for child in kind.__subclasses__():
        found |= _subclasses(child)
    return found
