import datetime as dt
import shutil
from pathlib import Path

import pytest

from newslake.schemas.raw import RunFacts
from newslake.transforms.lake import recover
from newslake.transforms.lake.attempt import check_staging
from newslake.transforms.storage.base import LakeError
from newslake.transforms.storage.local import LocalStorage

NOW = dt.datetime(2023, 3, 20, tzinfo=dt.UTC)


def test_a_worker_that_sees_another_folder_does_not_write_a_second_lake(tmp_path: Path) -> None:
    lake, other = LocalStorage(str(tmp_path / "lake")), LocalStorage(str(tmp_path / "other"))
    recover.prepare(lake)
    with recover.owned_staging(lake, 0) as folder:
        run = RunFacts("run", NOW, commit="c", staging=folder)
        check_staging(lake, run)
        with pytest.raises(LakeError, match="all machines must have the lake at this path"):
            check_staging(other, run)


def test_a_run_that_was_swept_may_go_on_to_its_end(tmp_path: Path) -> None:
    """Its worker stages in vain, and then learns from the log that the run has ended."""
    lake = LocalStorage(str(tmp_path / "lake"))
    recover.prepare(lake)
    with recover.owned_staging(lake, 0) as folder:
        run = RunFacts("run", NOW, commit="c", staging=folder)
        recover.end_without_commit(lake, run, has_workers=True)
        shutil.rmtree(tmp_path / "lake" / folder, ignore_errors=True)
        check_staging(lake, run)


def test_a_dry_run_stages_in_a_folder_that_nobody_owns(tmp_path: Path) -> None:
    check_staging(LocalStorage(str(tmp_path)), RunFacts("run", NOW, commit="c", staging="staging"))
