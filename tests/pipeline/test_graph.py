import datetime as dt
from pathlib import Path

import apache_beam as beam

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.graph import Sources, build
from newslake.pipeline.run.settings import graph_settings
from newslake.schemas.raw import RunFacts
from newslake.transforms.lake import log
from newslake.transforms.storage.local import open_local

MOST_TRANSFORMS = 80
"""An engine pays for each: Flink gives every task buffers of its own."""


def test_the_graph_is_small(tmp_path: Path) -> None:
    lake = open_local(str(tmp_path / "lake"))
    settings = graph_settings(RunOptions(), lake, lake, log.current_state(lake))
    pipeline = beam.Pipeline()
    build(pipeline, RunFacts("run", dt.datetime(2023, 3, 20, tzinfo=dt.UTC)), Sources(), settings)
    assert len(pipeline.to_runner_api().components.transforms) <= MOST_TRANSFORMS
