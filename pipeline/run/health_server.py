"""A small HTTP server for probes and Prometheus: ``/healthz`` and ``/metrics``.

It answers one request a connection, within a time limit, so that a slow client costs little. It
asks no credentials, so it listens on loopback unless an address says otherwise. It never names a
source.

Fork workers before the server starts: a forked child has no thread that would answer.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.report.rounds import Health
from newslake.schemas import codec

_REQUEST_SECONDS = 5.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


Route = Callable[[], Response]


def health_route(health: Health) -> Route:
    """Return the route that tells whether the process is healthy: 200, or 503 with a reason."""

    def answer() -> Response:
        is_healthy, told = health.answer()
        return Response(200 if is_healthy else 503, codec.encode(told) + b"\n", "application/json")

    return answer


class HealthServer:
    """Answers at its routes while the context is open; ``address`` is where it listens.

    The constructor raises UsageError if the address cannot be used. Routes are called in threads of
    the server, and should be quick.
    """

    def __init__(self, address: tuple[str, int], routes: Mapping[str, Route]) -> None:
        self._server = _listen(*address)
        self._server.routes = routes
        self.address: tuple[str, int] = self._server.socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)

    @property
    def url(self) -> str:
        """The URL of the server, before the path of a route."""
        host, port = self.address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    block_on_close = False  # a client that is slow to close must not hold the process
    request_queue_size = 128
    routes: Mapping[str, Route]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that break off."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _REQUEST_SECONDS
    server_version, sys_version = "newslake", ""

    def do_GET(self) -> None:
        """Send the answer of the route."""
        assert isinstance(self.server, _Server)
        route = self.server.routes.get(self.path.partition("?")[0])
        hint = f"newslake answers at {' and '.join(self.server.routes)}\n".encode()
        answer = Response(404, hint) if route is None else route()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815 (the name that the class calls)

    def log_message(self, *_: object) -> None:
        """Log nothing: probes come every few seconds."""


def _listen(host: str, port: int) -> _Server:
    """Return a listening server. Raises UsageError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        server: type[_Server] = type("_Server", (_Server,), {"address_family": found[0][0]})
        return server((host, port), _Handler)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--health-address: newslake cannot listen at {host} port {port}: {_why(error)}; "
            "name a free port and an address of this machine"
        ) from error


def _why(error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.errno and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno)  # without the address, which Python adds to its message
    return str(error.strerror if isinstance(error, OSError) else error)
