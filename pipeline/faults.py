"""What lies at the bottom of an exception that Beam raises."""

import builtins
import re

from newslake.transforms.storage.base import LakeError

_TOLD = re.compile(r"(?:\w+\.)*(?P<kind>\w+): (?P<message>.*)\Z")
_TOLD_IN_A_LOG = re.compile(r"(?:^|\\n|\n)(?:RuntimeError: )?(?:\w+\.)*(?P<kind>\w+): ")
"""A worker's log comes as the text of a message, in which line ends may be escaped."""
_STEP = re.compile(r" \[while running '[^']*'\]")
"""Beam adds this to the first argument of an exception."""


def known_fault(error: BaseException) -> Exception | None:
    """The OSError or LakeError that ``error`` comes of; None where it comes of neither.

    Within one process Beam wraps it; from a worker process comes its traceback as text, whose last line names it.
    """
    wrapped: BaseException | None = error
    while wrapped is not None:
        if isinstance(wrapped, (OSError, LakeError)):
            return _as_raised(wrapped)
        wrapped = wrapped.__cause__ or wrapped.__context__
    last = str(error).rstrip().rpartition("\n")[2].removeprefix("RuntimeError: ")
    told = _TOLD.match(_STEP.sub("", last))
    kind = _known_kind(told["kind"]) if told is not None else None
    return kind(told["message"]) if kind is not None and told is not None else None


def tells_known_fault(text: str) -> bool:
    """Whether the log of a worker process tells of a fault that ends the run with a sentence: see known_fault."""
    return any(_known_kind(told["kind"]) is not None for told in _TOLD_IN_A_LOG.finditer(text))


def _known_kind(name: str) -> type[LakeError] | type[OSError] | None:
    if name in {kind.__name__ for kind in _subclasses(LakeError)}:
        return LakeError
    kind = getattr(builtins, name, None)
    return OSError if isinstance(kind, type) and issubclass(kind, OSError) else None


def comes_of_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C is at the bottom of ``error``: one that strikes within a step, Beam raises again as a RuntimeError."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _as_raised(error: Exception) -> Exception:
    """Return an error without what Beam adds to its message: Beam raises a copy of the same type while it handles the error itself."""
    original = error.__context__
    while isinstance(original, type(error)) and _STEP.sub("", str(error)) == _STEP.sub("", str(original)) != str(error):
        error, original = original, original.__context__
    return error


def _subclasses(kind: type[LakeError]) -> set[type[LakeError]]:
    found = {kind}
    for child in kind.__subclasses__():
        found |= _subclasses(child)
    return found
