"""Saved feeds: from the bytes of a file to a FeedDocument."""

from newslake.schemas.redact import source_name
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument, FeedRequest, OpenBytes
from newslake.transforms.storage.compression import (
    CorruptDataError,
    Inflater,
    TruncatedDataError,
    compression_of,
    inflate,
)

_BLOCK_BYTES = 1_000_000
_PAYLOAD_BYTES = 64_000
_FTP = ("ftp://", "ftps://", "sftp://")
_MOST_LAYERS = 3
"""An archive can hold itself, so some have layers without end."""


def read_feed_file(
    request: FeedRequest, open_bytes: OpenBytes, max_body_bytes: int = 256_000_000
) -> FeedDocument | Reject:
    """Return a saved feed, decompressed, or a Reject.

    If an archive is cut off or damaged, the body is what came before the damage, and ``cut`` says
    so. The Reject is of the whole source: MISSING, UNREADABLE, IS_DIRECTORY, EMPTY, TOO_LARGE (more
    than ``max_body_bytes`` after decompression), and TRUNCATED or CORRUPT if nothing came before
    the damage.
    """
    source_uri = request.source_uri or source_name(request.location)

    def reject(reason: Reason, detail: str, payload: bytes = b"") -> Reject:
        return Reject(Stage.FETCH_FEEDS, reason, source_uri, detail, payload, whole_source=True)

    if request.location.lower().startswith(_FTP):
        return reject(Reason.UNREADABLE, "feeds are fetched over http(s), not ftp; download it, and name the file")
    body: bytes | bytearray = bytearray()
    fault: tuple[Reason, str] | None = None
    try:
        with open_bytes(request.location) as file:
            block = file.read(_BLOCK_BYTES)
            inflater = Inflater(compression_of(block) if request.compression is None else request.compression)
            while block and len(body) <= max_body_bytes:
                body += inflater.push(block, max_body_bytes - len(body))
                block = file.read(_BLOCK_BYTES)
            if not inflater.is_complete:
                fault = Reason.TRUNCATED, "the archive ends in the middle"
        if request.compression != "":
            body, again = _unpack_again(body, max_body_bytes)
            fault = fault or again
    except (FileNotFoundError, NotADirectoryError):
        return reject(Reason.MISSING, "there is no such file")
    except IsADirectoryError:
        return reject(Reason.IS_DIRECTORY, "it is a directory")
    except CorruptDataError as error:
        fault = Reason.CORRUPT, str(error)
    except OSError as error:
        return reject(Reason.UNREADABLE, error.strerror or type(error).__name__)
    if len(body) > max_body_bytes:
        return reject(Reason.TOO_LARGE, f"it is larger than {max_body_bytes} bytes", bytes(body[:_PAYLOAD_BYTES]))
    if not body:
        return reject(*(fault or (Reason.EMPTY, "it holds no bytes")))
    return FeedDocument(source_uri, None, bytes(body), None, request.settings, cut=fault[1] if fault else "")


def _unpack_again(body: bytes | bytearray, max_body_bytes: int) -> tuple[bytes | bytearray, tuple[Reason, str] | None]:
    """Return a body that was compressed more than once, decompressed, and its fault or None."""
    for _ in range(_MOST_LAYERS):
        compression = compression_of(bytes(body[:4]))
        if not compression or len(body) > max_body_bytes:
            break
        body, fault = inflate(bytes(body), compression, max_body_bytes)
        if fault is not None:
            return body, (Reason.TRUNCATED if isinstance(fault, TruncatedDataError) else Reason.CORRUPT, str(fault))
    return body, None
