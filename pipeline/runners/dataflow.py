"""Google Cloud Dataflow, as far as it goes without a lake in an object store: translation."""

import datetime as dt
import importlib.util
import logging
from contextlib import AbstractContextManager
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.graph import build
from newslake.pipeline.run.settings import graph_settings, sources_of
from newslake.pipeline.runners.base import Build, Engine
from newslake.schemas.raw import RunFacts
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake.log import LakeState
from newslake.transforms.storage.local import open_local

_LOGGER = logging.getLogger("newslake")


def open_engine(options: RunOptions) -> AbstractContextManager[Engine]:
    """Translate the graph for Dataflow if its libraries are installed, and refuse to run it.

    Always raises UsageError: a worker in the cloud cannot reach a lake on this machine. It also
    names a wrong option of Dataflow. Nothing is sent anywhere, and the lake is not opened.
    """
    if _has_libraries():
        lake = open_local(options.lake)
        settings, sources = graph_settings(options, lake, lake, LakeState()), sources_of(options, FilePlan())
        run = RunFacts("run", dt.datetime.fromtimestamp(0, dt.UTC))
        job = translate(lambda pipeline: build(pipeline, run, sources, settings), options.beam_options)
        _LOGGER.info("the graph was translated into a job of Dataflow: %d bytes", job.proto_pipeline.ByteSize())
    raise UsageError(
        f"--runner dataflow: the workers of Dataflow cannot reach the folder {options.lake}, "
        "and this version writes to no object store yet; nothing was submitted"
    )


def _has_libraries() -> bool:
    """Tell whether Apache Beam is installed with its extra ``gcp``."""
    try:
        return importlib.util.find_spec("google.cloud.dataflow_v1beta3") is not None
    except ModuleNotFoundError:
        return False


def translate(build: Build, arguments: tuple[str, ...]) -> Any:
    """Return the ``apiclient.Job`` of a graph, without any connection.

    ``arguments`` are options of Dataflow, such as --project. Raises UsageError if one is missing.
    """
    from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner

    # Without this option, Beam asks the cloud for buckets and credentials.
    options = PipelineOptions([*arguments, "--dry_run=True"])
    try:
        with beam.Pipeline(DataflowRunner(), options) as pipeline:
            build(pipeline)
    except ValueError as error:
        raise UsageError(f"--runner dataflow: {error}") from error
    return pipeline.result.job
