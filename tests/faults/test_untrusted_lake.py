"""A lake from a stranger: no command reads, writes or deletes files outside it.

The stranger's names and links lead to ``victim``, a folder beside the lake. Its files look like a
part of the lake, so a command that follows a name there would continue with them.
"""

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from commandline import article, newslake_command, run_here, write_lines

from newslake.pipeline.cli import main
from newslake.schemas import codec
from newslake.schemas.tables import CHECKPOINTS, HEADS, INDEX, LINKED, LOG, META, STAGING, log_name
from newslake.transforms.lake import log
from newslake.transforms.storage.local import DRAFTS

SECRET = "wordthatisonlyinthevictim"
TOKEN = "0-00000000000000aa"
COMMANDS = ("run", "sql", "why", "lake files", "lake log")
READERS = ("sql", "why", "lake files")
PARTITION = "articles/published_month=2023-03"
URL = "https://example.org/1"

Said = dict[str, tuple[int, str, str]]
"""For each command: its exit code, its output, and its error message."""


def arguments(command: str, lake: Path) -> list[str]:
    """Return a command line that makes the command read all that it can read."""
    more = {
        "run": ["--files", str(lake.parent / "more.jsonl"), "--quiet"],
        "sql": ["SELECT count(*) FROM articles_latest", "--format", "json"],
        "why": [URL],
        "lake files": [],
        "lake log": ["--json"],
    }[command]
    return [*command.split(), *more, "--lake", str(lake)]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a lake of two commits, and an input for another run."""
    folder = tmp_path_factory.mktemp("honest")
    for number in (1, 2):
        run_here(folder / "lake", "--files", write_lines(folder / f"{number}.jsonl", [article(number)]), "--quiet")
    write_lines(folder / "more.jsonl", [article(3)])
    return folder


@pytest.fixture
def lake(honest: Path, tmp_path: Path) -> Path:
    """Return a copy of the honest lake, with a victim beside it."""
    place = tmp_path / "place"
    shutil.copytree(honest, place)
    home = place / "victim/home"
    home.mkdir(parents=True)
    (home / "diary.txt").write_text(SECRET)
    return place / "lake"


def victim_of(lake: Path) -> Path:
    return lake.parent / "victim"


def everything(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return kind, time, inode and bytes of each name in a folder."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        status = path.lstat()
        data = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(folder))] = (
            status.st_mode,
            status.st_mtime_ns,
            status.st_ino,
            status.st_nlink,
            data,
        )
    return found


def try_all(lake: Path, capfd: pytest.CaptureFixture[str], commands: Iterable[str] = COMMANDS) -> Said:
    """Run each command on the stranger's lake. No command may touch or reveal the victim."""
    said, before, hostile = {}, everything(victim_of(lake)), lake.with_name("hostile")
    shutil.copytree(lake, hostile, symlinks=True)
    for command in commands:
        shutil.rmtree(lake)
        shutil.copytree(hostile, lake, symlinks=True)
        said[command] = try_one(lake, capfd, command)
        assert everything(victim_of(lake)) == before, command
    shutil.rmtree(hostile)
    return said


def try_one(lake: Path, capfd: pytest.CaptureFixture[str], command: str) -> tuple[int, str, str]:
    capfd.readouterr()
    code = main(arguments(command, lake))
    told = capfd.readouterr()
    assert SECRET not in told.out + told.err, command
    return code, told.out, told.err


