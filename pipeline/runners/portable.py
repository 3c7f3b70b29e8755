"""Engines behind Beam's Job API: a server runs the job that is submitted, and tells its state."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.portability.api import beam_job_api_pb2 as job_api
from apache_beam.portability.api import beam_job_api_pb2_grpc
from apache_beam.runners.portability import portable_runner

from newslake.pipeline import logs
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FeedSource
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.faults import unwrapped
from newslake.pipeline.runners.base import Build, Engine
from newslake.schemas.raw import RunFacts
from newslake.schemas.redact import secret_headers, secret_values
from newslake.schemas.variables import has_variables
from newslake.transforms.lake.progress import COUNTERS, Counts
from newslake.transforms.lake.staging import Staging, count_shards
from newslake.transforms.storage.base import Storage

_LOGGER = logging.getLogger("newslake")

_ANSWER_SECONDS = 30.0
"""How long a job server may take to answer a call that it answers at once."""
_TRACEBACK = "Traceback (most recent call last)"
_POLL_SECONDS = 0.2
_TELL_SECONDS = 10.0
"""How often a command says that it still waits for the end of a cancelled job."""
_JOB_SECONDS = 10 * 365 * 86_400
"""The Job API's streams end after ``--job_server_timeout``, and a job may take days."""


class PortableEngine:
    """An engine whose job server listens at ``endpoint``.

    The workers are in this process, unless Beam's option ``environment_type`` places them
    elsewhere. ``cancel_seconds`` is how long a cancelled job may take to end; without it, only a
    further signal stops the waiting.
    """

    workers_end_with_it = False

    def __init__(self, endpoint: str, options: PipelineOptions, cancel_seconds: float | None = None) -> None:
        self._endpoint = endpoint
        self._cancel_seconds = cancel_seconds
        self._options = options
        portable = options.view_as(PortableOptions)
        portable.job_endpoint = endpoint
        portable.environment_type = portable.environment_type or "LOOPBACK"
        portable.job_server_timeout = _JOB_SECONDS
        self._job: _Job | None = None

    def execute(self, build: Build) -> None:
        pipeline = beam.Pipeline(runner=portable_runner.PortableRunner(), options=self._options)
        build(pipeline)
        self._job = _Job(pipeline, self._endpoint, self._cancel_seconds)
        with unwrapped():
            self._job.wait()

    def counts(self, run: RunFacts, store: Storage) -> Counts:
        counts = self._job.counts() if self._job is not None else Counts()
        return counts if counts != Counts() else Counts(shards=count_shards(Staging(store, run.staging)))


