"""``newslake.run``: a run as a function call, with its result as an object."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from newslake.pipeline.config import checks
from newslake.pipeline.config.checks import path_text, path_texts
from newslake.pipeline.config.failed_sources import FailedSources
from newslake.pipeline.config.file import as_config
from newslake.pipeline.config.run_options import settle
from newslake.pipeline.exitcodes import ExitCode, UsageError, exit_code
from newslake.pipeline.options import FLINK, check_beam_options, check_options
from newslake.transforms.lake.commit import Outcome, Status

Path = str | os.PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What one run did: how it ended, and the fields of its row in the table ``runs``.

    ``status`` is committed, previewed (a dry run), no_source, unbalanced or busy. The last three
    added nothing, and ``detail`` says why. If a run with the same key was committed before, this is
    the result of that run, and ``is_repeated`` says so. ``exit_code`` is what the command line ends
    with. ``slices`` counts the commits of a large run. ``slices_skipped`` of them were committed
    before.
    """

    status: str
    exit_code: ExitCode
    detail: str
    run_id: str
    run_key: str
    started_at: str
    read: int
    new: int
    revised: int
    unchanged: int
    duplicates: int
    rejected: int
    quarantined: int
    sources_ok: int
    sources_failed: int
    sources_quarantined: int
    failures: tuple[str, ...]
    seconds: float
    files: int
    engine: str
    pipeline_version: str
    near_candidates: int | None
    near_verified: int | None
    near_dropped: int | None
    internal_errors: int | None
    notices: tuple[str, ...] = ()
    sources_not_modified: int | None = None
    sources_not_due: int | None = None
    sources_failed_before: int | None = None
    sources_known: int | None = None
    sources_read_slowly: int | None = None
    is_repeated: bool = False
    slices: int = 1
    slices_committed: int = 1
    slices_skipped: int = 0

    @property
    def is_committed(self) -> bool:
        """Tell whether the lake holds this run, or an earlier run with the same key."""
        return self.status == Status.COMMITTED


def run(
    config: Path | Mapping[str, Any] | None = None,
    *,
    lake: Path | None = None,
    feeds: Sequence[Path] = (),
    files: Sequence[Path] = (),
    fields: Mapping[str, str] | None = None,
    runner: str | None = None,
    workers: int | None = None,
    prism_location: Path | None = None,
    job_endpoint: str | None = None,
    run_key: str | None = None,
    now: dt.datetime | str | None = None,
    dry_run: bool = False,
    limit: int | None = None,
    slice_articles: int | None = None,
    wait: float | str | None = None,
    max_reject_ratio: float | None = None,
    max_failed_sources: int | str | None = None,
    near_duplicates: str | None = None,
    dedup_window: int | None = None,
    compression: str | None = None,
    partition: str | None = None,
    allow_private_addresses: bool | None = None,
    every: float | str | None = None,
    all: bool = False,  # noqa: A002 (the name of the option)
    skip_known: bool = False,
    quiet: bool = True,
    beam_options: Sequence[str] = (),
) -> RunResult:
    """Read the sources once, commit what is new to the lake, and return what the run did.

    Each argument is the option of ``newslake run`` of the same name, with the same default.
    ``config`` is the path of a configuration file, or a mapping with the same keys. ``feeds`` and
    ``files`` replace its sources. ``fields`` maps columns to fields, as ``--field`` does.
    Environment variables fill in ``${NAME}`` in headers; nothing else is read from the environment.
    ``quiet=False`` shows progress on stderr.

    A run that committed nothing is a result too: see RunResult.is_committed. Nothing is printed on
    stdout, and the process never exits. Raises UsageError for a wrong argument or configuration,
    LakeError if the lake cannot be used, and OSError if the disk fails.

    With more than one worker, the run has a process of its own, which forks the workers.
    """
    given = check_options(
        {
            "runner": runner,
            "workers": workers,
            "prism_location": None if prism_location is None else path_text("prism_location", prism_location),
            "job_endpoint": job_endpoint,
            "run_key": run_key,
            "now": now,
            "dry_run": dry_run,
            "limit": limit,
            "slice_articles": slice_articles,
            "wait": wait,
            "max_reject_ratio": max_reject_ratio,
            "max_failed_sources": max_failed_sources,
            "near_duplicates": near_duplicates,
            "dedup_window": dedup_window,
            "compression": compression,
            "partition": partition,
            "allow_private_addresses": allow_private_addresses,
            "every": every,
            "all": all,
            "skip_known": skip_known,
            "quiet": quiet,
            "summary": "json",
        }
    )
    options = settle(
        as_config(config, os.environ),
        lake=None if lake is None else path_text("lake", lake),
        feeds=path_texts("feeds", feeds),
        files=path_texts("files", files),
        fields=_fields(fields or {}),
        given=given,
        beam_options=beam_options,
    )
    if beam_options and options.runner != FLINK:
        check_beam_options(beam_options)
    if options.workers > 1:
        from newslake.pipeline.run.child import run_in_child

        return _result(run_in_child(options), options.max_failed_sources)
    from newslake.pipeline.run.once import run as run_once  # loads Beam: a wrong argument is told at once

    return _result(run_once(options), options.max_failed_sources)


def _fields(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return pairs (column, field). Raises UsageError."""
    try:
        return cast(tuple[tuple[str, str], ...], checks.fields_of_columns(given))
    except ValueError as error:
        raise UsageError(f"fields: {error}") from None


def _result(outcome: Outcome, limit: FailedSources | None) -> RunResult:
    summary: dict[str, Any] = dict(outcome.summary)
    failures, notices = tuple(summary.pop("failures")), tuple(summary.pop("notices") or ())
    return RunResult(
        status=str(outcome.status),
        exit_code=exit_code(outcome, limit),
        detail=outcome.detail,
        failures=failures,
        notices=notices,
        is_repeated=outcome.is_repeated,
        **summary,
    )
