"""The commands of deploy/ ingest the sample: articles first, and nothing new an hour later."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from commandline import SAMPLE, run_here
from deploy_tools import DEPLOY, newslake_words

Command = Callable[[Path], list[str]]


def of_docker(folder: Path) -> list[str]:
    """Return the words of the single run that the README shows; the entrypoint is newslake."""
    readme = (DEPLOY / "docker/README.md").read_text(encoding="utf-8")
    return re.findall(r" newslake:[\d.]+ (run.*)", readme)[0].split()


def of_cron(folder: Path) -> list[str]:
    crontab = (DEPLOY / "cron/newslake").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^7 \* \* \* \* +newslake +(.*)$", crontab)
    line = line.replace(r"\%", "%").replace("/var/lib/newslake", str(folder))
    return newslake_words(line, folder)


def of_systemd(folder: Path) -> list[str]:
    unit = (DEPLOY / "systemd/newslake-run.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    return newslake_words(line.replace("$$", "$").replace("%%", "%"), folder)


def of_kubernetes(folder: Path) -> list[str]:
    job = yaml.safe_load((DEPLOY / "kubernetes/cronjob.yaml").read_text(encoding="utf-8"))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return [word.replace("$(JOB_NAME)", "newslake-run-29000000") for word in container["args"]]


@pytest.mark.parametrize("command", [of_docker, of_cron, of_systemd, of_kubernetes])
def test_the_command_ingests_the_sample_and_an_hour_later_nothing_new(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLAKE_CONFIG", str(SAMPLE / "newslake.toml"))
    name, *options = command(tmp_path)
    assert name == "run"
    later = [*options]
    if "--run-key" in options:
        later[later.index("--run-key") + 1] += "-later"
    found = [run_here(tmp_path / "lake", *words) for words in (options, later)]
    assert [summary["new"] for summary in found] == [40, 0]
    assert [summary["unchanged"] for summary in found] == [0, 44]
