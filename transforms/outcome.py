"""What a step can give beside its main output, and the one place where an unexpected error becomes a reject."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from apache_beam import pvalue

from schemas.reject import Reason, Reject, Stage
from schemas.staged import SourceManifest

REJECTS = "rejects"
MANIFESTS = "manifests"

RejectsOutput: TypeAlias = pvalue.TaggedOutput[Literal["rejects"], list[Reject]]
ManifestsOutput: TypeAlias = pvalue.TaggedOutput[Literal["manifests"], SourceManifest]

_Made = TypeVar("_Made")


def rejects(batch: list[Reject]) -> Iterator[RejectsOutput]:
    """A batch of rejects for the side output of that name; nothing where there are none."""
    if batch:
        yield pvalue.TaggedOutput(REJECTS, batch)


def manifest(one: SourceManifest) -> ManifestsOutput:
    """What a reader met, for the side output of that name."""
    return pvalue.TaggedOutput(MANIFESTS, one)


def failed_manifest(reject: Reject, **more: Any) -> ManifestsOutput:
    """The manifest of a source that could not be used as a whole, one item; ``more`` are other fields of SourceManifest."""
    told: dict[str, Any] = {"items": 1, "failed": reject.reason, "detail": reject.detail, **more}
    return manifest(SourceManifest(reject.source_uri, **told))


class Sorted(Generic[_Made]):
    """What calls gave, sorted into ``made`` and ``rejected``."""

    def __init__(self) -> None:
        self.made: list[_Made] = []
        self.rejected: list[Reject] = []


def attempt(call: Callable[[Any], _Made | Reject], items: Iterable[Any], stage: Stage) -> Sorted[tuple[_Made, Any]]:
    """Call a pure function on each article; (result, article) pairs and rejects.

    This is the one place that catches everything: an error that one article causes must not cost the others. The run says so: exit 1.
    """
    outcome: Sorted[tuple[_Made, Any]] = Sorted()
    for item in items:
        try:
            result = call(item)
        except Exception:  # noqa: BLE001
            detail = f"{item.position}: {traceback.format_exc()}"
            outcome.rejected.append(Reject(stage, Reason.INTERNAL_ERROR, item.source_uri, detail, item.payload))
            continue
        if isinstance(result, Reject):
            outcome.rejected.append(result)
        else:
            outcome.made.append((result, item))
    return outcome