def refuse_all(lake: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    """Check that each command refuses the name, and changes no lake, victim or input."""
    before = everything(lake.parent)
    check_refused({command: try_one(lake, capfd, command) for command in COMMANDS}, name)
    assert everything(lake.parent) == before


def check_refused(said: Said, name: str, commands: Iterable[str] = COMMANDS) -> None:
    """Check that each command printed only one line, an error with the name, and ended with 2."""
    for command in commands:
        code, out, complaint = said[command]
        assert (command, code, out) == (command, 2, "")
        assert complaint.count("\n") == 1, complaint
        assert repr(name) in complaint, complaint
        assert "nothing outside the lake was touched" in complaint


# Names in the log.


def reseal(lake: Path, number: int, change: Callable[[dict[str, Any]], object]) -> None:
    """Change an entry of the log and its checksum, as the owner of a lake could."""
    path = lake / log_name(number)
    document = codec.decode(path.read_bytes())
    del document["checksum"]
    change(document)
    path.write_bytes(log._sealed(document))


HOSTILE_NAMES = (
    "../victim/home",
    "../../victim/home",
    f"{STAGING}/../../../victim/home",
    f"{STAGING}/..",
    "/etc",
    "_newslake\\staging\\..\\..\\..\\victim\\home",
    f"{STAGING}/a\0b",
    f"{STAGING}/a\nb",
)
CHANGES: dict[str, Callable[[dict[str, Any], str], object]] = {
    "staging": lambda entry, name: entry.update(staging=name),
    "swept": lambda entry, name: entry.update(swept=[name]),
    "path of a data file": lambda entry, name: entry["files_added"][0].update(path=name),
    "staged name of a data file": lambda entry, name: entry["files_added"][0].update(staged=name),
    "path of an index file": lambda entry, name: entry["index_added"][0].update(path=name),
    "staged name of an index file": lambda entry, name: entry["index_added"][0].update(staged=name),
    "path of a state file": lambda entry, name: entry["state_added"][0].update(path=name),
    "staged name of a state file": lambda entry, name: entry["state_added"][0].update(staged=name),
    "removed data file": lambda entry, name: entry.update(files_removed=[name]),
    "removed index file": lambda entry, name: entry.update(index_removed=[name]),
    "removed state file": lambda entry, name: entry.update(state_removed=[name]),
}


@pytest.mark.parametrize("place", CHANGES)
def test_every_command_refuses_an_entry_with_a_name_that_leads_out(
    lake: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = (lake / log_name(2)).read_bytes()
    for name in HOSTILE_NAMES:
        (lake / log_name(2)).write_bytes(kept)
        reseal(lake, 2, lambda entry, name=name: CHANGES[place](entry, name))  # type: ignore[misc]
        refuse_all(lake, capfd, name)


@pytest.mark.parametrize("place", ["path of a data file", "path of an index file", "path of a state file"])
@pytest.mark.parametrize("name", [log_name(9), "_newslake/heads/9", f"{STAGING}/0-a/out", "elsewhere/file"])
def test_a_file_of_the_lake_stands_only_in_the_folder_of_its_table(
    lake: Path, place: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    reseal(lake, 2, lambda entry: CHANGES[place](entry, name))
    refuse_all(lake, capfd, name)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_the_name_of_a_commit_is_never_used_as_a_path(lake: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """In format 2 no file has the name of the commit, so nothing is refused or touched outside."""
    reseal(lake, 2, lambda entry: entry.update(commit=name, run_id=name, run_key=name))
    assert [code for code, _, _ in try_all(lake, capfd).values()] == [0] * len(COMMANDS)


@pytest.mark.parametrize("field", ["run_id", "committed_at"])
def test_the_list_of_commits_prints_no_control_character_of_a_stranger(lake: Path, field: str) -> None:
    reseal(lake, 2, lambda entry: entry.update({field: "2099-01-01\x1b[2J\nNEXT LINE"}))
    said = newslake_command("lake", "log", "--lake", lake).stdout
    assert "\x1b" not in said
    assert len(said.splitlines()) == 2


def write_checkpoint(lake: Path, **live: object) -> None:
    """Write the checkpoint of entry 2, with files of the stranger's choice."""
    sha256 = hashlib.sha256((lake / log_name(2)).read_bytes()).hexdigest()
    state = {
        "number": 2,
        "files": [],
        "index": [],
        "state": [],
        "run_keys": {},
        "sha256": sha256,
        "committed_at": "",
        **live,
    }
    (lake / CHECKPOINTS).mkdir(exist_ok=True)
    (lake / f"{CHECKPOINTS}/{2:020d}.json").write_bytes(log._sealed({**state, "is_of_format_1": False}))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_every_command_refuses_a_checkpoint_with_a_path_that_leads_out(
    lake: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    entry = codec.decode((lake / log_name(2)).read_bytes())
    write_checkpoint(lake, files=[{**entry["files_added"][0], "path": name, "staged": "", "entry": 2}])
    refuse_all(lake, capfd, name)


def test_a_staged_name_in_a_checkpoint_is_never_followed_out_of_the_lake(
    lake: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The index file is gone, and the checkpoint says that it is still staged in the victim."""
    entry = codec.decode((lake / log_name(2)).read_bytes())
    index = entry["index_added"][0]
    shutil.move(lake / index["path"], victim_of(lake) / "home/index.columns")
    staged = "../victim/home/index.columns"
    write_checkpoint(lake, index=[{**index, "staged": staged, "entry": 2}])
    check_refused(try_all(lake, capfd), staged, ["run"])


# A lake of format 1.


def seal_format_1(document: Mapping[str, Any]) -> bytes:
    body = codec.encode({"format": 1, **document})
    return body[:-1] + b',"checksum":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


def entry_of_format_1(**more: Any) -> dict[str, Any]:
    summary = dict.fromkeys(("read", "new", "revised", "unchanged", "duplicates", "rejected"), 0)
    known: dict[str, Any] = {
        "number": 1,
        "token": "00000000000000aa",
        "run_id": "run-1",
        "run_key": None,
        "committed_at": "2023-03-20T00:00:00Z",
        "files": [],
        "index_added": [],
        "index_removed": [],
        "inputs": [],
        "swept": [],
        "summary": {"started_at": "2023-03-20T00:00:00Z", **summary, "failures": []},
    }
    return {**known, **more}


def file_of_format_1(**more: Any) -> dict[str, Any]:
    return {
        "table": "articles",
        "path": f"{PARTITION}/part-1-0.jsonl.gz",
        "rows": 1,
        "bytes": 1,
        "sha256": "",
        "staged": "",
        **more,
    }


AIM = "../../../victim/home"
FORMAT_1: dict[str, tuple[dict[str, Any], str]] = {
    "token": ({"token": AIM}, f"{STAGING}/{AIM}"),
    "token of dots": ({"token": ".."}, f"{STAGING}/.."),
    "token that is empty": ({"token": ""}, f"{STAGING}/"),
    "token with a slash": ({"token": "a/b"}, f"{STAGING}/a/b"),
    "token with a backslash": ({"token": "..\\..\\victim"}, f"{STAGING}/..\\..\\victim"),
    "token with a NUL": ({"token": "a\0b"}, f"{STAGING}/a\0b"),
    "swept": ({"swept": [AIM], "summary": None}, f"{STAGING}/{AIM}"),
    "path": ({"files": [file_of_format_1(path=AIM)]}, AIM),
    "absolute path": ({"files": [file_of_format_1(path="/etc/passwd")]}, "/etc/passwd"),
    "staged": ({"files": [file_of_format_1(staged=AIM)]}, AIM),
    "index path": ({"index_added": [file_of_format_1(table="index", path=AIM)]}, AIM),
    "removed index": ({"index_removed": [AIM]}, AIM),
}


@pytest.mark.parametrize("place", FORMAT_1)
def test_every_command_refuses_an_entry_of_format_1_with_a_name_that_leads_out(
    lake: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    change, name = FORMAT_1[place]
    shutil.rmtree(lake)
    (lake / LOG).mkdir(parents=True)
    (lake / log_name(1)).write_bytes(seal_format_1(entry_of_format_1(**change)))
    refuse_all(lake, capfd, name)


def test_an_honest_lake_of_format_1_is_taken(lake: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Without this the test above would show nothing."""
    shutil.rmtree(lake)
    (lake / LOG).mkdir(parents=True)
    (lake / log_name(1)).write_bytes(seal_format_1(entry_of_format_1()))
    said = try_all(lake, capfd)
    assert {command: code for command, (code, _, _) in said.items()} == {**dict.fromkeys(COMMANDS, 0), "why": 3}


# Links that lead outside.


def lead_out(lake: Path, name: str) -> None:
    """Replace a file or folder of the lake by a symbolic link to the victim.

    The victim then holds the file or folder, and a secret.
    """
    path, moved = lake / name, victim_of(lake) / "home" / Path(name).name
    if path.exists():
        shutil.move(path, moved)
    else:
        moved.mkdir()
    if moved.is_dir():
        (moved / "diary.txt").write_text(SECRET)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(moved)


def put_back(lake: Path, number: int) -> str:
    """Move the files of an entry back to staging, as before linking. Return its folder."""
    entry = codec.decode((lake / log_name(number)).read_bytes())
    for file in (*entry["files_added"], *entry["index_added"], *entry["state_added"]):
        (lake / file["staged"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(lake / file["path"], lake / file["staged"])
    (lake / LINKED).unlink()
    folder: str = entry["staging"]
    return folder


def name_of(lake: Path, kind: str) -> str:
    """Return the name of the first file of a kind in entry 1."""
    name: str = codec.decode((lake / log_name(1)).read_bytes())[kind][0]["path"]
    return name


def secret_rows(lake: Path, name: str) -> None:
    """Write a row with the secret into a data file of the victim."""
    path = victim_of(lake) / "home" / name
    rows = gzip.decompress(path.read_bytes()).decode().replace("story number 1", SECRET)
    path.write_bytes(gzip.compress(rows.encode()))


@pytest.mark.parametrize("name", [META, LOG, log_name(1), log_name(2), CHECKPOINTS, HEADS])
def test_every_command_refuses_a_log_that_leads_out(lake: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    lead_out(lake, name)
    for command, (code, out, complaint) in try_all(lake, capfd).items():
        assert (command, code, out) == (command, 2, "")
        assert complaint.count("\n") == 1
        assert f"the name '{name}" in complaint
        assert "follows a symbolic link out of the lake" in complaint


@pytest.mark.parametrize("name", ["the folder of the commit", STAGING])
def test_files_of_a_commit_are_never_linked_from_a_staging_folder_that_leads_out(
    lake: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = put_back(lake, 2)
    lead_out(lake, STAGING if name == STAGING else folder)
    said = try_all(lake, capfd)
    for command in ("run", *READERS):
        code, out, complaint = said[command]
        assert (command, code, out) == (command, 2, "")
        assert complaint.count("\n") == 1
        assert f"the name '{STAGING if name == STAGING else folder}/" in complaint
    assert said["lake log"][0] == 0  # it reads nothing but the log


def test_a_file_in_staging_that_leads_out_is_never_linked(lake: Path, capfd: pytest.CaptureFixture[str]) -> None:
    put_back(lake, 2)
    staged = codec.decode((lake / log_name(2)).read_bytes())["files_added"][0]["staged"]
    lead_out(lake, staged)
    check_refused(try_all(lake, capfd), staged, ["run", *READERS])


def test_a_dead_run_whose_staging_folder_leads_out_is_not_swept(lake: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lead_out(lake, f"{STAGING}/{TOKEN}")
    check_refused(try_all(lake, capfd), f"{STAGING}/{TOKEN}/owner", ["run"])


def test_a_link_deep_in_a_dead_staging_folder_goes_and_what_it_leads_to_stays(
    lake: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lead_out(lake, f"{STAGING}/{TOKEN}/deep/home")
    assert try_all(lake, capfd, ["run"])["run"][0] == 0
    assert not list((lake / STAGING).iterdir())


@pytest.mark.parametrize("name", [f"{DRAFTS}/00aa", DRAFTS])
def test_a_draft_that_leads_out_is_not_swept(lake: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    if name == DRAFTS:
        shutil.rmtree(lake / DRAFTS)
    lead_out(lake, name)
    code, _, complaint = try_all(lake, capfd)["run"]
    assert code == 2
    assert f"the name '{name}" in complaint


@pytest.mark.parametrize("name", [PARTITION, "articles"])
def test_no_command_follows_a_partition_that_leads_out(
    lake: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = name_of(lake, "files_added")
    lead_out(lake, name)
    secret_rows(lake, file.removeprefix(f"{Path(name).parent}/"))
    check_refused(try_all(lake, capfd), file, READERS)


def test_no_command_follows_a_data_file_that_leads_out(lake: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = name_of(lake, "files_added")
    lead_out(lake, file)
    secret_rows(lake, Path(file).name)
    check_refused(try_all(lake, capfd), file, READERS)


def test_a_run_that_finds_its_partition_leading_out_refuses_and_commits_nothing(lake: Path) -> None:
    lead_out(lake, PARTITION)
    before = everything(victim_of(lake))
    done = newslake_command(*arguments("run", lake), code=2)
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"the name '{PARTITION}/" in done.stderr
    assert everything(victim_of(lake)) == before
    assert not (lake / log_name(3)).exists()


@pytest.mark.parametrize("name", ["a file", INDEX])
def test_no_command_follows_an_index_that_leads_out(lake: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    file = name_of(lake, "index_added")
    lead_out(lake, INDEX if name == INDEX else file)
    check_refused(try_all(lake, capfd), file, ["run", "why"])


@pytest.mark.parametrize("name", [LINKED])
def test_no_command_follows_a_hint_that_leads_out(lake: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    lead_out(lake, name)
    check_refused(try_all(lake, capfd), name, ["run", *READERS])


def test_a_link_that_stays_in_the_lake_is_followed(lake: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (lake / PARTITION).rename(lake / "elsewhere")
    (lake / PARTITION).symlink_to(lake / "elsewhere")
    assert [code for code, _, _ in try_all(lake, capfd).values()] == [0] * len(COMMANDS)


def test_the_commands_refuse_as_processes_of_their_own(lake: Path) -> None:
    reseal(lake, 2, lambda entry: entry.update(staging=f"{STAGING}/{AIM}"))
    before = everything(victim_of(lake))
    for command in COMMANDS:
        done = newslake_command(*arguments(command, lake), code=2)
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert repr(f"{STAGING}/{AIM}") in done.stderr
    assert everything(victim_of(lake)) == before
