"""Files of all kinds through the command line: articles once, and all else in the summary."""

import gzip
import io
import zipfile
from pathlib import Path

from commandline import rows, run_here
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

TEXT = "The ferry to the island was late again, and the mayor promised a new one before the winter. " * 4
PAGE = f"""<!doctype html><html lang="en"><head><title>Ferry {{0}} late</title>
<meta property="article:published_time" content="2024-03-0{{0}}T10:00:00+01:00"><meta name="author" content="Ann Bell">
</head><body><article><h1>Ferry {{0}} late</h1><p>{TEXT}</p><p>Story number {{0}}. {TEXT}</p></article></body></html>"""
FEED = b"<rss><channel><title>Harbour Post</title><item><title>Feed story</title><guid>f1</guid></item></channel></rss>"


def warc() -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    for number, (status, kind) in enumerate(
        [("200 OK", "text/html"), ("404 Not Found", "text/html"), ("200 OK", "image/png")], 1
    ):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        body = io.BytesIO(PAGE.format(number).encode())
        url = f"https://n.example/{number}"
        writer.write_record(writer.create_warc_record(url, "response", payload=body, http_headers=headers))
    return stream.getvalue()


def test_files_of_all_kinds_are_read_and_what_is_no_article_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "2024").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git/notes.txt").write_text("hidden")
    (folder / "2024/crawl").write_bytes(warc())
    (folder / "page").write_text(PAGE.format(5))
    (folder / "list.json").write_text(
        '{"status": "ok", "articles": [{"title": "Wrapped", "publishedAt": "2024-03-04"}]}'
    )
    (folder / "latin.csv").write_bytes(
        f"title;text;date\nCafé fermé;Le café fermé à Besançon. {TEXT};2024-03-04\n".encode("latin-1")
    )
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("feed.xml", FEED)
        archive.writestr("rows.csv", "Export of 2024\n\ntitle,url\nZipped,https://n.example/zip\n")
        archive.writestr("rows.jsonl.gz", gzip.compress(b'{"title": "Zipped twice", "desk": "city"}\n'))
    (folder / "old_lake/_newslake/log").mkdir(parents=True)
    (folder / "old_lake/a.jsonl").write_text('{"title": "of a lake"}')
    (folder / "photo.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    summary = run_here(tmp_path / "lake", "--files", folder, "--near-duplicates", "off", "--quiet")
    assert (summary["read"], summary["new"], summary["rejected"]) == (7, 7, 0)
    assert (summary["sources_ok"], summary["sources_failed"]) == (7, 1)
    query = "SELECT headline, date_published, body_source, authors, extra FROM articles ORDER BY 1"
    found = rows(tmp_path / "lake", query)
    assert [row[0] for row in found] == [
        "Café fermé",
        "Feed story",
        "Ferry 1 late",
        "Ferry 5 late",
        "Wrapped",
        "Zipped",
        "Zipped twice",
    ]
    assert found[2][1:4] == ("2024-03-01T10:00:00+01:00", "page", ["Ann Bell"])
    assert found[6][4] == '{"desk":"city"}'
    notices = "\n".join(summary["notices"])
    for part in (
        "in/2024/crawl: records skipped (status 404): 1",
        "in/2024/crawl: records skipped (type image/png): 1",
        "in/2024/crawl: records skipped (warcinfo): 1",
        "in/latin.csv: read as ",
        "in/all.zip!/rows.csv: no column gives the text (body)",
        "in/all.zip!/rows.csv: lines before the header that were passed over: 1",
    ):
        assert part in notices, part
    again = run_here(tmp_path / "lake", "--files", folder, "--near-duplicates", "off", "--quiet")
    assert (again["new"], again["revised"], again["unchanged"]) == (0, 0, 7)
