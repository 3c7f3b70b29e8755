"""Conditional requests, and the facts that answers tell for the state of a feed."""

import asyncio
import gzip
import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web
from feed_servers import FEED, NOTHING_SAID, Handler, answering, ask, served

from newslake.schemas.feed_state import AnswerFacts, Validators
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, NotModified, Postponed

TOKEN = "s3cret-0123456789"
SECRET = SourceSettings(headers=(("Authorization", f"Bearer {TOKEN}"),), secrets=("pass-word-1",))
HASH = hashlib.sha256(FEED).hexdigest()[:32]
KNOWN = Validators('W/"a-1"', "Mon, 02 Mar 2026 09:00:00 GMT", HASH)


def answer_of(handler: Handler, path: str = "/feed", settings: SourceSettings = NOTHING_SAID, **request: Any) -> Answer:
    async def run() -> Answer:
        async with served(handler) as url:
            [answer] = await ask(FeedRequest(url + path, settings, **request))
            return answer

    return asyncio.run(run())


def facts_of(handler: Handler, **request: Any) -> AnswerFacts:
    return answer_of(handler, **request).facts


class Recorder:
    """A handler that notes the requests, and answers the paths in ``answers`` by their handlers."""

    def __init__(self, **answers: Handler) -> None:
        self.seen: list[web.Request] = []
        self._answers = answers

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        return await self._answers.get(request.path.strip("/"), answering())(request)

    def sent(self, name: str) -> list[str | None]:
        return [request.headers.get(name) for request in self.seen]


@pytest.mark.parametrize("etag", ['"x"', 'W/"a-1"', "unquoted", '"gzip-gzip"', '""', '"é"', '"a,b"', "'x'", 'w/"x"'])
@pytest.mark.parametrize("date", ["Mon, 02 Mar 2026 09:00:00 GMT", "2.3.2026 9:00", "0", "Mon, 2 Mar 2026 9:00 +0100"])
def test_validators_come_back_byte_for_byte(etag: str, date: str) -> None:
    first = facts_of(answering(ETag=etag, Last_Modified=date)).validators
    assert first == Validators(etag, date, HASH)
    server = Recorder(feed=answering(b"", 304))
    assert isinstance(answer_of(server, validators=first).result, NotModified)
    assert (server.sent("If-None-Match"), server.sent("If-Modified-Since")) == ([etag], [date])
    assert server.seen[0].raw_headers[-2:] == (
        (b"If-None-Match", etag.encode()),
        (b"If-Modified-Since", date.encode()),
    )


def test_without_validators_nothing_is_asked_but_the_feed() -> None:
    server = Recorder()
    assert isinstance(answer_of(server, validators=Validators(body_hash="0" * 32)).result, FeedDocument)
    assert (server.sent("If-None-Match"), server.sent("If-Modified-Since")) == ([None], [None])


def test_a_304_keeps_the_validators_that_it_does_not_name() -> None:
    assert facts_of(answering(b"", 304), validators=KNOWN) == AnswerFacts(304, KNOWN)


def test_a_changed_etag_of_a_304_is_taken() -> None:
    assert facts_of(answering(b"", 304, ETag='"b"'), validators=KNOWN).validators == Validators(
        '"b"', KNOWN.last_modified, HASH
    )


def test_a_304_that_nothing_asked_for_is_a_failure() -> None:
    for validators in (Validators(), Validators(body_hash=HASH)):
        answer = answer_of(answering(b"", 304), validators=validators)
        assert isinstance(answer.result, Reject)
        assert (answer.result.reason, answer.facts.status) == (Reason.HTTP_STATUS, 304)
        assert "did not ask" in answer.result.detail


@pytest.mark.parametrize("body", [FEED, gzip.compress(FEED, mtime=0), gzip.compress(FEED, 1, mtime=7)])
def test_the_same_bytes_are_not_modified_whatever_the_validators_say(body: bytes) -> None:
    coding = "gzip" if body != FEED else "identity"
    answer = answer_of(answering(body, ETag='"new"', Content_Encoding=coding), validators=KNOWN)
    assert isinstance(answer.result, NotModified)
    assert answer.facts == AnswerFacts(200, Validators('"new"', None, HASH))


def test_another_body_is_a_document_whatever_the_validators_say() -> None:
    answer = answer_of(answering(FEED + b"\n", ETag=KNOWN.etag or ""), validators=KNOWN)
    assert isinstance(answer.result, FeedDocument)
    assert answer.facts.validators.body_hash not in ("", HASH)


def test_a_body_that_was_cut_off_leaves_no_validators() -> None:
    whole = gzip.compress(FEED * 1000)
    answer = answer_of(answering(whole[:-8], Content_Encoding="gzip", ETag='"a"', Last_Modified="x"))
    assert isinstance(answer.result, FeedDocument)
    assert answer.result.cut
    assert answer.facts.validators == Validators()


