"""How much the tests of many writers try: little, so that ``make test`` is short, or all, for ``make stress``."""

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Step = TypeVar("Step")

IS_FULL = bool(os.environ.get("NEWSLAKE_STRESS"))


def try_each(steps: Iterable[Step], attempt: Callable[[Step], object]) -> None:
    """Try each step, and tell at the end of all that failed."""
    failed = {}
    for step in steps:
        try:
            attempt(step)
        except Exception as error:  # noqa: BLE001 - all failures are told at once
            failed[step] = f"{type(error).__name__}: {error}"[:400]
    assert not failed, "\n".join(f"{step}: {error}" for step, error in failed.items())
