"""A model of the lake's commit protocol: a few actors, one step at a time, in every order.

The model has no Beam, no files and no clock. It is a small machine that a search can visit whole.

The world. A ``World`` is one moment. Its ``Lake`` holds the log, a tuple of entries that only
grows, and the files. A file lies either in place, where readers look, or in a staging folder.
Beside the lake a world knows the locks (on a disk only), the creates that may still land although
nobody got a reply (in an object store only), and how far each actor is. Nothing else is remembered:
what an actor does not carry in its fields, it has to read from the lake again.

The actors. A ``Writer`` is a run. A ``Sweeper`` removes folders of dead runs. A ``Linker`` is
another process that rolls the lake forward. A ``Merger`` merges index files. A ``Reader`` opens the
lake and reads later. Each actor is an immutable tuple, and ``step`` names the method that it runs
next. The methods have the names of the functions that they stand for. A method yields one ``Step``
for each thing that can happen. A step is atomic. It stands for one request to the store, or for
work on which nobody else depends while it is half done. A crash in the middle of ``build`` or
``clear_staging`` leaves some files in the folder, which a sweeper or a linker deletes.

The rules. ``Rule`` lists the sentences of the protocol that the model can break, one at a time. A
test shows for each rule that the search then finds a violation. So every rule is needed, and the
search can find violations of it.

The search. ``search`` visits all worlds, breadth first. It checks the invariants in each world, so
the first violation has a shortest trace. When all worlds are seen, it also checks progress: without
further faults no schedule runs for ever, and every schedule ends well.

The limits. There is no time, so the sweeper of an object store may take any folder for abandoned.
The model leaves out what only makes the protocol fair or finds damage: the lock ``turn`` and the
marks of the heads that were read. It also leaves out the operations that remove articles or files.

How to read a trace. Each line is ``actor: step: what happened``, in the order of time::

    w1: start: notes entry 1 as since
    w1: stage: writes a shard
    s: find_abandoned: reads to entry 1 and finds w1-folder

Entry numbers begin at 1. A path such as ``articles/w1-2`` names the table, the writer, and the
entry that the attempt took as its base. The last line leads into the world that breaks the
invariant; ``Result.message`` says how.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

CACHED = 1 << 16

# ---------------------------------------------------------------------------------------------
# The rules that can be broken, and the setting of a search
# ---------------------------------------------------------------------------------------------


class Rule(Enum):
    """One sentence of the protocol. A search may break one of them."""

    CREATE_NEVER_OVERWRITES = "the store creates an entry only where its number is free"
    EXISTS_IS_READ = "a writer that hears 'exists' reads the number before it takes the next one"
    SINCE_BEFORE_FOLDER = "a run notes since before its folder exists"
    LOCKED_WHEN_SEEN = "a staging folder on a disk appears with its lock held"
    SINCE_TRAVELS = "a retry keeps the entry that its run noted as since"
    FOLDER_PER_COMMIT = "each commit has a staging folder of its own"
    OWN_COMMIT_FIRST = "an attempt looks for its own commit in all entries after since"
    SWEEPS_SINCE_START = "an attempt looks for sweeps of its folder in all entries after since"
    KEY_AT_START = "a run looks for its run key in the whole log when it starts"
    KEY_AT_BASE = "an attempt looks for its run key in all entries after since"
    KEY_AFTER_LOSS = "a writer that lost a number looks for its run key in the new entries"
    PROBE_KEYS = "a writer that lost a number asks the new entries for its keys"
    PROBE_CONTENTS = "a writer that lost a number asks the new entries for its contents"
    PROBE_BANDS = "a writer that lost a number asks the new entries for its bands"
    PROBE_IDS = "a writer that lost a number asks for ids, former ids and targets of its verdicts"
    KEEP_ONLY_EQUAL_FILES = "built files are kept only if verdicts and index rows are equal"
    ACCOUNTS_MADE_ANEW = "the accounts are made anew with each decision"
    FENCE = "a writer without a reply sweeps its own folder before it deletes the folder"
    WORKERS_ARE_GONE = "a launcher deletes its folder at once only if its workers are gone"
    LINK_BEFORE_CLEAR = "a folder is cleared only after all files of its entry are in place"
    SWEEP_IS_LOGGED = "a sweeper deletes a folder only after an entry sweeps it"
    SWEEP_LOOKS_AGAIN = "a sweeper that lost a number looks again for abandoned folders"
    NAMED_FOLDERS_STAY = "a sweeper sweeps no folder that an entry names"
    LOCKED_FOLDERS_STAY = "a sweeper on a disk sweeps no folder whose lock is held"
    MERGE_SEES_SWEEPS = "a merger ends where its folder is swept"
    REMOVED_STILL_LIVE = "a merger that lost a number checks that its inputs are still live"
    OPEN_WHAT_IS_IN_PLACE = "a reader opens at the newest entry whose files are all in place"


class Store(Enum):
    DISK = "disk"
    OBJECT = "object store"


@dataclass(frozen=True, eq=False)
class Setting:
    """What the store is, which faults may happen, and which rule is broken.

    ``bad_replies`` is how many creates an object store may answer badly. Such a create loses its
    reply, lands late, or answers "exists" for a number that is free, as a 409 of S3 does.
    """

    store: Store = Store.DISK
    may_crash: bool = False
    launcher_may_die: bool = False
    bad_replies: int = 0
    broken: Rule | None = None

    @property
    def may_sweep_the_living(self) -> bool:
        """Tell whether a sweeper can take a living writer for a dead one."""
        return self.store is Store.OBJECT or self.launcher_may_die


# ---------------------------------------------------------------------------------------------
# Articles, rows and verdicts
# ---------------------------------------------------------------------------------------------


class Article(NamedTuple):
    """An article as a source brings it. Its first key becomes its id if no key is known."""

    keys: tuple[str, ...]
    content: str
    band: str | None = None


@dataclass(frozen=True, slots=True)
class KeyRow:
    key: str
    id: str


@dataclass(frozen=True, slots=True)
class AliasRow:
    """The article ``former`` goes on as ``id``."""

    former: str
    id: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A content of an article. Revision 0 means that the article is a duplicate."""

    id: str
    content: str
    revision: int


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """The article that later articles of a near band repeat."""

    band: str
    id: str


