"""Keys: the id, keys and hashes of an article, and the columns that deciding reads.

An article has three hashes of its text:

- The content hash covers headline and body as they came, before anything is lifted out of them. So
  a better normaliser causes no storm of revisions. It leaves out markup and white space only, so it
  misses no edit.
- The stable hash leaves out what changes by itself (counters, tokens in links, the credit of a
  picture). If only that differs, the article is unchanged.
- The match hash finds equal texts under different ids, by their words, numbers and symbols
  (words.py).
"""

import datetime as dt
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas import codec
from newslake.schemas.article import DATE_PRECISIONS, Article
from newslake.schemas.raw import NormalisedBatch, RawArticle
from newslake.schemas.records import first_day
from newslake.schemas.reject import Reason, Reject, row_of
from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    BODY_RANK,
    DIGEST,
    HASH,
    LEAD_WORDS,
    NUMBERS,
    SIGNATURE,
    UNBELIEVED,
    UNKNOWN_INSTANT,
    Columns,
    Link,
    StagedBatch,
)
from newslake.schemas.tables import partition_code
from newslake.transforms.deduplicate.fingerprint import fingerprint, lead_sketch
from newslake.transforms.deduplicate.index.near import MIN_SHINGLES
from newslake.transforms.deduplicate.numbers import number_sketch
from newslake.transforms.deduplicate.volatile import without_volatile
from newslake.transforms.deduplicate.words import headline_and_body_digests, no_words, word_digests

MIN_MATCH_WORDS = 20
"""From this many words on, equal text is a duplicate at any site. Below, every "Crossword" would
repeat the first one."""

MIN_LEAD_WORDS = 8
"""A teaser with fewer words may stand in any text."""

DOUBT_FLAGS = frozenset(("future", "epoch_zero", "ambiguous_dmy", "relative"))
_PRECISION_RANK = {name: rank for rank, name in enumerate((*DATE_PRECISIONS, "none"))}
_DOUBTFUL = 16
_UNBELIEVED_FLAGS = frozenset(("future", "epoch_zero"))
_DAY_SECONDS = 86_400

Instants = NDArray[np.int64]
Days = NDArray[np.int32]

_COUNTER = re.compile(r"(?:[#@]v?[0-9]{1,3}|[?&]v(?:ersion)?=[0-9]+)\Z")
"""A counter at the end of a guid. A longer number after "#" names an item."""
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_LINK = re.compile(r"https?://[!-~]+")
_SPACES = b" \t\r\n"
_NO_BREAK_SPACE = "\u00a0".encode()
_ABSENT = bytes(16)
_NO_NAME = bytes(4)


def identify_articles(batch: NormalisedBatch, with_fingerprints: bool = True) -> StagedBatch:
    """Give each article its id and content hash, and return its encoded line and columns.

    The columns are ARTICLE_COLUMNS, in the order of the batch. The articles of the batch change in
    place. An id or hash that an article already has stays. Without fingerprints no article has
    shingles, so no near-duplicates are found.
    """
    digests: dict[str, list[bytes]] = {
        name: []
        for name in ("id", "source", "match", "content", "stable", "lead", "outlet", "headline", "body", "namespace")
    }
    identities = set_identities(batch)
    lines, origin_of_row = [], []
    origins: dict[str, int] = {}
    articles = [article for article, _ in batch.articles]
    headline_keys = _headline_keys(articles)
    for article, identity, headline in zip(articles, identities, headline_keys, strict=True):
        outlet = _outlet_key(article)
        of_article = {
            "id": bytes.fromhex(article["id"]),
            "source": identity.source,
            "match": _match_key(article, identity.content.words),
            "content": bytes.fromhex(article["content_hash"])[:8],
            "stable": _stable_digest(article),
            "lead": _lead_key(article, outlet, headline),
            "outlet": outlet,
            "headline": headline,
            "body": _body_key(article, outlet, headline, identity.content.body),
            "namespace": identity.namespace,
        }
        for name, digest in of_article.items():
            digests[name].append(digest)
        lines.append(codec.encode(article))
        origin_of_row.append(origins.setdefault(article["source_uri"], len(origins)))
    columns: Columns = {}
    for name, listed in digests.items():
        if name in ARTICLE_COLUMNS:
            columns[name] = np.frombuffer(b"".join(listed), ARTICLE_COLUMNS[name])
        else:
            pair = np.frombuffer(b"".join(listed), HASH).reshape(-1, 2)
            columns |= {f"{name}_hi": pair[:, 0], f"{name}_lo": pair[:, 1]}
    columns["link"] = np.array([identity.link for identity in identities], "|u1")
    columns["text"] = np.frombuffer(b"".join(identity.text for identity in identities), DIGEST)
    columns["published_from"] = published_from = _instants([article["published_from"] for article in articles])
    columns["modified_from"] = _instants([_utc_start(article["date_modified"]) for article in articles])
    columns["body_length"] = np.array([len(article["article_body"] or "") for article in articles], "<u4")
    columns["partition"] = np.array([partition_code(article) for article in articles], "<i4")
    columns["origin"] = np.array(origin_of_row, "<u4")
    columns["doubt"] = np.array([_doubt(article) for article in articles], "|u1")
    columns["body_rank"] = np.array([BODY_RANK[article["body_source"]] for article in articles], "|u1")
    columns["day_from"], columns["day_until"] = _days(articles, published_from)
    columns |= _comparable(articles, with_fingerprints)
    return StagedBatch("articles", lines, columns, list(origins))


