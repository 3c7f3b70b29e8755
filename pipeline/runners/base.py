"""What a run needs of an engine."""

from collections.abc import Callable
from typing import Protocol

import apache_beam as beam

from newslake.schemas.raw import RunFacts
from newslake.transforms.lake.progress import Counts
from newslake.transforms.storage.base import Storage

Build = Callable[[beam.Pipeline], object]
"""Wires a graph into an empty pipeline."""


class Engine(Protocol):
    """An engine that is open: it executes graphs, one after another."""

    @property
    def workers_end_with_it(self) -> bool:
        """Tell whether no worker goes on when ``execute`` has raised an error."""

    def execute(self, build: Build) -> None:
        """Execute a graph to its end.

        A fault of the disk or of newslake's own is raised as OSError or NewslakeError, without the
        wrapping of Beam. Raises KeyboardInterrupt or RuntimeError if a signal ends it; then it has
        cancelled the job, and waited for its end. Raises RuntimeError for any other fault.
        """

    def counts(self, run: RunFacts, store: Storage) -> Counts:
        """Return the progress of the graph that is executed now. Another thread calls this.

        ``store`` is where the run stages.
        """
