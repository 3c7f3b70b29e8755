"""The summary of a run, as a table for people and as JSON for programs."""

import io
import logging
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newslake.pipeline import logs
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.terminal import printable
from newslake.schemas import codec
from newslake.schemas.reject import REASON_MEANING, Reason
from newslake.schemas.tables import RunSummary
from newslake.transforms.lake.commit import Outcome, sentence
from newslake.transforms.lake.log import Failure

_LOGGER = logging.getLogger("newslake")

_FAILURES_SHOWN = 20
_NOTICES_SHOWN = 20
_COUNTS = ("new", "revised", "unchanged", "duplicates", "rejected")
_MARKED = {"new": "bold green", "rejected": "bold red"}
"""The styles of counts that are not 0."""
_TELLS_WHAT_TO_DO = frozenset(
    (Reason.NO_COLUMNS, Reason.NO_HEADER, Reason.NOT_ARTICLES, Reason.UNDECODABLE, Reason.MISSING_EXTRA)
)
"""The detail of such a reject says what to do in its case."""
_ADVICE: dict[str, str] = {
    **{str(reason): meaning for reason, meaning in REASON_MEANING.items() if reason not in _TELLS_WHAT_TO_DO},
    "quarantined": "too many of its articles were rejects; see why below, or take them with --max-reject-ratio 1",
}
_ARTICLES_QUERY = "SELECT date_published, publisher, headline FROM articles ORDER BY published_from DESC LIMIT 10"
_REJECTS_QUERY = "SELECT reason, source_uri, detail FROM rejects ORDER BY ingested_at DESC LIMIT 10"


class RunTotal(RunSummary, total=False):
    """The sum over the slices of a run.

    ``slices`` is their number; ``slices_skipped`` of the committed ones were committed before.
    """

    slices: int
    slices_committed: int
    slices_skipped: int


def report(outcome: Outcome, options: RunOptions) -> None:
    """Print the summary of a run: JSON on stdout, or a table on stderr.

    If the log is JSON, a log line with the field ``summary`` stands in for the table.
    ``options.quiet`` leaves out both.
    """
    if options.summary == "json":
        print(as_json(outcome.summary, outcome.status, is_repeated=outcome.is_repeated), flush=True)
    elif logs.is_json():
        fields = {"summary": {"status": outcome.status, **outcome.summary}}
        _LOGGER.info("run %s: %s", outcome.summary["run_id"], outcome.status, extra={"fields": fields})
    elif not options.quiet:
        told = human(
            outcome.summary,
            outcome.failures,
            lake=options.lake,
            dry_run=options.dry_run,
            is_repeated=outcome.is_repeated,
            is_terminal=sys.stderr.isatty(),
        )
        sys.stderr.write(told)
        sys.stderr.flush()


def as_json(summary: RunSummary, status: str, *, is_repeated: bool = False) -> str:
    """Return one line of JSON: the status, then the fields of the table ``runs``.

    ``repeated`` stands in it if an earlier run with the same key did all this.
    """
    repeated = {"repeated": True} if is_repeated else {}
    return codec.encode({"status": status, **repeated, **summary}).decode()


def in_one_line(summary: RunSummary) -> str:
    """Return the counts of a run that are not 0, as a line for a log."""
    counts = [f"{summary[name]:,} {name}" for name in _COUNTS if summary[name]]  # type: ignore[literal-required]
    sources = [f"{summary['sources_ok']:,} read"] if summary["sources_ok"] else []
    sources += [f"{summary['sources_failed']:,} failed"] if summary["sources_failed"] else []
    sources += [f"{summary['sources_quarantined']:,} quarantined"] if summary["sources_quarantined"] else []
    sources += [skipped] if (skipped := _skipped(summary)) else []
    told = ", ".join(counts) or "no articles"
    return f"run {summary['run_id']}: {told}; sources: {', '.join(sources) or '0'}; {summary['seconds']:.1f} s"


