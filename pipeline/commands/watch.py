"""``newslake watch``: read again and again what is due, until a signal ends it."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import NoReturn

from newslake.pipeline.commands.run import collect_garbage_rarely, tell_of_failures
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.report.metrics import CONTENT_TYPE, Metrics
from newslake.pipeline.report.rounds import Health, Round
from newslake.pipeline.report.summary import in_one_line
from newslake.pipeline.run.health_server import HealthServer, Response, health_route
from newslake.pipeline.run.watch import Look, Watch, watch
from newslake.pipeline.runners import open_engine

_LOGGER = logging.getLogger("newslake")


def run_watch(
    options: RunOptions, is_terminated: Callable[[], bool], health_address: tuple[str, int] | None = None
) -> NoReturn:
    """Watch the sources until a signal raises KeyboardInterrupt.

    ``is_terminated`` tells whether SIGTERM came. ``health_address`` is where probes and Prometheus
    are answered. Raises UsageError, LakeError if the lake cannot be used, and OSError if the disk
    fails.
    """
    collect_garbage_rarely()
    health, metrics = Health(), Metrics()
    routes = {"/healthz": health_route(health), "/metrics": lambda: Response(200, metrics.text(), CONTENT_TYPE)}
    sources = len(options.feeds) + len(options.opml) + len(options.files)
    with open_engine(options) as engine:
        rounds = Watch(options, engine)
        _LOGGER.info("watching %d sources for the lake %s; Ctrl-C or SIGTERM ends it", sources, options.lake)
        with HealthServer(health_address, routes) if health_address else nullcontext() as server:
            if server is not None:
                _LOGGER.info("answering probes and Prometheus at %s", server.url)

            def observe(found: Look) -> None:
                metrics.observe_next_round(found.next_at)
                if found.outcome is not None or found.error:
                    ended = Round(_outcome(found), not found.error, found.now, found.next_at)
                    health.note(ended)
                    summary = found.outcome.summary if found.outcome else None
                    metrics.observe_round(ended, summary, {state.feed: state for state in found.feeds})
                    for stage, seconds in found.seconds.items():
                        metrics.observe_stage(stage, seconds)
                _tell(found)
                if is_terminated():
                    raise KeyboardInterrupt  # the first one was raised where Python ignores it

            watch(rounds, observe)
    raise AssertionError("a watch ends by a signal")


def _outcome(found: Look) -> str:
    return str(found.outcome.status) if found.outcome else "failed"


def _tell(found: Look) -> None:
    """Log what a round did, and that a round failed."""
    if found.error:
        pause = (found.next_at - found.now).total_seconds()
        _LOGGER.error("the round failed, and nothing of it was added: %s; trying again in %d s", found.error, pause)
    elif found.outcome is not None:
        summary = found.outcome.summary
        _LOGGER.info("%s", in_one_line(summary), extra={"fields": {"summary": summary}})
        tell_of_failures(found.outcome)