@dataclass(frozen=True, slots=True)
class CopyRow:
    """The article ``id`` is a duplicate of the article ``target``."""

    id: str
    target: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the table ``articles``, ``revisions`` or ``duplicates``."""

    table: str
    id: str
    content: str
    revision: int = 1
    target: str | None = None


IndexRow = KeyRow | AliasRow | VersionRow | LeaderRow | CopyRow
Row = IndexRow | TableRow
TABLES = ("articles", "revisions", "duplicates")
INDEX = "index"


class Asked(NamedTuple):
    """The questions that deciding asked the index."""

    keys: frozenset[str]
    contents: frozenset[str]
    bands: frozenset[str]
    ids: frozenset[str]


class Verdict(NamedTuple):
    """The verdict on one article: its row, the new index rows, and the ids that were used."""

    kind: str
    row: TableRow | None
    learnt: frozenset[IndexRow]
    ids: frozenset[str]


class Accounts(NamedTuple):
    read: int
    new: int
    revised: int
    unchanged: int
    duplicates: int


class Decision(NamedTuple):
    """The verdicts on all articles of a run, and the index rows that are new."""

    verdicts: tuple[Verdict, ...]
    learnt: frozenset[IndexRow]

    def rows(self, table: str) -> frozenset[Row]:
        """Return the rows of a table file or of the index file."""
        if table == INDEX:
            return frozenset(self.learnt)
        return frozenset(verdict.row for verdict in self.verdicts if verdict.row and verdict.row.table == table)

    def accounts(self, read: int) -> Accounts:
        """Return the accounts; ``read`` is the number that the source itself counted."""
        kinds = Counter(verdict.kind for verdict in self.verdicts)
        return Accounts(read, kinds["new"], kinds["revised"], kinds["unchanged"], kinds["duplicate"])


@lru_cache(maxsize=CACHED)
def decide_articles(articles: tuple[Article, ...], index: frozenset[IndexRow]) -> Decision:
    """Return the verdicts of a serial run over ``articles`` against the rows of ``index``."""
    known = set(index)
    verdicts = []
    for article in articles:
        verdict = judge(article, known)
        known |= verdict.learnt
        verdicts.append(verdict)
    return Decision(tuple(verdicts), frozenset(known - index))


def judge(article: Article, known: set[IndexRow]) -> Verdict:
    """Judge one article: known by a key, or else unknown."""
    ids = sorted({resolve(row.id, known) for row in known if isinstance(row, KeyRow) and row.key in article.keys})
    return judge_known(article, ids, known) if ids else judge_unknown(article, known)


def judge_known(article: Article, ids: list[str], known: set[IndexRow]) -> Verdict:
    """Judge an article that its keys find: the first id takes it, the others become aliases."""
    first, *others = ids
    learnt: set[IndexRow] = {AliasRow(other, first) for other in others} | key_rows(article, first)
    versions = [row for row in known if isinstance(row, VersionRow) and row.id == first]
    target = next((row.target for row in known if isinstance(row, CopyRow) and row.id == first), None)
    if any(row.content == article.content for row in versions):
        return Verdict("unchanged", None, frozenset(learnt), frozenset(ids))
    if target is not None:
        learnt.add(VersionRow(first, article.content, 0))
        return Verdict("duplicate", duplicate_row(first, article, target), frozenset(learnt), frozenset([*ids, target]))
    revision = 1 + max(row.revision for row in versions)
    learnt.add(VersionRow(first, article.content, revision))
    return Verdict(
        "revised", TableRow("revisions", first, article.content, revision), frozenset(learnt), frozenset(ids)
    )


def judge_unknown(article: Article, known: set[IndexRow]) -> Verdict:
    """Judge an article whose keys are all unknown: it repeats a known article, or it is new."""
    own = article.keys[0]
    learnt: set[IndexRow] = key_rows(article, own)
    target = repeated(article, known)
    if target is not None:
        learnt |= {VersionRow(own, article.content, 0), CopyRow(own, target)}
        return Verdict("duplicate", duplicate_row(own, article, target), frozenset(learnt), frozenset([target]))
    learnt.add(VersionRow(own, article.content, 1))
    if article.band is not None:
        learnt.add(LeaderRow(article.band, own))
    return Verdict("new", TableRow("articles", own, article.content), frozenset(learnt), frozenset())


def key_rows(article: Article, article_id: str) -> set[IndexRow]:
    return {KeyRow(key, article_id) for key in article.keys}


def duplicate_row(article_id: str, article: Article, target: str) -> TableRow:
    return TableRow("duplicates", article_id, article.content, target=target)


def repeated(article: Article, known: set[IndexRow]) -> str | None:
    """Return the id of the article that this one repeats: by content first, then by near band."""
    same = sorted(
        row.id for row in known if isinstance(row, VersionRow) and row.revision and row.content == article.content
    )
    near = sorted(row.id for row in known if isinstance(row, LeaderRow) and row.band == article.band)
    return next(iter(same + near), None)


def resolve(article_id: str, known: Iterable[Row]) -> str:
    """Follow the aliases of an id to the id that the article has now."""
    aliases = {row.former: row.id for row in known if isinstance(row, AliasRow)}
    while article_id in aliases:
        article_id = aliases[article_id]
    return article_id


def questions(articles: tuple[Article, ...], decision: Decision) -> Asked:
    """Return all that deciding asked, or would ask, the index."""
    return Asked(
        keys=frozenset(key for article in articles for key in article.keys),
        contents=frozenset(article.content for article in articles),
        bands=frozenset(article.band for article in articles if article.band is not None),
        ids=frozenset(article_id for verdict in decision.verdicts for article_id in verdict.ids),
    )


def answers(row: Row, asked: Asked) -> bool:
    """Tell whether an index row answers one of the questions, so that a verdict may change."""
    match row:
        case KeyRow():
            return row.key in asked.keys
        case VersionRow():
            return row.id in asked.ids or row.content in asked.contents
        case AliasRow():
            return row.former in asked.ids
        case CopyRow():
            return row.id in asked.ids
        case LeaderRow():
            return row.band in asked.bands
    return False


# ---------------------------------------------------------------------------------------------
# The lake: the log and the files
# ---------------------------------------------------------------------------------------------

IN_PLACE = ""
SHARD = "shard"


class Place(NamedTuple):
    """Where a file lies: in a staging folder, or in place."""

    folder: str
    path: str


class File(NamedTuple):
    place: Place
    rows: frozenset[Row]


class Entry(NamedTuple):
    """One entry of the log. ``articles`` are those that its run read, for the invariants only."""

    number: int
    operation: str
    commit: str
    folder: str | None = None
    key: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()
    accounts: Accounts | None = None
    articles: tuple[Article, ...] = ()


@lru_cache(maxsize=CACHED)
def live_files(log: tuple[Entry, ...]) -> dict[str, str]:
    """Return the files that are live at the end of ``log``, each with its staging folder."""
    live: dict[str, str] = {}
    for entry in log:
        for path in entry.removed:
            live.pop(path, None)
        live.update((path, entry.folder or IN_PLACE) for path in entry.added)
    return live


@lru_cache(maxsize=CACHED)
def by_place(files: frozenset[File]) -> dict[Place, frozenset[Row]]:
    return {file.place: file.rows for file in files}


class Lake(NamedTuple):
    """The log and the files of all places.

    ``beyond_gap`` holds entries that were created although the number before them is free.
    """

    log: tuple[Entry, ...] = ()
    files: frozenset[File] = frozenset()
    beyond_gap: tuple[Entry, ...] = ()

    @property
    def head(self) -> int:
        return len(self.log)

    def live(self, number: int | None = None) -> dict[str, str]:
        """Return the files that are live at an entry, or at the head."""
        return live_files(self.log[:number])

    def has(self, place: Place) -> bool:
        return place in by_place(self.files)

    def is_in_place(self, path: str) -> bool:
        return self.has(Place(IN_PLACE, path))

    def rows(self, path: str, folder: str) -> frozenset[Row] | None:
        """Return the rows of a file, in place or else staged, or None if the file is gone."""
        shelf = by_place(self.files)
        return shelf.get(Place(IN_PLACE, path), shelf.get(Place(folder, path)))

    def index_rows(self, number: int | None = None) -> frozenset[Any] | None:
        """Return the index rows that are live at an entry, or None if a file of them is gone."""
        return self.all_rows((path, folder) for path, folder in self.live(number).items() if table_of(path) == INDEX)

    def learnt(self, entry: Entry) -> frozenset[Any] | None:
        """Return the index rows that one entry added, or None if a file of them is gone."""
        return rows_of(self, entry, INDEX)

    def all_rows(self, paths: Iterable[tuple[str, str]]) -> frozenset[Any] | None:
        parts = [self.rows(path, folder) for path, folder in paths]
        if None in parts:
            return None
        return frozenset(row for part in parts if part is not None for row in part)

    def to_link(self, entry: Entry) -> list[str]:
        """Return the files of an entry that are live, but not in place yet."""
        live = self.live()
        return [path for path in entry.added if path in live and not self.is_in_place(path)]

    def staging_folders(self) -> set[str]:
        return {file.place.folder for file in self.files} - {IN_PLACE}

    def put(self, place: Place, rows: frozenset[Row]) -> Lake:
        old = by_place(self.files).get(place)
        others = self.files if old is None else self.files - {File(place, old)}
        return self._replace(files=others | {File(place, rows)})

    def without(self, is_deleted: Callable[[Place], bool]) -> Lake:
        return self._replace(files=frozenset(file for file in self.files if not is_deleted(file.place)))

    def without_folders(self, folders: Iterable[str]) -> Lake:
        gone = frozenset(folders)
        return self.without(lambda place: place.folder in gone)

    def linked(self, path: str, folder: str) -> Lake:
        """Link a staged file into place. An invariant reports a live file that is gone."""
        rows = self.rows(path, folder)
        return self if rows is None else self.put(Place(IN_PLACE, path), rows)

    def appended(self, entry: Entry) -> Lake:
        """Write an entry under its number, whatever is there."""
        if entry.number > self.head + 1:
            return self._replace(beyond_gap=(*self.beyond_gap, entry))
        return self._replace(log=(*self.log[: entry.number - 1], entry, *self.log[entry.number :]))


def table_of(path: str) -> str:
    return path.split("/")[0]


# ---------------------------------------------------------------------------------------------
# The world and its steps
# ---------------------------------------------------------------------------------------------


class World(NamedTuple):
    """One moment.

    ``late`` holds the creates that may still land. A lock is a pair of its folder and its owner.
    ``bad_replies`` counts those that the store has given.
    """

    lake: Lake
    actors: tuple[Actor, ...]
    setting: Setting = Setting()
    late: frozenset[Entry] = frozenset()
    locks: frozenset[tuple[str, str]] = frozenset()
    bad_replies: int = 0

    @property
    def on_disk(self) -> bool:
        return self.setting.store is Store.DISK

    @property
    def locked_folders(self) -> set[str]:
        return {folder for folder, _ in self.locks}

    def obeys(self, rule: Rule) -> bool:
        return self.setting.broken is not rule

    def with_lake(self, lake: Lake) -> World:
        return self._replace(lake=lake)

    def with_actor(self, actor: Actor) -> World:
        return self._replace(actors=tuple(actor if other.name == actor.name else other for other in self.actors))

    def locked(self, folder: str, owner: str) -> World:
        return self._replace(locks=self.locks | {(folder, owner)}) if self.on_disk else self

    def unlocked(self, owner: str) -> World:
        return self._replace(locks=frozenset(lock for lock in self.locks if lock[1] != owner))

    def appended(self, entry: Entry) -> World:
        """Append an entry, and drop late creates of numbers that are taken by now."""
        lake = self.lake.appended(entry)
        return self._replace(lake=lake, late=frozenset(other for other in self.late if other.number > lake.head))


class End(Enum):
    """How an actor ended."""

    DONE = "done"
    KEY_TAKEN = "another run has its run key"
    SWEPT = "its folder is swept"
    GAVE_UP = "gave up"
    STAGING_GONE = "its staged files are gone"
    CANNOT_READ = "cannot read what it opened"
    CRASHED = "crashed"


class Step(NamedTuple):
    """One thing that can happen. A ``fault`` need not happen, so progress must not depend on it."""

    label: str
    world: World
    is_fault: bool = False


class Reply(NamedTuple):
    """The answer to a create: "created", "exists" or "lost", and the world after it."""

    answer: str
    world: World
    told: str
    is_fault: bool = False


def create(world: World, entry: Entry) -> Iterator[Reply]:
    """Create the entry if its number is free, and yield each reply that the store may give."""
    number = entry.number
    if number <= world.lake.head and world.obeys(Rule.CREATE_NEVER_OVERWRITES):
        yield Reply("exists", world, f"entry {number} exists")
        return
    yield Reply("created", world.appended(entry), f"creates entry {number}")
    if world.bad_replies < world.setting.bad_replies:
        badly = world._replace(bad_replies=world.bad_replies + 1)
        yield Reply("lost", badly.appended(entry), f"gets no reply for entry {number}, which stands", True)
        late = badly._replace(late=world.late | {entry})
        yield Reply("lost", late, f"gets no reply for entry {number}, which may land late", True)
        yield Reply("exists", badly, f"hears that entry {number} exists, but the number is free", True)


def move(actor: Actor, world: World, told: str, *, is_fault: bool = False, **changes: Any) -> Step:
    """Make the step in which an actor, with ``changes`` to its fields, goes on in ``world``."""
    return Step(f"{actor.name}: {actor.step}: {told}", world.with_actor(actor._replace(**changes)), is_fault)


def finish(actor: Actor, world: World, told: str, end: End, *, is_fault: bool = False) -> Step:
    """Make the step with which an actor ends: it forgets all it carried and frees its lock."""
    forgotten = actor._field_defaults | {"end": end}
    return move(actor, world.unlocked(actor.name), told, is_fault=is_fault, **forgotten)


def steps(world: World) -> Iterator[Step]:
    """Yield all steps that can happen next."""
    for actor in world.actors:
        if actor.end is None:
            yield from getattr(actor, actor.step)(world)
            yield from accidents(actor, world)
    for entry in sorted(world.late, key=lambda entry: (entry.number, entry.commit)):
        if entry.number == world.lake.head + 1:
            yield Step(f"store: entry {entry.number} of {entry.commit} lands late", world.appended(entry), True)


def accidents(actor: Actor, world: World) -> Iterator[Step]:
    """Yield the crash of an actor, and the death of a launcher whose worker lives on."""
    if world.setting.may_crash:
        yield finish(actor, world, "CRASHES", End.CRASHED, is_fault=True)
    if world.setting.launcher_may_die and isinstance(actor, Writer) and actor.holds_lock(world):
        free = world.unlocked(actor.name)
        yield move(actor, free, "its launcher dies and its worker lives on", is_fault=True)
        if not world.obeys(Rule.WORKERS_ARE_GONE):
            cleared = free.with_lake(world.lake.without_folders([actor.folder(world)]))
            yield move(actor, cleared, "its launcher deletes the folder and its worker lives on", is_fault=True)


# ---------------------------------------------------------------------------------------------
# The writer
# ---------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """The facts of a run that are fixed before it starts, and equal in every retry.

    ``job`` is the name of the shared staging folder, if the rule that each commit has its own is
    broken. ``since`` is set for a retry, because the number travels with the data. ``is_shared``
    says that two bundles may work on the commit at once.
    """

    commit: str
    articles: tuple[Article, ...]
    key: str | None = None
    job: str | None = None
    since: int | None = None
    is_shared: bool = False


class Writer(NamedTuple):
    """A run: it stages, decides, builds, and appends its entry."""

    name: str
    run: Run
    step: str = "start"
    end: End | None = None
    since: int = 0
    has_folder: bool = False  # before the lock, which a broken rule makes possible
    base: int = 0
    at: int = 0  # the verdicts stand at this entry; the next number to try is one more
    decision: Decision | None = None
    accounts: Accounts | None = None
    built: Decision | None = None  # what the files below were built from
    files: tuple[str, ...] = ()
    has_tried: bool = False  # to append
    misses_reply: bool = False  # for the number at + 1
    ending: End = End.DONE  # how it ends after clear_staging

    def folder(self, world: World) -> str:
        owner = self.run.commit if world.obeys(Rule.FOLDER_PER_COMMIT) else self.run.job or self.run.commit
        return f"{owner}-folder"

    def holds_lock(self, world: World) -> bool:
        return (self.folder(world), self.name) in world.locks

    def start(self, world: World) -> Iterator[Step]:
        """Note the head as since, and lock the folder on a disk. The run key may be taken already.

        The folder appears when it is locked. Two rules, when broken, let it appear before.
        """
        since = self.noted_since(world)
        if world.obeys(Rule.KEY_AT_START) and self.finds_key(world, 0, since):
            yield finish(self, world, "finds its run key", End.KEY_TAKEN)
        elif self.shows_folder_first(world):
            made = world.lake.put(Place(self.folder(world), "lock"), frozenset())
            yield move(self, world.with_lake(made), "makes its folder", has_folder=True, since=since)
        else:
            locked = world.locked(self.folder(world), self.name)
            yield move(self, locked, f"notes entry {since} as since", step="stage", since=since)

    def noted_since(self, world: World) -> int:
        """Return the number that the run noted before, or else the head."""
        if self.has_folder and world.obeys(Rule.SINCE_BEFORE_FOLDER):
            return self.since
        if self.run.since is not None and world.obeys(Rule.SINCE_TRAVELS):
            return self.run.since
        return world.lake.head

    def shows_folder_first(self, world: World) -> bool:
        return not self.has_folder and world.setting.broken in (Rule.SINCE_BEFORE_FOLDER, Rule.LOCKED_WHEN_SEEN)

    def stage(self, world: World) -> Iterator[Step]:
        """Write a shard into the staging folder."""
        staged = world.lake.put(self.shard(world), frozenset())
        yield move(self, world.with_lake(staged), "writes a shard", step="open_attempt")

    def shard(self, world: World) -> Place:
        return Place(self.folder(world), f"{SHARD}/{self.name}")

    def open_attempt(self, world: World) -> Iterator[Step]:
        """Read all entries after since. If none of them settles the run, the head is the base."""
        head = world.lake.head
        settled = self.settled(
            world,
            commits_after=self.since if world.obeys(Rule.OWN_COMMIT_FIRST) else head,
            sweeps_after=self.since if world.obeys(Rule.SWEEPS_SINCE_START) else head,
            keys_after=self.since if world.obeys(Rule.KEY_AT_BASE) else head,
        )
        if settled:
            yield settled
        elif self.lacks_shard(world):
            yield finish(self, world, "finds no shard and no entry that explains it", End.STAGING_GONE)
        else:
            misses_reply = self.misses_reply and head == self.at
            yield move(
                self, world, f"takes entry {head} as base", step="decide", base=head, at=head, misses_reply=misses_reply
            )

    def settled(self, world: World, *, commits_after: int, sweeps_after: int, keys_after: int) -> Step | None:
        """Return the step to the end, if an entry settles the run: by commit, sweep or run key."""
        log = world.lake.log
        if any(entry.commit == self.run.commit for entry in log[commits_after:]):
            return move(self, world, "finds its own commit", step="link_files", misses_reply=False)
        if any(self.folder(world) in entry.swept for entry in log[sweeps_after:]):
            return move(self, world, "finds its folder swept", step="clear_staging", ending=End.SWEPT)
        if self.finds_key(world, keys_after, None):
            return self.leave(world)
        return None

    def finds_key(self, world: World, after: int, until: int | None) -> bool:
        return self.run.key is not None and any(entry.key == self.run.key for entry in world.lake.log[after:until])

    def leave(self, world: World) -> Step:
        """End because the run key is taken.

        A writer that tried to append, or whose twin may, leaves its folder to the sweeper.
        """
        if self.has_tried or self.run.is_shared:
            return finish(self, world, "finds its run key and leaves its folder", End.KEY_TAKEN)
        return move(self, world, "finds its run key", step="clear_staging", ending=End.KEY_TAKEN)

    def lacks_shard(self, world: World) -> bool:
        """Tell whether the shard is gone. An object store's worker has a cached copy of it."""
        return world.on_disk and not world.lake.has(self.shard(world))

    def decide(self, world: World) -> Iterator[Step]:
        """Decide by the index at the base. A file of it may be gone after a merge."""
        index = world.lake.index_rows(self.base)
        if index is None:
            yield move(self, world, "misses an index file", step="open_attempt")
            return
        decision = decide_articles(self.run.articles, index)
        accounts = decision.accounts(len(self.run.articles))
        if self.accounts and not world.obeys(Rule.ACCOUNTS_MADE_ANEW):
            accounts = self.accounts
        kinds = ", ".join(verdict.kind for verdict in decision.verdicts)
        yield move(self, world, f"decides {kinds}", step="build", decision=decision, accounts=accounts)

    def build(self, world: World) -> Iterator[Step]:
        """Build the files of the decision in staging, or keep the ones that were built before."""
        if self.lacks_shard(world):
            yield move(self, world, "misses its shard", step="open_attempt")
        elif self.may_keep_files(world):
            yield move(self, world, "keeps its files", step="look")
        else:
            yield self.build_anew(world, self.decided)

    @property
    def decided(self) -> Decision:
        assert self.decision is not None
        return self.decision

    def may_keep_files(self, world: World) -> bool:
        if self.built is None:
            return False
        if world.obeys(Rule.KEEP_ONLY_EQUAL_FILES):
            return self.built == self.decided
        return all(self.built.rows(table) == self.decided.rows(table) for table in TABLES)

    def build_anew(self, world: World, decision: Decision) -> Step:
        paths = tuple(f"{table}/{self.name}-{self.base}" for table in (*TABLES, INDEX) if decision.rows(table))
        lake = world.lake
        for path in paths:
            lake = lake.put(Place(self.folder(world), path), decision.rows(table_of(path)))
        return move(
            self,
            world.with_lake(lake),
            f"builds {', '.join(paths) or 'nothing'}",
            step="look",
            built=decision,
            files=paths,
        )

    def look(self, world: World) -> Iterator[Step]:
        """Read the entries after the base, or after the last look.

        The verdicts stand if no entry is a hit. This step also reads the number whose reply is
        missing, or that answered "exists" although it is free.
        """
        head = world.lake.head
        keys_after = self.at if world.obeys(Rule.KEY_AFTER_LOSS) else head
        settled = self.settled(world, commits_after=self.at, sweeps_after=self.at, keys_after=keys_after)
        if settled:
            yield settled
        elif any(self.is_hit_by(entry, world) for entry in world.lake.log[self.at :]):
            yield move(self, world, "finds a hit", step="open_attempt", misses_reply=False)
        else:
            yield from self.stand(world, head)

    def is_hit_by(self, entry: Entry, world: World) -> bool:
        """Tell whether a run's entry answers a question of the own decision, or cannot be asked."""
        if entry.operation != "run":
            return False
        learnt = world.lake.learnt(entry)
        asked = self.asked(world)
        return learnt is None or any(answers(row, asked) for row in learnt)

    def asked(self, world: World) -> Asked:
        asked = questions(self.run.articles, self.decided)
        probes = (Rule.PROBE_KEYS, Rule.PROBE_CONTENTS, Rule.PROBE_BANDS, Rule.PROBE_IDS)
        return Asked(*(group if world.obeys(rule) else frozenset() for rule, group in zip(probes, asked, strict=True)))

    def stand(self, world: World, head: int) -> Iterator[Step]:
        """Continue to append after the head. If a reply is missing, the writer may give up."""
        misses_reply = self.misses_reply and head == self.at
        yield move(self, world, f"stands at entry {head}", step="check_files", at=head, misses_reply=misses_reply)
        if misses_reply:
            yield move(self, world, f"gives up while entry {head + 1} is absent", step="fence")

    def check_files(self, world: World) -> Iterator[Step]:
        """Check that the files are there. If one is gone, the log says why.

        No actor of the model makes this check necessary: an entry that explains the loss also takes
        the number. It guards against a folder that was deleted by hand.
        """
        if all(world.lake.has(Place(self.folder(world), path)) for path in self.files):
            yield move(self, world, "finds its files", step="append")
        else:
            yield move(self, world, "misses a file", step="open_attempt")

    def append(self, world: World) -> Iterator[Step]:
        """Create the entry at the next number."""
        for reply in create(world, self.entry(world)):
            yield move(self, reply.world, reply.told, is_fault=reply.is_fault, **self.after_append(reply))

    def entry(self, world: World) -> Entry:
        return Entry(
            number=self.at + 1,
            operation="run",
            commit=self.run.commit,
            folder=self.folder(world),
            key=self.run.key,
            added=self.files,
            accounts=self.accounts,
            articles=self.run.articles,
        )

    def after_append(self, reply: Reply) -> dict[str, Any]:
        """Return the changes to the writer that follow from a reply to its append."""
        if reply.answer == "created":
            return {"step": "link_files", "has_tried": True}
        if reply.answer == "exists" and not reply.world.obeys(Rule.EXISTS_IS_READ):
            return {"step": "append", "at": self.at + 1}
        return {"step": "look", "has_tried": True, "misses_reply": self.misses_reply or reply.answer == "lost"}

    def fence(self, world: World) -> Iterator[Step]:
        """Sweep the own folder at the number whose reply is missing.

        Then the log holds either this entry or the writer's own entry.
        """
        if not world.obeys(Rule.FENCE):
            yield move(self, world, "does not fence", step="clear_staging", ending=End.SWEPT)
            return
        fence = Entry(self.at + 1, "sweep", f"{self.name}-fence", swept=(self.folder(world),))
        for reply in create(world, fence):
            changes = {"step": "clear_staging", "ending": End.SWEPT} if reply.answer == "created" else {"step": "look"}
            yield move(self, reply.world, reply.told, is_fault=reply.is_fault, **changes)

    def link_files(self, world: World) -> Iterator[Step]:
        """Link one file of the own entry into place, or go on if all are there."""
        own = next(entry for entry in world.lake.log if entry.commit == self.run.commit)
        yield link_one(self, world, [own])

    def clear_staging(self, world: World) -> Iterator[Step]:
        """Delete the own folder, and end."""
        cleared = world.with_lake(world.lake.without_folders([self.folder(world)]))
        yield finish(self, cleared, "deletes its folder", self.ending)


