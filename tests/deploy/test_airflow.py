"""deploy/airflow: the DAG in Airflow itself, and its tables of exit codes without it.

Airflow stands in an environment of its own, which NEWSLAKE_AIRFLOW_PYTHON names.
"""

import ast
import datetime as dt
import importlib
import json
import os
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from commandline import CHECKOUT, SAMPLE, rows, run_here
from optional_tools import need, need_modules

from newslake.pipeline.exitcodes import UNCOMMITTED, ExitCode

DAG_FILE = CHECKOUT / "deploy/airflow/newslake_dag.py"
VERDICTS = Path(__file__).with_name("airflow_verdicts.py")
FIRST = "newslake 2023-03-20T13:00:00+00:00/2023-03-20T14:00:00+00:00"
SECOND = "newslake 2023-03-20T14:00:00+00:00/2023-03-20T15:00:00+00:00"


def constant(name: str) -> Any:
    """Return a constant of the DAG file, which cannot be imported without Airflow."""
    for node in ast.parse(DAG_FILE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise KeyError(name)


@pytest.fixture
def airflow_python() -> str:
    python = os.environ.get("NEWSLAKE_AIRFLOW_PYTHON", "")
    need(python, "NEWSLAKE_AIRFLOW_PYTHON should name a Python that has Airflow; make test-airflow does all of it")
    return python


def test_each_exit_code_has_its_answer() -> None:
    try_again, give_up = constant("TRY_AGAIN"), constant("GIVE_UP")
    assert {0, *try_again, *give_up} == set(ExitCode)
    assert set(try_again) >= {UNCOMMITTED["no_source"], UNCOMMITTED["busy"]}
    assert set(give_up) >= {ExitCode.USAGE, UNCOMMITTED["unbalanced"]}
    # Runs that committed have no second try, so each of their codes needs a sentence.
    assert set(give_up) >= {ExitCode.INTERNAL_ERRORS, ExitCode.QUARANTINED}


def rendered(**context: Any) -> list[str]:
    """Return the options of the command, as Airflow renders them; ``context`` has the instants."""
    jinja2 = importlib.import_module("jinja2")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters["ts"] = dt.datetime.isoformat
    variables = {"newslake_config": str(SAMPLE / "newslake.toml")}
    given = {"dag": {"dag_id": "newslake"}, "run_id": "manual_1", "var": {"value": variables}, **context}
    return [environment.from_string(option).render(given) for option in constant("COMMAND")[2:]]


def interval(hour: int) -> dict[str, dt.datetime]:
    start = dt.datetime(2023, 3, 20, hour, tzinfo=dt.UTC)
    return {"data_interval_start": start, "data_interval_end": start + dt.timedelta(hours=1)}


def test_the_command_is_one_of_newslake_and_each_interval_is_run_once(tmp_path: Path) -> None:
    need_modules("jinja2")
    first, again, after = (run_here(tmp_path, *rendered(**interval(hour))) for hour in (13, 13, 14))
    assert (first["new"], first["run_key"]) == (40, FIRST)
    assert again == {**first, "repeated": True}
    assert (after["new"], after["unchanged"], after["run_key"]) == (0, 44, SECOND)


@pytest.mark.parametrize("context", [{}, {"data_interval_start": None, "data_interval_end": None}])
def test_a_run_without_an_interval_has_a_key_of_its_own(context: dict[str, Any]) -> None:
    need_modules("jinja2")
    assert "--run-key=newslake manual_1" in rendered(**context)


def newslake_script(folder: Path) -> Path:
    """Write a command that runs newslake of this checkout, as the one in a virtual environment."""
    script = folder / "newslake"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{CHECKOUT}" exec "{sys.executable}" -m newslake "$@"\n')
    script.chmod(0o755)
    return script


def run_python(python: str, home: Path, *arguments: str) -> str:
    """Run Airflow's Python, and return its output. ``home`` has Airflow's database and the lake."""
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAG_FILE.parent),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW_VAR_NEWSLAKE_COMMAND": str(home / "newslake"),
        "AIRFLOW_VAR_NEWSLAKE_CONFIG": str(SAMPLE / "newslake.toml"),
        "NEWSLAKE_LAKE": str(home / "lake"),
        "PYTHONPATH": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run([python, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_airflow_runs_each_interval_once(airflow_python: str, tmp_path: Path) -> None:
    newslake_script(tmp_path)
    airflow = partial(run_python, airflow_python, tmp_path, "-m", "airflow")
    airflow("db", "migrate")
    assert "No data found" in airflow("dags", "list-import-errors")
    for instant in ("2023-03-20T14:00:00", "2023-03-20T14:00:00", "2023-03-20T15:00:00"):
        airflow("dags", "test", "newslake", instant)
    assert rows(tmp_path / "lake", "SELECT run_key, new, unchanged FROM runs ORDER BY run_id") == [
        (FIRST, 40, 0),
        (SECOND, 0, 44),
    ]
    with sqlite3.connect(tmp_path / "airflow.db") as database:
        told = database.execute("SELECT value FROM xcom WHERE key = 'summary' ORDER BY timestamp").fetchall()
    summaries = [json.loads(value) if isinstance(value, str | bytes) else value for (value,) in told]
    assert {(one["run_key"], one["new"]) for one in summaries} == {(FIRST, 40), (SECOND, 0)}


def says(code: int, summary: str = "") -> list[str]:
    return ["sh", "-c", f"echo warning >&2; printf %s '{summary}'; exit {code}"]


COMMITTED = '{"status": "committed"}'
ANSWERS = [
    (says(0, COMMITTED), "success", ""),
    (says(1), "AirflowException", "newslake ended with 1"),
    (says(1, COMMITTED), "AirflowFailException", "all other articles are in the lake"),
    (says(2), "AirflowFailException", "mend it"),
    (says(3, '{"status": "no_source"}'), "AirflowException", "no source"),
    (says(4, COMMITTED), "AirflowFailException", "all other articles are in the lake"),
    (says(5, '{"status": "unbalanced"}'), "AirflowFailException", "the counts do not add up"),
    (says(75, '{"status": "busy"}'), "AirflowException", "busy"),
    (says(9), "AirflowFailException", "unknown exit code"),
    (["sh", "-c", "kill -9 $$"], "AirflowException", "ended by a signal"),
    (["sh", "-c", "yes warning | head -c 200000 >&2; yes x | head -c 200000"], "JSONDecodeError", ""),
    (["sh", "-c", "echo the task ends >&2; exec sleep 600"], "KeyboardInterrupt", ""),
    (["sh", "-c", "printf 'caf\\351\\n' >&2; exit 2"], "AirflowFailException", "mend it"),
    (["/no/such/newslake"], "AirflowFailException", "newslake_command"),
]


def test_airflow_tries_again_only_what_a_retry_can_mend(airflow_python: str, tmp_path: Path) -> None:
    commands = json.dumps([command for command, _, _ in ANSWERS])
    said = run_python(airflow_python, tmp_path, str(VERDICTS), str(DAG_FILE), commands)
    told = [json.loads(line) for line in said.splitlines() if line.startswith('{"verdict"')]
    assert [one["verdict"] for one in told] == [verdict for _, verdict, _ in ANSWERS]
    for one, (_, _, words) in zip(told, ANSWERS, strict=True):
        assert words in one["text"]