def identify_rejects(rejects: list[Reject], ingested_at: str, run_id: str) -> StagedBatch:
    """Return the encoded lines of rejects, and REJECT_COLUMNS.

    The key of a reject covers its source, reason and payload, or its detail if the payload is
    empty.
    """
    keys, lines, origin_of_row = [], [], []
    origins: dict[str, int] = {}
    for reject in rejects:
        keys.append(reject_key(reject.source_uri, reject.reason, reject.detail, reject.payload))
        row = {**row_of(reject), "ingested_at": ingested_at, "run_id": run_id}
        lines.append(codec.encode(row))
        origin_of_row.append(origins.setdefault(reject.source_uri, len(origins)))
    pair = np.frombuffer(b"".join(keys), "<u8").reshape(-1, 2)
    columns: Columns = {
        "key_hi": pair[:, 0],
        "key_lo": pair[:, 1],
        "origin": np.array(origin_of_row, "<u4"),
        "internal": np.array([reject.reason is Reason.INTERNAL_ERROR for reject in rejects], "|u1"),
        "whole_source": np.array([reject.whole_source for reject in rejects], "|u1"),
    }
    return StagedBatch("rejects", lines, columns, list(origins))


def reject_key(source_uri: str, reason: str, detail: str, payload: bytes) -> bytes:
    """Return the key by which the lake knows a reject, 16 bytes."""
    return _key(b"reject", f"{source_uri}\0{reason}\0", payload or detail.encode("utf-8", "replace"))


def url_key(canonical_url: str) -> bytes:
    """Return the key of an article with this canonical URL, 16 bytes.

    The key is the article's id, unless the lake knows the article under another one. http and https
    give the same key.
    """
    return _key(b"url", _without_scheme(canonical_url))


@dataclass(frozen=True, slots=True)
class ContentDigests:
    """Digests of headline and text, 16 bytes each.

    ``exact`` changes with every edit, except of markup and white space. ``words`` is equal for
    texts with the same words, numbers and symbols. Commas, quotes and capitals do not change it.
    ``body`` is the same of the text without the headline.
    """

    exact: bytes
    words: bytes
    body: bytes


def content_digests(raws: Sequence[RawArticle]) -> list[ContentDigests]:
    """Return the digests of each article. The lake stores them: a change needs a new ALGO."""
    texts = []
    for raw in raws:
        body = raw.body if raw.body is not None else raw.description or ""
        texts.append((without_markup(raw.headline or "", raw.html), without_markup(body, raw.html)))
    exact = [_digest(_without_spaces(f"{headline}\0{body}")) for headline, body in texts]
    return [ContentDigests(one, *both) for one, both in zip(exact, headline_and_body_digests(texts), strict=True)]


@dataclass(frozen=True, slots=True)
class Identity:
    """What an article may be known by, besides its id.

    ``source`` is the key of its source and source_id, and ``namespace`` 4 bytes of the source; both
    are zeros without a source_id. ``text`` is the id that it has without any key. ``link`` tells
    whether its id is the key of its URL.
    """

    source: bytes
    namespace: bytes
    text: bytes
    link: Link
    content: ContentDigests


def set_identities(batch: NormalisedBatch) -> list[Identity]:
    """Give each article without an id or content hash one, and return what else it is known by.

    The articles change in place.
    """
    found = []
    contents = content_digests([raw for _, raw in batch.articles])
    for (article, _), content in zip(batch.articles, contents, strict=True):
        identity = article_identity(article, content)
        if not article["id"]:
            url = url_key(article["canonical_url"]) if article["canonical_url"] else None
            article["id"] = (url or (identity.source if any(identity.source) else identity.text)).hex()
        if not article["content_hash"]:
            article["content_hash"] = content.exact.hex()
        found.append(identity)
    return found


