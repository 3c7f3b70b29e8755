"""What is a table, and how it is written, told by content alone."""

import pytest

from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.tables.dialect import Fault, NotATable, Table, find_table


def find(text: str | bytes, settings: SourceSettings | None = None, *, is_told: bool = False) -> Table | NotATable:
    head = text.encode() if isinstance(text, str) else text
    return find_table(head, settings or SourceSettings(), is_whole=True, is_told=is_told)


def table(text: str | bytes, settings: SourceSettings | None = None, *, is_told: bool = False) -> Table:
    found = find(text, settings, is_told=is_told)
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x01", "\x1f"])
def test_the_delimiter_is_told_by_names_that_are_known_or_by_steady_rows(delimiter: str) -> None:
    known = "title,text,date\nA b,c, 2024-03-04\n"
    strange = "kop,inhoud,wanneer\nA b,c d,4 maart\nE f,g h,5 maart\n"
    for text in (known, strange):
        found = table(text.replace(",", delimiter))
        assert (found.delimiter, len(found.header)) == (delimiter, 3)
        assert text.encode()[found.start :].startswith(b"A b")


TEXTS = {
    "prose": "The mill stays, said the mayor.\nThe ferry, the quay and the reef were sold.\nNobody asked, or came.\n",
    "verse": "The lamp is low, the night is long,\nThe ferry hums, a river song,\nThe mill is still,\n",
    "names": "Moor, Ada\nReef, Ben\nQuay, Cor\nMill, Dora\n",
    "quotations": '"We stay," he said.\n"You go," she said.\n"Why, then," they said, "are we here?"\n',
    "log": "2024-03-04 12:00:01,123 INFO mill started\n2024-03-04 12:00:02,200 INFO ferry started\n" * 3,
    "log with bars": "2024-03-04 12:00:01 | INFO | mill | started\n2024-03-04 12:00:02 | INFO | ferry | stopped\n" * 3,
    "c": "int a = 1;\nint b = 2;\nreturn a + b;\n",
    "python": "import os, sys\nfrom a import b, c\nx, y = 1, 2\nfor z in x, y:\n    print(z, x)\n",
    "sql": "INSERT INTO t VALUES (1,'a','2024-03-04');\nINSERT INTO t VALUES (2,'b','2024-03-05');\n",
    "css": "a{color:red;top:0}\nb{color:blue;top:1}\n",
    "markdown table": "| title | text |\n|---|---|\n| a | b |\n| c | d |\n",
    "one line": "A text, with a comma, and more.\n",
    "one word": "title\n\nThe mill stays.\n",
    "list with semicolons": "apples; pears; plums\nmilk; bread; salt\nrope; nails; tar\n",
    "indented": "Contents\n\tThe mill\n\tThe ferry\n\t\tThe quay\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_prose_verse_logs_and_code_are_no_tables(name: str) -> None:
    assert find(TEXTS[name]) == NotATable(Fault.NO_TABLE)


def test_lines_before_the_header_are_skipped_by_name() -> None:
    found = table("Export of articles, 2024-03-04\n\n# made by hand\ntitle,text\na,b\n")
    assert (found.header, found.skipped) == (("title", "text"), ("Export of articles, 2024-03-04", "# made by hand"))
    found = table("Rapport\n\nkop;inhoud;wanneer\nA b;c;4 maart\nD e;f;5 maart\n")
    assert (found.header, found.skipped) == (("kop", "inhoud", "wanneer"), ("Rapport",))


def test_two_byte_order_marks_are_no_part_of_a_name() -> None:
    found = table(b"\xef\xbb\xbf\xef\xbb\xbftitle,text\na,b\n")
    assert (found.header, found.start) == (("title", "text"), 17)


@pytest.mark.parametrize(
    ("rows", "quote", "escape"),
    [
        ('1,"a, ""b""",c\n', '"', ""),
        ('1,"a, \\"b\\"",c\n', '"', "\\"),
        ('1,"C:\\\\dir, x",c\n', '"', "\\"),
        ('1,"C:\\dir, x",c\n', '"', ""),
        ('1,"ends in \\",c\n2,"a, b\\",d\n', '"', ""),
        ("1,a\\, b,c\n2,\\N,d\n", "", "\\"),
        ('1,"a,c\n2,"b" x,d\n3,"e" y,d\n', "", ""),
        ('1,"a,c\n2,b,d\n', '"', ""),
    ],
)
def test_quotes_and_escapes_are_told_by_the_rows(rows: str, quote: str, escape: str) -> None:
    found = table("id,title,text\n" + rows)
    assert (found.quote, found.escape) == (quote, escape)


def test_single_quotes_around_the_whole_header_are_quotes() -> None:
    found = table("'id','title','text'\n'1','a, b','c'\n")
    assert (found.header, found.quote) == (("id", "title", "text"), "'")


@pytest.mark.parametrize(
    "row",
    ['Mill stays,"It was sold on Friday, and so on",2024-03-01', "7;Mill;https://a.example/1", "1,Mill,4 March 2024"],
)
def test_a_missing_header_is_refused_with_the_line_to_write(row: str) -> None:
    for text in (row + "\n" + row + "\n", (row + "\n") * 5):
        found = find(text)
        assert isinstance(found, NotATable)
        assert found.fault is Fault.NO_HEADER
        assert 'header = ["' in found.detail
        assert found.detail.count('", "') == 2
    found = table(row + "\n", SourceSettings(header=("a", "b", "c")), is_told=True)
    assert (found.header, found.start) == (("a", "b", "c"), 0)


def test_the_settings_come_first() -> None:
    settings = SourceSettings(delimiter=":", quote="", escape="", header=("a", "b"), skip_rows=1)
    found = table('kop:"x"\n1:"b"\n', settings, is_told=True)
    assert (found.header, found.delimiter, found.quote, found.start) == (("a", "b"), ":", "", 8)
    assert table("note\ntitle:text\n1:b\n", SourceSettings(delimiter=":", skip_rows=1), is_told=True).start == 16


def test_a_header_that_does_not_end_is_named() -> None:
    for text, fault in (('"title,text\na,b\n', Fault.OPEN_QUOTE), ('"Well, he said.\nNo, she said.\n', Fault.NO_TABLE)):
        found = find(text)
        assert isinstance(found, NotATable)
        assert found.fault is fault
    head = b"title,text," + b",".join(b"column%d" % number for number in range(9_000))
    cut = find_table(head, SourceSettings(), is_whole=False)
    assert isinstance(cut, NotATable)
    assert cut.fault is Fault.TOO_LONG


def test_a_column_of_row_names_has_no_name() -> None:
    assert table("title\ttext\n1\ta\tb\n2\tc\td\n").header == ("", "title", "text")
    assert table(",title,text\n0,a,b\n1,c,d\n").header == ("", "title", "text")


def test_lines_may_end_with_cr() -> None:
    found = table('title,text\ra,"b\nc"\r')
    assert (found.ends_with_cr, found.start) == (True, 11)


def test_columns_show_what_they_hold() -> None:
    found = table('id,title,text,date,url\n1,a,"b, c",2024-03-04,https://a.example/1\n2,b,d,2024-03-05,\n')
    assert (found.kinds, found.quoted) == (("number", "", "", "date", ""), (2,))
