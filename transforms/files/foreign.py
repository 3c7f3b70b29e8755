"""Files that hold no articles: what they look like, for the sentence that refuses them."""

import re

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"BM", "an image (BMP)"),
    (b"II*\0", "an image (TIFF)"),
    (b"MM\0*", "an image (TIFF)"),
    (b"\0\0\x01\0", "an image (ICO)"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound or film (Ogg)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"Rar!", "an archive (RAR)"),
    (b"\xfd7zXZ", "an archive (xz)"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a program (Windows)"),
    (b"\xca\xfe\xba\xbe", "a program (Java or macOS)"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"wOF", "a font (WOFF)"),
)
_LETTER_MAGIC = frozenset(
    (b"BM", b"MZ", b"RIFF", b"ID3", b"ORC", b"Obj\x01", b"Rar!", b"wOF", b"OggS", b"GIF8", b"ARROW1")
)
"""Magic of letters alone. A text may begin with it, so its head must look binary too."""
_CONTROL = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x01\x1b\x1c\x1d\x1e\x1f"})
"""Characters that no text has. Some tables are delimited by 0x01 and 0x1C to 0x1F."""
_UNPRINTABLE = bytes(range(0x21))
_MOST_CONTROL = 0.01

_LINE = r"(?m:^)[ \t]*"
_SQL = re.compile(
    _LINE + r"(?:(?:CREATE|DROP|ALTER)\s+(?:TABLE|DATABASE|SCHEMA|INDEX|VIEW)\b[^\n]*[(;`\"]"
    r"|INSERT\s+(?:IGNORE\s+)?INTO\s+[`\"\[\w.]+\s*(?:\(|VALUES\b)|(?:--|/\*)[^\n]*(?:SQL\b|database dump)"
    r"|/\*!\d{5}|PRAGMA\s+\w+\s*=|SELECT\s+[^\n]+\sFROM\s|COPY\s+[\w.\"]+\s*\([^\n]*\)\s+FROM\s+stdin)",
    re.IGNORECASE,
)
_STARTS = (
    (re.compile(r"\{\\rtf"), "an RTF document"),
    (re.compile(r"%!PS"), "PostScript"),
    (re.compile(r"<\?php\b"), "PHP"),
    (re.compile(r"#!\s*/"), "a script"),
    (re.compile(r"\[?\s*\{\s*'(?:[^'\\\n]|\\.)*'\s*:"), "Python dictionaries (write them as JSON)"),
    (re.compile(r"\)\]\}',?\s*[\[{]"), "JSON behind a prefix"),
    (re.compile(r"\+[-+=]{3,}\+\s*\n\|"), "a table as a database client draws it"),
    (re.compile(r"\|[^\n]*\|\s*\n\s*\|[\s:|-]+\|\s*\n"), "a table in Markdown"),
    (re.compile(r"WEBVTT\b|\d+\r?\n\d\d:\d\d:\d\d,\d{3} -->"), "subtitles"),
    (
        re.compile(r"version https://git-lfs\.github\.com/spec/"),
        "a pointer of Git LFS",
    ),
    (re.compile(r"<svg\b", re.IGNORECASE), "an image (SVG)"),
    (re.compile(r"Traceback \(most recent call last\):"), "a traceback"),
    (re.compile(r"diff --git |--- \S+[^\n]*\n\+\+\+ \S+"), "a patch"),
    (re.compile(r"User-agent:[^\n]*\n\s*(?:Dis)?allow:", re.IGNORECASE), "a robots.txt"),
    (re.compile(r"\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:"), "the log of a server"),
    (
        re.compile(
            r"(?:[^\n]{0,40}\d{4}-\d\d-\d\d[T ][\d:.,+Z]+[^\n]{0,60}\b(?:DEBUG|INFO|WARN(?:ING)?|ERROR)\b[^\n]*\n){3}"
        ),
        "a log",
    ),
    (
        re.compile(r"\[[\w .:-]+\]\s*\n(?:\s*[;#][^\n]*\n)*\s*[\w.-]+\s*=[^\n]*(?:\n|$)"),
        "a configuration (INI or TOML)",
    ),
    (re.compile(r"(?:https?://\S+\s*\n\s*){2,}https?://\S+$"), "a list of URLs"),
    (
        re.compile(
            r"(?:(?:From|To|Cc|Subject|Date|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|Content-Type): "
            r"[^\n]*\n(?:[ \t][^\n]*\n)*){3,}",
            re.IGNORECASE,
        ),
        "an e-mail",
    ),
    (re.compile(r"BEGIN:V(?:CALENDAR|CARD)\b"), "a calendar or a card"),
    (re.compile(r"\\documentclass\b"), "a LaTeX document"),
    (re.compile(r"@(?:article|book|misc|inproceedings)\s*\{", re.IGNORECASE), "a list of references (BibTeX)"),
    (re.compile(r"(?:[a-z]+\s*:\s*[^\n]*\n)*-----BEGIN [A-Z ]+-----", re.IGNORECASE), "a key or certificate"),
)
_CODE = (
    (
        re.compile(
            r"(?:/\*.*?\*/\s*|//[^\n]*\n\s*|[\"']use strict[\"'];?\s*)*"
            r"(?:(?:export\s+)?(?:var|let|const)\s+[\w$]+\s*=|(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b\s*[\w$]*\s*\("
            r"|[!;+]?\(\s*(?:async\s+)?(?:function\b|\([^()\n]*\)\s*=>)|(?:window|self|document|module|exports|globalThis)\.[\w$.]+\s*="
            r"|import\s+[^;\n]+\s+from\s+[\"']|import\s+[\"'][^\"'\n]+[\"'];|require\(|define\("
            r"|[\w$.]+\(\s*(?:\{\s*[\"'}]|\[\s*[\[{\"])|\{\s*[A-Za-z_$][\w$]*\s*:\s*[\"'\[{\d])",
            re.DOTALL,
        ),
        "JavaScript",
    ),
    (
        re.compile(
            r"(?:\s*#[^\n]*\n|\s*(?:\"\"\".*?\"\"\"|'''.*?''')\n)*\s*(?:from\s+[\w.]+\s+import\s+[\w(*]|import\s+[\w.]+(?:\s+as\s+\w+)?\s*(?:\n|$)"
            r"|def\s+\w+\([^\n]*\)[^\n]*:\s*\n|class\s+\w+(?:\([^\n]*\))?:\s*\n)",
            re.DOTALL,
        ),
        "Python",
    ),
    (re.compile(r"(?:\s*/\*.*?\*/)*\s*#(?:include\s*[<\"]|define\s+\w+|ifndef\s+\w+)", re.DOTALL), "C"),
    (re.compile(r"(?:\s*(?:/\*.*?\*/|//[^\n]*))*\s*package\s+[\w.]+\s*(?:;|\n)", re.DOTALL), "Java or Go"),
    (
        re.compile(
            r"(?:\s*/\*.*?\*/)*\s*(?:@(?:import|charset|media)\b[^\n]*[;{]|[.#:*\w][\w\s.#:>,*()\[\]=\"'-]{0,200}\{\s*[\w-]+\s*:\s*[^;{}]+[;}])",
            re.DOTALL,
        ),
        "CSS",
    ),
)


