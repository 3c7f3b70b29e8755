"""The formats that newslake reads, each in a module of its own."""

from newslake.transforms.files.formats.base import Format
from newslake.transforms.files.formats.csv import CSV
from newslake.transforms.files.formats.feed import FEED
from newslake.transforms.files.formats.html import HTML
from newslake.transforms.files.formats.json import JSON
from newslake.transforms.files.formats.parquet import PARQUET
from newslake.transforms.files.formats.text import DOCUMENTS, TEXT
from newslake.transforms.files.formats.warc import WARC

__all__ = ["FORMATS", "TEXT"]

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        PARQUET,
        WARC,
        HTML,
        FEED,
        DOCUMENTS,
        JSON,
        CSV,
        TEXT,
    )
}
"""All formats by name, in the order in which a file is tried. Text takes every text."""