def link_one(actor: Actor, world: World, entries: Iterable[Entry]) -> Step:
    """Link one file of ``entries`` into place. When all are there, the actor clears the staging."""
    waiting = [(path, entry.folder or IN_PLACE) for entry in entries for path in world.lake.to_link(entry)]
    if not world.obeys(Rule.LINK_BEFORE_CLEAR):
        return move(actor, world, "does not link", step="clear_staging")
    if not waiting:
        return move(actor, world, "finds all files in place", step="clear_staging")
    path, folder = waiting[0]
    linked = world.with_lake(world.lake.linked(path, folder))
    return move(actor, linked, f"links {path}", step="clear_staging" if len(waiting) == 1 else "link_files")


# ---------------------------------------------------------------------------------------------
# Maintenance and reading
# ---------------------------------------------------------------------------------------------


class Sweeper(NamedTuple):
    """It removes the staging folders of runs that are dead, or that look dead."""

    name: str
    step: str = "find_abandoned"
    end: End | None = None
    head: int = 0
    folders: tuple[str, ...] = ()
    has_begun: bool = False  # to delete

    def find_abandoned(self, world: World) -> Iterator[Step]:
        """Find the folders that no entry up to the head names, and that no lock holds on a disk."""
        folders = tuple(sorted(self.abandoned(world)))
        if folders:
            head = world.lake.head
            step = "append" if world.obeys(Rule.SWEEP_IS_LOGGED) else "delete_swept"
            yield move(
                self,
                world,
                f"reads to entry {head} and finds {', '.join(folders)}",
                step=step,
                head=head,
                folders=folders,
            )

    def abandoned(self, world: World) -> set[str]:
        folders = world.lake.staging_folders()
        if world.obeys(Rule.NAMED_FOLDERS_STAY):
            folders -= {entry.folder or IN_PLACE for entry in world.lake.log}
        if world.obeys(Rule.LOCKED_FOLDERS_STAY):
            folders -= world.locked_folders
        return folders

    def append(self, world: World) -> Iterator[Step]:
        """Sweep the folders exactly at head + 1. A sweeper that loses the number looks again."""
        entry = Entry(self.head + 1, "sweep", f"{self.name}-{self.head}", swept=self.folders)
        for reply in create(world, entry):
            yield move(self, reply.world, reply.told, is_fault=reply.is_fault, **self.after_append(reply))

    def after_append(self, reply: Reply) -> dict[str, Any]:
        if reply.answer == "created":
            return {"step": "delete_swept"}
        if not reply.world.obeys(Rule.SWEEP_LOOKS_AGAIN):
            return {"head": reply.world.lake.head}
        return {"step": "find_abandoned", "head": 0, "folders": ()}

    def delete_swept(self, world: World) -> Iterator[Step]:
        """Delete one object of the swept folders first, and all others later."""
        if self.has_begun:
            deleted = world.lake.without_folders(self.folders)
            yield finish(self, world.with_lake(deleted), "deletes all other objects", End.DONE)
            return
        first = min((file.place for file in world.lake.files if file.place.folder in self.folders), default=None)
        deleted = world.lake.without(lambda place: place == first)
        yield move(self, world.with_lake(deleted), f"deletes {first.path if first else 'nothing'}", has_begun=True)


