"""Flink, behind a job server that runs already: embedded in that server, or a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from apache_beam.options.pipeline_options import DebugOptions, PortableOptions
from apache_beam.transforms.environments import Environment

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.options import check_beam_options
from newslake.pipeline.runners.base import Engine
from newslake.pipeline.runners.local import beam_options
from newslake.pipeline.runners.portable import portable_engine, python_on_path, server_options

_WORKER_MILLISECONDS = 60_000
"""How long a worker may wait for work. By default Flink starts new ones for each stage."""


@contextmanager
def open_engine(options: RunOptions) -> Iterator[Engine]:
    """Yield the Flink behind ``options.job_endpoint``, with ``options.workers`` tasks at once.

    Workers are threads of this process; more than one are processes beside it. The options
    ``environment_type`` and ``environment_config`` of Beam place them elsewhere. Raises UsageError
    for an option that the job server does not know, and if no job server answers.
    """
    if options.job_endpoint is None:
        raise UsageError(
            "--runner flink needs a job server: start one, as deploy/flink/README.md shows, and give its HOST:PORT "
            "with --job-endpoint"
        )
    check_beam_options(options.beam_options, also=server_options(options.job_endpoint))
    defaults = (f"--parallelism={options.workers}", f"--environment_cache_millis={_WORKER_MILLISECONDS}")
    given = beam_options((*defaults, *options.beam_options))
    is_beside = options.workers > 1 and given.view_as(PortableOptions).environment_type in (None, "LOOPBACK")
    if is_beside:
        given.view_as(PortableOptions).sdk_worker_parallelism = options.workers
        given.view_as(DebugOptions).add_experiment("use_loopback_process_worker")
    try:
        Environment.from_options(given.view_as(PortableOptions))
    except ValueError as error:
        raise UsageError(f"after --: {error}; see --environment_type and --environment_config") from None
    with (
        python_on_path() if is_beside else nullcontext(),
        portable_engine(options, options.job_endpoint, given) as engine,
    ):
        yield engine
