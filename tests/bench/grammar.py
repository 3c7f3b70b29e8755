"""Made-up news prose from patterns whose slots are filled again for each story.

Two stories of one topic share words, but no sentences. A story has a cast (a place, people,
buildings, streets) that all its sentences use. It draws each kind of part from a deck, which is
shuffled again only when it is used up. The text depends on the given ``random.Random`` alone.
"""

import datetime as dt
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import prose_english
import prose_european
import prose_scripts

Rules = Mapping[str, tuple[str, ...]]

_SLOT = re.compile(r"\{(\w+)\}")
_WRAP = re.compile(r"(?<!\n)\n(?!\n) *")
_TOPICAL = ("actor", "did", "done", "thing", "claim", "fact", "fact_low", "quote")
_TOLD_SHARE = 0.65
"""The share of a topic's alternatives that one story uses."""
_CAST = {"town": 5, "name": 4, "building": 3, "street": 3, "region": 1, "role": 1}
"""The number of names of each kind in a story. It may use a name more than once."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language to write in.

    ``sizes`` of long texts and ``short_sizes`` of short items count words if ``has_words``, else
    code points. ``gap`` is the text between sentences, ``stop`` ends a sentence, and ``grouping``
    separates thousands. ``money`` and ``percent`` are patterns that take a number.
    """

    tag: str
    base: Rules
    topics: tuple[Rules, ...]
    gap: str
    stop: str
    grouping: str
    money: str
    percent: str
    has_words: bool
    sizes: tuple[int, int]
    short_sizes: tuple[int, int]

    def size(self, text: str) -> int:
        return len(text.split()) if self.has_words else len(text)


@dataclass(frozen=True, slots=True)
class Story:
    """The parts from which the sentences of one story are drawn. Each sentence takes some away."""

    tongue: Tongue
    chance: random.Random
    rules: dict[str, tuple[str, ...]]
    decks: dict[str, list[str]]
    day: dt.date


def begin_story(tongue: Tongue, day: dt.date, chance: random.Random) -> Story:
    """Return a story of a random topic on ``day``, with a cast of its own."""
    topic = chance.choice(tongue.topics)
    rules = dict(tongue.base) | {
        rule: _some(topic.get(rule) or tongue.base[rule], chance)
        for rule in _TOPICAL
        if rule in topic or rule in tongue.base
    }
    story = Story(tongue, chance, rules, {}, day)
    cast = {
        rule: tuple(_fill(story, f"{{{rule}}}") for _ in range(count)) for rule, count in _CAST.items() if rule in rules
    }
    place, *towns = cast["town"]
    speaker = cast["name"][0]
    rules |= cast | {
        "place": (place,),
        "town": tuple(towns),
        "speaker": (speaker,),
        "surname": (speaker.split(" ")[-1],),
    }
    story.decks.clear()
    choose_angle(story)
    return story


def _some(alternatives: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(alternatives, max(1, round(len(alternatives) * _TOLD_SHARE))))


def choose_angle(story: Story) -> None:
    """Choose the facts that lead and headline tell, until the next call chooses others."""
    for rule in ("actor", "did", "thing", "claim", "quote"):
        story.rules[f"lead_{rule}"] = (_fill(story, f"{{{rule}}}"),)


def begin_page(tongue: Tongue, day: dt.date, chance: random.Random) -> Story:
    """Return a story without a topic, for pages that name many places and people."""
    rules = dict(tongue.base)
    story = Story(tongue, chance, rules, {}, day)
    rules |= {"place": (_fill(story, "{town}"),), "surname": ("{family_head}{family_tail}",)}
    return story


def line(story: Story, rule: str) -> str:
    """Return one filled line of ``rule``, without a capital or a stop."""
    return _fill(story, f"{{{rule}}}")


def sentence(story: Story, rule: str = "frame") -> str:
    """Return one sentence of ``rule``, with a capital and a stop."""
    text = capital(line(story, rule))
    return text if text.endswith((".", "。", ".”", "。」")) else text + story.tongue.stop


