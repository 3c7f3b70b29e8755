"""The engines of these tests. They take minutes: `make test-engines` sets NEWSLAKE_ENGINES=1."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import servers
from engines.inputs import write_inputs
from engines.moments import Moments
from engines.servers import JobServer
from engines.targets import Target

collect_ignore_glob = [] if os.environ.get("NEWSLAKE_ENGINES") == "1" else ["test_*.py"]


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the servers' logs."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Moments:
    """The moments of which the workers of the cluster know. A test plans them anew."""
    return Moments(tmp_path_factory.mktemp("moments"))


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The patterns of the files of two runs, one after the other."""
    folder = tmp_path_factory.mktemp("inputs")
    return [write_inputs(folder / str(number), number) for number in range(2)]


@pytest.fixture(scope="session")
def local() -> Target:
    return Target("local")


@pytest.fixture(scope="session")
def local_2() -> Target:
    return Target("local, 2 workers", ("--workers", "2"))


@pytest.fixture(scope="session")
def prism() -> Target:
    return Target("prism", ("--runner", "prism", "--prism-location", str(servers.build_prism())))


@pytest.fixture(scope="session")
def flink(logs: Path) -> Iterator[Target]:
    """Flink inside of a job server, with the worker in the command."""
    with servers.embedded_flink(servers.build_jars(), logs) as server:
        yield Target("flink", _flink_options(server, workers=1), server=server)


@pytest.fixture(scope="session")
def cluster(logs: Path, moments: Moments) -> Iterator[Target]:
    """A Flink of two TaskManagers, with workers of a pool."""
    with servers.flink_cluster(servers.build_jars(), logs, moments.environment) as (server, pool):
        pooled = ("--environment_type=EXTERNAL", f"--environment_config=localhost:{pool}")
        yield Target("cluster", _flink_options(server, workers=2), pooled, server)


def _flink_options(server: JobServer, workers: int) -> tuple[str, ...]:
    return ("--runner", "flink", "--job-endpoint", server.endpoint, "--workers", str(workers))
