"""What a file is: by its content under any name, and what it looks like if it is refused."""

import bz2
import gzip
import io
import json
from pathlib import Path

import pytest
import zstandard

from newslake.pipeline.config.checks import FORMATS as NAMED_FORMATS
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.detect import Found, detect
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.foreign import code_kind
from newslake.transforms.files.formats import FORMATS
from newslake.transforms.files.formats.base import Item
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk

RUSSIAN = "Старый мост через реку останется закрытым для пешеходов до весны"


def read(data: bytes, name: str = "x", settings: SourceSettings | None = None) -> list[Item]:
    match = FileMatch(name, len(data), 0.0)
    planned = plan_chunks(match, lambda _: io.BytesIO(data), settings or SourceSettings())
    if isinstance(planned, Reject):
        return [planned]
    return [item for chunk in planned for item in read_chunk(chunk, lambda _: io.BytesIO(data))]


def texts(items: list[Item]) -> list[str | None]:
    return [f"{one.reason}: {one.detail}" if isinstance(one, Reject) else getattr(one, "body", None) for one in items]


def test_every_format_can_be_named_in_the_configuration() -> None:
    assert sorted(FORMATS) == sorted(NAMED_FORMATS)


ENDINGS = ("jsonl", "json", "csv", "tsv", "txt", "xml", "html", "parquet", "gz")
NAMES = [*(f"a.{ending}" for ending in ENDINGS), "noname"]
CONTENTS = {
    "lines": b'{"title": "A", "text": "one"}\n{"title": "B", "text": "two"}\n',
    "array": json.dumps([{"title": "A", "text": "one"}, {"title": "B", "text": "two"}], indent=1).encode(),
    "table": b"title;text;date\nA;one;2024-03-01\nB;two;2024-03-02\n",
    "documents": b"date 2024-03 one\n\ndate 2024 two\n",
    "text": b"Only prose, with a comma, and nothing else.\n",
    "zipped": gzip.compress(b'{"title": "A", "text": "one"}\n'),
    "zipped twice": gzip.compress(bz2.compress(b'{"title": "A", "text": "one"}\n')),
}


@pytest.mark.parametrize("content", CONTENTS)
def test_the_same_bytes_give_the_same_articles_under_ten_names(content: str) -> None:
    found = {name: texts(read(CONTENTS[content], name)) for name in NAMES}
    assert all(one == found["noname"] for one in found.values())
    assert not any(str(text).startswith("binary") for text in found["noname"])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\nobj", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image (PNG)"),
        (b"SQLite format 3\0\x10\0\x01\x01", "a SQLite database"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "a program (ELF)"),
        (bytes(range(32)) * 30, "a program, an image or an archive"),
        (b"\xfd7zXZ\0\0\x04", "an archive (xz)"),
    ],
)
def test_what_is_no_text_is_refused_by_its_kind(data: bytes, kind: str) -> None:
    assert texts(read(data)) == [f"binary: it looks like {kind}"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-- MySQL dump 10.13\n--\nCREATE TABLE `news` (\n  `id` int\n);\n", "SQL"),
        ("INSERT INTO articles (title, body) VALUES ('A', 'one');\n", "SQL"),
        ("BEGIN;\nDROP TABLE IF EXISTS news;\nCREATE TABLE news (id int);\nCOMMIT;\n", "SQL"),
        ("COPY public.news (id, title) FROM stdin;\n1\tA\n\\.\n", "SQL"),
        ('var articles = [{"title": "A"}];', "JavaScript"),
        ('callback({"title": "A"})', "JavaScript"),
        ("window.__DATA__ = {};\n", "JavaScript"),
        ('{title: "A", text: "one"}', "JavaScript"),
        ("// news\nimport React from 'react';\n", "JavaScript"),
        ("(function () {\n})();", "JavaScript"),
        ("import os\nprint(1)\n", "Python"),
        ("#!/bin/sh\necho\n", "a script"),
        ("<?php echo 1;", "PHP"),
        ("{\\rtf1\\ansi text}", "an RTF document"),
        ("/* news */\nbody { color: red; }\n", "CSS"),
        ("#include <stdio.h>\n", "C"),
        ("{'title': 'A', 'text': 'one'}\n", "Python dictionaries (write them as JSON)"),
        ("+----+-----+\n| id | kop |\n+----+-----+\n", "a table as a database client draws it"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", "a table in Markdown"),
        ("version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
        ('127.0.0.1 - - [04/Mar/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 5\n', "the log of a server"),
        ("2024-03-04 10:00:00,123 [x] INFO: started\n" * 4, "a log"),
        ("[run]\nworkers = 2\n", "a configuration (INI or TOML)"),
        ("From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nHello.\n", "an e-mail"),
        ("https://n.example/1\nhttps://n.example/2\nhttps://n.example/3\n", "a list of URLs"),
        ("{'Tis the season} sang the choir.", ""),
        ("[Update]\nThe bridge is open = good news.", ""),
        ("To: all readers\nThe ferry is late.", ""),
        ("On 2024-03-04 10:00 the INFO desk opened.\nMore people came.\n", ""),
        ("Function follows form, said the architect (and he meant it).", ""),
        ("Let us import less from abroad, the minister said.\nSelect members agreed.", ""),
        ("Import duties rise\nThe government wants more.", ""),
        ("Create a table in your garden; it is easy.", ""),
        ("Insert coins into the machine (please).", ""),
        ("From the archive: class of 1999 (part one): they met again.", ""),
        ("-- Reuters\nThe dump on the hill closes.", ""),
        ("Note: {sic} he wrote. a{b}c", ""),
        ("Update (12:30): The bridge is open.", ""),
    ],
)
def test_programs_and_dumps_are_told_from_prose(text: str, kind: str) -> None:
    assert code_kind(text.encode()) == kind


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("made", ['{{"title": "{0}", "text": "{0}"}}\n', "title,text\n{0},{0}\nA,{0}\n", "{0}\n"])
def test_an_encoding_is_found_and_a_guess_is_named(encoding: str, made: str) -> None:
    data = made.format(RUSSIAN).encode(encoding)
    found = detect(io.BytesIO(data), len(data), SourceSettings())
    assert isinstance(found, Found)
    assert found.is_guessed is not encoding.startswith("utf")
    assert all(RUSSIAN in str(text) for text in texts(read(data)))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "新しい橋は来年の春に開通する予定です"),
        ("euc_jp", "新しい橋は来年の春に開通する予定です"),
        ("gb18030", "新的桥梁将于明年春天开通"),
        ("big5", "新的橋樑將於明年春天開通"),
        ("euc_kr", "새로운 다리가 내년 봄에 개통될 예정이다"),
    ],
)
def test_encodings_of_several_bytes_a_character_are_found(encoding: str, text: str) -> None:
    data = f"title,text,date\n{text},{text * 8},2024-03-01\n".encode(encoding)
    assert texts(read(data)) == [text * 8]


