"""The size of the tests of many writers: small in ``make test``, full in ``make stress``."""

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Step = TypeVar("Step")

IS_FULL = bool(os.environ.get("NEWSLAKE_STRESS"))


def try_each(steps: Iterable[Step], attempt: Callable[[Step], object]) -> None:
    """Try each step, and report all failures at the end."""
    failed = {}
    for step in steps:
        try:
            attempt(step)
        except Exception as error:  # noqa: BLE001 - all failures are reported at once
            failed[step] = f"{type(error).__name__}: {error}"[:400]
    assert not failed, "\n".join(f"{step}: {error}" for step, error in failed.items())
