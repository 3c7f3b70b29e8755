"""Beam's DirectRunner, which executes batches by the FnApiRunner."""

from collections.abc import Iterator
from contextlib import contextmanager

from apache_beam.options.pipeline_options import DirectOptions, TypeOptions
from apache_beam.runners.direct.direct_runner import DirectRunner

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.runners.base import Engine
from newslake.pipeline.runners.local import LocalEngine, beam_options


@contextmanager
def open_engine(options: RunOptions) -> Iterator[Engine]:
    """Yield the DirectRunner. Several workers are new processes, which take seconds to start."""
    given = beam_options(options.beam_options)
    if options.workers > 1:
        direct = given.view_as(DirectOptions)
        direct.direct_num_workers, direct.direct_running_mode = options.workers, "multi_processing"
    # The DirectRunner downloads Prism and tries it first, unless unsafe triggers are allowed.
    given.view_as(TypeOptions).allow_unsafe_triggers = True
    yield LocalEngine(DirectRunner(), given, workers_end_with_it=False)