class Linker(NamedTuple):
    """Another process that rolls the lake forward, up to the head that it read first."""

    name: str
    step: str = "link_files"
    end: End | None = None
    head: int | None = None

    def link_files(self, world: World) -> Iterator[Step]:
        """Link one file of the entries up to the head, or go on if all are in place."""
        if self.head is not None:
            yield link_one(self, world, world.lake.log[: self.head])
        elif self.named(world) & world.lake.staging_folders():
            yield move(self, world, f"reads to entry {world.lake.head}", head=world.lake.head)

    def named(self, world: World) -> set[str]:
        return {entry.folder for entry in world.lake.log[: self.head] if entry.folder is not None}

    def clear_staging(self, world: World) -> Iterator[Step]:
        """Delete the folders of those entries, except those that a living owner has locked."""
        folders = (self.named(world) & world.lake.staging_folders()) - world.locked_folders
        cleared = world.with_lake(world.lake.without_folders(folders))
        yield finish(self, cleared, f"deletes {', '.join(sorted(folders)) or 'nothing'}", End.DONE)


class Merger(NamedTuple):
    """It merges all live index files into one."""

    name: str
    step: str = "plan_merge"
    end: End | None = None
    since: int | None = None
    at: int = 0
    inputs: tuple[str, ...] = ()
    output: str = ""

    @property
    def folder(self) -> str:
        return f"{self.name}-folder"

    def plan_merge(self, world: World) -> Iterator[Step]:
        """Note the head and its live index files. One file alone is not merged."""
        head = world.lake.head
        since = head if self.since is None else self.since
        inputs = tuple(sorted(path for path in world.lake.live() if table_of(path) == INDEX))
        if self.is_swept(world, since):
            yield finish(self, world, "finds its folder swept", End.SWEPT)
        elif len(inputs) > 1:
            locked = world.locked(self.folder, self.name)
            yield move(
                self,
                locked,
                f"plans at entry {head}: {', '.join(inputs)}",
                step="build",
                since=since,
                at=head,
                inputs=inputs,
            )
        elif self.since is not None:
            yield finish(self, world, "finds nothing to merge", End.GAVE_UP)

    def is_swept(self, world: World, after: int) -> bool:
        swept = any(self.folder in entry.swept for entry in world.lake.log[after:])
        return swept and world.obeys(Rule.MERGE_SEES_SWEEPS)

    def build(self, world: World) -> Iterator[Step]:
        """Build the merged file in staging. An input may be gone after another merge."""
        live = world.lake.live(self.at)
        rows = world.lake.all_rows((path, live[path]) for path in self.inputs)
        if rows is None:
            yield move(self, world, "misses an input", step="plan_merge")
            return
        output = f"{INDEX}/{self.name}-{self.at}"
        lake = world.lake.put(Place(self.folder, output), rows)
        yield move(self, world.with_lake(lake), f"builds {output}", step="append", output=output)

    def append(self, world: World) -> Iterator[Step]:
        """Create the entry at the next number."""
        entry = Entry(self.at + 1, "merge", self.name, self.folder, added=(self.output,), removed=self.inputs)
        for reply in create(world, entry):
            step = "link_files" if reply.answer == "created" else "look"
            yield move(self, reply.world, reply.told, is_fault=reply.is_fault, step=step)

    def look(self, world: World) -> Iterator[Step]:
        """Read the new entries. If an input is no longer live, start again or give up."""
        new, live = world.lake.log[self.at :], world.lake.live()
        if any(entry.commit == self.name for entry in new):
            yield move(self, world, "finds its own commit", step="link_files")
        elif self.is_swept(world, self.at):
            yield finish(self, world, "finds its folder swept", End.SWEPT)
        elif all(path in live for path in self.inputs) or not world.obeys(Rule.REMOVED_STILL_LIVE):
            yield move(self, world, f"stands at entry {world.lake.head}", step="append", at=world.lake.head)
        else:
            yield move(self, world, "finds an input removed and starts anew", step="plan_merge")
            yield finish(self, world, "finds an input removed and gives up", End.GAVE_UP)

    def link_files(self, world: World) -> Iterator[Step]:
        """Link the merged file into place."""
        own = next(entry for entry in world.lake.log if entry.commit == self.name)
        yield link_one(self, world, [own])

    def clear_staging(self, world: World) -> Iterator[Step]:
        """Delete the own folder, and end."""
        cleared = world.with_lake(world.lake.without_folders([self.folder]))
        yield finish(self, cleared, "deletes its folder", End.DONE)


