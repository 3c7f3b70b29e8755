"""Raw articles as readers yield them, in five languages; a third are HTML. The seed fixes them.

Each has about 2 kB of text, and everything that normalisation handles: datelines, bylines, captions
with credits, countries, dates in the forms of feeds and files, and URLs with trackers.
"""

import datetime as dt
import html
import random
from email.utils import format_datetime

from wordlists import FAMILY_NAMES, GIVEN_NAMES, LANGUAGES, Language

from newslake.schemas.raw import RawArticle

TEXT_CHARS = 2_000
PARAGRAPH_SENTENCES = 3
HTML_SHARE = 1 / 3
CAPTION_SHARE = 1 / 2
DATELINE_SHARE = 1 / 2
TRACKED_SHARE = 1 / 2
DECLARED_SHARE = 1 / 2
"""The share of the articles that declare their language."""

_TRACKERS = (
    "utm_source=rss&utm_medium=feed&utm_campaign=all",
    "fbclid=IwAR0{number:x}",
    "ns_source=feed&ns_campaign=all",
    "id={number}&xtor=RSS-1",
)
_SECTIONS = ("world", "economy", "sport", "culture", "science")


def raw_articles(count: int, seed: int = 1) -> list[RawArticle]:
    chance = random.Random(seed)
    return [_article(number, LANGUAGES[number % len(LANGUAGES)], chance) for number in range(count)]


def _article(number: int, language: Language, chance: random.Random) -> RawArticle:
    is_html = chance.random() < HTML_SHARE
    paragraphs = _paragraphs(language, chance)
    caption = _caption(language, chance) if chance.random() < CAPTION_SHARE else None
    teaser = paragraphs[0]
    if chance.random() < DATELINE_SHARE:
        paragraphs[0] = chance.choice(language.datelines) + paragraphs[0]
    moment = dt.datetime(2019, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=chance.randrange(5 * 365 * 86_400))
    headline = _clause(language, chance)
    dates = [("feed" if is_html else "field", _date(moment, language, chance))]
    if chance.random() < 0.3:
        dates.append(("updated", _date(moment + dt.timedelta(hours=2), language, chance)))
    picture = f"https://cdn.example.org/{number}.jpg"
    return RawArticle(
        source_uri="https://news.example.org/feed.xml" if is_html else "/data/news.jsonl",
        position=f"entry {number}" if is_html else f"line {number}",
        source_id=str(number),
        url=_url(number, moment, headline, chance),
        feed_url="https://news.example.org/feed.xml" if is_html else None,
        headline=html.escape(headline) if is_html else headline,
        description=f"<p>{html.escape(teaser)}</p>" if is_html else None,
        body=_html_body(paragraphs, caption, picture, chance) if is_html else _plain_body(paragraphs, caption, chance),
        body_source="feed_content" if is_html else "file",
        html=is_html,
        dates=tuple(dates),
        language=language.tag if chance.random() < DECLARED_SHARE else None,
        publisher="The Example News",
        bylines=(_with_names(chance.choice(language.bylines), chance),),
        keywords=tuple(chance.sample(_SECTIONS, 2)),
        sections=(chance.choice(_SECTIONS),),
        images=((picture, caption, None),) if is_html else (),
    )


def _paragraphs(language: Language, chance: random.Random) -> list[str]:
    paragraphs: list[str] = []
    chars = 0
    while chars < TEXT_CHARS:
        sentences = [_sentence(language, chance) for _ in range(PARAGRAPH_SENTENCES)]
        paragraphs.append(" ".join(sentences))
        chars += len(paragraphs[-1])
    return paragraphs


def _sentence(language: Language, chance: random.Random) -> str:
    clauses = [f"{_clause(language, chance)} {chance.choice(language.adverbials)}", _clause(language, chance)]
    if chance.random() < 0.25:
        clauses[0] += " " + chance.choice(language.countries)
    text = f"{clauses[0]}, {chance.choice(language.joining)} {_lower_first(clauses[1])}"
    return f"“{text}”, {_name(chance)}." if chance.random() < 0.1 else text + "."


def _clause(language: Language, chance: random.Random) -> str:
    subject, object_ = chance.sample(language.nouns, 2)
    text = f"{subject} {chance.choice(language.verbs)} {object_}"
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _caption(language: Language, chance: random.Random) -> str:
    return f"{_clause(language, chance)} {chance.choice(language.countries)}" + _with_names(
        chance.choice(language.credits), chance
    )


def _with_names(pattern: str, chance: random.Random) -> str:
    return pattern.format(one=_name(chance), two=_name(chance), three=_name(chance))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(GIVEN_NAMES)} {chance.choice(FAMILY_NAMES)}"


def _date(moment: dt.datetime, language: Language, chance: random.Random) -> str:
    """Return a date in a standard form, or, in one of ten cases, in the form of a web page."""
    kind = chance.random()
    if kind < 0.45:
        return format_datetime(moment, usegmt=chance.random() < 0.5)
    if kind < 0.8:
        return moment.astimezone(dt.timezone(dt.timedelta(hours=chance.choice((0, 1, 2))))).isoformat()
    if kind < 0.9:
        return moment.date().isoformat()
    month = language.months[moment.month - 1]
    return f"{moment.day}{'.' if language.tag == 'de' else ''} {month} {moment.year}" + (
        f" {moment:%H:%M}" if kind < 0.95 else ""
    )


def _url(number: int, moment: dt.datetime, headline: str, chance: random.Random) -> str:
    slug = "-".join(
        word
        for word in "".join(letter if letter.isascii() else "" for letter in headline).lower().split()
        if word.isalpha()
    )
    url = f"https://www.news.example.org/{chance.choice(_SECTIONS)}/{moment:%Y/%m/%d}/{slug}-{number}"
    kind = chance.random()
    if kind < TRACKED_SHARE:
        return f"{url}?{chance.choice(_TRACKERS).format(number=number)}"
    return url + (
        "/amp" if kind < TRACKED_SHARE + 0.05 else ".html#comments" if kind < TRACKED_SHARE + 0.1 else ".html"
    )


def _plain_body(paragraphs: list[str], caption: str | None, chance: random.Random) -> str:
    lines = list(paragraphs)
    if caption:
        lines.insert(chance.choice((0, 1, len(lines))), caption)
    return "\n\n".join(lines)


def _html_body(paragraphs: list[str], caption: str | None, picture: str, chance: random.Random) -> str:
    parts = [f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs]
    parts[1] = (
        parts[1].replace(" ", ' <a href="https://example.org/more?a=1&amp;b=2">', 1).replace(", ", "</a>,&nbsp;", 1)
    )
    parts[-1] = parts[-1].replace("é", "&eacute;").replace("ü", "&uuml;")
    if caption:
        parts.insert(
            0,
            f'<figure class="wide"><img src="{picture}" alt="">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>",
        )
    if chance.random() < 0.1:
        parts.insert(2, '<script type="text/javascript">show("<p>advertisement</p>");</script>')
    return "\n".join(parts)
