"""A TOML file is right, or every fault in it is told with its line and what to do."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, get_args

import pytest

from player.archive.recording import Record
from player.archive.toml.declared import Key, Kind
from player.archive.toml.tables import read_file
from player.archive.toml.values import WrongValueError, read_value
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def record(path: Path) -> Record:
    return read_file(path, Record, slug="r", folder=path.parent)


def faults(path: Path, content: str | bytes) -> list[tuple[int | None, str]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ArchiveError) as refusal:
        record(path)
    return [(fault.line, f"{fault.what}; {fault.remedy}") for fault in refusal.value.faults]


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    found = faults(tmp_path / "r.toml", 'titel = "x"\ndate = "yesterday"\n\n[[speaker]]\nname = ""\nkind = "robot"\n')
    assert [line for line, _ in found] == [1, 1, 2, 5, 6]
    text = " ".join(what for _, what in found)
    for part in (
        'unknown key "titel"',
        'the key "title" is missing',
        "not in the form of a date",
        "not text",
        "write one of person",
    ):
        assert part in text


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, what),) = faults(tmp_path / "r.toml", 'title = "x"\ndate = \n')
    assert line == 2
    assert "not TOML" in what


def test_a_key_that_stands_twice_is_told_as_such(tmp_path: Path) -> None:
    assert faults(tmp_path / "r.toml", 'title = "x"\ntitle = "y"\n') == [
        (2, "this is not TOML: a key is given twice; remove one of the two")
    ]


def test_a_key_below_the_wrong_header_is_told_with_that_header(tmp_path: Path) -> None:
    speaker = '[[speaker]]\nname = "A"\nkind = "person"\n'
    assert faults(tmp_path / "r.toml", f'title = "x"\n{speaker}date = "1963"\ncolour = "red"\n')[-2:] == [
        (5, 'unknown key "date" in [[speaker]]; move it above the first table'),
        (
            6,
            (
                'unknown key "colour" in [[speaker]]; '
                "write one of name, display_name, kind, person, identified_by, certainty, role"
            ),
        ),
    ]


def test_bytes_that_are_not_utf_8_are_told_with_their_line(tmp_path: Path) -> None:
    ((line, what),) = faults(tmp_path / "r.toml", b'title = "x"\ndate = "\xe9"\n')
    assert line == 2
    assert "0xe9 is not UTF-8" in what


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nothing\.toml: the file cannot be read .*; "):
        record(tmp_path / "nothing.toml")


@pytest.mark.parametrize(
    ("value", "remark"),
    [
        ('media = "../secret.mp3"', "without a folder"),
        ('media = ".hidden"', "without a folder"),
        ('media = "a/b.mp3"', "without a folder"),
        ('surrogate_for = "../x"', "not a valid name"),
        ('substance = "soon"', "is not a time"),
        ("substance = nan", "is not a time"),
        ("substance = -1", "is not a time"),
        ('sources = "one"', "not a list of sources"),
        ("sources = []", "not a list of sources"),
        ('sources = ["two words, p. 1"]', "not a list of sources"),
        ("title = 5", "not text"),
        ("title = true", '"title" is true, not text'),
        ('title = ["a", false]', "\"title\" is ['a', false], not text"),
        ("title.a = true", '"title" is {a = true}, not text'),
        (
            "[access]\nsound = true",
            '"sound" is true, without quotation marks; write one of "open", "draft", "on request"',
        ),
        ('title = "a\\u0000b"', "control character"),
        ("speaker = 1", "[[speaker]]"),
        ("original = 1", "[original]"),
        ('[holding]\nobtained_from = "x"\nsha256 = "12"', "64 hexadecimal"),
        ('[[publication]]\ntitle = "x"\naddress = "javascript:alert(1)"', "not a web address"),
        ('[[publication]]\ntitle = "x"\naddress = "https://"', "not a web address"),
        ('[[publication]]\ntitle = "x"\naddress = "https://[bad"', "not a web address"),
        ('[[publication]]\ntitle = "x"\naddress = "https://a b"', "not a web address"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, value: str, remark: str) -> None:
    found = faults(tmp_path / "r.toml", f'date = "1963"\n{value}\n')
    assert any(remark in what for _, what in found), found


def test_a_date_may_be_written_without_quotation_marks(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text('title = "x"\ndate = 1963-11-05\n', encoding="utf-8")
    assert record(path).date == "1963-11-05"


def test_a_windows_file_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "x"\r\ndate = "1963"\r\n')
    assert record(path).title == "x"


def test_a_deep_nest_of_brackets_is_refused_in_words(tmp_path: Path) -> None:
    ((_, what),) = faults(tmp_path / "r.toml", "x = " + "[" * 100_000)
    assert "not TOML" in what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("title = " + "9" * 5000, "thousands of digits"),
        ("title = 0x" + "f" * 6000, "too deep or too long to show, not text"),
        ("substance = 0x" + "f" * 6000, "is not a time"),
        ("date = 0x" + "f" * 6000, "not in the form of a date"),
        ("title" + ".a" * 3000 + " = 1", "not text"),
        ("title = " + "[" * 3000 + "]" * 3000, "nested too deeply"),
        ('"a\\n\\u001b[31m" = 1', r'unknown key "a\n\x1b[31m"'),
    ],
)
def test_values_made_to_break_a_reader_are_refused_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    found = faults(tmp_path / "r.toml", content)
    assert any(words in what for _, what in found)
    assert all(what.isprintable() and len(what) < 500 for _, what in found)


VALUES = tomllib.loads("""values = [
    "", "x", 1, 1.5, true, 1963-11-05, 12:00:00, [], [1], ["x"], [["x"]], {}, {a = 1}
]""")["values"]


@pytest.mark.parametrize("kind", sorted(set(get_args(Kind)) - {"table", "tables"}))
def test_a_value_of_any_type_is_read_or_refused_in_words_whatever_is_asked_for(kind: Kind) -> None:
    for value in VALUES:
        try:
            read_value(value, Key(kind=kind, choices={"one": "", "other": ""}))
        except WrongValueError as wrong:
            what, remedy = wrong.args
            assert what
            assert remedy


@pytest.mark.parametrize("written", ["[]", '[["person"]]', '{person = "person"}'])
def test_a_choice_that_is_a_list_or_a_table_leaves_the_rest_of_the_archive(
    client: FlaskClient, archive: Path, written: str
) -> None:
    notes = archive / "transcripts" / "tones" / "annotations.toml"
    notes.write_text(notes.read_text(encoding="utf-8").replace('kind = "person"', f"kind = {written}", 1), "utf-8")
    assert f"kind = {written}" in notes.read_text(encoding="utf-8")
    assert client.get("/recordings/tones").status_code == client.get("/").status_code == 200
