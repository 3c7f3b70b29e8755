"""The command line: its output and its exit codes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from newslake.pipeline.cli import main
from newslake.pipeline.exitcodes import EXIT_MEANING, ExitCode
from newslake.pipeline.options import COMMANDS

ROOT = Path(__file__).parents[2]
NEWSLAKE = [sys.executable, "-m", "newslake"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLAKE_")}


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*NEWSLAKE, *words], cwd=ROOT, capture_output=True, text=True, check=False, env=ENVIRONMENT)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr()
    assert all(f"\n  {name} " in told.out for name in COMMANDS)
    assert told.err == ""
    assert main(["lake", "--help"]) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: newslake {command} ")


def test_the_help_of_run_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "--help"])
    told = capsys.readouterr().out
    assert set(EXIT_MEANING) == set(ExitCode)
    assert all(f"{code:>3}  {meaning}\n" in told for code, meaning in EXIT_MEANING.items())


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["run", "--help"], ["sql", "--help"], ["run", "--fedes", "x"]]
)
def test_what_runs_nothing_imports_nothing_slow(words: list[str]) -> None:
    program = f"import sys; from newslake.pipeline.cli import main; main({words!r}); print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "'newslake.pipeline.options'" in loaded
    for slow in ("apache_beam", "duckdb", "polars", "pyarrow", "numpy", "rich", "lxml", "aiohttp"):
        assert f"'{slow}'" not in loaded


def test_the_version_is_told() -> None:
    done = typed("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("newslake ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            [],
            "name a command: run, watch, sql, why, health, check, schema, "
            "lake files, lake log, lake reindex; see newslake --help",
        ),
        (["lake"], "name a command: lake files, lake log, lake reindex; see newslake --help"),
        (["rnu"], "unknown command 'rnu', did you mean 'run'?"),
        (["lake", "file"], "unknown command 'lake file', did you mean 'lake files'?"),
        (["--lake", "x", "run"], "--lake: options come after the command"),
        (["run", "--fedes", "x"], "unknown option --fedes: did you mean --feeds?"),
        (["sql", "--fromat", "json", "SELECT 1"], "unknown option --fromat: did you mean --format?"),
        (["sql"], "there is no query; name a QUERY, --file FILE, or -"),
        (["schema", "--table", "article"], "did you mean 'articles'?"),
        (["lake", "log", "--limit", "0"], "--limit: should be a whole number from 1 on"),
        (["run", "--config", "missing.toml"], "missing.toml: the configuration cannot be read"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == ExitCode.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("newslake: ")
    assert told.err.count("\n") == 1
    assert sentence in told.err


def test_a_misspelt_option_of_beam_is_a_mistake_before_anything_runs(tmp_path: Path) -> None:
    done = typed("run", "--files", "x", "--lake", str(tmp_path / "lake"), "--", "--direct_num_wokers=2")
    assert done.returncode == 2
    assert done.stderr == "newslake: unknown Beam option --direct_num_wokers: did you mean --direct_num_workers?\n"
    assert not (tmp_path / "lake").exists()


def test_folders_and_modules_of_the_user_are_never_taken_for_ours(tmp_path: Path) -> None:
    for name in ("schemas", "transforms"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('not ours')")
    (tmp_path / "pipeline.py").write_text("raise SystemExit('not ours')")
    environment = {**ENVIRONMENT, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [*NEWSLAKE, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")


SIGNALS = [(signal.SIGINT, 130, "newslake: interrupted\n"), (signal.SIGTERM, 143, "newslake: ended by SIGTERM\n")]


@pytest.mark.parametrize(("sent", "code", "sentence"), SIGNALS, ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_command_says_so_in_one_line(
    sent: signal.Signals, code: int, sentence: str, tmp_path: Path
) -> None:
    config = tmp_path / "newslake.toml"
    os.mkfifo(config)
    process = subprocess.Popen(
        [*NEWSLAKE, "run", "--config", str(config)], cwd=ROOT, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    with config.open("w"):  # open waits until the command reads the file, and the command reads until this closes
        process.send_signal(sent)
        _, told = process.communicate()
    assert (process.returncode, told) == (code, sentence)


@pytest.mark.parametrize(("sent", "code", "sentence"), SIGNALS, ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_that_is_interrupted_within_a_step_says_so_in_one_line(
    workers: str, sent: signal.Signals, code: int, sentence: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        feed = f"http://127.0.0.1:{silent.getsockname()[1]}/feed"
        command = [
            *NEWSLAKE,
            "run",
            "--feeds",
            feed,
            "--lake",
            str(tmp_path / "lake"),
            "--allow-private-addresses",
            "--workers",
            workers,
        ]
        process = subprocess.Popen(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, start_new_session=True
        )
        silent.settimeout(120)  # a command that fails before its request must not block all tests
        connection, _ = silent.accept()  # a worker waits for the answer
        if sent is signal.SIGINT:
            os.killpg(process.pid, sent)  # as a terminal does
        else:
            process.send_signal(sent)
        _, told = process.communicate()
        connection.close()
    assert (process.returncode, told) == (code, sentence)
    staging = tmp_path / "lake/_newslake/staging"
    assert not staging.exists() or not list(staging.iterdir())


def test_a_lake_that_cannot_be_one_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = typed("run", "--files", "x", "--lake", str(tmp_path / "file"))
    assert (done.returncode, done.stderr) == (
        2,
        f"newslake: {tmp_path / 'file'} is a file; give a folder for the lake, as in --lake ./lake\n",
    )


def test_a_reader_that_goes_away_makes_no_noise() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*NEWSLAKE, "--help"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, env=ENVIRONMENT
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
