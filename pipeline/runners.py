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
    """Beam's options, which make each view of themselves once.

    Beam asks for a few views 800 times per pipeline, and parses all flags for each. That was
    measured at 0.2 s, a third of the smallest run.
    """

    def view_as(self, cls: type[View]) -> View:
        views = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return cast(View, views[cls])


@contextmanager
def open_runner(
    name: str, workers: int, beam_options: Sequence[str]
) -> Iterator[tuple[PipelineRunner, PipelineOptions]]:
    """Yield the runner called ``name`` ("local" or "direct") and Beam's options.

    Both are Beam's FnApiRunner, which is also the DirectRunner's engine for batches. Enter the
    context before a thread starts: see ``forked_workers``.
    """
    options = _Options(list(beam_options))
    direct = options.view_as(DirectOptions)
    with ExitStack() as stack:
        if name == "direct":
            if workers > 1:
                direct.direct_num_workers, direct.direct_running_mode = workers, "multi_processing"
            # Beam's DirectRunner downloads Prism and tries it first, unless unsafe triggers are
            # allowed.
            options.view_as(TypeOptions).allow_unsafe_triggers = True
            yield DirectRunner(), options
        elif workers > 1:
            command = stack.enter_context(forked_workers())
            direct.direct_num_workers = workers
            # Beam warns that several workers need another mode, but that mode would replace our
            # environment.
            logging.getLogger(fn_runner.__name__).setLevel(logging.ERROR)
            yield FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command)), options
        else:
            yield FnApiRunner(), options
