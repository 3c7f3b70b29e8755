"""Exit codes, and the error that leads to exit code 2."""

import difflib
from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from newslake.schemas.errors import NewslakeError

if TYPE_CHECKING:
    from newslake.pipeline.config.failed_sources import FailedSources
    from newslake.schemas.tables import RunSummary
    from newslake.transforms.lake.commit import Outcome


class ExitCode(IntEnum):
    """The exit code of a command; EXIT_MEANING says each in words."""

    COMMITTED = 0
    INTERNAL_ERRORS = 1
    USAGE = 2
    NO_SOURCE = 3
    QUARANTINED = 4
    ACCOUNTING = 5
    BUSY = 75
    """EX_TEMPFAIL of sysexits.h: the same command may succeed later."""
    INTERRUPTED = 130
    """128 + SIGINT, as shells report it."""
    BROKEN_PIPE = 141
    """128 + SIGPIPE, as shells report it."""
    TERMINATED = 143
    """128 + SIGTERM, as shells report it."""


EXIT_MEANING: dict[ExitCode, str] = {
    ExitCode.COMMITTED: "done: what was read is in the lake",
    ExitCode.INTERNAL_ERRORS: "an error of newslake or of the machine; "
    "if it hit single articles only, the rest is in the lake",
    ExitCode.USAGE: "the command or its configuration is wrong; nothing was done",
    ExitCode.NO_SOURCE: "no source could be used; no article was added",
    ExitCode.QUARANTINED: "a source was left out because too many of its articles are rejects, "
    "or more sources failed than --max-failed-sources allows; the rest is in the lake",
    ExitCode.ACCOUNTING: "the counts do not add up; nothing was added",
    ExitCode.BUSY: "the lake is busy; nothing was added: run again later",
    ExitCode.INTERRUPTED: "interrupted; what was not committed is not in the lake",
    ExitCode.BROKEN_PIPE: "whoever read the output closed it",
    ExitCode.TERMINATED: "ended by SIGTERM; what was not committed is not in the lake",
}


UNCOMMITTED = {
    "no_source": ExitCode.NO_SOURCE,
    "unbalanced": ExitCode.ACCOUNTING,
    "busy": ExitCode.BUSY,
}


"""The statuses of runs that added nothing, with their exit codes."""


def exit_code(outcome: "Outcome", limit: "FailedSources | None" = None) -> ExitCode:
    """Return the exit code of a run that ended with ``outcome``.

    ``limit`` is how many sources may fail; None sets no limit.
    """
    if outcome.status in UNCOMMITTED:
        return UNCOMMITTED[outcome.status]
    if outcome.status == "previewed" and not outcome.has_source:
        return ExitCode.NO_SOURCE
    if outcome.summary["internal_errors"]:
        return ExitCode.INTERNAL_ERRORS
    failed, quarantined = outcome.summary["sources_failed"], outcome.summary["sources_quarantined"]
    is_over = limit is not None and limit.are_exceeded(failed, tried_sources(outcome.summary))
    return ExitCode.QUARANTINED if quarantined or is_over else ExitCode.COMMITTED


def tried_sources(summary: "RunSummary") -> int:
    """Return how many sources a run tried, those included that had not changed."""
    tried = summary["sources_ok"] + summary["sources_failed"] + summary["sources_quarantined"]
    return tried + (summary["sources_not_modified"] or 0) + (summary["sources_known"] or 0)


class UsageError(NewslakeError):
    """A wrong command, argument or configuration; it ends with exit code 2.

    The message says where the mistake is, what is wrong, and what to do.
    """


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ", did you mean ...?" with the known name nearest to ``word``, or "" if no name is
    near.

    >>> nearest("publsher", ["publisher", "country"])
    ", did you mean 'publisher'?"
    """
    found = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {found[0]!r}?" if found else ""


def unknown_option(flag: str, known: Iterable[str], kind: str = "option") -> UsageError:
    """Return the error about an option that does not exist, with the nearest option that does.

    >>> unknown_option("--fedes", ["--feeds", "--files"])
    UsageError('unknown option --fedes: did you mean --feeds?')
    """
    if flag in ("--near-jaccard", "--near-containment"):
        return UsageError(f"{flag} is gone: what is a near-duplicate can no longer be set, see docs/duplicates.md")
    found = difflib.get_close_matches(flag, list(known), n=1)
    return UsageError(f"unknown {kind} {flag}" + (f": did you mean {found[0]}?" if found else ""))
