"""The limit of sources that may fail before a run counts as failed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FailedSources:
    """How many sources may fail: a number, or a part of all sources in per cent."""

    number: float
    is_percent: bool = False

    def are_exceeded(self, failed: int, sources: int) -> bool:
        """Tell whether ``failed`` of ``sources`` are more than allowed."""
        return failed > (self.number * sources / 100 if self.is_percent else self.number)
