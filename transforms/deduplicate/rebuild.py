"""Both indexes from the tables: what a lake would have learnt from the records that it holds.

``rows_of_records`` turns some records into rows. ``near_rows`` gives their rows of the near index,
and ``index_tables`` joins the rows of all records to the tables of the keys index. The result is
what deciding would have learnt, with these exceptions:

- A record has its text without captions. So an equal text that comes again with its captions has
  another ``match``, and is compared as a near-duplicate.
- A record that came again unchanged was not written. So its second URL or guid is in no table. The
  ``aliases`` of an older index have it, if ``index_tables`` gets them.
- Records of schema versions 1 and 2 do not name their ``source``. The feed's URL, or else the file,
  stands for it.
- Where records show that a key is void, it is void from the first record on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from newslake.schemas.article import STANDING_TEXT, Article
from newslake.schemas.raw import NormalisedBatch, RawArticle
from newslake.schemas.redact import source_name
from newslake.schemas.staging import ARTICLE_COLUMNS, UNBELIEVED, UNKNOWN_INSTANT, Columns, Rule
from newslake.transforms.deduplicate import hashes
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.deduplicate.index.keys import Hashes
from newslake.transforms.deduplicate.index.near import NEAR_COLUMNS
from newslake.transforms.deduplicate.keys import identify_articles, url_key

_SOURCE_SINCE = 3
"""The first schema version whose records name their source."""


@dataclass(frozen=True, slots=True)
class RecordRows:
    """What some records tell the index, one row a record.

    ``articles`` are ARTICLE_COLUMNS, with all wide columns. ``versions`` are those of the index,
    without ``commit``. ``keys`` are pairs (key, id) with ``met``: the URLs and guids that the
    records were known by, and the texts of those that have neither. ``rule`` tells why a row
    repeats another. ``is_standing`` tells which records are flagged as standing text.
    """

    articles: Columns
    versions: Columns
    keys: Columns
    rule: Integers
    is_standing: Flags

    @property
    def is_kept(self) -> Flags:
        return np.asarray(np.greater(self.versions["revision"], 0))


def rows_of_records(records: Sequence[Mapping[str, Any]], met: int, with_fingerprints: bool = True) -> RecordRows:
    """Return what rows of ``articles``, ``revisions`` or ``duplicates`` tell the index.

    There must be at least one. ``met`` is the number of the log entry that added them. With
    fingerprints, ``articles`` have what the near index needs too.
    """
    articles = [_article(record) for record in records]
    raws = [
        RawArticle(article["source_uri"], "", headline=article["headline"], body=_text(article)) for article in articles
    ]
    columns = identify_articles(NormalisedBatch(list(zip(articles, raws, strict=True))), with_fingerprints).columns
    targets = [bytes.fromhex(record.get("duplicate_of") or record["id"]) for record in records]
    rule = np.array([_rule(record) for record in records], np.int64)
    revision = np.array([0 if "rule" in record else record["revision"] for record in records], "<u4")
    is_dated = np.less(columns["doubt"], UNBELIEVED)
    ids = hashes.pair(columns, "id")
    versions = {
        **hashes.named("key", ids),
        "content": columns["content"],
        "stable": columns["stable"],
        **hashes.named("target", _hashes(targets)),
        "revision": revision,
        "met": np.full(len(records), met, "<u4"),
        "body_rank": columns["body_rank"],
        "namespace": columns["namespace"],
        "headline": columns["headline"],
        "published_from": np.where(is_dated, columns["published_from"], UNKNOWN_INSTANT),
    }
    urls = [url_key(article["canonical_url"]) if article["canonical_url"] else bytes(16) for article in articles]
    source, text = hashes.pair(columns, "source"), _hashes([one.tobytes() for one in columns["text"]])
    nameless = np.flatnonzero(~hashes.are_set(source) & ~hashes.are_set(_hashes(urls)))
    pairs = [(_hashes(urls), ids), (source, ids), (hashes.take(text, nameless), hashes.take(ids, nameless))]
    known = [(hashes.take(key, hashes.are_set(key)), hashes.take(own, hashes.are_set(key))) for key, own in pairs]
    keys = hashes.named("key", hashes.joined(key for key, _ in known))
    keys |= hashes.named("id", hashes.joined(own for _, own in known))
    keys["met"] = np.full(len(keys["key_hi"]), met, "<u4")
    is_standing = np.array([STANDING_TEXT in (record.get("warnings") or ()) for record in records], np.bool_)
    return RecordRows(columns, versions, keys, rule, is_standing)


def near_rows(rows: RecordRows) -> Columns:
    """Return what the near index learns from records: NEAR_COLUMNS without ``commit``.

    A row has 0 shingles if no later article is compared with it.
    """
    shingles = np.where(rows.is_kept & ~rows.is_standing, rows.articles["shingles"], 0)
    is_joinable = (rows.rule != Rule.IDENTITY) & (rows.articles["lead"] != 0)
    learns = np.flatnonzero(is_joinable | (rows.is_kept & (rows.articles["body"] != 0)) | (shingles > 0))
    learnt = {name: rows.articles[name][learns] for name in NEAR_COLUMNS if name in ARTICLE_COLUMNS}
    return learnt | {"shingles": shingles[learns]}


def index_tables(parts: Sequence[RecordRows], aliases: Columns | None = None) -> dict[str, Columns]:
    """Return the tables ``versions``, ``aliases``, ``voids`` and ``contents``, without ``commit``.

    ``parts`` are all records of the lake, in the order of the log. ``aliases`` are those of the
    index before, if it can be read. A key that records of several articles have is void. Without
    records there are no tables.
    """
    if not parts:
        return {}
    versions = _joined([part.versions for part in parts])
    of_alias = ("key_hi", "key_lo", "id_hi", "id_lo")
    former = {name: aliases[name] if aliases else np.empty(0, "<u8") for name in of_alias}
    former["met"] = np.full(len(former["key_hi"]), np.iinfo(np.uint32).max, "<u4")
    keys = _joined([part.keys for part in parts])
    keys |= hashes.named("id", _followed(hashes.pair(keys, "id"), former))
    former = {**former, **hashes.named("id", _followed(hashes.pair(former, "id"), former))}
    pairs = _joined([keys, former])
    pairs = hashes.distinct(pairs, of_alias, first=pairs["met"])
    grouped = hashes.groups(hashes.pair(pairs, "key"))
    is_void = (np.bincount(grouped) > 1)[grouped] if len(grouped) else np.zeros(0, np.bool_)
    is_alias = ~is_void & ~hashes.same(hashes.pair(pairs, "key"), hashes.pair(pairs, "id"))
    void = {name: column[is_void] for name, column in pairs.items()}
    oldest = hashes.distinct(void, ("key_hi", "key_lo"), first=void["met"])
    return {
        "versions": hashes.distinct(
            versions, ("key_hi", "key_lo", "content", "namespace"), first=versions["revision"] == 0
        ),
        "aliases": {name: pairs[name][is_alias] for name in of_alias},
        "voids": {name: column for name, column in oldest.items() if name in of_alias},
        "contents": _contents(parts),
    }


def _contents(parts: Sequence[RecordRows]) -> Columns:
    """Return the table ``contents``: the texts of the kept articles."""
    found = []
    for part in parts:
        match = hashes.pair(part.articles, "match")
        holds = part.is_kept & hashes.are_set(match)
        ids = hashes.take(hashes.pair(part.articles, "id"), holds)
        found.append(hashes.named("key", hashes.take(match, holds)) | hashes.named("id", ids))
    return hashes.distinct(_joined(found), ("key_hi", "key_lo", "id_hi", "id_lo"))


def _article(record: Mapping[str, Any]) -> Article:
    """Return a record with every key of the table ``articles``, and with the source of its id."""
    article = {name: record.get(name) for name in Article.__annotations__}
    if article["source_id"] and (record.get("schema_version") or 1) < _SOURCE_SINCE:
        article["source"] = source_name(article["feed_url"] or article["source_uri"] or "")
    return cast(Article, article)


def _rule(record: Mapping[str, Any]) -> Rule:
    if "rule" in record:
        return Rule[record["rule"].upper()]
    return Rule.NEAR if record.get("near_duplicate_of") else Rule.NONE


def _text(article: Article) -> str:
    return article["article_body"] or article["description"] or ""


def _followed(ids: Hashes, aliases: Columns) -> Hashes:
    """Return ``ids``, and for an id that an alias leads on from the id at its end."""
    followed = hashes.copied(ids)
    count = len(ids[0])
    for _ in range(len(aliases["key_hi"])):
        grouped = hashes.groups(hashes.joined([followed, hashes.pair(aliases, "key")]))
        leads = np.full(int(grouped.max(initial=-1)) + 1, -1)
        leads[grouped[count:]] = np.arange(len(aliases["key_hi"]))
        alias = leads[grouped[:count]]
        moved = np.flatnonzero(alias >= 0)
        if not len(moved):
            break
        hashes.put(followed, moved, hashes.take(hashes.pair(aliases, "id"), alias[moved]))
    return followed


def _hashes(digests: Sequence[bytes]) -> Hashes:
    pair = np.frombuffer(b"".join(digests), "<u8").reshape(-1, 2)
    return pair[:, 0], pair[:, 1]


def _joined(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}