def paragraphs(story: Story, size: int) -> tuple[tuple[str, ...], ...]:
    """Return paragraphs of one to four sentences that make about ``size``, with a lead first."""
    told: list[tuple[str, ...]] = [(sentence(story, "lead"), sentence(story))]
    length = sum(map(story.tongue.size, told[0]))
    while length < size:
        told.append(tuple(sentence(story) for _ in range(story.chance.randint(1, 4))))
        length += sum(map(story.tongue.size, told[-1]))
    return tuple(told)


def _fill(story: Story, pattern: str) -> str:
    parts = []
    for literal, slot in _parts(pattern):
        parts.append(literal)
        if slot:
            parts.append(_part(story, slot))
    return "".join(parts)


def _part(story: Story, slot: str) -> str:
    if slot in story.rules:
        return _fill(story, _draw(story, slot))
    if slot.endswith("_upper"):
        return _part(story, slot.removesuffix("_upper")).upper()
    if slot[0].isupper():
        return capital(_part(story, slot.lower()))
    return _number(story, slot)


def _draw(story: Story, rule: str) -> str:
    deck = story.decks.get(rule)
    if not deck:
        deck = story.decks[rule] = list(story.rules[rule])
        story.chance.shuffle(deck)
    return deck.pop()


def _number(story: Story, slot: str) -> str:
    tongue, chance = story.tongue, story.chance
    match slot:
        case "n1":
            return str(chance.randint(2, 9))
        case "n2":
            return str(chance.randint(11, 97))
        case "n3":
            return str(chance.randint(101, 989))
        case "n4":
            return _grouped(
                chance.randint(11, 640) * 100 if chance.random() < 0.5 else chance.randint(1_050, 64_000), tongue
            )
        case "money":
            return tongue.money.format(_grouped(chance.randint(11, 990) * 100, tongue))
        case "percent":
            return tongue.percent.format(chance.randint(2, 88))
        case "rate":
            return f"{chance.uniform(0.7, 12):.4f}"
        case "clock":
            return f"{chance.randint(5, 23)}:{chance.randint(0, 59):02d}"
        case "degrees":
            return str(chance.randint(-9, 33))
        case "year":
            return str(chance.randint(1871, 2022))
        case "recent":
            return str(chance.randint(2005, 2022))
        case "day":
            return str(story.day.day)
        case "this_month":
            return tongue.base["month"][story.day.month - 1]
        case "iso_month":
            return f"{story.day:%Y-%m}"
        case "iso_day":
            return story.day.isoformat()
    raise KeyError(slot)


def _grouped(number: int, tongue: Tongue) -> str:
    return f"{number:,}".replace(",", tongue.grouping)


def capital(text: str) -> str:
    """
    >>> capital("“we know,” she said")
    '“We know,” she said'
    """
    for place, char in enumerate(text):
        if char.isalnum():
            return text[:place] + char.upper() + text[place + 1 :]
    return text