def human(
    summary: RunSummary,
    failures: Sequence[Failure] = (),
    *,
    lake: str,
    dry_run: bool = False,
    is_repeated: bool = False,
    is_terminal: bool = False,
) -> str:
    """Return the counts, the failures and the next commands; in colour if ``is_terminal``."""
    console = Console(file=io.StringIO(), force_terminal=is_terminal, highlight=False)
    _print(console, f"{'Dry run, nothing was written: ' if dry_run else ''}run {summary['run_id']}", "bold")
    if is_repeated:
        _print(console, "committed before under this run key; nothing was read again:", "bold")
    console.print(_counts(summary))
    if "slices" in (total := cast(RunTotal, summary)):
        before = f", {total['slices_skipped']:,} of them before" if total["slices_skipped"] else ""
        _print(console, f"slices: {total['slices_committed']:,} of {total['slices']:,} committed{before}")
    failed = f"{summary['sources_failed']:,} failed, {summary['sources_quarantined']:,} quarantined"
    sources = f"{summary['sources_ok']:,} read, {failed}"
    _print(console, f"sources: {sources}")
    if skipped := _skipped(summary):
        waiting = (summary["sources_not_due"] or 0) + (summary["sources_failed_before"] or 0)
        hint = "; newslake health tells when feeds are due, --all asks them now" if waiting else ""
        _print(console, f"not read: {skipped}{hint}")
    if summary["quarantined"]:
        _print(console, f"left out: {summary['quarantined']:,} articles of quarantined sources", "bold red")
    for failure in failures[:_FAILURES_SHOWN]:
        _print(console, f"failed: {explained(failure)}", "red")
    if len(failures) > _FAILURES_SHOWN:
        _print(console, f"and {len(failures) - _FAILURES_SHOWN:,} more, which --summary json names", "red")
    for notice in (notices := summary["notices"] or [])[:_NOTICES_SHOWN]:
        _print(console, f"notice: {notice}", "yellow")
    if len(notices) > _NOTICES_SHOWN:
        _print(console, f"and {len(notices) - _NOTICES_SHOWN:,} notices more, which --summary json names", "yellow")
    added = "would be added" if dry_run else "added"
    _print(
        console,
        f"files: {summary['files']:,} {added} to {lake} in {summary['seconds']:.1f} s "
        f"by the {summary['engine']} runner",
    )
    if not dry_run:
        if summary["read"] > summary["rejected"]:
            _print(console, f"next: {_sql(_ARTICLES_QUERY, lake)}", "cyan")
        if summary["rejected"] or summary["sources_failed"]:
            _print(console, f"why rejected: {_sql(_REJECTS_QUERY, lake)}", "cyan")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _skipped(summary: RunSummary) -> str:
    """Return which sources did not have to be read, or ""."""
    told = (
        (summary["sources_not_modified"], "not modified"),
        (summary["sources_not_due"], "not due yet"),
        (summary["sources_failed_before"], "failed before and waiting"),
        (summary["sources_known"], "known from an earlier run"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in told if count)


def _counts(summary: RunSummary) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=2, justify="right")
    table.add_column(min_width=10)
    table.add_column(justify="right")
    table.add_row("", "read", f"{summary['read']:,}")
    for sign, name in zip("=++++", _COUNTS, strict=True):
        count: int = summary[name]  # type: ignore[literal-required]
        table.add_row(sign, name, f"{count:,}", style=_MARKED.get(name) if count else None)
    return table


def explained(failure: Failure) -> str:
    """Return a sentence that says what failed, why, and what to do."""
    advice = _ADVICE.get(failure.reason)
    return f"{sentence(failure)}: {advice}" if advice else sentence(failure)


def _sql(query: str, lake: str) -> str:
    return shlex.join([*_command(), "sql", query, "--lake", lake])


def _command() -> list[str]:
    """Return the words that call newslake here, so that a printed command can be pasted."""
    beside_python = Path(sys.executable).with_name("newslake")
    if shutil.which("newslake"):
        return ["newslake"]
    return [os.path.relpath(beside_python)] if beside_python.exists() else [sys.executable, "-m", "newslake"]


def _print(console: Console, line: str, style: str = "") -> None:
    """Print one line, never wrapped or cut, without control characters of hostile names."""
    console.print(Text(printable(line), style), soft_wrap=True)
