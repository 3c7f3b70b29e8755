"""A corpus of any size: made-up articles of about 2 kB in JSON Lines, of which a tenth are repeats.

The same arguments give the same corpus.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

REPEATED_SHARE = 0.1
BODY_WORDS = 220

_SYLLABLES = [
    first + vowel + last for first in "bcdfghklmnprstvw" for vowel in "aeiou" for last in ("", "n", "r", "st")
]
_SECTIONS = ("politics", "economy", "sport", "culture", "science")


def write_corpus(path: Path, articles: int, seed: int = 1) -> None:
    """Write ``articles`` lines: title, text, url, published, author, section and keywords.

    A repeat may come anywhere after the first copy.
    """
    with path.open("w", encoding="utf-8") as file:
        for line in _lines(articles, seed):
            file.write(line)


def _lines(articles: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    words = ["".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 4))) for _ in range(5000)]
    # In a language some words are far more common than others. So this text compresses like news.
    weights = [1 / (rank + 3) for rank in range(len(words))]
    vocabulary = chance.choices(words, weights, k=200_000)
    written: list[str] = []
    for number in range(articles):
        if written and chance.random() < REPEATED_SHARE:
            yield chance.choice(written)
            continue
        start = chance.randrange(len(vocabulary) - BODY_WORDS)
        text = vocabulary[start : start + BODY_WORDS]
        text[chance.randrange(BODY_WORDS)] = f"case {number}"
        article = {
            "title": " ".join(chance.choices(vocabulary, k=8)).capitalize(),
            "text": "\n\n".join(
                " ".join(text[place : place + 60]).capitalize() + "." for place in range(0, BODY_WORDS, 60)
            ),
            "url": f"https://news.example.org/{chance.choice(_SECTIONS)}/{number}-{text[0]}",
            "published": f"20{chance.randint(19, 23)}-{chance.randint(1, 12):02d}-{chance.randint(10, 28)}"
            f"T12:{chance.randint(10, 59)}:00Z",
            "author": f"{chance.choice(words).capitalize()} {chance.choice(words).capitalize()}",
            "section": chance.choice(_SECTIONS),
            "keywords": chance.sample(words, 3),
        }
        line = json.dumps(article, ensure_ascii=False) + "\n"
        if len(written) < 20_000:
            written.append(line)
        yield line
