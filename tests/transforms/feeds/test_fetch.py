"""The thread that fetches, with servers on loopback in a thread of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from aiohttp import web
from feed_servers import FEED, NOTHING_SAID, NOW, Handler, answering, served

from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, FetchLimits
from newslake.transforms.feeds.fetch import stream_answers


@contextmanager
def serving(handler: Handler) -> Iterator[str]:
    """Yield the URL of a server that runs in another thread."""
    loop, stop, started = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    urls: list[str] = []

    async def serve() -> None:
        async with served(handler) as url:
            urls.append(url)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def stream(urls: list[str], **limits: int) -> Iterator[Answer]:
    requests = [FeedRequest(url, NOTHING_SAID) for url in urls]
    return stream_answers(
        requests, user_agent="newslake-test", now=NOW, allow_private=True, limits=FetchLimits(**limits)
    )


def fetch_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "fetch-feeds"]


class Gate:
    """A handler that counts its requests. Those to /slow wait for ever."""

    def __init__(self) -> None:
        self.started = 0
        self.cancelled = threading.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.started += 1
        if request.path == "/slow":
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.set()
        return web.Response(body=FEED)


def test_every_request_is_answered() -> None:
    with serving(answering()) as url:
        answers = list(stream([f"{url}/{number}" for number in range(100)]))
    assert len({answer.request.location for answer in answers}) == 100
    assert all(isinstance(answer.result, FeedDocument) for answer in answers)
    assert fetch_threads() == []


def test_an_answer_comes_while_others_are_on_their_way() -> None:
    gate = Gate()
    with serving(gate) as url, closing(stream([f"{url}/slow", f"{url}/fast"])) as answers:
        assert next(answers).request.location == f"{url}/fast"


def test_a_caller_that_stops_ends_the_requests_at_once() -> None:
    gate = Gate()
    with serving(gate) as url:
        answers = stream([f"{url}/slow", f"{url}/fast"])
        next(answers)
        answers.close()  # type: ignore[attr-defined]
        assert fetch_threads() == []
        gate.cancelled.wait()


def test_an_exception_of_the_caller_ends_the_requests() -> None:
    gate = Gate()
    with serving(gate) as url, pytest.raises(KeyboardInterrupt):
        _interrupted(stream([f"{url}/slow", f"{url}/fast"]))
    assert gate.cancelled.wait()
    assert fetch_threads() == []


def _interrupted(answers: Iterator[Answer]) -> None:
    with closing(answers):  # type: ignore[type-var]
        for _ in answers:
            raise KeyboardInterrupt


def test_answers_that_nobody_takes_stop_new_requests() -> None:
    gate = Gate()
    with serving(gate) as url:
        answers = stream([f"{url}/{number}" for number in range(200)], concurrency=4, per_host=4)
        for taken, _ in enumerate(answers, start=1):
            assert gate.started <= taken + 16 + 4  # 16 wait to be taken, and 4 have a slot
    assert gate.started == 200


def test_it_works_beside_a_running_loop() -> None:
    async def notebook(url: str) -> list[Answer]:
        return list(stream([url]))

    with serving(answering()) as url:
        [answer] = asyncio.run(notebook(url))
    assert isinstance(answer.result, FeedDocument)


def test_an_error_of_the_program_is_raised_in_the_thread_of_the_caller() -> None:
    requests = [FeedRequest("http://127.0.0.1:1/", None)]  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        list(stream_answers(requests, user_agent="x", now=NOW))
    assert fetch_threads() == []


def test_no_requests_start_no_thread() -> None:
    assert list(stream([])) == []
