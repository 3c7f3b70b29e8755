"""Merging small files after a commit: those of the index, and those that remember the sources."""

import logging
import secrets

from newslake.transforms.deduplicate.index.merge import files_to_merge, merge_files
from newslake.transforms.lake import recover
from newslake.transforms.lake.log import LakeState, Operation
from newslake.transforms.lake.maintenance import merge_states
from newslake.transforms.lake.maintenance.change import Change, apply_change
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import LakeError, Storage

_LOGGER = logging.getLogger("newslake")


def merge_small_files(lake: Storage, known: LakeState | None = None) -> None:
    """Merge small files until no size tier has too many.

    ``known`` is a state of the lake that was read before; it saves reading old log entries. A
    LakeError or OSError is logged and not raised, because the run is committed already; the next
    run merges again. The function also stops if another writer merges first.
    """

    def plan_merge(state: LakeState, staging: Staging) -> Change:
        files = files_to_merge(state.index)
        return Change((merge_files(lake, staging, "merged", files),), tuple(file.path for file in files))

    def plan_states(state: LakeState, staging: Staging) -> Change:
        files = merge_states.files_to_merge(state.state)
        merged = merge_states.merge_files(lake, staging, secrets.token_hex(8), files)
        return Change(state_added=(merged,), state_removed=tuple(file.path for file in files))

    try:
        state = recover.roll_forward(lake, known)
        while files_to_merge(state.index) and apply_change(lake, state, Operation.MERGE, plan_merge):
            state = recover.roll_forward(lake, state)
        while merge_states.files_to_merge(state.state) and apply_change(lake, state, Operation.MERGE, plan_states):
            state = recover.roll_forward(lake, state)
    except (LakeError, OSError) as error:
        _LOGGER.warning("the run is committed, but its small files were not merged: %s", error)
