"""A transcript is read in whatever encoding it was saved, and what that is taken for is told."""

# ruff: noqa: RUF001  # words in many scripts, as they are written
from __future__ import annotations

import sys
from pathlib import Path

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.errors import ArchiveError
from player.intake.transcripts.decoding import BEGINNING, beginning, decoded

PATH = Path("talk.srt")
TIMES = "1\n00:00:01,000 --> 00:00:02,500\n"
SAID = {
    "cp1252": "Le bateau est arrivé à l’heure, déjà.\n\nMême la marée était là.",
    "cp1250": "Łódź przypłynęła późno, żagle były mokre.",
    "cp1251": "Лодка пришла поздно, паруса были мокрые.",
    "cp1253": "Το πλοίο έφτασε αργά στο λιμάνι.",
    "cp1254": "Gemi limana geç geldi, yağmur yağıyordu, ışıklar söndü.",
    "cp1255": "הסירה הגיעה מאוחר לנמל, והמפרשים היו רטובים",
    "cp1256": "وصل القارب متأخرا إلى الميناء",
    "koi8_r": "Лодка пришла поздно, паруса были мокрые.",
    "mac_roman": "Le bateau est arrivé à l’heure, déjà.",
    "shift_jis": "船は遅れて港に着きました。",
    "gb18030": "船很晚才到港口，帆都湿了。",
    "big5": "船很晚才到港口，帆都濕了。",
    "euc_kr": "배가 늦게 항구에 도착했습니다.",
}


@pytest.mark.parametrize("encoding", SAID)
def test_what_is_not_utf_8_is_found_out_and_told_with_a_word_and_its_line(encoding: str) -> None:
    text, (told,) = decoded(PATH, (TIMES + SAID[encoding]).encode(encoding))
    assert text == TIMES + SAID[encoding]
    assert told.what.startswith("the encoding: it seems to be ")
    assert told.what.endswith("), written as UTF-8")
    assert told.lines == (3,)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("He said “the boat’s late” and left – twice.", "Windows-1252"),
        ("The café by the harbour was closed.", "Windows-1252"),
        ("Die Fähre fährt über die Brücke, schöne Grüße.", "Windows-1252"),
        ("Färjan gick över sundet på kvällen, då lågvattnet kom.", "Windows-1252"),
        ("¿Quién llegó mañana?", "Windows-1252"),
    ],
)
def test_short_texts_in_western_languages_are_windows_1252(said: str, name: str) -> None:
    text, (told,) = decoded(PATH, said.encode("cp1252"))
    assert text == said
    assert name in told.what


def test_czech_is_not_taken_for_a_western_language() -> None:
    said = "Loď přijela do přístavu pozdě, déšť stále padal."
    assert decoded(PATH, said.encode("cp1250"))[0] == said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("said", ["The first boat.", SAID["cp1251"]])
def test_utf_16_is_read_with_and_without_a_mark(encoding: str, said: str) -> None:
    content = (TIMES + said).encode(encoding)
    text, (told,) = decoded(PATH, content)
    assert text == TIMES + said
    assert told.what == f"the encoding: {encoding[:6].upper()}, written as UTF-8"
    assert beginning(content).startswith("1\n00:00:01,000")


def test_utf_8_is_nothing_to_tell_with_or_without_a_mark() -> None:
    assert decoded(PATH, "\ufeffŁódź 船\n".encode()) == ("Łódź 船\n", ())
    assert decoded(PATH, "Łódź 船\n".encode()) == ("Łódź 船\n", ())


def test_single_bytes_that_are_not_utf_8_are_read_as_windows_1252() -> None:
    text, (told,) = decoded(PATH, "Łódź, déjà\nà l’heure\n".encode() + b"caf\xe9 \x93late\x94\n")
    assert text.endswith("café “late”\n")
    assert (told.what, told.lines) == ("3 bytes not in UTF-8, read as Windows-1252", (3,))


def test_line_ends_become_one_kind_and_controls_become_spaces() -> None:
    text, (told,) = decoded(
        PATH, b"a line\r\nof words\rwith ends\r\r\n\tof all kinds\x0c" + b"x" * 200 + b"\x00\xe2\x80\xa8."
    )
    assert text == "a line\nof words\nwith ends\n\tof all kinds\x0c" + "x" * 200 + "  ."
    assert (told.what, told.lines) == ("2 control characters, for which a space is written", (4,))


@pytest.mark.parametrize(
    "content", [b"\0" * 100, bytes(range(256)) * 4, b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"this is not a text; name a file that holds a transcript"):
        decoded(PATH, content)


def test_without_charset_normalizer_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    assert decoded(PATH, "The café was closed.".encode("cp1252"))[0] == "The café was closed."
    with pytest.raises(ArchiveError, match=r"pip install 'tape-player\[import\]'"):
        decoded(PATH, SAID["cp1251"].encode("cp1251"))


@settings(max_examples=examples(30))
@given(st.binary(max_size=1_000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    beginning(content)
    try:
        text, _ = decoded(PATH, content)
    except ArchiveError:
        return
    assert "\r" not in text
    assert "\0" not in text
    text.encode()


def test_the_beginning_is_short() -> None:
    assert len(beginning(b"x" * 1_000_000)) == BEGINNING
