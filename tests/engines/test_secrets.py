"""A submitted job holds no secret of the configuration, in no encoding that Beam uses."""

import base64
import binascii
import bz2
import re
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2 as job_api
from apache_beam.portability.api import beam_job_api_pb2_grpc
from engines.moments import Moments
from engines.targets import Ended, Target, run

SECRETS = {
    "FEED_TOKEN": "tok-7f3a91c2d4",
    "FEED_PASSWORD": "pass-5b8e02f6a1",
    "PROXY_PASSWORD": "proxy-c9d417e3b0",
}
CONFIG = """
[[feeds]]
url = "https://feeds.example/rss"
headers = {{ Authorization = "Bearer {FEED_TOKEN}" }}
proxy = "http://user:{PROXY_PASSWORD}@proxy.example:3128"

[[feeds]]
url = "https://feeds.example/atom"
user = "reader"
password = "{FEED_PASSWORD}"
"""
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


@dataclass
class Recorder(beam_job_api_pb2_grpc.JobServiceServicer):
    """A job server that keeps what is submitted, and refuses it."""

    submitted: list[bytes] = field(default_factory=list)

    def DescribePipelineOptions(self, request: Any, context: Any) -> Any:  # noqa: N802
        return job_api.DescribePipelineOptionsResponse()

    def Prepare(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.submitted.append(request.SerializeToString())
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "this server only records")


@contextmanager
def recording_server() -> Iterator[tuple[Recorder, str]]:
    server, recorder = grpc.server(ThreadPoolExecutor(2)), Recorder()
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(recorder, server)
    port = server.add_insecure_port("localhost:0")
    server.start()
    try:
        yield recorder, f"localhost:{port}"
    finally:
        server.stop(None).wait()


def layers(data: bytes) -> Iterator[bytes]:
    """Yield the bytes, and what is encoded or compressed in them, at every depth."""
    yield data
    for found in _BASE64.finditer(data):
        try:
            decoded = base64.b64decode(found[0])
        except binascii.Error:
            continue
        for unpack in (zlib.decompress, bz2.decompress):
            try:
                yield from layers(unpack(decoded))
            except (zlib.error, OSError, ValueError):
                continue


def submit(folder: Path, values: Mapping[str, str]) -> tuple[bytes, Ended]:
    """Submit a job whose configuration holds ``values``; return the job, unpacked."""
    config = folder / "newslake.toml"
    config.write_text(CONFIG.format(**values))
    with recording_server() as (recorder, endpoint):
        target = Target("recorder", ("--runner", "flink", "--job-endpoint", endpoint))
        environment = {**Moments(folder).environment, **SECRETS}
        ended = run(target.command(folder / "lake", "--config", config), environment)
    (job,) = recorder.submitted
    return b"\0".join(layers(job)), ended


@pytest.fixture(scope="module")
def by_name(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Ended]:
    return submit(tmp_path_factory.mktemp("by-name"), {name: f"${{{name}}}" for name in SECRETS})


@pytest.mark.parametrize("name", SECRETS)
def test_a_job_holds_the_name_of_a_secret_and_not_the_secret(name: str, by_name: tuple[bytes, Ended]) -> None:
    job, ended = by_name
    assert f"${{{name}}}".encode() in job
    assert SECRETS[name].encode() not in job
    assert "shows secrets" not in ended.err


def test_the_search_finds_secrets_that_the_configuration_spells_out(tmp_path: Path) -> None:
    """So the test above would find them too."""
    job, ended = submit(tmp_path, SECRETS)
    for secret in SECRETS.values():
        assert secret.encode() in job
        assert secret not in ended.err
    assert "shows secrets of 2 of 2 feeds" in ended.err