class Reader(NamedTuple):
    """It opens the lake, and reads the files some time later. It may not write."""

    name: str
    step: str = "open"
    end: End | None = None
    places: tuple[Place, ...] = ()

    def open(self, world: World) -> Iterator[Step]:
        """Open the newest entry whose files are all in place, and note where they are."""
        number = world.lake.head
        if world.obeys(Rule.OPEN_WHAT_IS_IN_PLACE):
            number = next(n for n in range(number, -1, -1) if all(map(world.lake.is_in_place, world.lake.live(n))))
        places = tuple(self.found(world, path, folder) for path, folder in world.lake.live(number).items())
        yield move(self, world, f"opens at entry {number}", step="read", places=places)

    def found(self, world: World, path: str, folder: str) -> Place:
        return Place(IN_PLACE if world.lake.is_in_place(path) else folder, path)

    def read(self, world: World) -> Iterator[Step]:
        """Read the files that were noted."""
        gone = [place.path for place in self.places if not world.lake.has(place)]
        if gone:
            yield finish(self, world, f"misses {', '.join(gone)}", End.CANNOT_READ)
        else:
            yield finish(self, world, "reads all files", End.DONE)


Actor = Writer | Sweeper | Linker | Merger | Reader


# ---------------------------------------------------------------------------------------------
# The invariants. Each returns a sentence about what is wrong, or None.
# ---------------------------------------------------------------------------------------------


