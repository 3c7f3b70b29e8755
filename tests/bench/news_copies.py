"""News of many outlets with planted copies, to measure how well a rule finds them.

The seed fixes the news. Each original is on the domain of one outlet, on a day within two months.
Its copy is on another domain, up to five days later, and differs in one way (KINDS). The corpus
also holds articles that only look like repeats: follow-ups that share a third of their text with an
earlier article, pages that one template makes every day, and short items of a fixed form.
"""

import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from grammar import (
    ENGLISH,
    SCRIPTS,
    Story,
    Tongue,
    begin_page,
    begin_story,
    capital,
    choose_angle,
    line,
    paragraphs,
    phrases,
    sentence,
)

FIRST_DAY = dt.date(2023, 3, 1)
DAYS = 60
MAX_DELAY_DAYS = 5
OUTLETS = 40
HEAD_SHARE = 1 / 8
FOOT_SHARE = 1 / 3
DATELINE_SHARE = 1 / 3
"""Shares of the originals that have their outlet's line above, its paragraph below, a dateline."""
KEPT_SHARE = 0.6
"""The share of its text that a cut copy keeps."""
NOISE = 0.03
"""The share of the characters that are changed, left out, doubled or swapped with the next."""
SHARED = (0.30, 0.40)
"""The least and the greatest share of a follow-up that repeats the article before it."""

MANY_BYTES = 2_000
MANY_SENTENCES = 200_000
MANY_KEPT = 20_000
COPIED_SHARE = 0.1
ENGLISH_SHARE = 0.6
"""Numbers for write_many: bytes of a text, sentences in the pool, recent articles that may be
copied, and shares of the articles."""


@dataclass(frozen=True, slots=True)
class Article:
    """A made-up article.

    ``group`` is the number of the original that it repeats, or its own number. ``kind`` is one of
    KINDS for a copy, "original", or the name of another kind. ``genre`` is the name of a Genre, or
    the kind of a page. ``late`` is the number of runs that it comes after the run of its day.
    """

    number: int
    group: int
    genre: str
    kind: str
    url: str
    day: dt.date
    headline: str
    text: str
    late: int = 0


