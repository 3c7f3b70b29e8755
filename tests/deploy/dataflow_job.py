"""Translate the graph to a job of Dataflow, and print facts of it; needs apache-beam[gcp].

The arguments are a configuration file, a folder for the lake, an image and a metadata file. No
socket may be opened.
"""

import json
import sys
from pathlib import Path

from google.cloud.dataflow_v1beta3.types import TemplateMetadata

from newslake.pipeline.config.file import as_config
from newslake.pipeline.config.run_options import settle
from newslake.pipeline.filesystems import match_remote
from newslake.pipeline.graph import build
from newslake.pipeline.run.settings import clock, graph_settings, sources_of
from newslake.pipeline.runners.dataflow import translate
from newslake.schemas.raw import RunFacts
from newslake.transforms.files.find import FilePattern, match_patterns
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake import log
from newslake.transforms.storage.local import open_local


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(f"{event} {arguments}")


sys.addaudithook(refuse_network)
config, folder, image, metadata = sys.argv[1:]
options = settle(as_config(config, {}), feeds=(), files=(), given={})
lake = open_local(folder)
patterns = [FilePattern(one.glob, one.settings, is_feed=one.is_feed) for one in options.files]
matches, rejects = match_patterns(patterns, match_remote)
sources = sources_of(options, FilePlan(matches=tuple(matches), rejects=tuple(rejects)))
beam_options = (
    "--project=offline",
    "--region=europe-west1",
    "--job_name=newslake",
    "--staging_location=gs://offline/staging",
    "--temp_location=gs://offline/temp",
    "--no_save_main_session",
    f"--sdk_container_image={image}",
)
run = RunFacts("run", clock(), "0" * 16, "staging/0", 0)
settings = graph_settings(options, lake, lake, log.current_state(lake))
job = translate(lambda pipeline: build(pipeline, run, sources, settings), beam_options)
components = job.proto_pipeline.components
print(
    json.dumps(
        {
            "name": job.proto.name,
            "type": job.proto.type_.name,
            "transforms": [one.unique_name for one in components.transforms.values()],
            "environments": [[one.urn, one.payload.decode("latin-1")] for one in components.environments.values()],
            "parameters": [one.name for one in TemplateMetadata.from_json(Path(metadata).read_text()).parameters],
            "dependencies": sum(len(one.dependencies) for one in components.environments.values()),
        }
    )
)
