"""The units: checked by systemd-analyze, and against newslake's options and exit codes."""

import re
import shlex
from pathlib import Path

import pytest
from deploy_tools import BINARY, DEPLOY, FINAL, check_command, newslake_words, passes, tool

from newslake.pipeline.exitcodes import ExitCode

FOLDER = DEPLOY / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("newslake-*"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 15
"""In tenths, as systemd-analyze takes it: below 20 it calls a service "OK". The rest is that both
services use the network, and the root folder of the machine."""

each_service = pytest.mark.parametrize("name", SERVICES)


def values(name: str, key: str) -> list[str]:
    """Return the values of a key, one for each line that has it."""
    return re.findall(rf"(?m)^{key}=(.*)$", (FOLDER / name).read_text(encoding="utf-8"))


def command(name: str) -> str:
    """Return the command line of a service, without the escapes of systemd."""
    (line,) = values(name, "ExecStart")
    return line.replace("$$", "$").replace("%%", "%")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with the units of a machine on which newslake is installed."""
    for name in UNITS:
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8").replace(BINARY, "/bin/true"), "utf-8")
    return tmp_path


def test_systemd_takes_the_units(units: Path) -> None:
    analyze = tool("systemd-analyze", "systemd (Debian)")
    assert passes(analyze, "verify", *(f"./{name}" for name in UNITS), cwd=units) == ""


@each_service
def test_a_service_may_do_little(name: str, units: Path) -> None:
    analyze = tool("systemd-analyze", "systemd (Debian)")
    passes(analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", f"./{name}", cwd=units)


def test_systemd_takes_the_user() -> None:
    sysusers = tool("systemd-sysusers", "systemd (Debian)")
    passes(sysusers, "--dry-run", FOLDER / "newslake.sysusers")
    assert [values(name, "User") for name in SERVICES] == [["newslake"]] * len(SERVICES)


def test_both_services_have_the_same_lake_and_the_same_rights() -> None:
    """One may take the place of the other."""
    parts = [(FOLDER / name).read_text(encoding="utf-8").partition("# The configuration is ")[2] for name in SERVICES]
    first, second = (part.partition("\n[Install]")[0].strip() for part in parts)
    assert first == second


@each_service
def test_newslake_takes_the_command(name: str, tmp_path: Path) -> None:
    check_command(newslake_words(command(name), tmp_path), {"NEWSLAKE_LAKE": "/lake"})


@each_service
def test_signals_reach_newslake(name: str) -> None:
    """A shell must not stay between systemd and newslake."""
    words = shlex.split(command(name))
    assert words[0] == BINARY or words[2].startswith(f"exec {BINARY} ")


@each_service
def test_a_service_starts_again_if_that_may_help(name: str) -> None:
    assert values(name, "Restart") == ["on-failure"]
    (final,) = values(name, "RestartPreventExitStatus")
    is_watch = values(name, "Type") == ["exec"]  # the other codes are those of a run that ended
    assert set(map(int, final.split())) == ({ExitCode.USAGE} if is_watch else FINAL)


def test_retries_of_a_run_leave_a_start_for_the_timer_of_the_next_hour() -> None:
    """Starts come at minute 0, 10, 20 and 30. At 60, three of them are not 55 minutes old yet."""
    (name,) = (name for name in SERVICES if values(name, "Type") == ["oneshot"])
    told = [values(name, key) for key in ("RestartSec", "StartLimitIntervalSec", "StartLimitBurst")]
    assert told == [["10min"], ["55min"], ["4"]]


def test_the_timer_is_as_fast_as_the_run_key_is_fine(tmp_path: Path) -> None:
    assert values("newslake-run.timer", "OnCalendar") == ["hourly"]
    words = newslake_words(command("newslake-run.service"), tmp_path)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d", words[words.index("--run-key") + 1])