@dataclass(frozen=True, slots=True)
class Outlet:
    domain: str
    heads: tuple[str, ...]
    feet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of an article that a copy may change, before they become its text."""

    story: Story
    headline: str
    body: tuple[tuple[str, ...], ...]
    head: str = ""
    dateline: str = ""
    foot: str = ""

    def set(self) -> str:
        """Return the text as an outlet prints it, with a blank line between paragraphs."""
        parts = [self.story.tongue.gap.join(sentences) for sentences in self.body]
        if self.dateline:
            parts[0] = f"{self.dateline} {parts[0]}"
        return "\n\n".join(part for part in (self.head, *parts, self.foot) if part)


def edit_lead(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    story = draft.story
    lead = (sentence(story, "lead"), *(sentence(story) for _ in draft.body[0][1:]))
    return replace(draft, body=(lead, *draft.body[1:])).set()


def append_caption(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    return f"{draft.set()}\n\n{line(draft.story, 'caption')}"


def change_boilerplate(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    where = chance.choice(("head", "foot", "foot", "both"))
    head = chance.choice(outlet.heads) if where != "foot" else ""
    return replace(draft, head=head, foot=chance.choice(outlet.feet) if where != "head" else "").set()


def truncate(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    text = draft.set()
    cut = text[: round(len(text) * KEPT_SHARE)]
    return cut.rstrip() + chance.choice(("", "…", " [...]"))


def change_date_prefix(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    dateline = draft.dateline
    while dateline == draft.dateline:
        dateline = line(draft.story, "dateline")
    return replace(draft, dateline=dateline).set()


def add_noise(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    """Add the errors of a scanner or a fast typist. Wrong characters come from the same text."""
    text = draft.set()
    noisy = []
    for char in text:
        if char.isspace() or chance.random() >= NOISE:
            noisy.append(char)
            continue
        match chance.randrange(4):
            case 0:
                noisy.append(chance.choice(text))
            case 1:
                noisy.append(char + char)
            case 2 if noisy:
                noisy.insert(-1, char)
    return "".join(noisy)


def translate_numbers(draft: Draft, outlet: Outlet, chance: random.Random) -> str:
    """Write all numbers in another style: as words, in other digits, or grouped differently."""
    return _NUMBER.sub(lambda found: _other_number(found[0], draft.story.tongue.tag, chance), draft.set())


KINDS: dict[str, Callable[[Draft, Outlet, random.Random], str]] = {
    "exact": lambda draft, outlet, chance: draft.set(),
    "edited lead": edit_lead,
    "caption appended": append_caption,
    "other boilerplate": change_boilerplate,
    "cut to 60 %": truncate,
    "other date prefix": change_date_prefix,
    "3 % of characters wrong": add_noise,
    "numbers translated": translate_numbers,
}

_NUMBER = re.compile(r"\d+(?:[.,:\u00a0 ]\d+)*")
_OTHER_DIGITS = {
    "th": str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"),
    "ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "zh": str.maketrans("0123456789", "０１２３４５６７８９"),
    "ja": str.maketrans("0123456789", "０１２３４５６７８９"),
}
_ENGLISH_UNITS = phrases(
    """nought | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | thirteen |
    fourteen | fifteen | sixteen | seventeen | eighteen | nineteen"""
)
_ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_RUSSIAN_UNITS = phrases(
    """ноль | один | два | три | четыре | пять | шесть | семь | восемь | девять | десять | одиннадцать | двенадцать
    | тринадцать | четырнадцать | пятнадцать | шестнадцать | семнадцать | восемнадцать | девятнадцать"""
)
_RUSSIAN_TENS = (
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
)
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_PLACES = ("", "十", "百", "千")


def _other_number(text: str, tag: str, chance: random.Random) -> str:
    digits = re.sub(r"\D", "", text)
    if len(text) == 4 and text.isdigit() and tag not in _OTHER_DIGITS:
        return text  # a year
    if ":" in text or len(digits) > 6:
        return text.replace(":", ".").translate(_OTHER_DIGITS.get(tag, {}))
    value = int(digits)
    if tag in ("zh", "ja"):
        return (
            han_number(value)
            if value < 10_000 and text.isdigit() and chance.random() < 0.5
            else text.translate(_OTHER_DIGITS[tag])
        )
    if tag in _OTHER_DIGITS:
        return text.translate(_OTHER_DIGITS[tag])
    units, tens = (_RUSSIAN_UNITS, _RUSSIAN_TENS) if tag == "ru" else (_ENGLISH_UNITS, _ENGLISH_TENS)
    if value < 100 and text == str(value):
        return _below_hundred(value, units, tens, " " if tag == "ru" else "-")
    if tag == "en" and value % 100 == 0 and 1_000 < value < 10_000 and value % 1_000 and "." not in text:
        return _below_hundred(value // 100, units, tens, "-") + " hundred"
    if len(digits) > 3 and "." not in text:
        return f"{value:,}".replace(",", ".")
    return text.replace(".", ",")


def _below_hundred(value: int, units: tuple[str, ...], tens: tuple[str, ...], hyphen: str) -> str:
    if value < 20:
        return units[value]
    return tens[value // 10] + (hyphen + units[value % 10] if value % 10 else "")


def han_number(value: int) -> str:
    """
    >>> han_number(1200), han_number(15), han_number(305)
    ('一千二百', '十五', '三百〇五')
    """
    digits = str(value)
    text = ""
    for place, digit in enumerate(digits):
        rank = len(digits) - 1 - place
        if digit != "0":
            text += _HAN_DIGITS[int(digit)] + _HAN_PLACES[rank]
        elif text and not text.endswith("〇"):
            text += "〇"
    text = text.rstrip("〇") or "〇"
    return text[1:] if text.startswith("一十") else text


@dataclass(frozen=True, slots=True)
class Genre:
    """A class of texts, with ``pairs`` as a factor for the number of pairs of each kind.

    ``follow_ups`` is the number of follow-ups for each pair.
    """

    name: str
    tongue: Tongue
    is_short: bool = False
    pairs: float = 1.0
    follow_ups: float = 0.0


LONG, SHORT = Genre("long", ENGLISH, follow_ups=0.4), Genre("short", ENGLISH, is_short=True)
NOT_LATIN = tuple(Genre(f"{tongue.tag}", tongue, pairs=0.4, follow_ups=0.4) for tongue in SCRIPTS)
GENRES = (LONG, SHORT, *NOT_LATIN)
PAGES = {
    "weather page": "weather_page",
    "results page": "results_page",
    "fixed form": "fixed_form",
    "service page": "service_page",
}
"""The pages that one template makes, by their rule. All pages of a kind are different news.