def article_identity(article: Article, content: ContentDigests) -> Identity:
    """Return what an article may be known by, from its record and the digests of its content."""
    source_id, source = article["source_id"], article["source"] or article["source_uri"]
    own_urls = article["url"], article["canonical_url"]
    url = url_key(article["canonical_url"]).hex() if article["canonical_url"] else None
    key = source_key(source, without_counter(source_id, own_urls)) if source_id else _ABSENT
    text = _content_id(article, content.words)
    if article["id"] in ("", url) and url:
        link = Link.URL
    elif article["id"] in ("", key.hex(), text.hex()):
        link = Link.PAGE if article["url"] else Link.NONE
    else:
        link = Link.GIVEN
    return Identity(key, namespace_word(source) if source_id else _NO_NAME, text, link, content)


def source_key(source: str, source_id: str) -> bytes:
    """Return the key of an article with this id in this source, 16 bytes."""
    return _key(b"source", f"{source}\0{source_id}")


def namespace_word(source: str) -> bytes:
    """Return the 4 bytes by which the index knows a source."""
    return _key(b"namespace", source)[:4]


def without_counter(source_id: str, urls: Iterable[str | None]) -> str:
    """Return a guid without the counter that a publisher raises with each edit.

    The rest must be one of the article's own ``urls``. The BBC, for example, gives its link and
    "#0", and then "#1". A guid with a fragment that names an item (``log#v1.2``,
    ``log#2024-03-05``) stays whole.

    >>> urls = "https://e.org/1?at_medium=rss", "https://e.org/1"
    >>> [without_counter(f"https://e.org/1{end}", urls) for end in ("#2", "?v=2", "@v2")]
    ['https://e.org/1', 'https://e.org/1', 'https://e.org/1']
    >>> without_counter("https://e.org/1#v1.2", urls)
    'https://e.org/1#v1.2'
    """
    counter = _COUNTER.search(source_id)
    if counter is None:
        return source_id
    link = source_id[: counter.start()]
    return link if _without_scheme(link) in [_without_scheme(url) for url in urls if url] else source_id


def _without_scheme(url: str) -> str:
    return url.removeprefix("https:").removeprefix("http:")


def without_markup(text: str, is_html: bool) -> str:
    """Return HTML with a space for each tag, and with its entities resolved; other text as it came.

    >>> without_markup("<p>Caf&eacute; No.&nbsp;1</p>", True)
    ' Café No.\\xa01 '
    """
    return html.unescape(_TAG.sub(" ", text)) if is_html and ("<" in text or "&" in text) else text


def _without_spaces(text: str) -> bytes:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.encode("utf-8", "replace").translate(None, _SPACES).replace(_NO_BREAK_SPACE, b"")


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]


def _key(kind: bytes, text: str, more: bytes = b"") -> bytes:
    return hashlib.blake2b(kind + b"\0" + text.encode("utf-8", "replace") + more, digest_size=16).digest()


def _content_id(article: Article, content: bytes) -> bytes:
    """Return the id of an article that has neither a URL nor an id of its own.

    The id of a short text depends on its date too.
    """
    day = article["date_published"] if article["word_count"] < MIN_MATCH_WORDS else None
    return _key(b"content", day or "", content)


def _match_key(article: Article, content: bytes) -> bytes:
    if article["word_count"] >= MIN_MATCH_WORDS:
        return content
    if article["word_count"] and article["domain"] and article["published_on"]:
        return _key(b"short", f"{article['domain']}\0{article['published_on']}\0", content)
    return _ABSENT


def _stable_digest(article: Article) -> bytes:
    """Return 8 bytes of what an editor changes.

    This is headline, body, captions without their credits, byline, and the date if it was found at
    the start of the body. A change of the normaliser may change the digest. It is asked only if the
    content hash has changed.
    """
    parts = [
        article["headline"] or "",
        without_volatile(article["article_body"] or article["description"] or ""),
        *(caption["text"] for caption in article["captions"]),
        article["byline"] or "",
        (article["date_published"] or "") if article["date_source"] == "body_prefix" else "",
    ]
    return _key(b"stable", "", _without_spaces("\0".join(parts)))[:8]


def _outlet_key(article: Article) -> bytes:
    """Return 4 bytes for the outlet of an article, zeros if it is not known."""
    name = article["domain"] or (article["publisher"] or "").casefold().removeprefix("the ")
    return _key(b"outlet", name)[:4] if name else _NO_NAME


def _headline_keys(articles: Sequence[Article]) -> list[bytes]:
    """Return 4 bytes for each headline, zeros for a headline without words."""
    headlines = [(article["headline"] or "",) for article in articles]
    return [_NO_NAME if digest == no_words() else digest[:4] for digest in word_digests(headlines)]


