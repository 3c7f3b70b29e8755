"""Moments of a run at which a test raises a fault or sends a signal, in the real processes.

hook/sitecustomize.py acts on them.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

HOOK = Path(__file__).parent / "hook"
FILE = "moments.json"
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


@dataclass(frozen=True, slots=True)
class Moments:
    """The folder that tells processes which moments to act on, and which have passed."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that acts on the moments."""
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (HOOK, _CHECKOUT))),
            "NEWSLAKE_TEST_MOMENTS": str(self.folder),
        }

    def plan(self, moments: Iterable[Moment]) -> None:
        """Forget what passed, and act on these moments in the processes that start from now on."""
        for file in self.folder.iterdir():
            file.unlink()
        (self.folder / FILE).write_text(json.dumps([asdict(one) for one in moments]))

    def passed(self) -> set[str]:
        """Return the names of the moments that have come."""
        return {file.name for file in self.folder.iterdir()} - {FILE, "command"}

    def tell_command(self, process_id: int) -> None:
        """Tell the processes which one is the command, for signals."""
        draft = self.folder / ".command"
        draft.write_text(str(process_id))
        draft.rename(self.folder / "command")