def test_a_wrong_encoding_of_the_configuration_is_refused_and_names_the_key() -> None:
    data = f'{{"text": "{RUSSIAN}"}}\n'.encode("koi8-r")
    (refused,) = texts(read(data, settings=SourceSettings(encoding="utf-8")))
    assert refused is not None
    assert refused.startswith("undecodable: ")
    assert "encoding = " in refused
    assert texts(read(data, settings=SourceSettings(encoding="koi8-r"))) == [RUSSIAN]


def test_a_single_bad_byte_costs_one_character() -> None:
    text = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert texts(read(b'{"text": "' + text + b'"}\n')) == [f"{RUSSIAN}\ufffd{RUSSIAN}"]


@pytest.mark.parametrize("made", ['{{"title": "x", "text": "{0}"}}\n', "title,text\nx,{0}\n", "date 2024 {0}\n"])
def test_a_line_of_windows_1252_amid_utf_8_is_read(made: str) -> None:
    good, bad = (made.format(text).encode(code) for text, code in ((RUSSIAN, "utf-8"), ("Été à Namur", "cp1252")))
    lines = good + (bad.partition(b"\n")[2] if made.startswith("title") else bad)
    assert texts(read(lines)) == [RUSSIAN, "Été à Namur"]


def test_a_nul_costs_one_character_and_a_tail_of_zeros_nothing(tmp_path: Path) -> None:
    tail = bytes(3_000_000)
    assert texts(read(b'{"text": "a\0b"}\n' + tail)) == ["ab"]
    assert texts(read(b"title,text\na,b\0c\n" + tail)) == ["bc"]
    assert texts(read(b"date 2024 a\0b\n" + tail)) == ["ab"]
    assert texts(read(zstandard.compress(b"Prose\0 only." + tail))) == ["Prose only."]


def test_an_archive_that_holds_itself_is_not_unpacked_for_ever() -> None:
    data = b'{"text": "a"}'
    for _ in range(3):
        data = gzip.compress(data)
    assert texts(read(data)) == ["a"]
    assert texts(read(gzip.compress(data)))[0].startswith("nested_archive")  # type: ignore[union-attr]


def test_words_in_angle_brackets_are_no_markup() -> None:
    for text in ("Apple Inc <AAPL.O> said so", "Write to <ann@town.example> or <unknown>", "why x<y matters"):
        (item,) = read(json.dumps({"title": "x", "text": text}).encode() + b"\n")
        assert getattr(item, "html", None) is False
    (item,) = read(b'{"title": "x", "text": "<p>One</p>"}\n')
    assert getattr(item, "html", None) is True


def test_a_format_that_is_named_is_not_guessed() -> None:
    assert texts(read(b"title,text\na,b\n", settings=SourceSettings(format="text"))) == ["title,text\na,b"]
    assert texts(read(b"Prose.", settings=SourceSettings(format="json")))[0].startswith("invalid_json")  # type: ignore[union-attr]
    assert texts(read(b"var a = 1;", settings=SourceSettings(format="text"))) == ["var a = 1;"]