class _Job:
    """A job: a thread submits it and waits for its end, so that signals reach the main thread."""

    def __init__(self, pipeline: beam.Pipeline, endpoint: str, cancel_seconds: float | None) -> None:
        self._pipeline = pipeline
        self._cancel_seconds = cancel_seconds
        self._endpoint = endpoint
        self._id = ""
        self._is_submitted = threading.Event()

    def wait(self) -> None:
        """Submit the job and wait for its end. If a signal comes, cancel the job first.

        Raises KeyboardInterrupt, RuntimeError if the job failed, and ConnectionError if the job
        server died.
        """
        logs.mute_beam(is_over=False)
        threads = ThreadPoolExecutor(1, thread_name_prefix="job")
        ended = threads.submit(self._run)
        try:
            while not ended.done():
                wait([ended], timeout=_POLL_SECONDS)
        except KeyboardInterrupt:
            logs.mute_beam(is_over=True)
            self._cancel(ended)
            raise
        finally:
            threads.shutdown(wait=False)
        logs.mute_beam(is_over=ended.exception() is not None)
        try:
            ended.result()
        except grpc.RpcError as error:
            raise ConnectionError(f"the job server at {self._endpoint} does not answer: {_told(error)}") from error
        except RuntimeError as error:
            if _TRACEBACK in str(error):
                raise
            # No code of ours failed, so the engine did, or somebody cancelled the job there.
            raise OSError(str(error).partition("\n")[0]) from error

    def counts(self) -> Counts:
        """Return what the counters of the job say. An engine may tell them at the end only."""
        if not self._id:
            return Counts()
        with suppress(grpc.RpcError), _service(self._endpoint) as service:
            request = job_api.GetJobMetricsRequest(job_id=self._id)
            told = portable_runner.PortableMetrics(service.GetJobMetrics(request, timeout=_ANSWER_SECONDS))
            counters = {one.key.metric.name: one.result for one in told.query()["counters"]}
            return Counts(*(counters.get(name) or 0 for name in COUNTERS))
        return Counts()

    def _run(self) -> None:
        try:
            result = self._pipeline.run()
            self._id = result._job_id  # Beam has no public name for it
        finally:
            self._is_submitted.set()
        result.wait_until_finish()

    def _cancel(self, ended: "Future[None]") -> None:
        """Cancel the job, and wait until it has ended. A further signal ends the waiting."""
        self._is_submitted.wait()
        if not self._id:
            return
        _LOGGER.info("cancelling the job %s", self._id)
        with suppress(grpc.RpcError), _service(self._endpoint) as service:
            service.Cancel(job_api.CancelJobRequest(job_id=self._id), timeout=_ANSWER_SECONDS)
        while not wait([ended], timeout=self._cancel_seconds or _TELL_SECONDS).done and self._cancel_seconds is None:
            _LOGGER.warning("waiting for the end of the job %s; Ctrl-C again stops the waiting", self._id)


def _told(error: grpc.RpcError) -> str:
    return f"{error.code().name}: {error.details()}" if isinstance(error, grpc.Call) else str(error)


@contextmanager
def _service(endpoint: str) -> Iterator[beam_job_api_pb2_grpc.JobServiceStub]:
    with grpc.insecure_channel(endpoint) as channel:
        yield beam_job_api_pb2_grpc.JobServiceStub(channel)


def server_options(endpoint: str) -> list[str]:
    """Return the flags that the job server at ``endpoint`` knows, such as --checkpointing_interval.

    Raises UsageError if no job server answers there.
    """
    try:
        with _service(endpoint) as service:
            request = job_api.DescribePipelineOptionsRequest()
            described = service.DescribePipelineOptions(request, timeout=_ANSWER_SECONDS)
    except grpc.RpcError as error:
        raise UsageError(
            f"--job-endpoint {endpoint}: no job server answers there ({error.code().name}); start one, as "
            "deploy/flink/README.md shows, and give its HOST:PORT"
        ) from None
    return [f"--{option.name}" for option in described.options]


@contextmanager
def portable_engine(
    options: RunOptions, endpoint: str, given: PipelineOptions, cancel_seconds: float | None = None
) -> Iterator[Engine]:
    """Yield the engine at ``endpoint``; ``given`` are Beam's options of its jobs.

    A worker in this process prints each fault. What the run reports itself is not shown twice.
    """
    _tell_readable_secrets(options)
    with logs.beam_in_this_process():
        yield PortableEngine(endpoint, given, cancel_seconds)


def _tell_readable_secrets(options: RunOptions) -> None:
    """Warn of secrets that the job holds readable, because they are not in the environment."""
    feeds = (*options.feeds, *options.opml)
    readable = sum(_has_readable_secret(feed) for feed in feeds)
    if readable:
        _LOGGER.warning(
            "the job that is submitted shows secrets of %d of %d feeds: write them as ${NAME} in the configuration, "
            "and set NAME where the workers run",
            readable,
            len(feeds),
        )


def _has_readable_secret(feed: FeedSource) -> bool:
    settings = feed.settings
    told = (*secret_headers(settings.headers), settings.password or "", urlsplit(settings.proxy or "").password or "")
    return any(one and not has_variables(one) for one in told) or bool(secret_values(feed.location))


@contextmanager
def python_on_path() -> Iterator[None]:
    """Put the folder of this Python first on PATH.

    Beam starts a worker process by the command ``python``.
    """
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