Three quarters of a service page (tides and ferries) are template.
"""


def make_corpus(pairs: int, seed: int = 1) -> list[Article]:
    """Return ``pairs`` planted pairs of each kind and genre, and articles that are no copies.

    A genre may scale the number of pairs. The order is random.
    """
    articles: list[Article] = []
    for genre in GENRES:
        outlets = outlets_of(genre.tongue, seed)
        for kind in KINDS:
            for place in range(max(1, round(pairs * genre.pairs))):
                chance = random.Random(f"{seed} {genre.name} {kind} {place}")
                _add_pair(articles, genre, kind, outlets, chance)
        for place in range(round(pairs * len(KINDS) * genre.pairs * genre.follow_ups / 2)):
            _add_follow_up(articles, genre, outlets, random.Random(f"{seed} {genre.name} follow-up {place}"))
    outlets = outlets_of(ENGLISH, seed)
    for kind, rule in PAGES.items():
        for place in range(2 * pairs):
            _add_page(articles, kind, rule, outlets, random.Random(f"{seed} {kind} {place}"))
    random.Random(seed).shuffle(articles)
    return articles


def write_lines(path: Path, articles: Iterable[Article]) -> None:
    """Write articles as JSON Lines with fields that newslake knows."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            row = {"url": article.url, "date": article.day.isoformat(), "title": article.headline, "text": article.text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_many(path: Path, articles: int, first_day: dt.date = FIRST_DAY, days: int = DAYS, seed: int = 1) -> None:
    """Write ``articles`` lines of about 2 kB: news of ``days`` days, with a COPIED_SHARE of copies.

    Half of the copies differ in one sentence. The sentences come from a pool, so a million articles
    take a minute. Two other articles share a sentence only by chance.
    """
    chance = random.Random(f"{seed} many")
    pools = {tongue.tag: _pool(tongue, articles, chance) for tongue in (ENGLISH, *SCRIPTS)}
    told: list[tuple[Tongue, dt.date, str, list[str]]] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(articles):
            if told and chance.random() < COPIED_SHARE:
                tongue, day, headline, sentences = chance.choice(told)
                day = min(
                    day + dt.timedelta(days=chance.randint(0, MAX_DELAY_DAYS)), first_day + dt.timedelta(days=days - 1)
                )
                if chance.random() < 0.5:
                    sentences = [chance.choice(pools[tongue.tag]), *sentences[1:]]
            else:
                tongue = ENGLISH if chance.random() < ENGLISH_SHARE else chance.choice(SCRIPTS)
                day = first_day + dt.timedelta(days=chance.randrange(days))
                headline, sentences = _many_sentences(pools[tongue.tag], chance)
                if len(told) < MANY_KEPT:
                    told.append((tongue, day, headline, sentences))
                else:
                    told[number % MANY_KEPT] = tongue, day, headline, sentences
            text = "\n\n".join(tongue.gap.join(sentences[place : place + 4]) for place in range(0, len(sentences), 4))
            url = f"https://www.outlet{number % OUTLETS}.example/{day:%Y/%m/%d}/{seed}-{number}.html"
            file.write(
                json.dumps({"url": url, "date": day.isoformat(), "title": headline, "text": text}, ensure_ascii=False)
                + "\n"
            )


def _pool(tongue: Tongue, articles: int, chance: random.Random) -> list[str]:
    pool: list[str] = []
    while len(pool) < min(MANY_SENTENCES, 4 * articles) * (1 if tongue is ENGLISH else 0.1):
        story = begin_story(tongue, FIRST_DAY, chance)
        pool += [sentence(story) for _ in range(50)]
    return pool


def _many_sentences(pool: list[str], chance: random.Random) -> tuple[str, list[str]]:
    headline = chance.choice(pool)
    sentences: list[str] = []
    left = MANY_BYTES
    while left > 0:
        sentences.append(chance.choice(pool))
        left -= len(sentences[-1].encode())
    return headline, sentences


def outlets_of(tongue: Tongue, seed: int) -> list[Outlet]:
    outlets = []
    for number in range(OUTLETS):
        chance = random.Random(f"{seed} outlet {tongue.tag} {number}")
        domain = line(begin_page(ENGLISH, FIRST_DAY, chance), "domain").lower()
        story = begin_page(tongue, FIRST_DAY, chance)
        story.rules["outlet"] = (line(story, "outlet_name"),)
        heads, feet = (tuple(line(story, rule) for _ in range(2)) for rule in ("head", "foot"))
        outlets.append(Outlet(f"{domain}-{tongue.tag}{number}.example", heads, feet))
    return outlets