@pytest.mark.parametrize("status", [204, 403, 404, 410, 500])
def test_an_error_leaves_no_validators(status: int) -> None:
    facts = facts_of(answering(b"", status, ETag='"a"'), validators=KNOWN)
    assert facts == AnswerFacts(status)


@pytest.mark.parametrize(
    "echo", [f'"{TOKEN}"', f'W/"x-{TOKEN.lower()}"', '"pass-word-1"', '"of-the-url-1"', "x" * 1001]
)
def test_a_validator_with_a_secret_is_not_remembered(echo: str) -> None:
    facts = facts_of(answering(ETag=echo, Last_Modified=echo), path="/feed?token=of-the-url-1", settings=SECRET)
    assert facts.validators == Validators(body_hash=HASH)


@pytest.mark.parametrize("byte", [b"\xe9", b"\x01", b"\x7f"])
def test_a_validator_that_cannot_be_sent_back_is_not_remembered(byte: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "%s"\r\nContent-Length: %d\r\n\r\n%s' % (byte, len(FEED), FEED))
        writer.close()

    async def run() -> Answer:
        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            [answer] = await ask(FeedRequest(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", SECRET))
            return answer

    assert asyncio.run(run()).facts.validators == Validators(body_hash=HASH)


# Redirects


def redirect(target: str, status: int = 302) -> Handler:
    return answering(b"", status, Location=target)


def between(first: Recorder, second: Recorder, chain: Sequence[int], **request: Any) -> Answer:
    """Return the answer to /start of the first server, from which redirects lead to the second."""

    async def run() -> Answer:
        async with served(first) as first_url, served(second) as second_url:
            first._answers["start"] = redirect(f"{second_url}/feed", chain[0])
            for number, status in enumerate(chain[1:]):
                first._answers[f"hop{number}"] = redirect(f"{second_url}/feed", status)
                first._answers["start"] = redirect(f"{first_url}/hop{number}", chain[0])
            [answer] = await ask(FeedRequest(f"{first_url}/start", **{"settings": SECRET, **request}))
            return answer

    return asyncio.run(run())


def test_validators_and_secrets_stay_with_their_origin() -> None:
    first, second = Recorder(), Recorder(feed=answering(ETag='"b"'))
    answer = between(first, second, [302], validators=KNOWN)
    assert isinstance(answer.result, NotModified)  # its bytes are the same
    assert first.sent("If-None-Match") == [KNOWN.etag]
    for name in ("If-None-Match", "If-Modified-Since", "Authorization", "Cookie"):
        assert second.sent(name) == [None]
    assert answer.facts.validators == Validators(body_hash=HASH)  # they would go to the first


def test_a_304_of_another_origin_was_not_asked_for() -> None:
    answer = between(Recorder(), Recorder(feed=answering(b"", 304)), [301], validators=KNOWN)
    assert isinstance(answer.result, Reject)


def test_validators_go_on_within_the_origin() -> None:
    server = Recorder(start=redirect("/feed"), feed=answering(b"", 304))
    assert isinstance(answer_of(server, path="/start", validators=KNOWN, settings=SECRET).result, NotModified)
    assert server.sent("If-None-Match") == [KNOWN.etag] * 2
    assert server.sent("Authorization") == [f"Bearer {TOKEN}"] * 2


def test_cookies_are_not_kept() -> None:
    server = Recorder(start=answering(b"", 302, Location="/feed", Set_Cookie="id=1; Path=/"))
    answer_of(server, path="/start")
    assert server.sent("Cookie") == [None, None]


def test_the_credentials_of_the_url_stay_within_the_origin() -> None:
    async def run() -> None:
        first, second = Recorder(), Recorder()
        async with served(first) as first_url, served(second) as second_url:
            first._answers |= {"start": redirect(f"{first_url}/hop"), "hop": redirect(f"{second_url}/feed")}
            url = first_url.replace("http://", "http://reader:pa%20ss@")
            [answer] = await ask(FeedRequest(f"{url}/start", SourceSettings()))
        assert isinstance(answer.result, FeedDocument)
        assert first.sent("Authorization") == ["Basic cmVhZGVyOnBhIHNz"] * 2
        assert second.sent("Authorization") == [None]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("chain", "target"),
    [
        ([301], "/feed"),
        ([308], "/feed"),
        ([301, 308], "/feed"),
        ([302], None),
        ([307, 301], None),
        ([301, 302], "/hop0"),
    ],
)
def test_permanent_redirects_tell_where_the_feed_moved(chain: list[int], target: str | None) -> None:
    moved_to = between(Recorder(), Recorder(), chain).facts.moved_to
    assert moved_to is None if target is None else (moved_to or "").endswith(target)


@pytest.mark.parametrize("target", [f"/feed?x={TOKEN}", "/feed?token=abcdef", "http://u:p@127.0.0.1:{port}/feed"])
def test_a_target_with_a_secret_is_not_told(target: str) -> None:
    async def run() -> Answer:
        server = Recorder()
        async with served(server) as url:
            server._answers["start"] = redirect(target.format(port=url.rpartition(":")[2]), 301)
            [answer] = await ask(FeedRequest(f"{url}/start", SECRET))
            return answer

    answer = asyncio.run(run())
    assert isinstance(answer.result, FeedDocument)
    assert not answer.facts.moved_to or answer.facts.moved_to.endswith("/feed")
    assert TOKEN not in repr(answer.facts)
    assert "abcdef" not in repr(answer.facts)


def test_a_permanent_redirect_to_an_error_tells_no_move() -> None:
    facts = facts_of(Recorder(start=redirect("/gone", 301), gone=answering(b"", 404)), path="/start")
    assert facts == AnswerFacts(404)


def test_a_feed_that_moved_is_asked_at_its_address_without_the_secrets_of_its_own_url() -> None:
    async def run() -> tuple[Recorder, Recorder]:
        first, second = Recorder(), Recorder(feed=answering(b"", 304))
        async with served(first) as first_url, served(second) as second_url:
            request = FeedRequest(f"{first_url}/feed", SECRET, address=f"{second_url}/feed", validators=KNOWN)
            [answer] = await ask(request)
        assert isinstance(answer.result, NotModified)
        return first, second

    first, second = asyncio.run(run())
    assert first.seen == []
    assert (second.sent("If-None-Match"), second.sent("Authorization")) == ([KNOWN.etag], [None])


# Freshness and waits


def test_freshness_is_told_from_the_headers() -> None:
    assert facts_of(answering(Cache_Control="public, max-age=600", Age="100")).fresh_seconds == 500
    expires = {"Expires": "Mon, 02 Mar 2026 11:00:00 GMT", "Date": "Mon, 02 Mar 2026 10:30:00 GMT"}
    assert facts_of(answering(**expires)).fresh_seconds == 1800


@pytest.mark.parametrize("status", [200, 403, 429, 500, 503])
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("1.5", 2),
        ("-1", 0),
        ("soon", None),
        ("Mon, 02 Mar 2026 10:10:00 GMT", 600),
        ("Monday, 02-Mar-26 10:10:00 GMT", 600),
        ("Mon Mar  2 10:10:00 2026", 600),
        ("Mon, 02 Mar 2020 10:10:00 GMT", 0),
        ("9" * 400, 86_400),
    ],
)
def test_retry_after_is_told_with_every_status(status: int, told: str, seconds: int | None) -> None:
    date = "Mon, 02 Mar 2026 10:00:00 GMT"
    assert facts_of(answering(status=status, Retry_After=told, Date=date)).retry_after_seconds == seconds


