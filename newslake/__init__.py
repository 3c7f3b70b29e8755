"""newslake for Python: run it, read a lake, and use its PTransforms in Beam pipelines of your own.

>>> result = newslake.run(files=["articles/*.jsonl"], lake="lake")  # doctest: +SKIP
>>> newslake.open("lake").duckdb().sql("SELECT headline FROM articles")  # doctest: +SKIP

Each name is imported when it is first used: Apache Beam takes seconds, and a reader does not wait
for it.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newslake.pipeline.composites import NormaliseRecords, ReadSources, WriteToLake
    from newslake.pipeline.exitcodes import ExitCode, UsageError
    from newslake.pipeline.library import RunResult, run
    from newslake.schemas.errors import NewslakeError
    from newslake.transforms.lake.log import FileGoneError, LogDamagedError, NotALakeError
    from newslake.transforms.lake.query import Lake, MissingPackageError, UnknownTableError
    from newslake.transforms.lake.query import open_lake as open  # noqa: A004  it reads newslake.open(...)
    from newslake.transforms.storage.base import LakeError, UnsafeNameError

    __version__: str

__all__ = [
    "ExitCode",
    "FileGoneError",
    "Lake",
    "LakeError",
    "LogDamagedError",
    "MissingPackageError",
    "NewslakeError",
    "NormaliseRecords",
    "NotALakeError",
    "ReadSources",
    "RunResult",
    "UnknownTableError",
    "UnsafeNameError",
    "UsageError",
    "WriteToLake",
    "__version__",
    "open",
    "run",
]

_HOMES = {
    "newslake.pipeline.composites": ("NormaliseRecords", "ReadSources", "WriteToLake"),
    "newslake.pipeline.exitcodes": ("ExitCode", "UsageError"),
    "newslake.pipeline.library": ("RunResult", "run"),
    "newslake.schemas.errors": ("NewslakeError",),
    "newslake.transforms.lake.log": ("FileGoneError", "LogDamagedError", "NotALakeError"),
    "newslake.transforms.lake.query": ("Lake", "MissingPackageError", "UnknownTableError"),
    "newslake.transforms.storage.base": ("LakeError", "UnsafeNameError"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        try:
            return version("newslake")
        except PackageNotFoundError:  # a checkout that is not installed
            return "0+unknown"
    if name == "open":
        return import_module("newslake.transforms.lake.query").open_lake
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
