"""Small worlds of articles for the resolver, with numbers in place of hashes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    DIGEST,
    HASH,
    LEAD_WORDS,
    NUMBERS,
    SIGNATURE,
    UNKNOWN_INSTANT,
    Columns,
    Link,
    Rule,
    Verdict,
)
from newslake.transforms.deduplicate.decide import Resolved, Staged, resolve_articles
from newslake.transforms.deduplicate.fingerprint import fingerprint, lead_sketch
from newslake.transforms.deduplicate.ids import Known
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index import near as near_index
from newslake.transforms.deduplicate.index.keys import IndexFile
from newslake.transforms.deduplicate.index.near import MIN_SHINGLES, NearFile
from newslake.transforms.deduplicate.near import NearPolicy
from newslake.transforms.deduplicate.numbers import number_sketch
from newslake.transforms.storage.local import LocalStorage


@dataclass(frozen=True)
class Row:
    """An article.

    ``url`` and ``guid`` are its keys (0: absent). ``text`` is its content. ``stable`` is the part
    of it that does not change by itself (0: all of it). ``matchable`` says that equal text is a
    duplicate. ``body`` is compared word by word; with a ``headline`` it also joins teasers. The
    ``title`` and ``published`` tell articles apart that share a key. ``source`` is of the guid.
    ``standing`` is the body that may be standing text at its outlet. Each article has an outlet of
    its own, unless it names one.
    """

    url: int = 0
    guid: int = 0
    text: int = 1
    matchable: bool = True
    published: int = 1000
    modified: int = UNKNOWN_INSTANT
    length: int = 100
    rank: int = 2
    doubt: int = 0
    stable: int = 0
    body: str = ""
    headline: int = 0
    day: int = 19_000
    title: int = 0
    source: int = 1
    outlet: int = 0
    standing: int = 0
    link: Link = Link.NONE

    @property
    def own_id(self) -> int:
        return self.url or self.guid or self.text


URL, GUID, TEXT, STABLE = 1 << 40, 2 << 40, 3 << 40, 4 << 40


def columns(rows: list[Row]) -> Columns:
    made: Columns = {name: np.zeros(len(rows), dtype) for name, dtype in ARTICLE_COLUMNS.items()}
    for place, row in enumerate(rows):
        url, guid, text = row.url and URL + row.url, row.guid and GUID + row.guid, TEXT + row.text
        values = {"id_hi": url or guid or text, "source_hi": guid, "content": text}
        values |= {"link": Link.URL if url else row.link, "namespace": row.guid and row.source}
        values |= {"headline": row.title}
        values |= {
            "stable": STABLE + row.stable if row.stable else text,
            "lead": row.headline,
            "outlet": row.outlet or row.own_id,
            "body": row.standing,
        }
        values |= {
            "match_hi": text if row.matchable else 0,
            "published_from": row.published,
            "modified_from": row.modified,
        }
        values |= {
            "body_length": row.length,
            "body_rank": row.rank,
            "doubt": row.doubt,
            "day_from": row.day,
            "day_until": row.day,
        }
        for name, value in values.items():
            made[name][place] = value
            if name.endswith("_hi"):
                made[name.replace("_hi", "_lo")][place] = value
    made["text"] = np.array([[TEXT + row.text] * 2 for row in rows], HASH).reshape(-1, 2).view(DIGEST).ravel()
    bodies = [row.body for row in rows]
    fingerprints = fingerprint(bodies)
    comparable = fingerprints.shingles >= MIN_SHINGLES
    made["shingles"][comparable] = fingerprints.shingles[comparable]
    made["signature"] = np.ascontiguousarray(fingerprints.signatures).view(SIGNATURE).ravel()
    made["lead_words"] = np.ascontiguousarray(lead_sketch(bodies)).view(LEAD_WORDS).ravel()
    made["numbers"] = np.ascontiguousarray(number_sketch(bodies, ["en"] * len(rows))).view(NUMBERS).ravel()
    return made


class World:
    """The indexes of a lake, which grow with each run."""

    def __init__(self, folder: Path, near: NearPolicy | None = None) -> None:
        self.folder = folder
        self.storage = LocalStorage(str(folder))
        self.near = near or NearPolicy()
        self.keys: list[IndexFile] = []
        self.files: list[NearFile] = []

    def run(self, *rows: Row) -> list[tuple[str, int, int]]:
        """Return (verdict, id, target or revision) of each row."""
        resolved = self.resolve(list(rows))
        name = f"{len(self.keys)}.columns"
        learnt = {
            table: {**stored, "commit": np.zeros(len(stored["key_hi"]), HASH)}
            for table, stored in resolved.index_rows.items()
        }
        index.write(self.storage, name, learnt)
        self.keys.append(IndexFile(self.storage, name))
        mine = {column: values[resolved.near_rows] for column, values in columns(list(rows)).items()}
        ids = {f"id_{half}": resolved.verdicts[f"id_{half}"][resolved.near_rows] for half in ("hi", "lo")}
        more = {"shingles": resolved.near_shingles, "commit": np.zeros(len(resolved.near_rows), HASH)}
        near_index.write(
            self.storage, f"near-{name}", {column: (mine | ids | more)[column] for column in near_index.NEAR_COLUMNS}
        )
        self.files.append(NearFile(self.storage, f"near-{name}"))
        return [told(resolved.verdicts, place) for place in range(len(rows))]

    def resolve(self, rows: list[Row]) -> Resolved:
        made = columns(rows)
        staged = Staged(made, lambda name, places: made[name][places], lambda place: repr(rows[place]).encode())
        return resolve_articles(staged, Known(self.keys, self.files), self.near, len(self.keys) + 1)


def told(verdicts: Columns, place: int) -> tuple[str, int, int]:
    verdict = Verdict(int(verdicts["verdict"][place]))
    detail = {
        Verdict.NEW: 1,
        Verdict.REVISION: int(verdicts["revision"][place]),
        Verdict.UNCHANGED: 0,
        Verdict.DUPLICATE: int(verdicts["target_hi"][place]),
    }[verdict]
    name = verdict.name.lower()
    if verdict is Verdict.DUPLICATE:
        name = Rule(int(verdicts["rule"][place])).name.lower()
    return name, int(verdicts["id_hi"][place]), detail
