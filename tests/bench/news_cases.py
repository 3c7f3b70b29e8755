"""Cases of real news that look like copies, or are copies in disguise, with what is right for each.

The seed fixes the cases. CASES names each kind and says whether an article of that kind may be
dropped. The words stand in prose_cases.py and prose_guides.py; long texts have more sentences from
grammar.py.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from grammar import (
    ENGLISH,
    EUROPEAN,
    Story,
    Tongue,
    begin_page,
    begin_story,
    capital,
    line,
    paragraphs,
    phrases,
    sentence,
)
from news_copies import DAYS, FIRST_DAY, MAX_DELAY_DAYS, Article, Outlet, add_article, outlets_of, short_body
from prose_cases import COLUMNS, CUT_ENDS, EVENTS, NOTICES, STUB_ENDS, WIRE_WORDS, WIRES, Event
from prose_guides import CHANGES, FEET, GUIDES

Verdict = Literal["right", "wrong", "open"]

CASE = "case"
"""The genre of all articles here."""
RUNS = 5
"""The number of runs that take the articles in, day by day."""
ISSUES = (4, 6)
HEADLINES = (3, 5)
FULL_WORDS = (120, 560)
SPELT_SHARE = 1 / 3
"""The share of figures that are written as words."""
STUB_SHARES = (0.2, 0.62)
"""The least and the greatest share of a full text that the sentences of its stub have."""
FULL_FACTOR = 1.5
"""The least ratio of a full text to its stub, in characters."""
CUT_SHARES = (25, 33, 40, 50, 60)


@dataclass(frozen=True, slots=True)
class Right:
    """What is right for the articles of a kind.

    ``drop`` judges the drop of such an article in favour of a related one. ``elsewhere`` judges it
    if the related one is of another outlet. ``is_wanted`` says that finding the article counts,
    dropped or marked.
    """

    drop: Verdict
    is_wanted: bool = False
    elsewhere: Verdict | None = None


CASES: dict[str, Right] = {
    "standing column": Right("wrong"),
    "notice under many headlines": Right("wrong"),
    "again, same headline and day": Right("right", is_wanted=True),
    "retitled, same day": Right("wrong", is_wanted=True),
    "retitled, later": Right("wrong", is_wanted=True),
    "wire form, same headline": Right("wrong"),
    "wire form, other headline": Right("wrong"),
    "stub": Right("open"),
    "full, one outlet": Right("wrong"),
    "full, one outlet, retitled": Right("wrong"),
    "full, other outlet": Right("wrong"),
    "first version": Right("open"),
    "update, one outlet": Right("wrong"),
    "update, other outlet": Right("wrong"),
    "text of a cut": Right("wrong"),
    **{
        f"cut to {share} %, {headline} headline": Right("right", is_wanted=True)
        for share in CUT_SHARES
        for headline in ("same", "other")
    },
    "guide, one outlet": Right("wrong", elsewhere="open"),
    "guide, two outlets": Right("open"),
    "change and reversal": Right("wrong"),
    "short above a long foot": Right("wrong"),
}

TONGUES = {tongue.tag: tongue for tongue in (ENGLISH, *EUROPEAN)}
_WORDS = {name: phrases(text) for name, text in WIRE_WORDS.items()}


def judge(dropped: Article, kept: Article) -> Verdict:
    """Return whether it is right to drop an article in favour of another.

    A drop is wrong if the kept article is a cut of the dropped one.
    """
    if dropped.group != kept.group or (dropped.kind == "original" and kept.kind.startswith("cut to ")):
        return "wrong"
    right = CASES.get(case_of(dropped, kept))
    if right is None:
        return "right"
    if right.elsewhere and domain(dropped) != domain(kept):
        return right.elsewhere
    return right.drop


def case_of(dropped: Article, kept: Article) -> str:
    """Return the kind that judges a drop: that of the copy, if an original is dropped for it."""
    return kept.kind if dropped.kind == "original" and dropped.group == kept.group else dropped.kind


def domain(article: Article) -> str:
    return article.url.split("/")[2]


def run_of(article: Article) -> int:
    """Return the number of the run, below RUNS, that takes an article in."""
    day = (article.day - FIRST_DAY).days
    return max(0, min(RUNS - 1, day * RUNS // DAYS + article.late))


@dataclass(frozen=True, slots=True)
class Press:
    """The outlets of each language, and the articles so far."""

    outlets: dict[str, list[Outlet]]
    articles: list[Article]


def add_cases(articles: list[Article], sets: int, seed: int = 1) -> None:
    """Add about ``sets`` sets of related articles for each kind of case.

    Guides have one set a text, because two sets of one text would be copies.
    """
    press = Press({tag: outlets_of(tongue, seed) for tag, tongue in TONGUES.items()}, articles)
    for name, add in _MAKERS.items():
        for place in range(min(sets, len(GUIDES)) if add is _add_guides else sets):
            add(press, place, random.Random(f"{seed} {name} {place}"))


def _put(press: Press, kind: str, outlet: Outlet, day: dt.date, headline: str, text: str, **more: int) -> int:
    """Add an article with its own group, or with the ``group`` given. Return its number."""
    number = len(press.articles)
    add_article(
        press.articles,
        more.get("group", number),
        CASE,
        kind,
        outlet,
        day,
        capital(headline),
        text,
        late=more.get("late", 0),
    )
    return number


def _day(chance: random.Random, room: int = MAX_DELAY_DAYS) -> dt.date:
    """Return a day that leaves ``room`` days in the period."""
    return FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS - room))


def _later(day: dt.date, chance: random.Random, least: int = 1) -> dt.date:
    return day + dt.timedelta(days=chance.randint(least, MAX_DELAY_DAYS))


def _tell(story: Story, pattern: str) -> str:
    """Return a hand-written text with its slots filled."""
    story.rules["case"] = (_flat(pattern),)
    story.decks.pop("case", None)
    return line(story, "case")


def _flat(text: str) -> str:
    """
    >>> _flat("One line,\\nand another.\\n\\n    A paragraph.")
    'One line, and another.\\n\\nA paragraph.'
    """
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _named(story: Story) -> Story:
    """Give a story the name of an outlet, and the words of the wire."""
    story.rules["outlet"] = (capital(line(story, "outlet_name")),)
    for rule, words in _WORDS.items():
        story.rules.setdefault(rule, words)
    return story


def _bind(text: str, values: dict[str, str]) -> str:
    """
    >>> _bind("<N> of <m>", {"n": "two", "m": "9"})
    'Two of 9'
    """
    for name, value in values.items():
        text = text.replace(f"<{name}>", value).replace(f"<{name.upper()}>", capital(value))
    return text


def _any_tongue(chance: random.Random) -> Tongue:
    return ENGLISH if chance.random() < 0.6 else chance.choice(EUROPEAN)


def _join(parts: tuple[tuple[str, ...], ...]) -> str:
    return "\n\n".join(map(" ".join, parts))


def _other_headline(story: Story, headline: str) -> str:
    while (other := capital(line(story, "headline"))) == headline:
        pass
    return other


def _add_column(press: Press, place: int, chance: random.Random) -> None:
    """Add issues of one column, daily or weekly. The fixed words are a fifth to two thirds."""
    column = COLUMNS[place % len(COLUMNS)]
    tongue, outlet = TONGUES[column.tag], chance.choice(press.outlets[column.tag])
    issues, step = chance.randint(*ISSUES), chance.choice((1, 7))
    day = _day(chance, issues * step)
    page = _named(begin_page(tongue, day, chance))
    intro, foot = _tell(page, column.intro), _tell(page, column.foot)
    for _ in range(issues):
        story = begin_story(tongue, day, chance)
        story.rules["entry"] = tuple(map(capital, column.entries))
        entries = [capital(line(story, "entry")) for _ in range(chance.randint(2, 8))]
        _put(press, "standing column", outlet, day, column.headline, "\n\n".join((intro, *entries, foot)))
        day += dt.timedelta(days=step)


def _add_notice(press: Press, place: int, chance: random.Random) -> None:
    """Add articles of one outlet, each under another headline, with the text of the same notice."""
    tag, pattern = NOTICES[place % len(NOTICES)]
    outlet, day = chance.choice(press.outlets[tag]), _day(chance)
    text = _tell(_named(begin_page(TONGUES[tag], day, chance)), pattern)
    is_one_day = chance.random() < 0.5
    drawn = (line(begin_story(TONGUES[tag], day, chance), "headline") for _ in range(chance.randint(*HEADLINES)))
    for headline in dict.fromkeys(drawn):
        _put(
            press, "notice under many headlines", outlet, day if is_one_day else _later(day, chance, 0), headline, text
        )


def _add_again(press: Press, place: int, chance: random.Random) -> None:
    """Add an article, and the same once more at the same outlet, in three ways.

    Half of them have one other sentence.
    """
    for kind in ("again, same headline and day", "retitled, same day", "retitled, later"):
        tongue, day = _any_tongue(chance), _day(chance)
        outlet = chance.choice(press.outlets[tongue.tag])
        story = begin_story(tongue, day, chance)
        headline, body = capital(line(story, "headline")), paragraphs(story, chance.randint(*FULL_WORDS))
        group = _put(press, "original", outlet, day, headline, _join(body))
        if chance.random() < 0.5:
            body = (*body[:-1], (*body[-1][:-1], sentence(story)))
        again = headline if kind.startswith("again") else _other_headline(story, headline)
        later = _later(day, chance) if kind.endswith("later") else day
        _put(press, kind, outlet, later, again, _join(body), group=group, late=chance.choice((0, 1)))


def _add_wire(press: Press, place: int, chance: random.Random) -> None:
    """Add two events in the same form, at two outlets, under one headline and under two."""
    for kind in ("wire form, same headline", "wire form, other headline"):
        wire = WIRES[place % len(WIRES)]
        day = _day(chance)
        texts: list[str] = []
        for number, outlet in enumerate(chance.sample(press.outlets[wire.tag], 2)):
            story = _named(begin_page(TONGUES[wire.tag], day, chance))
            headline = wire.headline if kind.endswith("same headline") else _tell(story, wire.others[number])
            texts.append(_tell(story, wire.text))
            _put(press, kind, outlet, day if number == 0 else _later(day, chance, 0), headline, texts[-1])
        assert texts[0] != texts[1]


def _figures(tongue: Tongue, chance: random.Random, count: int) -> list[str]:
    """Return different figures, all as words or all in digits."""
    if chance.random() < SPELT_SHARE:
        return chance.sample(tongue.base["num"], count)
    return list(map(str, chance.sample(range(3, 98), count)))


def _event_body(event: Event, story: Story, words: int) -> tuple[tuple[str, ...], ...]:
    """Return an event's lead, its figures, and more paragraphs. The figures are still open."""
    more = paragraphs(story, words)
    return (_tell(story, event.lead), _tell(story, event.figures)), *more[1:]


