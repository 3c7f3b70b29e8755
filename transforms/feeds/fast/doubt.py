"""The answer of the fast reader about a feed that feedparser must read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """The fast reader cannot tell what feedparser makes of a feed. ``reason`` says why."""

    reason: str


class DoubtError(Exception):
    """Ends the fast reading of a feed. Its text is the reason of the Doubt."""
