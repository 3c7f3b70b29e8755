"""The containers whose members newslake reads, each in a module of its own."""

from newslake.transforms.files.containers.base import Container
from newslake.transforms.files.containers.tar import TAR
from newslake.transforms.files.containers.zip import ZIP

CONTAINERS: dict[str, Container] = {
    one.name: one
    for one in (
        ZIP,
        TAR,
    )
}


def container_of(head: bytes) -> str | None:
    """Return the name of the container that a file is by its first bytes, or None."""
    return next((one.name for one in CONTAINERS.values() if one.looks_like(head)), None)