def _lead_key(article: Article, outlet: bytes, headline: bytes) -> bytes:
    """Return the key by which a teaser finds its text: of headline, outlet and day.

    The key is absent (zeros) if one of them is not known, or if the text has fewer than
    MIN_LEAD_WORDS words.
    """
    if _NO_NAME in (outlet, headline) or not article["published_on"] or article["word_count"] < MIN_LEAD_WORDS:
        return _NO_NAME
    return _key(b"lead", article["published_on"], outlet + headline)[:4]


def _body_key(article: Article, outlet: bytes, headline: bytes, body: bytes) -> bytes:
    """Return the key by which standing text is found: of the outlet and the words of the body.

    The key is absent (zeros) if the outlet or the headline is not known, or if the text has fewer
    than MIN_MATCH_WORDS words.
    """
    if _NO_NAME in (outlet, headline) or article["word_count"] < MIN_MATCH_WORDS:
        return _NO_NAME
    return _key(b"body", "", outlet + body)[:4]


def _days(articles: list[Article], published_from: Instants) -> tuple[Days, Days]:
    """Return the first and last day that each date may be, in UTC.

    For a date that is not known or not believed this is the day of the run.
    """
    known = (published_from != UNKNOWN_INSTANT) & [_is_believed(article) for article in articles]
    until = _instants([article["published_until"] for article in articles])
    ingested = _instants([article["ingested_at"] for article in articles])
    first = np.where(known, published_from, ingested) // _DAY_SECONDS
    last = np.where(known, until - 1, ingested) // _DAY_SECONDS
    return first.astype("<i4"), last.astype("<i4")


def _comparable(articles: list[Article], with_fingerprints: bool) -> Columns:
    """Return the columns by which articles are compared word by word.

    Links do not count as words: an aggregator's entry may consist of little else.
    """
    count = len(articles)
    bodies = [_without_links(article["article_body"] or "") for article in articles]
    names = ("shingles", "signature", "numbers", "headline_numbers")
    columns: Columns = {name: np.zeros(count, ARTICLE_COLUMNS[name]) for name in names}
    if with_fingerprints:
        made = fingerprint(bodies)
        is_long = made.shingles >= MIN_SHINGLES
        columns["shingles"][is_long] = made.shingles[is_long]
        columns["signature"][is_long] = made.signatures[is_long].view(SIGNATURE).ravel()
        long = np.flatnonzero(is_long).tolist()
        languages = [articles[row]["in_language"] for row in long]
        in_headline = number_sketch((articles[row]["headline"] or "" for row in long), languages)
        in_body = number_sketch((bodies[row] for row in long), languages)
        columns["headline_numbers"][long] = in_headline.view(NUMBERS).ravel()
        columns["numbers"][long] = (in_headline | in_body).view(NUMBERS).ravel()
    leads = lead_sketch(
        [
            body if article["word_count"] >= MIN_LEAD_WORDS else ""
            for article, body in zip(articles, bodies, strict=True)
        ]
    )
    columns["lead_words"] = np.ascontiguousarray(leads).view(LEAD_WORDS).ravel()
    return columns


def _without_links(text: str) -> str:
    return _LINK.sub(" ", text) if "://" in text else text


def _doubt(article: Article) -> int:
    flags = article["date_flags"]
    doubtful = _DOUBTFUL if flags and not DOUBT_FLAGS.isdisjoint(flags) else 0
    return (doubtful if _is_believed(article) else UNBELIEVED) + _PRECISION_RANK[article["date_precision"]]


def _is_believed(article: Article) -> bool:
    flags = article["date_flags"]
    return not flags or _UNBELIEVED_FLAGS.isdisjoint(flags)


def _utc_start(date: str | None) -> str | None:
    """Return the instant at which a record's date begins, as ``YYYY-MM-DDTHH:MM:SSZ``.

    A missing month or day counts as 01. Return None for None.
    """
    if date is None or len(date) > len("2023-03-20"):
        return codec.timestamp(dt.datetime.fromisoformat(date)) if date else None
    return f"{first_day(date)}T00:00:00Z"


def _instants(instants: Sequence[str | None]) -> Instants:
    """Return seconds since 1970 for instants ``YYYY-MM-DDTHH:MM:SSZ``; UNKNOWN_INSTANT for None."""
    parsed = np.array([instant[:-1] if instant else "NaT" for instant in instants], "datetime64[s]")
    seconds: Instants = parsed.astype("<i8")
    seconds[np.isnat(parsed)] = UNKNOWN_INSTANT
    return seconds
