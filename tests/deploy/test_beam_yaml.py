"""deploy/beam-yaml: the example runs through Beam's own command, twice."""

import importlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import yaml
from commandline import CHECKOUT, rows
from optional_tools import need_modules

FOLDER = CHECKOUT / "deploy/beam-yaml"


def run_example(lake: Path, caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """Run the example as ``python -m apache_beam.yaml.main`` does; return the logged summary."""
    from apache_beam.yaml import main

    variables = {"lake": str(lake), "config": str(CHECKOUT / "deploy/sample/newslake.toml")}
    caplog.clear()
    with caplog.at_level(logging.INFO):
        main.run(
            [
                f"--yaml_pipeline_file={FOLDER / 'pipeline.yaml'}",
                f"--jinja_variables={json.dumps(variables)}",
                "--runner=FnApiRunner",
            ]
        )
    (said,) = [line for line in caplog.messages if line.startswith("committed: ")]
    summary: dict[str, Any] = json.loads(said.removeprefix("committed: "))
    return summary


def test_the_example_fills_a_lake_and_the_second_run_adds_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    need_modules("jinja2", "docstring_parser", "clonevirtualenv", "jsonschema")
    first = run_example(tmp_path / "lake", caplog)
    assert (first["status"], first["new"], first["duplicates"], first["rejected"]) == ("committed", 39, 4, 1)
    assert not [line for line in caplog.messages if "prism" in line.lower()]  # Beam would download it

    again = run_example(tmp_path / "lake", caplog)
    assert (again["new"], again["unchanged"], again["rejected"]) == (0, 43, 1)
    assert rows(tmp_path / "lake", "SELECT count(*), count(date_published) FROM articles") == [(39, 39)]
    assert rows(tmp_path / "lake", "SELECT reason FROM rejects") == [("binary",), ("invalid_json",)]


def test_the_provider_file_names_transforms_that_exist() -> None:
    (provider,) = yaml.safe_load((FOLDER / "providers.yaml").read_text(encoding="utf-8"))
    assert (provider["type"], set(provider)) == ("python", {"type", "transforms"})
    for name, place in provider["transforms"].items():
        module, _, transform = place.rpartition(".")
        assert getattr(importlib.import_module(module), transform).__name__ == name
