import pytest

from newslake.pipeline.faults import comes_of_interrupt, known_fault, tells_known_fault
from newslake.transforms.storage.base import LakeError, UnsafeNameError
from newslake.transforms.storage.columns import ColumnFileError


def raised_from(error: BaseException) -> RuntimeError:
    """Return the error that Beam makes of an error within a step."""
    try:
        try:
            raise error
        except type(error) as original:
            raise RuntimeError(f"{error} [while running 'Step']") from original
    except RuntimeError as wrapped:
        return wrapped


def test_a_fault_of_the_disk_or_the_lake_is_found_under_what_wraps_it() -> None:
    for error in (OSError(28, "No space left on device"), ColumnFileError("x is cut")):
        assert known_fault(error) is error
        assert known_fault(raised_from(error)) is error


@pytest.mark.parametrize(
    ("last_line", "kind"),
    [
        ("RuntimeError: OSError: [Errno 28] No space left on device [while running 'Stage/WriteShards']\n", OSError),
        ("PermissionError: [Errno 13] Permission denied: 'x'", OSError),
        (
            "RuntimeError: newslake.transforms.storage.columns.ColumnFileError: x is cut [while running 'Judge']",
            LakeError,
        ),
        ("RuntimeError: ColumnFileError: x is cut [while running 'Judge']", LakeError),
        ("ValueError: OSError: not really", type(None)),
    ],
)
def test_a_worker_process_tells_its_fault_as_text(last_line: str, kind: type) -> None:
    fault = known_fault(RuntimeError(f"Traceback (most recent call last):\n  File ...\n{last_line}"))
    assert isinstance(fault, kind)
    assert fault is None or "while running" not in str(fault)


def test_a_fault_of_several_arguments_is_told_without_the_step() -> None:
    """Beam adds the step to the first argument, which may be anywhere in the message."""
    error = UnsafeNameError("lake", "../x", "has a part '..'")
    copy = UnsafeNameError("lake [while running 'Step']", "../x", "has a part '..'")
    copy.__context__ = error
    assert known_fault(copy) is error
    told = known_fault(RuntimeError(f"Traceback\ntransforms.storage.base.UnsafeNameError: {copy}\n"))
    assert (type(told), str(told)) == (LakeError, str(error))


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ('Worker: severity: ERROR message: "Traceback\\ntransforms.storage.columns.ColumnFileError: x is cut"', True),
        ("Worker: severity: ERROR\nTraceback\nOSError: [Errno 28] No space left on device [while running 'x']", True),
        ("Worker: severity: ERROR\nTraceback\nRuntimeError: PermissionError: [Errno 13] Permission denied", True),
        ("Worker: severity: ERROR\nTraceback\nValueError: OSError was not it", False),
    ],
)
def test_the_log_of_a_worker_may_tell_of_a_fault_that_is_told_as_a_sentence(text: str, tells: bool) -> None:
    assert tells_known_fault(text) == tells


def test_an_error_of_the_program_is_not_a_known_fault() -> None:
    assert known_fault(raised_from(ValueError("x"))) is None


def test_an_interrupt_is_found_under_what_wraps_it() -> None:
    assert comes_of_interrupt(raised_from(KeyboardInterrupt()))
    assert not comes_of_interrupt(raised_from(ValueError("x")))
