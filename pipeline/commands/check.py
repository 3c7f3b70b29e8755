"""``newslake check``: ask each feed once, write nothing, and say what is wrong."""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.user_agent import user_agent
from newslake.pipeline.exitcodes import ExitCode
from newslake.pipeline.logs import tell
from newslake.pipeline.report.findings import Finding, Severity, can_be_read, findings, name_of
from newslake.pipeline.terminal import one_line, paragraph, width
from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, RawItem
from newslake.schemas.reject import Reject, hide_secrets
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest
from newslake.transforms.feeds.fetch import ask_feeds
from newslake.transforms.feeds.opml import expand_opml
from newslake.transforms.feeds.sandbox import FeedParser

_WIDTH_OF_PIPE = 100


def run_check(options: RunOptions, as_json: bool) -> int:
    """Ask the feeds of ``options``, print what is found of each, and return the exit code.

    The code is NO_SOURCE if a feed cannot be read. Raises OSError.
    """
    now = options.now or dt.datetime.now(dt.UTC).replace(microsecond=0)
    columns = width(_WIDTH_OF_PIPE)
    unread, checked = 0, 0
    with FeedParser() as parser:
        for answer in _answers(options, now):
            items = _items(parser, answer)
            found = findings(answer, items, now)
            checked += 1
            unread += not can_be_read(found)
            if as_json:
                print(codec.encode(told(answer, items, found)).decode(), flush=True)
            else:
                print("\n".join(human(answer, items, found, columns)), end="\n\n", flush=True)
    if not as_json:
        tell(f"{checked - unread:,} of {checked:,} feeds can be read")
    return ExitCode.NO_SOURCE if unread else ExitCode.COMMITTED


def _items(parser: FeedParser, answer: Answer) -> list[RawItem]:
    """Return the entries of an answer. Its rejects show no secrets of the request."""
    if not isinstance(answer.result, FeedDocument):
        return []
    settings = answer.request.settings
    secrets = settings.all_secrets
    items = parser.parse(answer.result)
    return [hide_secrets(item, secrets) if isinstance(item, Reject) else item for item in items]


def told(answer: Answer, items: Sequence[RawItem], found: Sequence[Finding]) -> dict[str, Any]:
    """Return what is found of one feed as JSON values."""
    return {
        "feed": name_of(answer),
        "can_be_read": can_be_read(found),
        "status": answer.facts.status,
        "entries": sum(isinstance(item, RawArticle) for item in items),
        "findings": [{"level": one.level, "what": one.what, "advice": one.advice} for one in found],
    }


def human(answer: Answer, items: Sequence[RawItem], found: Sequence[Finding], columns: int) -> Iterator[str]:
    """Yield the lines of one feed for people."""
    yield one_line(name_of(answer))
    entries = sum(isinstance(item, RawArticle) for item in items)
    count = "1 entry" if entries == 1 else f"{entries:,} entries"
    verdict = f"can be read: {count}" if can_be_read(found) else "cannot be read"
    yield f"  {verdict}{'' if any(one.level is not Severity.NOTE for one in found) else ', nothing is wrong'}"
    for one in found:
        yield from paragraph(f"{one.level}: {one_line(one.what)}", columns, indent="  ")
        if one.advice:
            yield from paragraph(f"what to do: {one_line(one.advice)}", columns, indent="    ")


def _answers(options: RunOptions, now: dt.datetime) -> Iterator[Answer]:
    """Yield an answer for each feed, and for each list and address that cannot be used."""
    requests = [FeedRequest(feed.location, feed.settings) for feed in options.feeds]
    requests += [FeedRequest(file.glob, file.settings) for file in options.files if file.is_feed]
    lists = {opml.location: FeedRequest(opml.location, opml.settings) for opml in options.opml}
    for answer in _ask(list(lists.values()), options, now):
        if not isinstance(answer.result, FeedDocument):
            yield answer
            continue
        document = answer.result
        settings = lists[answer.request.location].settings
        for one in expand_opml(document.body, source_uri=document.source_uri, settings=settings):
            if isinstance(one, Reject):
                yield Answer(answer.request, one)
            else:
                requests.append(one)
    yield from _ask(requests, options, now)


def _ask(requests: Sequence[FeedRequest], options: RunOptions, now: dt.datetime) -> Iterator[Answer]:
    """Yield the answer to each request, in full: no validators are sent."""
    private, asked = options.allow_private_addresses, [request.filled_in(os.environ) for request in requests]
    return ask_feeds(asked, _open, user_agent=user_agent(options.contact), now=now, allow_private=private)


def _open(path: str) -> BinaryIO:
    return Path(path).open("rb")
