"""Why an article is in the lake or not: its rows, what they repeat, and what repeats them.

The keys index tells whether the lake has met an id, and so what to look for. The rows come from the
live files of articles, revisions and duplicates, which are read block by block. A line is decoded
only if it holds the wanted bytes. It counts only if the right field holds them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newslake.schemas import codec
from newslake.schemas.staging import HASH
from newslake.schemas.tables import ARTICLES, DUPLICATES, REVISIONS
from newslake.transforms.deduplicate.decide import articles_of_rows
from newslake.transforms.deduplicate.index import keys, near
from newslake.transforms.deduplicate.index.keys import Hashes, IndexFile, Rows
from newslake.transforms.deduplicate.keys import source_key, url_key, without_counter
from newslake.transforms.deduplicate.near import NearPolicy, compare_with_file
from newslake.transforms.deduplicate.near_rule import TWENTY_WORDS, Likeness
from newslake.transforms.deduplicate.rebuild import rows_of_records
from newslake.transforms.lake import recover
from newslake.transforms.lake.log import LiveFile, NotALakeError
from newslake.transforms.lake.query import Lake
from newslake.transforms.storage.base import LakeError
from newslake.transforms.storage.compression import DamagedDataError, compression_of_name, open_plain
from newslake.transforms.storage.local import open_local

ID_DIGITS = 32
NEAR = "near"

_BLOCK_BYTES = 1_000_000
_KEYS_AT_ONCE = 1_000_000
"""A search by prefix copies only this many halves of keys at a time, 8 MB."""


class FileDamagedError(LakeError):
    """A file of the lake does not hold what the log says."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path} is damaged ({self.detail}); restore it from a backup of the lake"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ``table``, in the names of the record.

    ``duplicate_of``, ``rule`` and ``score`` say what the row repeats; they are None if it repeats
    nothing. A near-duplicate that is kept and marked stands in ``articles``. It has no ``score`` if
    a version before ``near_score`` wrote it.
    """

    id: str
    revision: int
    table: str
    headline: str | None
    url: str | None
    canonical_url: str | None
    publisher: str | None
    source_uri: str
    date_published: str | None
    run_id: str
    duplicate_of: str | None = None
    rule: str | None = None
    score: float | None = None
    source_id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the lake has of one id. Each row stands in one place.

    ``rows`` are its own rows as they were first written: articles, revisions in their order, then
    duplicates of other articles. ``repeats`` is a row of each article that they repeat, and of each
    one that such an article repeats in turn, the nearest first. ``repeated_by`` are all rows that
    repeat it, in the order of the commits; copies under its own id are among them. ``void`` names
    what is no key of it, because several articles share it: "URL", "source_id".
    """

    id: str
    rows: tuple[Row, ...] = ()
    repeats: tuple[Row, ...] = ()
    repeated_by: tuple[Row, ...] = ()
    void: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The most alike article that an article is no copy of, and what decided.

    ``row`` is that article. ``similarity`` is the Jaccard index of the texts, and ``contained`` the
    share of the shorter text that stands in the longer one. ``new_numbers`` counts the numbers of
    the asked article that are not in the other one. ``shared_numbers`` is the share of the numbers
    of the article with fewer that stand in the other. ``is_short`` tells whether one of the texts
    has fewer than about 20 words, so that the headline must be the same.
    """

    row: Row
    similarity: float
    contained: float
    new_numbers: int
    shared_numbers: float
    is_short: bool


def open_index(root: str) -> tuple[Lake, list[IndexFile]]:
    """Open the lake at ``root`` and its keys index, both at one entry of the log.

    Raise LakeError if there is no lake, or if it cannot be read.
    """
    storage = open_local(root)
    state = recover.state_in_place(storage)
    if state.number == 0:
        raise NotALakeError(root)
    files = [IndexFile(storage, file.path) for file in state.index if near.segment_of_path(file.path) is None]
    return Lake(storage, state.files), files


def id_of_key(files: Sequence[IndexFile], key: str) -> str | None:
    """Return the id under which the lake knows ``key``, or None.

    ``key`` is 32 hex digits: an id, or the key of a URL.
    """
    hashes = _hashes([key])
    query, _ = keys.find(files, "versions", hashes)
    if len(query):
        return key
    _, aliases = keys.find(files, "aliases", hashes)
    return next(iter(_hex(aliases, "id")), None)


def ids_with_prefix(files: Sequence[IndexFile], prefix: str) -> list[str]:
    """Return the ids that begin with ``prefix``, 1 to 32 lower-case hex digits, in order."""
    wanted_hi, wanted_lo = _hashes([prefix.ljust(ID_DIGITS, "0")])
    mask_hi, mask_lo = _hashes(["f" * len(prefix) + "0" * (ID_DIGITS - len(prefix))])
    found: set[str] = set()
    for file in files:
        versions = file.tables["versions"]
        for start in range(0, len(versions["key_hi"]), _KEYS_AT_ONCE):
            some = {name: versions[name][start : start + _KEYS_AT_ONCE] for name in ("key_hi", "key_lo")}
            begins_hi = (some["key_hi"] & mask_hi) == wanted_hi  # type: ignore[operator]
            begins = begins_hi & ((some["key_lo"] & mask_lo) == wanted_lo)  # type: ignore[operator]
            found.update(_hex({name: column[begins] for name, column in some.items()}, "key"))
    return sorted(found)


def ids_with_url(lake: Lake, urls: Collection[str]) -> list[str]:
    """Return the ids of all rows that have one of ``urls``, as given or canonical, each id once.

    This reads the whole of the tables.
    """
    found: dict[str, None] = {}
    for table in (ARTICLES, REVISIONS, DUPLICATES):
        for row in _rows_with(lake, table, urls):
            if row.url in urls or row.canonical_url in urls:
                found[row.id] = None
    return list(found)


def explain(lake: Lake, files: Sequence[IndexFile], identity: str) -> Explanation:
    """Return all that the lake has of the id ``identity``. Raise LakeError if a file is damaged.

    What it repeats is followed from article to article, each one once, so a circle has an end.
    """
    asked = _lineage(files, [identity])
    met = list(_rows_about(lake, asked, identity))
    own = [row for row in met if row.id == identity != row.duplicate_of]
    others = _first_rows(met, asked.keys() - {identity})
    # The index does not have the target of a marked article, so follow the rows too.
    while fresh := _lineage(files, _named([*own, *others.values()], asked)):
        asked |= fresh
        others |= _first_rows(list(_rows_about(lake, fresh)), fresh)
    return Explanation(
        identity,
        tuple(sorted(own, key=lambda row: (row.table == DUPLICATES, row.revision))),
        tuple(others[one] for one in asked if one in others),
        tuple(row for row in met if row.duplicate_of == identity),
        _void_keys(files, [row for row in met if row.id == identity]),
    )


def find_nearest(lake: Lake, files: Sequence[IndexFile], explained: Explanation) -> Nearest | None:
    """Return the most alike article that is no copy of the explained one by the table of the rule.

    The text of its first row is compared with the articles of the near index that share a key with
    it, within the days that are the default. Return None if no article does, or if the explained
    one has no row.
    """
    records = (one for row in explained.rows[:1] for one in _records_with(lake, row.table, [row.id]))
    record = next((one for one in records if one["id"] == explained.id), None)
    if record is None:
        return None
    columns = rows_of_records([record], 0).articles
    article = articles_of_rows(columns, lambda name, rows: columns[name][rows], np.arange(1))
    window, days = NearPolicy().window_days, (int(article.day_from[0]), int(article.day_until[0]))
    paths = [(file.path, near.segment_of_path(file.path)) for file in recover.state_in_place(lake.storage).index]
    names = [path for path, segment in paths if segment is not None and near.in_reach(segment, *days, window)]
    copies = {explained.id, *(row.id for row in (*explained.repeats, *explained.repeated_by))}
    found: list[tuple[str, float, float, int, float, bool]] = []
    for file in near.open_files(lake.storage, names):
        row, compared = compare_with_file(article, file, window)
        is_apart = compared.likeness == Likeness.APART
        row, compared = row[is_apart], compared.taken(is_apart)
        ids = _hex({half: file.rows[half][row] for half in ("id_hi", "id_lo")}, "id")
        is_short = np.minimum(file.rows["shingles"][row], article.shingles[0]) < TWENTY_WORDS
        decided = (compared.similarity, compared.contained, compared.new_numbers, compared.shared_numbers, is_short)
        found += zip(ids, *(column.tolist() for column in decided), strict=True)
    nearest = max((one for one in found if one[0] not in copies), key=lambda one: (max(one[1:3]), one[0]), default=None)
    if nearest is None:
        return None
    rows = _first_rows(list(_rows_about(lake, _lineage(files, nearest[:1]))), nearest[:1])
    return next((Nearest(row, *nearest[1:]) for row in rows.values()), None)


def is_void(files: Sequence[IndexFile], key: str) -> bool:
    """Tell whether several articles share ``key``, 32 hex digits, so that it is no key."""
    return len(keys.find(files, "voids", _hashes([key]))[0]) > 0


def _void_keys(files: Sequence[IndexFile], rows: Iterable[Row]) -> tuple[str, ...]:
    found = {}
    for row in rows:
        if row.canonical_url:
            found[url_key(row.canonical_url).hex()] = "URL"
        if row.source_id:
            source_id = without_counter(row.source_id, (row.url, row.canonical_url))
            found[source_key(row.source or row.source_uri, source_id).hex()] = "source_id"
    return tuple(sorted({name for key, name in found.items() if is_void(files, key)}))


def _first_rows(rows: Sequence[Row], ids: Collection[str]) -> dict[str, Row]:
    return {row.id: row for row in reversed(rows) if row.id in ids}


def _named(rows: Iterable[Row], asked: Collection[str]) -> list[str]:
    """Return the id that each row repeats (``duplicate_of``), without the ids in ``asked``.

    An id may come more than once. A row that repeats nothing gives no id.
    """
    return [row.duplicate_of for row in rows if row.duplicate_of and row.duplicate_of not in asked]


def _lineage(files: Sequence[IndexFile], ids: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return ``ids`` and all ids that they repeat, the nearest first, each with its kept revisions.

    An id that the index does not know gets revision 1, so that it is looked for.
    """
    lineage: dict[str, frozenset[int]] = {}
    fresh = list(dict.fromkeys(ids))
    while fresh:
        query, known = keys.find(files, "versions", _hashes(fresh))
        kept: dict[str, set[int]] = {}
        targets = []
        for place, target, revision in zip(
            query.tolist(), _hex(known, "target"), known["revision"].tolist(), strict=True
        ):
            kept.setdefault(fresh[place], set()).update([revision] if revision else [])
            targets.append(target)
        lineage |= {one: frozenset(kept.get(one, {1})) for one in fresh}
        fresh = [one for one in dict.fromkeys(targets) if one not in lineage]
    return lineage


