"""Files on any file system of Beam, as functions for the steps that read them."""

from typing import BinaryIO, cast

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from newslake.transforms.files.find import FileMatch, is_local


def open_bytes(uri: str) -> BinaryIO:
    """Open a file, without decompressing it. Raises OSError."""
    if is_local(uri):
        return open(uri, "rb")  # noqa: PTH123  (the caller closes it)
    try:
        return cast(BinaryIO, FileSystems.open(uri, compression_type=CompressionTypes.UNCOMPRESSED))
    except (BeamIOError, ValueError) as error:
        raise OSError(str(error)) from error


def match_remote(pattern: str) -> list[FileMatch]:
    """Return the files that match a glob on a file system that is not local. Raises OSError."""
    try:
        results = FileSystems.match([pattern])
    except (BeamIOError, ValueError) as error:
        raise OSError(str(error)) from error
    return [
        FileMatch(found.path, found.size_in_bytes, found.last_updated_in_seconds or 0.0)
        for found in results[0].metadata_list
    ]
