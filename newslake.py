"""newslake for Python: open a lake to read it, and the PTransforms for pipelines of your own.

>>> newslake.open("lake").duckdb().sql("SELECT headline FROM articles")  # doctest: +SKIP

The PTransforms are imported when they are first asked for, since Apache Beam takes seconds: readers never wait for it.
"""

from importlib import import_module
from typing import Any

from transforms.lake.query import Lake
from transforms.lake.query import open_lake as open  # noqa: A004  newslake.open(...) is how it reads

_HOMES = {
    "FetchFeeds": "transforms.feeds.steps",
    "ParseFeeds": "transforms.feeds.steps",
    "PlanFiles": "transforms.files.steps",
    "ReadArticles": "transforms.files.steps",
    "NormaliseArticles": "transforms.normalise.steps",
    "IdentifyArticles": "transforms.deduplicate.steps",
    "DecideArticles": "transforms.deduplicate.steps",
    "StageArticles": "transforms.lake.steps",
    "BuildFiles": "transforms.lake.steps",
    "CommitRun": "transforms.lake.steps",
}

__all__ = ["Lake", "open", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
