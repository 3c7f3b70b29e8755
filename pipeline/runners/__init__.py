"""Runners: the engines that execute the graph, one module each.

A new engine is a module with a function ``open_engine``, and its line in ENGINES.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.runners import dataflow, direct, flink, local, prism
from newslake.pipeline.runners.base import Engine

ENGINES: dict[str, Callable[[RunOptions], AbstractContextManager[Engine]]] = {
    "local": local.open_engine,
    "direct": direct.open_engine,
    "prism": prism.open_engine,
    "flink": flink.open_engine,
    "dataflow": dataflow.open_engine,
}


def open_engine(options: RunOptions) -> AbstractContextManager[Engine]:
    """Return a context that yields the engine of ``options``, and closes it.

    Enter the context before a thread starts, because the local runner may fork. Raises UsageError
    if the engine cannot be had.
    """
    return ENGINES[options.runner](options)