def _rows_about(lake: Lake, ids: Mapping[str, frozenset[int]], identity: str = "") -> Iterator[Row]:
    """Yield the first row of each of ``ids``, and all rows that are or repeat ``identity``.

    ``identity`` is one of ``ids``. ``ids`` has the kept revisions of each id. Other rows may come
    too. A table is read to its end only if more wanted rows may come.
    """
    is_kept = bool(ids.get(identity))
    waiting = {one for one, revisions in ids.items() if revisions}
    if waiting:
        for row in _rows_with(lake, ARTICLES, ids):
            yield row
            waiting.discard(row.id)
            if not waiting and not is_kept:  # marks name only kept articles
                break
    revised = ids.get(identity, frozenset()) - {1}
    if revised:
        for row in _rows_with(lake, REVISIONS, [identity]):
            if row.id == identity:
                yield row
                revised -= {row.revision}
                if not revised:
                    break
    # The index has one row for all copies of one content. So it does not tell how many of them
    # stand in the table.
    duplicates = [one for one, revisions in ids.items() if one == identity or not revisions]
    if duplicates:
        yield from _rows_with(lake, DUPLICATES, duplicates)


def _rows_with(lake: Lake, table: str, texts: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of ``table`` whose line holds one of ``texts``, in the order of the log."""
    for record in _records_with(lake, table, texts):
        marked = record.get("near_duplicate_of")
        yield Row(
            id=record["id"],
            revision=record["revision"],
            table=table,
            headline=record["headline"],
            url=record["url"],
            canonical_url=record["canonical_url"],
            publisher=record["publisher"],
            source_uri=record["source_uri"],
            date_published=record["date_published"],
            run_id=record["run_id"],
            duplicate_of=record.get("duplicate_of", marked),
            rule=record.get("rule", NEAR if marked else None),
            score=record.get("score", record.get("near_score")),
            source_id=record.get("source_id"),
            source=record.get("source"),
        )


def _records_with(lake: Lake, table: str, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the records of ``table`` whose line holds one of ``texts``, in the order of the log."""
    needles = [codec.encode(text)[1:-1] for text in texts]
    for file in lake.live_files(table):
        path = lake.locate(file)
        for line in _lines_with(_blocks(lake, file), needles):
            try:
                yield codec.decode(line)
            except codec.InvalidJsonError as error:
                raise FileDamagedError(path, str(error)) from None


def _lines_with(blocks: Iterable[bytes], needles: Collection[bytes]) -> Iterator[bytes]:
    """Yield the lines that hold one of ``needles``, each once, in their order.

    >>> list(_lines_with([b"one\\ntw", b"o\\nthree\\n"], [b"two", b"e"]))
    [b'one', b'two', b'three']
    """
    rest: list[bytes] = []
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if end:
            # Only the line that two blocks share is copied.
            start = block.find(b"\n") + 1
            yield from _whole_lines_with(b"".join([*rest, block[:start]]), needles, 0)
            yield from _whole_lines_with(block, needles, start, end)
            rest = []
        rest.append(block[end:])
    yield from _whole_lines_with(b"".join([*rest, b"\n"]), needles, 0)


def _whole_lines_with(text: bytes, needles: Collection[bytes], start: int, stop: int | None = None) -> Iterator[bytes]:
    """Do the same for the whole lines of ``text`` from ``start`` to ``stop``."""
    spans = set()
    for needle in needles:
        at = text.find(needle, start, stop)
        while at >= 0:
            end = text.index(b"\n", at)
            spans.add((text.rfind(b"\n", start, at) + 1 or start, end))
            at = text.find(needle, end + 1, stop)
    for first, end in sorted(spans):
        yield text[first:end]


def _blocks(lake: Lake, file: LiveFile) -> Iterator[bytes]:
    """Yield a file of the lake, decompressed.

    Raise FileDamagedError if it is damaged, or if its size is not the one in the log; OSError if it
    cannot be read.
    """
    path, found = lake.locate(file), lake.storage.stat(file.path)
    # Decoders notice neither a cut zstd frame nor an empty gzip file.
    if found is not None and found.bytes != file.bytes:
        raise FileDamagedError(path, f"{found.bytes} bytes, where the log says {file.bytes}")
    try:
        with (
            lake.storage.local_copy(file.path).open("rb") as stored,
            open_plain(stored, compression_of_name(path)) as plain,
        ):
            while block := plain.read(_BLOCK_BYTES):
                yield block
    except DamagedDataError as error:
        raise FileDamagedError(path, str(error)) from error


def _hashes(digests: Sequence[str]) -> Hashes:
    pair = np.frombuffer(bytes.fromhex("".join(digests)), HASH).reshape(-1, 2)
    return pair[:, 0], pair[:, 1]


def _hex(rows: Rows, name: str) -> list[str]:
    digits = np.stack([rows[f"{name}_hi"], rows[f"{name}_lo"]], axis=1).tobytes().hex()
    return [digits[start : start + ID_DIGITS] for start in range(0, len(digits), ID_DIGITS)]
