"""Runners: which engine executes the graph, and with how many worker processes."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar, cast

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, TypeOptions
from apache_beam.runners.direct.direct_runner import DirectRunner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, fn_runner
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from newslake.pipeline.workers import forked_workers

View = TypeVar("View", bound=PipelineOptions)


class _Options(PipelineOptions):
    """Options that make each view of them once. Beam asks for a few of them 800 times while it builds and runs a pipeline, and parses all
    flags anew for each: measured, 0.2 s, a third of what the smallest run takes."""

    def view_as(self, cls: type[View]) -> View:
        views = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return cast(View, views[cls])


@contextmanager
def open_runner(
    name: str, workers: int, beam_options: Sequence[str]
) -> Iterator[tuple[PipelineRunner, PipelineOptions]]:
    """The runner called ``name`` ("local" or "direct") and Beam's options, for as long as the context is open.

    Both are Beam's FnApiRunner, the DirectRunner's own engine for offline batch. Enter before a thread is started: see forked_workers.
    """
    options = _Options(list(beam_options))
    direct = options.view_as(DirectOptions)
    with ExitStack() as stack:
        if name == "direct":
            if workers > 1:
                direct.direct_num_workers, direct.direct_running_mode = workers, "multi_processing"
            # Beam's DirectRunner tries Prism first, and downloads it, but leaves what may have unsafe triggers to its own engine.
            options.view_as(TypeOptions).allow_unsafe_triggers = True
            yield DirectRunner(), options
        elif workers > 1:
            command = stack.enter_context(forked_workers())
            direct.direct_num_workers = workers
            # It warns that so many workers want another mode than "in_memory", which here would name another environment.
            logging.getLogger(fn_runner.__name__).setLevel(logging.ERROR)
            yield FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command)), options
        else:
            yield FnApiRunner(), options
