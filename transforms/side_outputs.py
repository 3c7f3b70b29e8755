"""The side outputs of a step, and the one place where an unexpected error becomes a reject."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias

from apache_beam import pvalue

from newslake.schemas.raw import RunFacts
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.schemas.staging import SourceManifest

REJECTS = "rejects"
MANIFESTS = "manifests"

RejectsOutput: TypeAlias = pvalue.TaggedOutput[Literal["rejects"], tuple[RunFacts, list[Reject]]]
ManifestsOutput: TypeAlias = pvalue.TaggedOutput[Literal["manifests"], tuple[str, SourceManifest]]


def rejects(run: RunFacts, batch: list[Reject]) -> Iterator[RejectsOutput]:
    """Yield a batch of rejects for the output ``rejects``, or nothing if the batch is empty."""
    if batch:
        yield pvalue.TaggedOutput(REJECTS, (run, batch))


def manifest(run: RunFacts, one: SourceManifest) -> ManifestsOutput:
    """Return a manifest for the output ``manifests``, under the key of the run's commit."""
    return pvalue.TaggedOutput(MANIFESTS, (run.commit, one))


def failed_manifest(run: RunFacts, reject: Reject, **more: Any) -> ManifestsOutput:
    """Return the manifest of a source that could not be used as a whole.

    ``more`` are further fields of SourceManifest, such as the items that were met before the fault.
    """
    told: dict[str, Any] = {"items": 0, "failed": reject.reason, "detail": reject.detail, **more}
    return manifest(run, SourceManifest(reject.source_uri, **told))


class Sorted:
    """The results of calls, sorted into ``made`` and ``rejected``."""

    def __init__(self) -> None:
        self.made: list[tuple[Any, ...]] = []
        self.rejected: list[Reject] = []


def attempt(call: Callable[..., Any], items: Iterable[tuple[Any, ...]], stage: Stage) -> Sorted:
    """Call a pure function on each tuple of arguments. Return its results and the rejects.

    A result in ``made`` is the tuple (result, *arguments), so it can be the arguments of the next
    function. The last argument is the article.

    This is the one place that catches every exception, because an error in one article must not
    cost the others. The article becomes a Reject INTERNAL_ERROR, and the run ends with exit code 1.
    """
    outcome = Sorted()
    for arguments in items:
        try:
            result = call(*arguments)
        except Exception:  # noqa: BLE001
            article = arguments[-1]
            detail = f"{article.position}: {traceback.format_exc()}"
            outcome.rejected.append(Reject(stage, Reason.INTERNAL_ERROR, article.source_uri, detail, article.payload))
            continue
        if isinstance(result, Reject):
            outcome.rejected.append(result)
        else:
            outcome.made.append((result, *arguments))
    return outcome