@cache
def _parts(pattern: str) -> tuple[tuple[str, str], ...]:
    """
    >>> _parts("after {n1} days")
    (('after ', 'n1'), (' days', ''))
    """
    pieces = _SLOT.split(pattern)
    return tuple(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def phrases(text: str) -> tuple[str, ...]:
    """Return the alternatives of a rule, which bars separate.

    A line break with its indent becomes one space. Blank lines stay, because they separate the
    paragraphs of a page.

    >>> phrases("a loan of | half\\n    a crown")
    ('a loan of', 'half a crown')
    """
    return tuple(_WRAP.sub(" ", phrase.strip()) for phrase in text.split("|"))


def _rules(texts: Mapping[str, str]) -> Rules:
    return {name: phrases(text) for name, text in texts.items()}


_ENGLISH_MORE = {
    "given": prose_english.GIVEN_NAMES,
    "family_head": prose_english.FAMILY_HEADS,
    "family_tail": prose_english.FAMILY_TAILS,
    "name": "{given} {family_head}{family_tail}",
    "town_head": prose_english.TOWN_HEADS,
    "town_tail": prose_english.TOWN_TAILS,
    "town": "{town_head}{town_tail}",
    "month": prose_english.MONTHS,
    "weekday": prose_english.WEEKDAYS,
    "num": prose_english.NUMBERS,
    "role": prose_english.ROLES,
    "caption": prose_english.CAPTIONS,
    "foot": prose_english.FEET,
    "head": prose_english.HEADS,
    "dateline": prose_english.DATELINES,
    "paper": prose_english.PAPERS,
    "outlet_name": "the {town} {paper}",
    "domain": "{town}-{paper}",
    "fixed_form": prose_english.FIXED_FORMS,
    "weather_page": prose_english.WEATHER_PAGES,
    "results_page": prose_english.RESULTS_PAGES,
    "service_page": prose_english.SERVICE_PAGES,
}
_SPACED = {"name": "{given} {family}", "town": "{town_head}{town_tail}"}
_UNSPACED = {"name": "{family}{given}", "town": "{town_head}{town_tail}"}

ENGLISH = Tongue(
    tag="en",
    base=_rules(prose_english.BASE | prose_english.PAGE_WORDS | prose_english.PAGE_HEADLINES | _ENGLISH_MORE),
    topics=tuple(map(_rules, prose_english.TOPICS.values())),
    gap=" ",
    stop=".",
    grouping=",",
    money="{} crowns",
    percent="{} per cent",
    has_words=True,
    sizes=(250, 660),
    short_sizes=(22, 44),
)
CHINESE = Tongue(
    tag="zh",
    base=_rules(prose_scripts.CHINESE | _UNSPACED),
    topics=({},),
    gap="",
    stop="。",
    grouping="",
    money="{}元",
    percent="百分之{}",
    has_words=False,
    sizes=(140, 680),
    short_sizes=(40, 80),
)
JAPANESE = Tongue(
    tag="ja",
    base=_rules(prose_scripts.JAPANESE | _UNSPACED),
    topics=({},),
    gap="",
    stop="。",
    grouping="",
    money="{}円",
    percent="{}パーセント",
    has_words=False,
    sizes=(170, 880),
    short_sizes=(50, 100),
)
THAI = Tongue(
    tag="th",
    base=_rules(prose_scripts.THAI | _SPACED),
    topics=({},),
    gap=" ",
    stop="",
    grouping=",",
    money="{} บาท",
    percent="{}",
    has_words=False,
    sizes=(350, 1_900),
    short_sizes=(90, 220),
)
ARABIC = Tongue(
    tag="ar",
    base=_rules(prose_scripts.ARABIC | _SPACED | {"town": "{town_head} {town_tail}"}),
    topics=({},),
    gap=" ",
    stop=".",
    grouping=",",
    money="{} درهم",
    percent="{} في المئة",
    has_words=True,
    sizes=(80, 380),
    short_sizes=(20, 45),
)
RUSSIAN = Tongue(
    tag="ru",
    base=_rules(prose_scripts.RUSSIAN | _SPACED),
    topics=({},),
    gap=" ",
    stop=".",
    grouping=" ",
    money="{} рублей",
    percent="{} процентов",
    has_words=True,
    sizes=(80, 380),
    short_sizes=(20, 45),
)
SCRIPTS = (CHINESE, JAPANESE, THAI, ARABIC, RUSSIAN)


def _european(tag: str, rules: Mapping[str, str], money: str, percent: str) -> Tongue:
    return Tongue(
        tag=tag,
        base=_rules(rules | _SPACED),
        topics=({},),
        gap=" ",
        stop=".",
        grouping=".",
        money=money,
        percent=percent,
        has_words=True,
        sizes=(180, 420),
        short_sizes=(20, 45),
    )


EUROPEAN = (
    _european("nl", prose_european.DUTCH, "{} kronen", "{} procent"),
    _european("de", prose_european.GERMAN, "{} Kronen", "{} Prozent"),
    _european("fr", prose_european.FRENCH, "{} couronnes", "{} %"),
    _european("es", prose_european.SPANISH, "{} coronas", "{} %"),
)