def _add_pair(articles: list[Article], genre: Genre, kind: str, outlets: list[Outlet], chance: random.Random) -> None:
    here, there = chance.sample(outlets, 2)
    day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
    draft = _draft(genre, here, day, chance)
    if kind == "other boilerplate" and chance.random() < 0.5:
        draft = replace(draft, foot=chance.choice(here.feet))
    group = len(articles)
    add_article(articles, group, genre.name, "original", here, day, draft.headline, draft.set())
    is_same_headline = kind == "exact" or chance.random() < 0.5
    add_article(
        articles,
        group,
        genre.name,
        kind,
        there,
        day + dt.timedelta(days=chance.randint(0, MAX_DELAY_DAYS)),
        draft.headline if is_same_headline else capital(line(draft.story, "headline")),
        KINDS[kind](draft, there, chance),
    )


def _draft(genre: Genre, outlet: Outlet, day: dt.date, chance: random.Random) -> Draft:
    tongue = genre.tongue
    story = begin_story(tongue, day, chance)
    size = chance.randint(*(tongue.short_sizes if genre.is_short else tongue.sizes))
    body = short_body(story, size) if genre.is_short else paragraphs(story, size)
    return Draft(
        story,
        capital(line(story, "headline")),
        body,
        head=chance.choice(outlet.heads) if chance.random() < HEAD_SHARE and not genre.is_short else "",
        dateline=line(story, "dateline") if chance.random() < DATELINE_SHARE else "",
        foot=chance.choice(outlet.feet) if chance.random() < FOOT_SHARE and not genre.is_short else "",
    )


def short_body(story: Story, size: int) -> tuple[tuple[str, ...], ...]:
    """Return a lead and one or two sentences, of about ``size``."""
    lead = sentence(story, "lead")
    rest: list[str] = []
    left = size - story.tongue.size(lead)
    while not rest or left > 0:
        text = min((sentence(story) for _ in range(3)), key=lambda one: abs(story.tongue.size(one) - left))
        rest.append(text)
        left -= story.tongue.size(text)
    return (lead,), tuple(rest)


def _add_follow_up(articles: list[Article], genre: Genre, outlets: list[Outlet], chance: random.Random) -> None:
    """Add an article and, days later, a follow-up of the same outlet.

    The follow-up begins with new text and repeats whole sentences of the article further down.
    """
    outlet = chance.choice(outlets)
    day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
    draft = _draft(genre, outlet, day, chance)
    add_article(articles, len(articles), genre.name, "original", outlet, day, draft.headline, draft.set())
    choose_angle(draft.story)
    body = follow_up_body(draft, chance.uniform(*SHARED))
    later = replace(draft, headline=capital(line(draft.story, "headline")), body=body, dateline="")
    day += dt.timedelta(days=chance.randint(1, MAX_DELAY_DAYS))
    add_article(articles, len(articles), genre.name, "follow-up", outlet, day, later.headline, later.set())


def follow_up_body(draft: Draft, share: float) -> tuple[tuple[str, ...], ...]:
    """Return new paragraphs, followed by sentences of ``draft`` that make ``share`` of the whole.

    The sentences come from the second paragraph on. The result is about as long as ``draft``.
    """
    told = [text for sentences in draft.body[1:] for text in sentences]
    whole = sum(len(text) for sentences in draft.body for text in sentences)
    kept: list[str] = []
    for text in told:
        if kept and sum(map(len, kept)) + len(text) / 2 >= share * whole:
            break
        kept.append(text)
    fresh = paragraphs(draft.story, round(sum(map(draft.story.tongue.size, kept)) * (1 - share) / share))
    return (*fresh, tuple(kept))


def _add_page(articles: list[Article], kind: str, rule: str, outlets: list[Outlet], chance: random.Random) -> None:
    outlet = chance.choice(outlets)
    day = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
    story = begin_page(ENGLISH, day, chance)
    add_article(
        articles, len(articles), kind, kind, outlet, day, capital(line(story, f"{rule}_headline")), line(story, rule)
    )


def add_article(
    articles: list[Article],
    group: int,
    genre: str,
    kind: str,
    outlet: Outlet,
    day: dt.date,
    headline: str,
    text: str,
    late: int = 0,
) -> None:
    number = len(articles)
    url = f"https://www.{outlet.domain}/{day:%Y/%m/%d}/{number}.html"
    articles.append(Article(number, group, genre, kind, url, day, headline, text, late))
