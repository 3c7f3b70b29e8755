"""JSON Lines (jsonlines.org): one object a line.

Only LF ends a line. U+2028 and similar characters are content (RFC 8259).
"""

from collections.abc import Iterator

from newslake.schemas import codec
from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.fields import FieldMapper
from newslake.transforms.files.lines import LongLine, read_lines


def read_jsonl(
    blocks: Iterator[bytes], source_uri: str, mapper: FieldMapper, *, first: int, until: int, max_record_bytes: int
) -> Iterator[RawItem]:
    """Yield an article or a reject for each line that begins before ``until``.

    Blank lines are skipped. The blocks begin at offset ``first``.
    """
    for offset, line in read_lines(blocks, first, until, max_record_bytes):
        if isinstance(line, LongLine):
            yield too_large(source_uri, offset, line.length, line.beginning)
        elif line and not line.isspace():
            yield read_object(line, source_uri, f"byte {offset}", mapper)


def read_object(data: bytes, source_uri: str, position: str, mapper: FieldMapper) -> RawItem:
    """Return the article of one JSON object, or a Reject if ``data`` is not one."""
    try:
        value, warnings = codec.decode_foreign(data)
    except codec.InvalidJsonError as error:
        return Reject(Stage.READ_ARTICLES, Reason.INVALID_JSON, source_uri, f"{position}: {error}", data)
    if type(value) is not dict:
        return Reject(
            Stage.READ_ARTICLES,
            Reason.NOT_AN_OBJECT,
            source_uri,
            f"{position}: a {type(value).__name__}, not an object",
            data,
        )
    return mapper.article(value, source_uri, position, data, warnings)


def too_large(source_uri: str, offset: int, length: int, beginning: bytes) -> Reject:
    detail = f"byte {offset}: {length} bytes long; the payload holds the first {len(beginning)}"
    return Reject(Stage.READ_ARTICLES, Reason.TOO_LARGE, source_uri, detail, beginning)
