"""Airflow runs newslake once for each interval of the schedule.

newslake runs as a command in an environment of its own, because its packages and Airflow's do not
fit together. README.md says what to set.
"""

import json
import logging
import subprocess
import tempfile
from datetime import datetime, timedelta
from typing import Any

try:  # Airflow 3.2 and later
    from airflow.sdk import CronDataIntervalTimetable, dag, task
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
except ImportError:  # older ones, from 2.10
    from airflow.decorators import dag, task
    from airflow.exceptions import AirflowException, AirflowFailException
    from airflow.timetables.interval import CronDataIntervalTimetable

COMMAND = [
    "{{ var.value.get('newslake_command', '/opt/newslake/.venv/bin/newslake') }}",
    "run",
    "--config={{ var.value.get('newslake_config', '/etc/newslake.toml') }}",
    # The key is the same in each try of an interval. After one try has committed, another try
    # reads nothing and gives the same answer, so each interval is in the lake exactly once. The end
    # is part of the key: a day and its first hour begin at the same instant. A run that somebody
    # triggers without a date has no interval in Airflow 3.
    "--run-key={{ dag.dag_id }} "
    "{% if data_interval_start is defined and data_interval_start %}"
    "{{ data_interval_start | ts }}/{{ data_interval_end | ts }}"
    "{% else %}{{ run_id }}{% endif %}",
    "--quiet",
    "--summary=json",
    # For files that belong to an interval, such as a daily export:
    # "--files=/srv/export/{{ data_interval_start | ds }}/*.jsonl",
]

TRY_AGAIN = {
    1: "an error of newslake or of the machine, such as a full disk",
    3: "no source could be used; the network may be down",
    75: "the lake is busy; another run was writing all the time",
    130: "interrupted",
    143: "ended by SIGTERM",
}
"""Exit codes after which the same command may succeed, if it has committed nothing."""

GIVE_UP = {
    1: "single articles are left out by an error of newslake: report the rejects internal_error",
    2: "the command or its configuration is wrong: mend it",
    4: "a source was left out: look at failures in the summary, and mend its configuration",
    5: "the counts do not add up: report it as a bug",
    141: "the output was closed",
}
"""Exit codes that a retry does not change. After 1 and 4, all other articles are in the lake."""

LONGEST_LIST = 20
"""How many failures and notices go into the XCom, which is kept in Airflow's database."""

log = logging.getLogger(__name__)


def run_command(command: list[str]) -> tuple[int, dict[str, Any]]:
    """Run newslake, and return its exit code and its summary; the summary is empty without one.

    Messages go to the log of the task as they come. Raises AirflowFailException if there is no such
    command.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        try:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
            )
        except (FileNotFoundError, PermissionError) as error:
            raise AirflowFailException(f"set the Airflow Variable newslake_command: {error}") from error
        with process:
            try:
                for line in process.stderr or ():
                    log.info("%s", line.rstrip())
            except BaseException:  # Airflow ends a task by an exception, and newslake must end too
                process.terminate()
                raise
        output.seek(0)
        said = output.read()
    return process.returncode, json.loads(said) if said else {}


def check(code: int, summary: dict[str, Any]) -> None:
    """Raise AirflowException if a retry may help, and AirflowFailException if it does not.

    A code below 0 is a signal: the lake is as before or after the run, and a retry finds out.
    """
    if code == 0:
        return
    is_committed = summary.get("status") == "committed"
    if not is_committed and (code in TRY_AGAIN or code < 0):
        raise AirflowException(f"newslake ended with {code}: {TRY_AGAIN.get(code, 'ended by a signal')}")
    said = "; all other articles are in the lake" if is_committed else ""
    raise AirflowFailException(f"newslake ended with {code}: {GIVE_UP.get(code, 'unknown exit code')}{said}")


@task(
    # An hour in all, in which a network or a server may come back.
    retries=4,
    retry_delay=timedelta(minutes=15),
)
def run(command: list[str], ti: Any = None) -> None:
    """Run newslake; its summary becomes the XCom ``summary``, also if the task then fails.

    Airflow gives ``ti``, the task instance.
    """
    code, summary = run_command(command)
    log.info("newslake ended with %s: %s", code, json.dumps(summary))
    short = {name: value[:LONGEST_LIST] if isinstance(value, list) else value for name, value in summary.items()}
    ti.xcom_push(key="summary", value=short)
    check(code, summary)


@dag(
    dag_id="newslake",
    # This timetable gives each run an interval. "@hourly" alone gives none in Airflow 3.
    schedule=CronDataIntervalTimetable("@hourly", timezone="UTC"),
    start_date=datetime(2023, 3, 20),
    # A feed shows only what is new today, so past intervals would all read the same. Set catchup to
    # True if COMMAND names files by the interval.
    catchup=False,
    # Two runs on one lake are safe. But both would ask the same feeds, and one would have to decide
    # again after the other's commit.
    max_active_runs=1,
)
def newslake() -> None:
    run(COMMAND)


newslake()
