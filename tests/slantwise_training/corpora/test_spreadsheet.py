"""A workbook's first sheet is read without a spreadsheet library."""

from zipfile import ZipFile

import pytest

from slantwise.errors import BadRow
from slantwise_training.corpora import find_corpus
from slantwise_training.corpora.mbic import read
from slantwise_training.corpora.spreadsheet import read_rows

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def write_workbook(path, rows):
    """Strings are shared, in two runs each; numbers are inline; None leaves the cell out."""
    shared, lines = [], []
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, value in zip("ABCDEFGH", row, strict=False):
            if isinstance(value, str):
                cells.append(f'<c r="{column}{number}" t="s"><v>{len(shared)}</v></c>')
                shared.append(f"<si><r><t>{value[:2]}</t></r><r><t>{value[2:]}</t></r></si>")
            elif value is not None:
                cells.append(f'<c r="{column}{number}"><v>{value}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    with ZipFile(path, "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{''.join(shared)}</sst>")
        sheet = f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
        book.writestr("xl/worksheets/sheet1.xml", sheet)


def test_rows_by_column_name(tmp_path):
    write_workbook(tmp_path / "x.xlsx", [(None, "text", "n"), (0, "Café talk", 7), (1, None, 8)])
    assert list(read_rows(tmp_path / "x.xlsx")) == [{"text": "Café talk", "n": "7"}, {"n": "8"}]


HEADER = ("sentence", "news_link", "outlet", "topic", "Label_bias", "biased_words4")


def test_mbic_leaves_out_what_the_crowd_did_not_agree_on(tmp_path):
    rows = [
        HEADER,
        ("A brazen plan.", "http://x.test/1", "usa-today", "tax", "Biased", "['brazen']"),
        ("A plan.", "http://x.test/1", "usa-today", "tax", "No agreement", "[]"),
        ("A new plan.", None, "reuters", "tax", "Non-biased", "[]"),
    ]
    (tmp_path / "data").mkdir()
    write_workbook(tmp_path / "data" / "labeled_dataset.xlsx", rows)
    first, second = read(tmp_path, find_corpus("mbic"))
    assert (first.doc.id, first.doc.outlet, first.spans[0].text) == ("http://x.test/1", "usa-today", "brazen")
    assert (second.doc.id, second.spans) == ("mbic-all-2", ())


def test_mbic_with_an_unknown_label_is_a_bad_row(tmp_path):
    (tmp_path / "data").mkdir()
    write_workbook(tmp_path / "data" / "labeled_dataset.xlsx", [HEADER, ("A plan.", "l", "o", "t", "Perhaps", "[]")])
    with pytest.raises(BadRow, match=r"labeled_dataset\.xlsx:2, field Label_bias"):
        list(read(tmp_path, find_corpus("mbic")))