def no_committed_file_is_missing(lake: Lake) -> str | None:
    """Each live file is in place, or in the folder that its entry names."""
    missing = [path for path, folder in lake.live().items() if lake.rows(path, folder) is None]
    return f"{missing[0]} is committed and gone" if missing else None


def no_article_stands_twice(lake: Lake) -> str | None:
    """No id is twice in ``articles``."""
    return named_twice(f"article {row.id}" for row in table_rows(lake, "articles"))


def no_revision_stands_twice(lake: Lake) -> str | None:
    """No article has the same revision number twice."""
    return named_twice(f"revision {row.revision} of {row.id}" for row in table_rows(lake, "revisions"))


def no_key_leads_to_two_ids(lake: Lake) -> str | None:
    """After all aliases each key names one article."""
    index = lake.index_rows() or frozenset()
    pairs = {(row.key, resolve(row.id, index)) for row in index if isinstance(row, KeyRow)}
    return named_twice(f"key {key}" for key, _ in pairs)


def every_target_is_an_article(lake: Lake) -> str | None:
    """The target of a duplicate or a revision is a row of ``articles``."""
    ids = {row.id for row in table_rows(lake, "articles")}
    targets = {row.target for row in table_rows(lake, "duplicates")} | {row.id for row in table_rows(lake, "revisions")}
    return f"{targets - ids} are referred to and stand nowhere" if targets - ids else None