def test_a_host_that_asks_to_wait_gets_no_further_request() -> None:
    async def run() -> list[Answer]:
        async with served(busy) as busy_url, served(other) as other_url:
            urls = [*(f"{busy_url}/{number}" for number in range(20)), f"{other_url}/feed"]
            return await ask(*(FeedRequest(url, SourceSettings()) for url in urls))

    busy = Recorder(**{str(number): answering(b"", 429, Retry_After="90") for number in range(20)})
    other = Recorder()
    answers = asyncio.run(run())
    assert 1 <= len(busy.seen) <= 2
    results = [answer.result for answer in answers]
    assert sum(result == Postponed(90) for result in results) == 20 - len(busy.seen)
    assert all(isinstance(result, Reject | Postponed) for result in results[:-1])
    assert isinstance(results[-1], FeedDocument)
    assert {answer.facts.retry_after_seconds for answer in answers if isinstance(answer.result, Reject)} == {90}


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_that_asks_to_wait_is_followed(status: int) -> None:
    server = Recorder(feed=answering(b"", status, Location="/other", Retry_After="90"))
    answer = answer_of(server)
    assert isinstance(answer.result, FeedDocument)
    assert answer.facts.retry_after_seconds is None


def test_a_host_that_asks_to_wait_for_nothing_is_asked_on() -> None:
    async def run() -> list[Answer]:
        async with served(server) as url:
            return await ask(*(FeedRequest(f"{url}/{number}", SourceSettings()) for number in range(5)))

    server = Recorder(**{str(number): answering(b"", 503, Retry_After="0") for number in range(5)})
    asyncio.run(run())
    assert len(server.seen) == 5
