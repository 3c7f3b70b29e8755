"""A line that is lost between two steps ends the run with exit code 5, and nothing is committed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import article, run, write_lines

LOSER = """
import sys
from newslake.transforms.lake import staging

write_shard = staging.write_shard

def lose(folder, kind, batches):
    {before}
    shard = write_shard(folder, kind, batches)
    {after}
    return shard

staging.write_shard = lose
from newslake.pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""
LOSSES = {
    "from the staged lines": {
        "before": "pass",
        "after": "p = folder.storage.local_copy(folder.name(shard.name + '.lines')); "
        "p.write_bytes(p.read_bytes().split(b'\\n', 1)[1])",
    },
    "with its columns": {
        "before": "b = batches[0]; b.lines.pop(); "
        "[b.columns.__setitem__(n, c[:-1]) for n, c in list(b.columns.items())]",
        "after": "pass",
    },
}


@pytest.mark.parametrize("loss", LOSSES)
def test_one_lost_line_is_noticed(tmp_path: Path, loss: str) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(number) for number in range(50)])
    command = ["run", "--files", str(source), "--lake", str(tmp_path / "lake"), "--summary", "json"]
    done = subprocess.run(
        [sys.executable, "-c", LOSER.format(**LOSSES[loss]), *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 5, done.stderr
    assert "the counts do not add up" in done.stderr
    assert json.loads(done.stdout)["files"] == 0
    assert not (tmp_path / "lake/articles").exists()
    assert run(tmp_path / "lake", "--files", source)["new"] == 50