def the_accounts_hold(lake: Lake) -> str | None:
    """In each entry read = new + revised + unchanged + duplicates, and its files agree."""
    for entry in runs(lake):
        accounts = entry.accounts
        assert accounts is not None
        if accounts.read != len(entry.articles) or accounts.read != sum(accounts[1:]):
            return f"{entry.commit} read {len(entry.articles)} and accounts for {accounts}"
        written = tuple(len(rows_of(lake, entry, table) or ()) for table in TABLES)
        if (accounts.new, accounts.revised, accounts.duplicates) != written:
            return f"{entry.commit} accounts for {accounts} and wrote {written} rows of {TABLES}"
    return None


def committed_articles_are_known(lake: Lake) -> str | None:
    """The index knows each key of each article that a committed run brought."""
    known = {row.key for row in lake.index_rows() or () if isinstance(row, KeyRow)}
    wanted = {key for entry in runs(lake) for article in entry.articles for key in article.keys}
    return f"the index does not know {sorted(wanted - known)}" if wanted - known else None


def each_entry_is_what_a_serial_run_writes(lake: Lake) -> str | None:
    """Each run's entry holds what a run alone, at that point of the log, would have written."""
    for entry in runs(lake):
        index = lake.index_rows(entry.number - 1)
        if index is None:
            continue  # a merge has replaced an index file before it was in place
        decision = decide_articles(entry.articles, index)
        for table in (*TABLES, INDEX):
            written, expected = rows_of(lake, entry, table), decision.rows(table)
            if written is not None and written != expected:
                return f"entry {entry.number} has {listed(written)} in {table}, a serial run {listed(expected)}"
    return None


def no_run_key_stands_twice(lake: Lake) -> str | None:
    """No two entries have the same run key."""
    return named_twice(f"run key {entry.key}" for entry in lake.log if entry.key is not None)


def no_commit_stands_twice(lake: Lake) -> str | None:
    """No two entries are the same commit of a run or a merge."""
    return named_twice(f"commit {entry.commit}" for entry in lake.log if entry.operation != "sweep")


def each_path_is_added_once(lake: Lake) -> str | None:
    """A path is added by one entry, ever."""
    return named_twice(path for entry in lake.log for path in entry.added)


def removed_files_were_live(lake: Lake) -> str | None:
    """An entry removes only files that are live just before it."""
    for entry in lake.log:
        dead = set(entry.removed) - set(lake.live(entry.number - 1))
        if dead:
            return f"entry {entry.number} removes {sorted(dead)}, not live before it"
    return None


def the_log_has_no_gap(lake: Lake) -> str | None:
    """Entries are numbered 1, 2, 3, ... and no entry stands behind a free number."""
    if lake.beyond_gap:
        return f"entry {lake.beyond_gap[0].number} stands behind a free number"
    numbers = [entry.number for entry in lake.log]
    return None if numbers == list(range(1, len(numbers) + 1)) else f"the entries are numbered {numbers}"


LAKE_INVARIANTS: tuple[Callable[[Lake], str | None], ...] = (
    the_log_has_no_gap,
    no_committed_file_is_missing,
    no_commit_stands_twice,
    no_run_key_stands_twice,
    each_path_is_added_once,
    removed_files_were_live,
    no_article_stands_twice,
    no_revision_stands_twice,
    no_key_leads_to_two_ids,
    every_target_is_an_article,
    the_accounts_hold,
    committed_articles_are_known,
    each_entry_is_what_a_serial_run_writes,
)


def an_opened_lake_stays_readable(world: World) -> str | None:
    """A reader that opened at an entry can finish."""
    broken = [actor.name for actor in world.actors if actor.end is End.CANNOT_READ]
    return f"{broken[0]} opened the lake and cannot read it" if broken else None


def a_done_writer_is_in_the_log(world: World) -> str | None:
    """A writer that reports success has an entry."""
    commits = {entry.commit for entry in world.lake.log}
    lost = [
        actor.name
        for actor in world.actors
        if isinstance(actor, Writer) and actor.end is End.DONE and actor.run.commit not in commits
    ]
    return f"{lost[0]} reports success without an entry" if lost else None


