"""A small HTTP server for probes and Prometheus: ``/healthz`` and ``/metrics``.

It runs in a thread of its own. It answers one request a connection, within a time limit, and holds
few connections, so that a slow or hostile client costs nothing. It asks no credentials, so it
listens on loopback unless an address says otherwise, and never names a source.

Fork workers before the server starts: a forked child has no thread that would answer.
"""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.report.rounds import Health
from newslake.schemas import codec

LOOPBACK = "127.0.0.1"
_REQUEST_SECONDS = 5.0
_MOST_HEAD_BYTES = 8_192
_MOST_CONNECTIONS = 32
_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
_FORM = "name HOST:PORT, :PORT or PORT, as in 127.0.0.1:9100 or [::1]:9100"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


Route = Callable[[], Answer]


def parse_address(word: str) -> tuple[str, int]:
    """Return the host and port of ``HOST:PORT``, ``:PORT`` or ``PORT``.

    Without a host it is loopback. Port 0 takes a free port. Raises ValueError.

    >>> parse_address("9100"), parse_address("[::1]:9100")
    (('127.0.0.1', 9100), ('::1', 9100))
    """
    host, _, port = word.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f"{word!r}: put an IPv6 address in brackets; {_FORM}")
    if not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise ValueError(f"{word!r} has no port from 0 to 65535; {_FORM}")
    return host or LOOPBACK, int(port)


def health_route(health: Health) -> Route:
    """Return the route that tells whether the process is healthy: 200, or 503 with a reason."""

    def answer() -> Answer:
        is_healthy, told = health.answer()
        return Answer(200 if is_healthy else 503, codec.encode(told) + b"\n", "application/json")

    return answer


class HealthServer:
    """Answers at its routes while the context is open; ``address`` is where it listens.

    The constructor raises UsageError if the address cannot be used. Routes are called in the
    thread of the server, and should be quick.
    """

    def __init__(self, address: tuple[str, int], routes: Mapping[str, Route]) -> None:
        self._routes = routes
        self._listener = _listen(*address)
        self.address: tuple[str, int] = self._listener.getsockname()[:2]
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        requests: dict[asyncio.Task[None], None] = {}  # in the order in which they came

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            if len(requests) == _MOST_CONNECTIONS:
                oldest = next(iter(requests))  # an honest client is done by now
                del requests[oldest]
                oldest.cancel()
            requests[task] = None
            try:
                await self._answer(reader, writer)
            except asyncio.CancelledError:
                writer.transport.abort()
                raise
            finally:
                requests.pop(task, None)
                writer.close()

        server = await asyncio.start_server(accept, sock=self._listener, limit=_MOST_HEAD_BYTES)
        await self._over.wait()
        server.close()
        for task in list(requests):
            task.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        await asyncio.sleep(0)  # lets the last transports close

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(_REQUEST_SECONDS):
                try:
                    head = await reader.readuntil(b"\r\n\r\n")
                except asyncio.IncompleteReadError as error:
                    if not error.partial:
                        return
                    head = b""
                except asyncio.LimitOverrunError:
                    head = None
                writer.write(self._response(head))
                await writer.drain()

    def _response(self, head: bytes | None) -> bytes:
        """Return the response to the head of a request; ``head`` None stands for one too long."""
        method, answer = "", Answer(431, b"the head of the request is too long\n")
        if head is not None:
            words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
            method = words[0]
            answer = self._route(words)
        lines = [
            f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {len(answer.body)}",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
            *(["Allow: GET, HEAD"] if answer.status == 405 else []),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if method == "HEAD" else answer.body)

    def _route(self, words: list[str]) -> Answer:
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return Answer(400, b"not a request of HTTP/1.1\n")
        method, target, _ = words
        if method not in ("GET", "HEAD"):
            return Answer(405, b"use GET or HEAD\n")
        route = self._routes.get(target.partition("?")[0])
        if route is None:
            return Answer(404, f"newslake answers at {' and '.join(self._routes)}\n".encode())
        return route()


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises UsageError."""
    try:
        kind = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=kind, backlog=_MOST_CONNECTIONS)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--health-address: newslake cannot listen at {host} port {port}: {_why(error)}; "
            "name a free port and an address of this machine"
        ) from error


def _why(error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.errno and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno)  # without the address, which Python adds to its message
    return str(error.strerror if isinstance(error, OSError) else error)
