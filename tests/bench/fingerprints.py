"""Near-duplicate fingerprints compared with rensa's MinHash: processor time for a text, and ratios.

`pip install rensa`, then `python tests/bench/fingerprints.py`. All are measured in turns over the
same texts. The best of several rounds counts.

  newslake       fingerprint(texts): cleaned, hashed, counted
  rensa          RMinHash(num_perm=128).update over runs of 5 words of split()
  rensa cleaned  the same over the words of the cleaned text (NFKC, lower case, letters, numbers),
                 from which newslake makes its fingerprints too
"""

import argparse
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

from wordlists import ENGLISH, FRENCH, GERMAN, Language

from newslake.transforms.deduplicate.fingerprint import fingerprint

TEXT_CHARS = (2_000, 3_000)
SHINGLE_WORDS = 5
PERMUTATIONS = 128

_ALPHABETS = {
    "Russian": ("бвгдзклмнпрст", "аеиоуыя"),
    "Greek": ("βγδζκλμνπρστφ", "αάειίοόω"),
    "Arabic": ("بتجحدرسشعفقكلمن", "اويى"),
}
"""Consonants and vowels of scripts without a word list. Words made of them mean nothing."""
_WORD = re.compile(r"[^\W_]+")


def sample_texts(count: int, seed: int = 1) -> dict[str, list[str]]:
    """Return texts of 2,000 to 3,000 characters by kind.

    The kinds are "ASCII", "Latin" (with accents and typographic marks), "other scripts" and
    "mixed".
    """
    chance = random.Random(seed)
    latin = [_sentences(language, chance, quotes=True) for language in (FRENCH, GERMAN, ENGLISH)]
    other = [_nonsense(*letters, chance) for letters in _ALPHABETS.values()]
    english = _sentences(ENGLISH, chance, quotes=False)
    kinds = {
        "ASCII": [_text(english, chance) for _ in range(count)],
        "Latin": [_text(latin[number % 3], chance) for number in range(count)],
        "other scripts": [_text(other[number % 3], chance) for number in range(count)],
    }
    third = count // 3
    shares = {"ASCII": count - 2 * third + third // 2, "Latin": third, "other scripts": third - third // 2}
    kinds["mixed"] = [text for kind, share in shares.items() for text in kinds[kind][:share]]
    chance.shuffle(kinds["mixed"])
    return kinds


def _text(sentence: Callable[[], str], chance: random.Random) -> str:
    length = chance.randint(*TEXT_CHARS)
    text = ""
    while len(text) < length:
        text += sentence() + (" " if chance.random() < 0.8 else "\n\n")
    return text


def _sentences(language: Language, chance: random.Random, *, quotes: bool) -> Callable[[], str]:
    def sentence() -> str:
        words = [
            chance.choice(phrases) for phrases in (language.nouns, language.verbs, language.nouns, language.adverbials)
        ]
        if not quotes:
            return " ".join(words) + "."
        return " ".join([words[0], words[1], "“" + words[2] + "”", words[3]]) + ("." if chance.random() < 0.95 else "…")

    return sentence


def _nonsense(consonants: str, vowels: str, chance: random.Random) -> Callable[[], str]:
    def word() -> str:
        return "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(chance.randint(1, 5)))

    return lambda: " ".join(word() for _ in range(chance.randint(6, 20))).capitalize() + "."


def contenders() -> dict[str, Callable[[list[str]], object]]:
    from rensa import RMinHash

    def minhash(words: list[str]) -> object:
        made = RMinHash(num_perm=PERMUTATIONS, seed=42)
        made.update([" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)])
        return made

    return {
        "newslake": fingerprint,
        "rensa": lambda texts: [minhash(text.split()) for text in texts],
        "rensa cleaned": lambda texts: [
            minhash(_WORD.findall(unicodedata.normalize("NFKC", text).lower())) for text in texts
        ],
    }


def speed_table(count: int, rounds: int) -> Table:
    kinds = sample_texts(count)
    table = Table("", *kinds)
    best = {(name, kind): float("inf") for name in contenders() for kind in kinds}
    for _ in range(rounds):
        for kind, texts in kinds.items():
            for name, run in contenders().items():
                began = time.process_time()
                run(texts)
                best[name, kind] = min(best[name, kind], (time.process_time() - began) * 1e6 / len(texts))
    for name in contenders():
        table.add_row(
            name, *(f"{best[name, kind]:.0f} µs  {best[name, kind] / best['newslake', kind]:.1f}" for kind in kinds)
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=300, help="of each kind")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    Console().print(speed_table(options.texts, options.rounds))


if __name__ == "__main__":
    main()
