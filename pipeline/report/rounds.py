"""The rounds of a watching process, and whether it is healthy.

A process is healthy until a number of rounds failed in a row. Rounds are counted and no clock is
asked: a round may take hours while a lake is filled for the first time.
"""

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any

from newslake.schemas.codec import timestamp

FAILED_ROUNDS = 3
"""So many failed rounds in a row make a process unhealthy. One round may meet a busy lake."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round, as it ended.

    ``outcome`` is the status of the run, or "failed" if an error ended the round. ``is_success``
    tells whether the lake is now as the sources are, as far as they could be read. The instants are
    aware. ``next_round`` is None if no other round follows.
    """

    outcome: str
    is_success: bool
    ended_at: dt.datetime
    next_round: dt.datetime | None = None


class Health:
    """Counts failed rounds. One thread notes rounds while another asks for the answer."""

    def __init__(self, failed_rounds: int = FAILED_ROUNDS) -> None:
        self._most_failed = failed_rounds
        self._failed = 0
        self._rounds = 0
        self._last: Round | None = None
        self._last_success: dt.datetime | None = None
        self._guard = threading.Lock()

    def note(self, ended: Round) -> None:
        """Take in one more round."""
        with self._guard:
            self._rounds += 1
            self._failed = 0 if ended.is_success else self._failed + 1
            self._last = ended
            if ended.is_success:
                self._last_success = ended.ended_at

    def answer(self) -> tuple[bool, dict[str, Any]]:
        """Return whether the process is healthy, and what is known of its rounds as JSON values.

        ``status`` is "starting" before the first round, "ok", or "failing" with a ``reason``.
        """
        with self._guard:
            is_healthy = self._failed < self._most_failed
            status = "starting" if self._last is None else "ok" if is_healthy else "failing"
            last, told = self._last, {"status": status}
            if not is_healthy and last is not None:
                told["reason"] = f"the last {self._failed} rounds failed, the last one with {last.outcome}; see the log"
            return is_healthy, {
                **told,
                "rounds": self._rounds,
                "failed_rounds": self._failed,
                "last_outcome": last.outcome if last else None,
                "last_round": _text(last.ended_at if last else None),
                "last_success": _text(self._last_success),
                "next_round": _text(last.next_round if last else None),
            }


def _text(instant: dt.datetime | None) -> str | None:
    return timestamp(instant) if instant else None
