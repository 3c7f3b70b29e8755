"""newslake for Python: open a lake to read it, and the PTransforms for pipelines of your own.

>>> newslake.open("lake").duckdb().sql("SELECT headline FROM articles")  # doctest: +SKIP

Each name is imported when it is first asked for: Apache Beam takes seconds, and a reader never waits for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newslake.transforms.lake.query import Lake as Lake
    from newslake.transforms.lake.query import open_lake as open  # noqa: A004  newslake.open(...) is how it reads

_HOMES = {
    "Lake": "newslake.transforms.lake.query:Lake",
    "open": "newslake.transforms.lake.query:open_lake",
}

__all__ = ["Lake", "open"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)
