"""Google Cloud Dataflow. It needs a lake in an object store, which newslake does not have yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.runners.base import Engine


@contextmanager
def open_engine(options: RunOptions) -> Iterator[Engine]:
    raise UsageError(
        f"--runner dataflow: the workers of Dataflow cannot reach the folder {options.lake}, "
        "and this version writes to no object store yet; nothing was submitted"
    )
    yield
