"""What lies at the bottom of an exception that Beam raises."""

import builtins
import re

from transforms.storage.base import LakeError

_TOLD = re.compile(r"(?:\w+\.)*(?P<kind>\w+): (?P<message>.*?)(?: \[while running .*)?\Z")


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
    told = _TOLD.match(last)
    if told is None:
        return None
    if told["kind"] in {kind.__name__ for kind in _subclasses(LakeError)}:
        return LakeError(told["message"])
    kind = getattr(builtins, told["kind"], None)
    return OSError(told["message"]) if isinstance(kind, type) and issubclass(kind, OSError) else None


def comes_of_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C is at the bottom of ``error``: one that strikes within a step, Beam raises again as a RuntimeError."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _as_raised(error: Exception) -> Exception:
    """Return an error without what Beam adds to its message: Beam raises a copy of the same type while it handles the error itself."""
    original = error.__context__
    while isinstance(original, type(error)) and str(error).startswith(str(original)):
        error, original = original, original.__context__
    return error


def _subclasses(kind: type[LakeError]) -> set[type[LakeError]]:
    found = {kind}
    for child in kind.__subclasses__():
        found |= _subclasses(child)
    return found
