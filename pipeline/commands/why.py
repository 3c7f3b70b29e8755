"""``newslake why``: explain why an article is, or is not, in the lake.

The explanation shows the article's rows, what they repeat and by which rule, and what repeats them.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newslake.pipeline.exitcodes import ExitCode, UsageError
from newslake.pipeline.logs import complain
from newslake.pipeline.terminal import cut, one_line, width
from newslake.schemas import codec
from newslake.schemas.redact import redact, redact_link
from newslake.schemas.tables import ARTICLES, DUPLICATES, REVISIONS
from newslake.transforms.deduplicate import explain
from newslake.transforms.deduplicate.explain import ID_DIGITS, Explanation, Nearest, Row
from newslake.transforms.deduplicate.index.keys import IndexFile
from newslake.transforms.deduplicate.keys import url_key
from newslake.transforms.lake.query import Lake
from newslake.transforms.normalise.urls import canonical_url

_ID = re.compile(r"[0-9a-f]{6,32}")
_SHOWN = 20
_WIDTH_OF_PIPE = 100
_INDENT = "  "
_NO_ROW = "no file of the lake has a row of it"
_RULE_MEANING = {
    "identity": "the same article once more, by its URL or its publisher's own id",
    "content": "the same headline and text",
    "near": "nearly the same text",
}


def run_why(lake: str, name: str, as_json: bool) -> int:
    """Print the explanation as text or as one JSON object, and return the exit code.

    ``name`` is a URL, an id, or the beginning of an id. The exit code is NO_SOURCE if the lake does
    not know the article. Raises UsageError if ``name`` is something else or names several articles,
    and LakeError.
    """
    asked = name.strip()
    if not _is_url(asked) and not _ID.fullmatch(asked.lower()):
        raise UsageError(
            f"{one_line(name)!r} names no article: "
            f"name a URL or an id ({ID_DIGITS} hex digits, or its first 6 and more)"
        )
    opened, files = explain.open_index(lake)
    identity = _id_of_url(opened, files, asked) if _is_url(asked) else _id_of_digits(files, asked.lower())
    explained = explain.explain(opened, files, identity) if identity else None
    nearest = explain.find_nearest(opened, files, explained) if explained else None
    if as_json:
        print(_as_json(explained, nearest))
    elif explained:
        print(_human(explained, nearest, asked, lake, width(_WIDTH_OF_PIPE)))
    if explained:
        return ExitCode.COMMITTED
    complain(_unknown(asked, lake))
    return ExitCode.NO_SOURCE


def _is_url(asked: str) -> bool:
    return "://" in asked or "." in asked


def _unknown(asked: str, lake: str) -> str:
    if _is_url(asked) and "://" not in asked:
        advice = "give the URL whole, as in https://example.org/news"
    else:
        query = "SELECT reason, source_uri, detail FROM rejects ORDER BY ingested_at DESC LIMIT 10"
        advice = f"if it was read, it may be a reject: {_sql(query, lake)}"
    return f"{lake} does not know {one_line(redact(asked))}; {advice}"


def _sql(query: str, lake: str) -> str:
    return f'newslake sql "{query}" --lake {shlex.quote(lake)}'


def _id_of_digits(files: Sequence[IndexFile], digits: str) -> str | None:
    if len(digits) == ID_DIGITS:
        return explain.id_of_key(files, digits)
    return _only(explain.ids_with_prefix(files, digits), f"ids begin with {digits}; give more digits of one of them:")


def _id_of_url(lake: Lake, files: Sequence[IndexFile], url: str) -> str | None:
    """Return the id of the article with this URL, or None if the lake does not know it.

    The index knows the URL of each article. It does not know a URL that names no article, such as a
    home page or a page of several articles; then the rows are searched. Raises UsageError if
    several articles have the URL.
    """
    masked = redact_link(url)  # the lake knows links of feeds without their secrets
    forms = [canonical_url(form, keep_fragment=keep) for form in (masked, url) for keep in (True, False)]
    known = list(dict.fromkeys(form for form in forms if form))
    for key in (url_key(form).hex() for form in known):
        if not explain.is_void(files, key) and (identity := explain.id_of_key(files, key)):
            return identity
    return _only(
        explain.ids_with_url(lake, [url, masked, *known]),
        f"articles have the URL {one_line(redact(url))}; name one of them by its id:",
    )


def _only(ids: Sequence[str], complaint: str) -> str | None:
    """Return the only id, or None if ``ids`` is empty.

    Raises UsageError for several ids, with their number, ``complaint`` and the first of them.
    """
    if len(ids) > 1:
        more = [f"and {len(ids) - _SHOWN:,} more"] if len(ids) > _SHOWN else []
        raise UsageError(f"\n{_INDENT}".join([f"{len(ids):,} {complaint}", *ids[:_SHOWN], *more]))
    return ids[0] if ids else None


def _as_json(explained: Explanation | None, nearest: Nearest | None) -> str:
    found = explained or Explanation("")
    lists = {name: [asdict(row) for row in getattr(found, name)] for name in ("rows", "repeats", "repeated_by")}
    told = {"id": found.id or None, "known": explained is not None, "void": list(found.void)}
    return codec.encode({**told, **lists, "nearest": asdict(nearest) if nearest else None}).decode()


def _human(explained: Explanation, nearest: Nearest | None, asked: str, lake: str, columns: int) -> str:
    """Return paragraphs for people; headlines are cut at ``columns``."""
    paragraphs = [_aside(explained, asked), [_standing(explained), *_void(explained)]]
    for row in explained.rows[:_SHOWN]:
        title = f"{row.table}, revision {row.revision}" if row.table == REVISIONS else row.table
        paragraphs.append([title, *_details(row, columns)])
    if len(explained.rows) > _SHOWN:
        paragraphs.append([f"and {len(explained.rows) - _SHOWN:,} rows more, which --json prints"])
    paragraphs += _repeats(explained, columns)
    if explained.repeated_by:
        paragraphs.append(list(_repeaters(explained, lake, columns)))
    elif not any(row.duplicate_of for row in explained.rows):
        paragraphs.append(["It repeats no other article, and none repeats it."])
    if nearest:
        paragraphs.append(list(_nearest(nearest, columns)))
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def _aside(explained: Explanation, asked: str) -> list[str]:
    """Return a sentence that explains why no row holds what the user asked for, or nothing."""
    if _is_url(asked):
        written = {url for row in (*explained.rows, *explained.repeated_by) for url in (row.url, row.canonical_url)}
        if written.isdisjoint((asked, canonical_url(asked))):
            return [
                f"{one_line(asked)} is known under id {explained.id}: "
                "seen again and unchanged, it was never written again."
            ]
    elif not explained.id.startswith(asked.lower()):
        return [f"{asked.lower()} is another key of the article {explained.id}."]
    return []


def _standing(explained: Explanation) -> str:
    if not explained.rows:
        return f"{explained.id} is known to the index, but {_NO_ROW}."
    revisions = sum(row.table == REVISIONS for row in explained.rows)
    if revisions:
        return f"{explained.id} is in the lake, with {_counted(revisions, 'revision')}."
    if any(row.table == ARTICLES for row in explained.rows):
        return f"{explained.id} is in the lake."
    return f"{explained.id} is not among the articles: it repeats another one, and is kept as a duplicate."


def _void(explained: Explanation) -> Iterator[str]:
    """Yield a sentence that tells by which key the article is known, if another one is void."""
    if not explained.void:
        return
    has_url = any(row.canonical_url for row in explained.rows)
    has_id = any(row.source_id for row in explained.rows)
    known_by = next(
        (name for name, has in (("URL", has_url), ("source_id", has_id)) if has and name not in explained.void), "text"
    )
    yield f"Several articles share its {' and its '.join(explained.void)}, so it is known by its {known_by}."


def _details(row: Row, columns: int) -> Iterator[str]:
    headline = cut(one_line(row.headline), columns - len(_INDENT) - 11) if row.headline else None
    details = {
        "headline": headline,
        "url": row.url or row.canonical_url,
        "publisher": row.publisher,
        "published": row.date_published,
        "source": row.source_uri,
        "run": row.run_id,
    }
    for name, value in details.items():
        if value:
            yield f"{_INDENT}{name:<11}{one_line(value)}"


def _repeats(explained: Explanation, columns: int) -> Iterator[list[str]]:
    """Yield a paragraph for each repeated article, then for what that article repeats."""
    of_id = {row.id: row for row in explained.repeats}
    told = set()
    pending = [row for row in explained.rows if row.duplicate_of]
    for row in pending:  # grows as it goes
        assert row.duplicate_of is not None
        relation = row.id, row.duplicate_of, row.rule
        if relation in told:
            continue
        told.add(relation)
        target = of_id.get(row.duplicate_of)
        yield [
            f"{'It' if row.id == explained.id else row.id} repeats {row.duplicate_of} by {_reason(row)}:",
            *(
                _details(target, columns)
                if target
                else [f"{_INDENT}{'see above' if row.duplicate_of == explained.id else _NO_ROW}"]
            ),
        ]
        if target and target.duplicate_of:
            pending.append(target)


def _reason(row: Row) -> str:
    rule = row.rule or ""
    score = f", score {row.score:.2f}" if row.score is not None else ""
    marked = "" if row.table == DUPLICATES else ", marked and kept"
    return f"rule {rule}{score}{marked} ({_RULE_MEANING.get(rule, 'a rule of a newer version')})"


def _repeaters(explained: Explanation, lake: str, columns: int) -> Iterator[str]:
    rows = explained.repeated_by
    yield f"It is repeated by {_counted(len(rows), 'article')}:"
    for row in rows[:_SHOWN]:
        score = "kept" if row.table != DUPLICATES else f"{row.score:.2f}" if row.score is not None else ""
        start = f"{_INDENT}{row.rule or '':<9}{score:<6}"
        yield start + cut(one_line(row.headline or "(no headline)"), columns - len(start))
        yield " " * len(start) + one_line(row.url or row.canonical_url or row.source_uri)
        yield " " * len(start) + f"{row.id}  run {one_line(row.run_id)}"
    if len(rows) > _SHOWN:
        names = {DUPLICATES: "duplicate_of", ARTICLES: "near_duplicate_of"}
        tables = [table for table in names if any(row.table == table for row in rows)]
        query = " UNION ALL ".join(
            f"SELECT headline, url, run_id FROM {table} WHERE {names[table]} = '{explained.id}'" for table in tables
        )
        yield f"and {len(rows) - _SHOWN:,} more; {_sql(query, lake)} lists them"


def _nearest(nearest: Nearest, columns: int) -> Iterator[str]:
    yield f"The nearest article that is no copy of it is {nearest.row.id}:"
    yield from _details(nearest.row, columns)
    yield (
        f"{_INDENT}{'alike':<11}{nearest.similarity:.2f} of all phrases are in both, "
        f"{nearest.contained:.2f} of the shorter text's are in the other"
    )
    yield (
        f"{_INDENT}{'numbers':<11}{nearest.shared_numbers:.2f} of the numbers of the one with fewer are in both, "
        f"{nearest.new_numbers} of the asked one are not in the other"
    )
    if nearest.is_short:
        yield f"{_INDENT}{'short':<11}a text of fewer than about 20 words is a copy under the same headline only"


def _counted(count: int, noun: str) -> str:
    """
    >>> _counted(1, "article"), _counted(4312, "article")
    ('1 article', '4,312 articles')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
