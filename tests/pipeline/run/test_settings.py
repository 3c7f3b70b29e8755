from pathlib import Path

import pytest

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.run.settings import lake_of


@pytest.mark.parametrize(
    ("runner", "is_whole"), [("local", False), ("direct", False), ("prism", True), ("flink", True)]
)
def test_workers_elsewhere_get_the_whole_path_of_the_lake(
    runner: str, is_whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lake_of(RunOptions(lake="./lake", runner=runner)).root == (str(tmp_path / "lake") if is_whole else "./lake")
