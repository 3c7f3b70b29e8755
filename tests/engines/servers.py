"""Prism and Flink for the tests: built into a cache, started by the scripts of deploy/flink.

All servers listen at free ports of 127.0.0.1, and end with the context that started them.
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam
import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2 as job_api
from apache_beam.portability.api import beam_job_api_pb2_grpc

FLINK = Path(__file__).parents[2] / "deploy/flink"
_CACHE = Path(os.environ.get("NEWSLAKE_ENGINES_CACHE", "~/.cache/newslake-engines")).expanduser()
_PRISM = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{apache_beam.__version__}"

_START_SECONDS = 120.0
_END_SECONDS = 20.0
_POLL_SECONDS = 0.1


def build_prism() -> Path:
    """Return the path of Prism. The test is skipped if there is no Go."""
    program = _CACHE / f"prism-{apache_beam.__version__}" / "prism"
    if not program.exists():
        _need("go")
        with _drafted(program.parent) as folder:
            _build(["go", "install", _PRISM], env={**os.environ, "GOBIN": str(folder)})
    return program


def build_jars() -> Path:
    """Return the folder of Flink's jars. The test is skipped if there is no Java or no Maven."""
    _need("java")
    sources = sorted(file for file in (FLINK / "pom.xml", *(FLINK / "src").rglob("*")) if file.is_file())
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:16]
    built = _CACHE / f"flink-{digest}"
    if not built.exists():
        _need("mvn")
        _need("javac")
        with _drafted(built) as folder:
            shutil.copytree(FLINK / "src", folder / "src")
            shutil.copy(FLINK / "pom.xml", folder)
            _build(["mvn", "-q", "-B", "-f", str(folder / "pom.xml"), "package"])
    return built / "jars"


def _need(tool: str) -> None:
    if shutil.which(tool) is not None:
        return
    if os.environ.get("NEWSLAKE_REQUIRE_ENGINES") == "1":
        pytest.fail(f"{tool} is not on PATH, and NEWSLAKE_REQUIRE_ENGINES is 1")
    pytest.skip(f"{tool} is not on PATH")


@contextmanager
def _drafted(folder: Path) -> Iterator[Path]:
    """Yield a new folder, which becomes ``folder`` if all goes well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        yield Path(draft, "new")
        with suppress(FileExistsError, OSError):  # another test process was first
            Path(draft, "new").rename(folder)


def _build(command: Sequence[str], **options: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nothing uses now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@dataclass(frozen=True, slots=True)
class Server:
    """A process of a script of deploy/flink, in a session of its own, with its log."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Wait until ``is_ready`` says so, or fail with the end of the log."""
        limit = time.monotonic() + _START_SECONDS
        while not is_ready():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_POLL_SECONDS)
                pytest.fail(f"{self.log.name}: the process ended\n{self.told()[-3000:]}")
            if time.monotonic() > limit:
                pytest.fail(f"{self.log.name}: not ready after {_START_SECONDS} s\n{self.told()[-3000:]}")

    def told(self) -> str:
        """Return the log so far."""
        return self.log.read_text(errors="replace")


@contextmanager
def script(name: str, logs: Path, settings: Mapping[str, object], label: str = "") -> Iterator[Server]:
    """Run a script of deploy/flink with settings in its environment, until the context closes."""
    log = logs / f"{label or name}.log"
    environment = {**os.environ, **{key: str(value) for key, value in settings.items()}}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [FLINK / f"{name}.sh"], stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        yield Server(process, log)
    finally:
        end_group(process)