def binary_kind(raw: bytes, text: bytes) -> str:
    """Return what a file looks like whose bytes are no text, or "" if they may be text.

    ``raw`` is its beginning, and ``text`` the same in UTF-8. One NUL in a text is damage. Many
    control characters are a program, a picture or an archive.

    >>> binary_kind(b"%PDF-1.7", b"%PDF-1.7"), binary_kind(b"A \\0 text", b"A \\0 text")
    ('a PDF', '')
    """
    data = text.rstrip(b"\0")
    control = len(data) - len(data.translate(None, _CONTROL))
    is_binary = control > max(_MOST_CONTROL * len(data), 1) or not data.translate(None, _UNPRINTABLE)
    for magic, kind in _MAGIC:
        if raw.startswith(magic) and (is_binary or magic not in _LETTER_MAGIC):
            return kind
    if raw[4:8] == b"ftyp":
        return "a film or an image (MP4, HEIC)"
    return "a program, an image or an archive" if is_binary else ""


def code_kind(text: bytes) -> str:
    """Return what a text looks like that is no document: a program, a script or a database dump.

    Return "" for a document.

    >>> code_kind(b"var articles = [{}];"), code_kind(b"Function follows form, she said.")
    ('JavaScript', '')
    """
    head = text[:20_000].decode("utf-8", "replace").strip()
    for pattern, kind in _STARTS:
        if pattern.match(head):
            return kind
    if _SQL.match(head) or len(_SQL.findall(head)) > 1:
        return "SQL"
    return next((kind for pattern, kind in _CODE if pattern.match(head)), "")
