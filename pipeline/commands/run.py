"""``newslake run``: run the pipeline once, and say what it did."""

import gc
import logging

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.exitcodes import EXIT_MEANING, UNCOMMITTED, ExitCode, exit_code, tried_sources
from newslake.pipeline.logs import is_json
from newslake.pipeline.report.preview import print_rows
from newslake.pipeline.report.summary import explained, report
from newslake.pipeline.run.once import run
from newslake.transforms.lake.commit import Outcome

_LOGGER = logging.getLogger("newslake")
_FAILURES_LOGGED = 20


def run_pipeline(options: RunOptions) -> ExitCode:
    """Run once, report the summary as ``options`` ask for it, and return the exit code.

    Raises UsageError, LakeError if the lake cannot be used, and OSError if the disk fails.
    """
    collect_garbage_rarely()
    outcome = run(options, preview=print_rows if options.summary != "json" else None)
    report(outcome, options)
    code = exit_code(outcome, options.max_failed_sources)
    if outcome.status in UNCOMMITTED:
        _LOGGER.error("%s%s", EXIT_MEANING[code], f" ({outcome.detail})" if outcome.detail else "")
    if outcome.failures:
        _tell_of_failed_sources(outcome, options)
    return code


def _tell_of_failed_sources(outcome: Outcome, options: RunOptions) -> None:
    """Log how many sources failed, and what the limit says of that.

    A run that prints no table logs each failure too.
    """
    if options.quiet or options.summary == "json" or is_json():
        tell_of_failures(outcome)
    failed, limit = outcome.summary["sources_failed"], options.max_failed_sources
    sources = tried_sources(outcome.summary)
    if limit is None and failed and outcome.has_source:
        _LOGGER.warning("%d of %d sources failed; --max-failed-sources 0 makes that exit code 4", failed, sources)
    elif limit is not None and limit.are_exceeded(failed, sources):
        _LOGGER.error("%d of %d sources failed, more than --max-failed-sources allows", failed, sources)


def tell_of_failures(outcome: Outcome) -> None:
    """Log the sources that failed, but not more than fit on a screen."""
    for failure in outcome.failures[:_FAILURES_LOGGED]:
        _LOGGER.warning("failed: %s", explained(failure))


def collect_garbage_rarely() -> None:
    """Tell Python to look for garbage rarely.

    Batches make and drop thousands of small objects, and Beam keeps hundreds of thousands. The
    search for garbage among them was measured at a fifth of the reading.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