def end_group(process: "subprocess.Popen[Any]") -> None:
    """End a process that leads a process group, and all others of the group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
    process.wait()


class JobServer:
    """A running job server. ``is_cluster`` tells whether ``rest`` is the address of its cluster."""

    def __init__(self, endpoint: str, server: Server, rest: str = "") -> None:
        self.endpoint = endpoint
        self.rest = rest
        self._server = server

    def wait_until_ready(self) -> None:
        self._server.wait_until(self._answers)

    def jobs(self) -> dict[str, str]:
        """Return the state of each job that was submitted, as the Job API tells it."""
        with grpc.insecure_channel(self.endpoint) as channel:
            told = beam_job_api_pb2_grpc.JobServiceStub(channel).GetJobs(job_api.GetJobsRequest(), timeout=30)
        return {job.job_id: job_api.JobState.Enum.Name(job.state) for job in told.job_info}

    def flink_jobs(self) -> dict[str, str]:
        """Return the state of each job in Flink.

        A cluster tells it by REST. The embedded Flink ends with its job, and leaves its log.
        """
        if self.rest:
            return {job["jid"]: job["state"] for job in ask(self.rest, "/jobs/overview")["jobs"]}
        states = {}
        for line in self._server.told().splitlines():
            if " switched from state " in line and "ExecutionGraph - Job " in line:
                job, _, change = line.partition("ExecutionGraph - Job ")[2].partition(" switched from state ")
                states[job.rpartition("(")[2].rstrip(")")] = change.rpartition(" to ")[2].rstrip(".")
        return states

    def wait_until_idle(self) -> None:
        """Wait until no job is left running in Flink."""
        self._server.wait_until(lambda: set(self.flink_jobs().values()) <= {"FINISHED", "FAILED", "CANCELED"})

    def _answers(self) -> bool:
        try:
            self.jobs()
        except grpc.RpcError:
            return False
        return True


def ask(address: str, path: str) -> Any:
    """Return what Flink's REST API answers."""
    with urllib.request.urlopen(f"http://{address}{path}", timeout=30) as answer:
        return json.load(answer)


@contextmanager
def embedded_flink(jars: Path, logs: Path) -> Iterator[JobServer]:
    """Start a job server with Flink inside."""
    with _job_server(jars, logs, "[local]", "embedded") as server:
        yield server


@contextmanager
def flink_cluster(jars: Path, logs: Path, environment: Mapping[str, str]) -> Iterator[tuple[JobServer, int]]:
    """Start a cluster of two TaskManagers, and yield its job server and the port of its pool.

    ``environment`` is that of the workers.
    """
    manager, blobs, rest, pool = free_ports(4)
    common = {"FLINK_JARS": jars, "JOB_MANAGER_PORT": manager, "JOB_MANAGER_HOST": "127.0.0.1"}
    ports = {**common, "BLOB_PORT": blobs, "REST_PORT": rest}
    workers = {**common, "TASK_MANAGER_HOST": "127.0.0.1"}
    address = f"127.0.0.1:{rest}"
    with (
        script("worker-pool", logs, {**environment, "PYTHON": sys.executable, "POOL_PORT": pool}) as pools,
        script("job-manager", logs, ports) as job_manager,
        script("task-manager", logs, {**workers, "TASK_MANAGER_ID": "one"}, "task-manager-one") as one,
        script("task-manager", logs, {**workers, "TASK_MANAGER_ID": "two"}, "task-manager-two") as two,
        _job_server(jars, logs, address, "job-server") as server,
    ):
        pools.wait_until(lambda: _listens(pool))
        job_manager.wait_until(lambda: _listens(rest))
        for task_manager in (one, two):
            task_manager.wait_until(lambda: len(ask(address, "/taskmanagers")["taskmanagers"]) == 2)
        server.rest = address
        yield server, pool


@contextmanager
def _job_server(jars: Path, logs: Path, master: str, label: str) -> Iterator[JobServer]:
    port, artifacts, expansion = free_ports(3)
    settings = {
        "FLINK_JARS": jars,
        "FLINK_MASTER": master,
        "JOB_PORT": port,
        "ARTIFACT_PORT": artifacts,
        "EXPANSION_PORT": expansion,
        "ARTIFACTS_DIR": logs / f"{label}-artifacts",
    }
    with script("job-server", logs, settings, label) as server:
        job_server = JobServer(f"localhost:{port}", server)
        job_server.wait_until_ready()
        yield job_server


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
