"""Moments of a run at which a test raises a fault or sends a signal, in the real processes.

hook/sitecustomize.py acts on them.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

HOOK = Path(__file__).parent / "hook"
FILE = "moments.json"
COMMAND = "command"
_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Moment:
    """Before or after a call of ``function`` in ``module``.

    ``act`` names the exception to raise ("OSError", "module.Class"), or the signal to send to the
    command ("SIGINT", "SIGTERM").
    """

    name: str
    module: str
    function: str
    act: str
    when: str = "after"
    call: int = 1


class Moments:
    """The folder that tells processes which moments to act on, and which have passed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plans = 0
        self._passed = folder

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that acts on the moments."""
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (HOOK, _CHECKOUT))),
            "NEWSLAKE_TEST_MOMENTS": str(self._folder / FILE),
        }

    def plan(self, moments: Iterable[Moment]) -> None:
        """Act on these moments in the processes that start from now on.

        Processes that live on have their own folder of what passed, and do not act again.
        """
        self._plans += 1
        self._passed = self._folder / str(self._plans)
        self._passed.mkdir()
        plan = {"passed": str(self._passed), "moments": [asdict(one) for one in moments]}
        (self._folder / FILE).write_text(json.dumps(plan))

    def passed(self) -> set[str]:
        """Return the names of the moments that have come."""
        return {file.name for file in self._passed.iterdir()} - {COMMAND}

    def processes(self) -> list[str]:
        """Return the command lines of the living processes that know of these moments."""
        mark = f"NEWSLAKE_TEST_MOMENTS={self._folder / FILE}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ends meanwhile, or belongs to another user
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def tell_command(self, process_id: int) -> None:
        """Tell the processes which one is the command, for signals."""
        draft = self._folder / COMMAND
        draft.write_text(str(process_id))
        draft.rename(self._passed / COMMAND)