def _add_stub(press: Press, place: int, chance: random.Random) -> None:
    """Add a stub and, in a later run, its full text, in three ways."""
    for kind in ("full, one outlet", "full, one outlet, retitled", "full, other outlet"):
        event = EVENTS[place % len(EVENTS)]
        tongue, day = TONGUES[event.tag], _day(chance, DAYS // RUNS + 1)
        story = begin_story(tongue, day, chance)
        figures = dict(zip("nm", _figures(tongue, chance, 2), strict=True))
        headline = _bind(_tell(story, event.headline), figures)
        body = _event_body(event, story, chance.randint(*FULL_WORDS))
        full, end = _bind(_join(body), figures), chance.choice(STUB_ENDS[event.tag])
        chars = min(chance.uniform(*STUB_SHARES) * len(full), len(full) / FULL_FACTOR - len(end) - 1)
        stub = f"{_bind(_stub(body, chars), figures)} {end}".strip()
        here, there = chance.sample(press.outlets[event.tag], 2)
        group = _put(press, "stub", here, day, headline, stub)
        again = _other_headline(story, headline) if kind.endswith("retitled") else headline
        is_next_day = chance.random() < 0.5
        _put(
            press,
            kind,
            there if kind.endswith("other outlet") else here,
            day + dt.timedelta(days=1) if is_next_day else day,
            again,
            full,
            group=group,
            late=1,
        )


def _stub(body: tuple[tuple[str, ...], ...], chars: float) -> str:
    """Return the first sentences of a body, at least one and about ``chars`` at most."""
    sentences = [text for part in body for text in part]
    stub = sentences[0]
    for text in sentences[1:]:
        if len(stub) + len(text) + 1 > chars:
            break
        stub += f" {text}"
    return stub


def _add_update(press: Press, place: int, chance: random.Random) -> None:
    """Add a long text and an update with one or two new figures and one new paragraph."""
    for kind in ("update, one outlet", "update, other outlet"):
        event = EVENTS[place % len(EVENTS)]
        tongue, day = TONGUES[event.tag], _day(chance)
        story = begin_story(tongue, day, chance)
        old_n, old_m, new_n, new_m = _figures(tongue, chance, 4)
        if chance.random() < 0.5:
            new_m = old_m
        body = _event_body(event, story, chance.randint(FULL_WORDS[1] // 2, FULL_WORDS[1]))
        fresh = _tell(story, chance.choice(event.fresh))
        where = chance.randrange(1, len(body))
        updated = (*body[:where], (fresh,), *body[where + 1 :])
        pattern = _tell(story, event.headline if chance.random() < 0.5 else "{headline}")
        here, there = chance.sample(press.outlets[event.tag], 2)
        old, new = {"n": old_n, "m": old_m}, {"n": new_n, "m": new_m}
        group = _put(press, "first version", here, day, _bind(pattern, old), _bind(_join(body), old))
        outlet, later = (there if kind.endswith("other outlet") else here), _later(day, chance, 0)
        _put(press, kind, outlet, later, _bind(pattern, new), _bind(_join(updated), new), group=group, late=1)


def _add_cuts(press: Press, place: int, chance: random.Random) -> None:
    """Add for each share and headline a long text, and the first part of it at another outlet."""
    for share in CUT_SHARES:
        for headline in ("same", "other"):
            tongue, day = _any_tongue(chance), _day(chance)
            story = begin_story(tongue, day, chance)
            named, text = capital(line(story, "headline")), _join(paragraphs(story, chance.randint(*FULL_WORDS)))
            here, there = chance.sample(press.outlets[tongue.tag], 2)
            group = _put(press, "text of a cut", here, day, named, text)
            cut = text[: round(len(text) * share / 100)]
            if chance.random() < 0.5:
                cut = cut.rpartition(" ")[0]
            end = chance.choice(CUT_ENDS).format(outlet=line(begin_page(tongue, day, chance), "outlet_name"))
            again = named if headline == "same" else _other_headline(story, named)
            kind = f"cut to {share} %, {headline} headline"
            _put(press, kind, there, _later(day, chance, 0), again, cut.rstrip() + end, group=group)


def _add_guides(press: Press, place: int, chance: random.Random) -> None:
    """Add the variants of one guide: most at one outlet, two at two other outlets."""
    guide = GUIDES[place]
    day = _day(chance)
    one, other, third = chance.sample(press.outlets[guide.tag], 3)
    variants = chance.sample(guide.variants, len(guide.variants))
    group = len(press.articles)
    for number, variant in enumerate(variants):
        parts = [part if isinstance(part, str) else chance.choice(part) for part in guide.parts]
        text = _bind("\n\n".join(_flat(part) for part in parts if part), {"v": variant})
        outlet = {0: other, 1: third}.get(number, one)
        kind = "guide, two outlets" if number < 2 else "guide, one outlet"
        _put(press, kind, outlet, _later(day, chance, 0), _bind(guide.headline, {"v": variant}), text, group=group)


def _add_change(press: Press, place: int, chance: random.Random) -> None:
    """Add rules, their change and its reversal, at one outlet, within days or within two weeks.

    The reversal has the words of the change. In a half of the sets its sentences are in another
    order.
    """
    change = CHANGES[place % len(CHANGES)]
    tongue, step = TONGUES[change.tag], chance.choice((0, 1, 7))
    day, outlet = _day(chance, 2 * step), chance.choice(press.outlets[change.tag])
    story = begin_page(tongue, day, chance)
    now, changed, headline = (_tell(story, text) for text in (change.now, change.change, change.headline))
    old = dict(zip("abcd", _figures(tongue, chance, 4), strict=True))
    back = {name: old[other] for name, other in zip("abcd", "badc", strict=True)}
    reverted = _bind(changed, back)
    if chance.random() < 0.5:
        first, *rest = reverted.split(". ")
        last = rest[-1].removesuffix(".")
        reverted = ". ".join((last, *chance.sample(rest[:-1], len(rest) - 1), first)) + "."
    group = len(press.articles)
    marks = chance.choice((("", "", ""), ("", " (2)", " (3)")))
    for text, mark in zip((_bind(now, old), _bind(changed, old), reverted), marks, strict=True):
        _put(press, "change and reversal", outlet, day, headline + mark, text, group=group)
        day += dt.timedelta(days=step)


def _add_foot(press: Press, place: int, chance: random.Random) -> None:
    """Add short news of one outlet, each above the same long foot."""
    tag, pattern = FEET[place % len(FEET)]
    tongue, day = TONGUES[tag], _day(chance)
    outlet = chance.choice(press.outlets[tag])
    foot = _tell(_named(begin_page(tongue, day, chance)), pattern)
    for _ in range(chance.randint(*ISSUES)):
        story = begin_story(tongue, day, chance)
        news = _join(short_body(story, chance.randint(*tongue.short_sizes)))
        headline = line(story, "headline")
        _put(press, "short above a long foot", outlet, _later(day, chance, 0), headline, f"{news}\n\n{foot}")


_MAKERS: dict[str, Callable[[Press, int, random.Random], None]] = {
    "columns": _add_column,
    "notices": _add_notice,
    "again": _add_again,
    "wires": _add_wire,
    "stubs": _add_stub,
    "updates": _add_update,
    "cuts": _add_cuts,
    "guides": _add_guides,
    "changes": _add_change,
    "feet": _add_foot,
}
