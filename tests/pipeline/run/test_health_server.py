"""The server for probes and Prometheus, over real sockets."""

import contextlib
import datetime as dt
import http.client
import json
import socket
import threading
from collections.abc import Iterator

import pytest

from newslake.pipeline.config.checks import health_address
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.report.metrics import CONTENT_TYPE, Metrics
from newslake.pipeline.report.rounds import Health, Round
from newslake.pipeline.run.health_server import HealthServer, Response, health_route

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@pytest.fixture
def health() -> Health:
    return Health(failed_rounds=1)


@pytest.fixture
def server(health: Health) -> Iterator[HealthServer]:
    metrics = Metrics()
    routes = {"/healthz": health_route(health), "/metrics": lambda: Response(200, metrics.text(), CONTENT_TYPE)}
    with HealthServer(("127.0.0.1", 0), routes) as opened:
        yield opened


def ask(server: HealthServer, method: str, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*server.address)
    with contextlib.closing(connection):
        connection.request(method, path)
        response = connection.getresponse()
        return response, response.read()


def send(server: HealthServer, data: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes."""
    with socket.create_connection(server.address) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def test_health_is_200_until_rounds_fail(server: HealthServer, health: Health) -> None:
    response, body = ask(server, "GET", "/healthz")
    assert (response.status, json.loads(body)["status"]) == (200, "starting")
    health.note(Round("failed", False, NOW))
    response, body = ask(server, "GET", "/healthz?verbose")
    assert (response.status, response.getheader("Content-Type")) == (503, "application/json")
    assert json.loads(body)["reason"].startswith("the last 1 rounds failed")
    health.note(Round("committed", True, NOW))
    assert ask(server, "GET", "/healthz")[0].status == 200


def test_metrics_are_in_the_form_of_prometheus(server: HealthServer) -> None:
    response, body = ask(server, "GET", "/metrics")
    assert response.getheader("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    assert b"# TYPE newslake_articles_total counter" in body


def test_head_has_the_length_and_no_body(server: HealthServer) -> None:
    response, body = ask(server, "HEAD", "/healthz")
    assert response.status == 200
    assert int(response.getheader("Content-Length") or 0) > 10
    assert body == b""
    assert send(server, b"HEAD /healthz HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\n")


@pytest.mark.parametrize("path", ["/", "/metric", "/healthz/", "/../etc/passwd"])
def test_another_path_is_404_with_a_hint(server: HealthServer, path: str) -> None:
    response, body = ask(server, "GET", path)
    assert (response.status, body) == (404, b"newslake answers at /healthz and /metrics\n")


@pytest.mark.parametrize(
    "data",
    [
        b"POST /healthz HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",  # a client that speaks TLS
        b"GET\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_harms_nobody(server: HealthServer, data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(ConnectionError):  # the server does not read a long head to its end
        assert b"status" not in send(server, data)
    assert ask(server, "GET", "/healthz")[0].status == 200
    assert capfd.readouterr().err == ""


def test_a_client_that_says_nothing_gets_nothing(server: HealthServer) -> None:
    assert send(server, b"") == b""


def test_many_slow_clients_keep_nobody_out(server: HealthServer) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(100):
            slow = open_ones.enter_context(socket.create_connection(server.address))
            slow.sendall(b"GET /healthz HT")
        assert ask(server, "GET", "/healthz")[0].status == 200


def test_many_clients_at_once_are_all_answered(server: HealthServer) -> None:
    statuses: list[int] = []

    def note() -> None:
        statuses.append(ask(server, "GET", "/metrics")[0].status)

    threads = [threading.Thread(target=note) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 20


def test_it_stops_at_once_and_frees_its_port(health: Health) -> None:
    with HealthServer(("127.0.0.1", 0), {"/healthz": health_route(health)}) as server:
        waiting = socket.create_connection(server.address)
        ask(server, "GET", "/healthz")  # after it, the server has met the waiting client
    waiting.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address)
    with HealthServer(server.address, {}):
        pass


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("9100", ("127.0.0.1", 9100)),
        (":9100", ("127.0.0.1", 9100)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100)),
        ("[::1]:9100", ("::1", 9100)),
        ("localhost:0", ("localhost", 0)),
        (" metrics.example.org:80 ", ("metrics.example.org", 80)),
    ],
)
def test_an_address_without_a_host_is_loopback(word: str, address: tuple[str, int]) -> None:
    assert health_address(word) == address


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", "not empty"),
        ("localhost", "has no port"),
        ("localhost:", "has no port"),
        ("localhost:http", "has no port"),
        (":65536", "has no port from 0 to 65535"),
        (":-1", "has no port"),
        (":٣", "has no port"),
        ("::1:9100", "put an IPv6 address in brackets"),
        ("http://localhost:9100", "put an IPv6 address in brackets|name HOST:PORT"),
    ],
)
def test_a_bad_address_is_told(word: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        health_address(word)


def test_a_busy_address_is_told(server: HealthServer) -> None:
    with pytest.raises(UsageError, match=r"cannot listen at 127\.0\.0\.1 port \d+: Address already in use; name a"):
        HealthServer(server.address, {})


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "*", "a" * 70 + ".org", "2001:db8::1"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(UsageError, match="--health-address: newslake cannot listen at"):
        HealthServer((host, 0), {})
