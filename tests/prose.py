"""Texts for tests: sentences of common words.

A seed always gives the same text. Texts of different seeds share no sentence, except by a rare
chance.
"""

import random

_words = str.split
_NOUNS = _words(
    "council harbour teacher bridge market river hospital farmer engine library garden school village winter "
    "station museum theatre factory forest island railway court minister scientist captain bakery orchard "
    "lighthouse quarry festival"
)
_VERBS = _words(
    "opened closed praised repaired visited measured painted bought rejected studied crossed described restored counted"
)
_ADJECTIVES = _words(
    "old small northern careful quiet expensive famous wooden empty bright broken distant local annual modern narrow"
)
_TIMES = (
    "on Monday",
    "last week",
    "in spring",
    "before noon",
    "after the vote",
    "this year",
    "at dusk",
    "for the first time",
)


def sentence(chance: random.Random) -> str:
    subject = f"the {chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)}"
    other = (
        f"the {chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)} "
        f"of {chance.choice(_NOUNS)} {chance.randrange(2, 900)}"
    )
    return f"{subject[0].upper()}{subject[1:]} {chance.choice(_VERBS)} {other} {chance.choice(_TIMES)}."


def sentences(seed: object, count: int = 20) -> list[str]:
    """Return ``count`` sentences of about 13 words."""
    chance = random.Random(f"prose {seed}")
    return [sentence(chance) for _ in range(count)]


def prose(seed: object, count: int = 20) -> str:
    """Return ``count`` sentences in paragraphs of four."""
    made = sentences(seed, count)
    return "\n\n".join(" ".join(made[start : start + 4]) for start in range(0, count, 4))
