"""How often a feed is read wrongly without a flag, by kind: `make bench-decoding`.

The texts are sentences of our own in 32 scripts (``tests/data/encodings``). Each is written in
every encoding that Python and the WHATWG share and that holds it. The feed then declares that
encoding, another one, or none. An encoding is *usual* if publishers of the language used it.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import webencodings

from newslake.transforms.storage.encoding.find import Decoded, decode_body

TEXTS = Path(__file__).parent.parent / "data" / "encodings" / "texts.jsonl"
LENGTHS = (3, 10, 200)
"""In words: a title, a sentence, an article."""
_NO_SPACES = ("ja", "th", "zh-Hans", "zh-Hant", "bo", "my", "km", "lo")


@dataclass(frozen=True, slots=True)
class Case:
    """A feed with one text, what the feed declares, and the kind of declaration."""

    language: str
    encoding: str
    declared: str
    kind: str
    words: int
    text: str
    body: bytes

    def outcome(self) -> str:
        """Return "right", "right, flagged", "flagged" or "wrong"."""
        decoded: Decoded = decode_body(self.body)
        is_flagged = decoded.is_guessed or decoded.is_damaged
        if self.text in decoded.text:
            return "right, flagged" if is_flagged else "right"
        return "flagged" if is_flagged else "wrong"


def cases(seed: int, *, declarations: int = 3, has_language: bool = True) -> Iterator[Case]:
    """Yield feeds of every text in every encoding, with ``declarations`` wrong ones for each."""
    rng = random.Random(seed)
    codecs = shared_encodings()
    for line in TEXTS.read_text().splitlines():
        row = json.loads(line)
        for encoding, codec in codecs.items():
            for words in LENGTHS:
                text = _text(rng, row, words)
                if not _holds(text, codec):
                    continue
                is_usual = encoding in row["encodings"] or codec.startswith("utf")
                usual = "usual" if is_usual else "unusual"
                others = rng.sample(sorted(set(codecs) - {encoding}), declarations)
                for declared, kind in ((encoding, "rightly"), ("", "not"), *((other, "wrongly") for other in others)):
                    body = _feed(row["language"] if has_language else "", declared, text).encode(codec)
                    yield Case(row["language"], encoding, declared, f"{usual}, {kind} declared", words, text, body)


def shared_encodings() -> dict[str, str]:
    """Return Python's codec of each encoding of the WHATWG that holds text."""
    found = {name: webencodings.lookup(name).codec_info.name for name in sorted(set(webencodings.LABELS.values()))}
    return {name: codec for name, codec in found.items() if name not in ("replacement", "x-user-defined")}


def _text(rng: random.Random, row: dict[str, str], words: int) -> str:
    parts = row["text"].split()
    if row["language"] in _NO_SPACES:
        whole = "".join(parts)
        parts = [whole[start : start + 4] for start in range(0, len(whole), 4)]
    start = rng.randrange(max(len(parts) - 3, 1))
    chosen = parts[start : start + 3] if words == 3 else [rng.choice(parts) for _ in range(words)]
    return " ".join(chosen)


def _holds(text: str, codec: str) -> bool:
    try:
        return not text.isascii() and text.encode(codec).decode(codec) == text
    except UnicodeError:
        return False


def _feed(language: str, declared: str, text: str) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    told = f"<language>{language}</language>" if language else ""
    return f"{declaration}<rss><channel><title>News</title>{told}<item><title>{text}</title></item></channel></rss>"


def main() -> None:
    for has_language in (True, False):
        counts: dict[tuple[str, int], Counter[str]] = {}
        for case in cases(1, has_language=has_language):
            counts.setdefault((case.kind, case.words), Counter())[case.outcome()] += 1
        print("with <language>" if has_language else "without <language>")
        print(f"{'kind':28}{'words':>6}{'feeds':>7}{'right':>8}{'right, flagged':>16}{'flagged':>9}{'wrong':>7}")
        for (kind, words), told in sorted(counts.items()):
            total = told.total()
            shares = [told[name] / total for name in ("right", "right, flagged", "flagged", "wrong")]
            print(f"{kind:28}{words:>6}{total:>7}{shares[0]:>8.1%}{shares[1]:>16.1%}{shares[2]:>9.1%}{shares[3]:>7.2%}")


if __name__ == "__main__":
    main()