WORLD_INVARIANTS: tuple[Callable[[World], str | None], ...] = (
    an_opened_lake_stays_readable,
    a_done_writer_is_in_the_log,
)


def no_committed_entry_is_lost(before: World, after: World) -> str | None:
    """The log only grows: a step changes no entry that stands."""
    old, new = before.lake.log, after.lake.log
    return None if new[: len(old)] == old else "an entry that stood is gone or changed"


def some_writer_always_gets_on(world: World) -> str | None:
    """If only faults can still happen, each writer has ended, and for a good reason."""
    good = {End.DONE, End.KEY_TAKEN, End.CRASHED} | ({End.SWEPT} if world.setting.may_sweep_the_living else set())
    for actor in world.actors:
        if isinstance(actor, Writer) and actor.end not in good:
            return (
                f"{actor.name} is stuck in {actor.step}"
                if actor.end is None
                else f"{actor.name} ends: {actor.end.value}"
            )
    return None


def named_twice(names: Iterable[str]) -> str | None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    return f"{twice[0]} stands twice" if twice else None


def listed(rows: Iterable[Row]) -> str:
    return ", ".join(sorted(map(str, rows))) or "nothing"


def runs(lake: Lake) -> list[Entry]:
    return [entry for entry in lake.log if entry.operation == "run"]


def rows_of(lake: Lake, entry: Entry, table: str) -> frozenset[Row] | None:
    """Return the rows that an entry added to a table or to the index, or None if a file is gone."""
    return lake.all_rows((path, entry.folder or IN_PLACE) for path in entry.added if table_of(path) == table)


def table_rows(lake: Lake, table: str) -> list[TableRow]:
    """Return the rows of all live files of a table, each as often as it stands."""
    paths = [(path, folder) for path, folder in lake.live().items() if table_of(path) == table]
    rows = [row for path, folder in paths for row in lake.rows(path, folder) or ()]
    return [row for row in rows if isinstance(row, TableRow)]


# ---------------------------------------------------------------------------------------------
# The search
# ---------------------------------------------------------------------------------------------


class Violation(NamedTuple):
    invariant: str
    message: str


class Result(NamedTuple):
    """The result of a search. Without a violation ``states`` is the number of all worlds."""

    states: int
    violation: Violation | None = None
    trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.violation is None:
            return f"all {self.states} states hold"
        return "\n    ".join((f"{self.violation.invariant}: {self.violation.message}", *self.trace))


class Visited:
    """The worlds seen so far, numbered, each with the step that led to it first."""

    def __init__(self, first: World) -> None:
        self.worlds = [first]
        self.numbers = {first: 0}
        self.origins: list[tuple[int, str]] = [(0, "")]
        self.calm: list[list[int]] = []  # the worlds that follow each world without a fault

    def add(self, world: World, origin: int, label: str) -> int:
        """Return the number of a world, which is a new number if the world was not seen before."""
        number = self.numbers.setdefault(world, len(self.worlds))
        if number == len(self.worlds):
            self.worlds.append(world)
            self.origins.append((origin, label))
        return number

    def trace(self, number: int) -> tuple[str, ...]:
        labels = []
        while number:
            number, label = self.origins[number]
            labels.append(label)
        return tuple(reversed(labels))


def search(first: World) -> Result:
    """Visit all worlds that can follow, breadth first, until a world breaks an invariant."""
    visited = Visited(first)
    number = 0
    while number < len(visited.worlds):
        violation = explore(visited, number)
        if violation:
            return Result(number + 1, violation, visited.trace(number))
        number += 1
    number, violation = check_progress(visited)
    return Result(len(visited.worlds), violation, visited.trace(number))


def explore(visited: Visited, number: int) -> Violation | None:
    """Check one world, and add the worlds that follow it."""
    world = visited.worlds[number]
    violation = first_broken(WORLD_INVARIANTS, world) or broken_lake(world.lake)
    if violation:
        return violation
    visited.calm.append([])
    for step in steps(world):
        violation = broken_by(no_committed_entry_is_lost, world, step.world)
        if violation:
            return violation
        following = visited.add(step.world, number, step.label)
        if not step.is_fault:
            visited.calm[number].append(following)
    return None


def check_progress(visited: Visited) -> tuple[int, Violation | None]:
    """Return the first world in which a writer is stuck, or comes back to where it was, if any."""
    for number, following in enumerate(visited.calm):
        violation = None if following else broken_by(some_writer_always_gets_on, visited.worlds[number])
        if violation:
            return number, violation
    endless = find_cycle(visited.calm)
    if endless is None:
        return 0, None
    return endless, Violation(some_writer_always_gets_on.__name__, "without a fault this schedule has no end")


@lru_cache(maxsize=CACHED)
def broken_lake(lake: Lake) -> Violation | None:
    return first_broken(LAKE_INVARIANTS, lake)


def first_broken(invariants: Iterable[Callable[[Any], str | None]], subject: Any) -> Violation | None:
    return next(filter(None, (broken_by(invariant, subject) for invariant in invariants)), None)


def broken_by(invariant: Callable[..., str | None], *subjects: Any) -> Violation | None:
    message = invariant(*subjects)
    return None if message is None else Violation(invariant.__name__, message)


def find_cycle(following: list[list[int]]) -> int | None:
    """Return a node on a cycle, or one that a cycle leads to, or None if there is no cycle.

    The function removes nodes without a predecessor until no such node is left (Kahn 1962).
    """
    predecessors = Counter(number for numbers in following for number in numbers)
    free = deque(number for number in range(len(following)) if not predecessors[number])
    while free:
        for number in following[free.popleft()]:
            predecessors[number] -= 1
            if not predecessors[number]:
                free.append(number)
    return next((number for number, count in sorted(predecessors.items()) if count), None)


# ---------------------------------------------------------------------------------------------
# Where a search begins
# ---------------------------------------------------------------------------------------------


def lake_after(*committed: tuple[Article, ...]) -> Lake:
    """Return a lake in which these runs committed one after another, with all files in place."""
    lake = Lake()
    for articles in committed:
        lake = committed_alone(lake, articles)
    return lake


def committed_alone(lake: Lake, articles: tuple[Article, ...]) -> Lake:
    name = f"e{lake.head + 1}"
    decision = decide_articles(articles, lake.index_rows() or frozenset())
    paths = tuple(f"{table}/{name}" for table in (*TABLES, INDEX) if decision.rows(table))
    for path in paths:
        lake = lake.put(Place(IN_PLACE, path), decision.rows(table_of(path)))
    accounts = decision.accounts(len(articles))
    return lake.appended(
        Entry(lake.head + 1, "run", name, f"{name}-folder", added=paths, accounts=accounts, articles=articles)
    )
