"""A translation follows its transcript when that is changed, and says which of its lines are older than the words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import checking
import pytest

from player.archive.line_marks import older
from player.archive.older_translations import translation_after, translations_after
from player.archive.translation import read_translation, words_digest
from player.archive.webvtt.reading import parse
from player.web.app import create_app

DAY: Final = dt.date(2026, 11, 29)
PATH: Final = Path("transcript.es.vtt")
BEFORE: Final = """\
WEBVTT
Language: eng

c1
00:00:00.000 --> 00:00:02.000
<v Pilot>The pocket boat is late.

c2
00:00:02.000 --> 00:00:04.000
<v Pilot>It lies off the mole.

c3
00:00:04.000 --> 00:00:06.000
<v Clerk>Nobody said so.

NOTE untimed c4
<v Clerk>Nor will they.
"""
WORDS: Final = words_digest(parse(PATH, BEFORE).lines)
SPANISH: Final = f"""\
WEBVTT
Language: spa
Local Usage Element: [Translated by] the harbour school; [Transcript words SHA-256] {WORDS}

STYLE
::cue {{ color: teal }}

NOTE of the translator's: a pocket?

c1
00:00:00.000 --> 00:00:02.000 align:start
<v Pilot>El barco de bolsillo tarda.

00:00:02.000 --> 00:00:04.000
<v Pilot>Está <i>frente</i> al muelle.

c3
00:00:04.000 --> 00:00:06.000
<v Clerk>Nadie lo dijo.

NOTE untimed c4
<v Clerk>Ni lo dirán.
"""

#: A translation of the small archive's transcript.
TONES: Final = """\
WEBVTT
Language: spa
Local Usage Element: [Translated by] Ada's sister

opening
00:00:00.000 --> 00:00:02.000
<v Ada>Silencio &amp; zumbido.

first
00:00:02.000 --> 00:00:04.500
<v Ada>Uno dos tres.

00:00:05.000 --> 00:00:07.000
Otra voz.

last
00:00:08.000 --> 00:00:10.000
<v Ada>El fin.
"""
LINE: Final = "/recordings/tones/lines/first"


def follows(after: str, moved: dict[str, list[str]] | None = None, own: str = SPANISH, before: str = BEFORE) -> str:
    """Give the translation that follows, read beside the transcript without a fault."""
    old, new = (parse(PATH, text).lines for text in (before, after))
    return translation_after(PATH, own.encode(), old, new, moved or {}, DAY).decode()


def faults(tmp_path: Path, after: str, own: str) -> list[str]:
    place = tmp_path / "transcript.es.vtt"
    place.write_bytes(own.encode())
    return [fault.what for fault in read_translation(place, "es", parse(PATH, after), "en").faults]


def test_a_changed_word_marks_its_line_directly_above_and_nothing_else_changes(tmp_path: Path) -> None:
    after = BEFORE.replace("pocket", "packet")
    own = follows(after)
    # Every cue has its identifier, as in the transcript.
    named = SPANISH.replace("\n\n00:00:02", "\n\nc2\n00:00:02").replace(WORDS, words_digest(parse(PATH, after).lines))
    assert own == named.replace("\nc1\n", "\nNOTE older: 2026-11-29\n\nc1\n")
    assert faults(tmp_path, after, own) == []
    assert [older(line) for line in parse(PATH, own).lines] == ["2026-11-29", None, None, None]
    assert follows(after.replace("late", "early"), own=own, before=after).count("NOTE older: 2026-11-29") == 1
    assert follows(BEFORE) == SPANISH


def test_times_and_voices_follow_and_are_not_older(tmp_path: Path) -> None:
    after = BEFORE.replace("--> 00:00:02.000\n<v Pilot>", "--> 00:00:01.900\n<v Harbour clerk>").replace(
        "NOTE untimed c4\n", "c4\n00:00:06.000 --> 00:00:08.000\n"
    )
    own = follows(after)
    assert "c1\n00:00:00.000 --> 00:00:01.900 align:start\n<v Harbour clerk>El barco" in own
    assert "c4\n00:00:06.000 --> 00:00:08.000\n<v Clerk>Ni lo dirán." in own
    assert faults(tmp_path, after, own) == []
    assert "older" not in own
    assert "NOTE untimed c4" in follows(BEFORE, own=own, before=after)


def test_divided_joined_and_gone_lines_keep_the_translators_words(tmp_path: Path) -> None:
    after = """\
WEBVTT

a
00:00:00.000 --> 00:00:01.000
<v Pilot>The packet

b
00:00:01.000 --> 00:00:02.000
<v Pilot>boat is late.

z
00:00:02.000 --> 00:00:06.000
<v Pilot>It lies off the mole.
<v Clerk>Nobody said so.
"""
    own = follows(after, {"c1": ["a", "b"], "c2": ["z"], "c3": ["z"], "c4": []})
    assert "NOTE of the translator's: a pocket?\n\nNOTE older: 2026-11-29\n\na\n00:00:00.000 --> 00:00:01.000" in own
    joined = "<v Pilot>Está <i>frente</i> al muelle.\n<v Clerk>Nadie lo dijo."
    assert f"NOTE older: 2026-11-29\n\nz\n00:00:02.000 --> 00:00:06.000\n{joined}\n" in own
    assert own.endswith("NOTE no longer in the transcript: c4\n| <v Clerk>Ni lo dirán.\n")
    assert faults(tmp_path, after, own) == ["1 line of the transcript is not translated: b"]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_and_a_last_line_without_one_stay(ends: str) -> None:
    own = SPANISH.rstrip("\n").replace("\n", ends)
    after = follows(BEFORE.replace("Nor will they", "Nor did they"), own=own)
    assert after.replace(ends, "").count("\n") == 0
    assert after.endswith(f"NOTE older: 2026-11-29{ends}{ends}NOTE untimed c4{ends}<v Clerk>Ni lo dirán.")


def test_a_translation_that_was_of_other_words_is_not_said_to_be_of_these() -> None:
    own = SPANISH.replace("SHA-256] ", "SHA-256] " + "0" * 64 + "; [x] ")
    assert "0" * 64 in follows(BEFORE.replace("pocket", "packet"), own=own)


def test_all_translations_of_a_folder_follow_and_what_cannot_be_read_stays(tmp_path: Path) -> None:
    for name, text in (("es", SPANISH), ("fr", SPANISH.replace("spa", "fra")), ("de", "no WebVTT")):
        (tmp_path / f"transcript.{name}.vtt").write_text(text)
    after = BEFORE.replace("pocket", "packet")
    found = translations_after(tmp_path, BEFORE.encode(), after.encode(), {}, DAY)
    assert [path.name for path in found] == ["transcript.es.vtt", "transcript.fr.vtt"]
    assert translations_after(tmp_path, BEFORE.encode(), BEFORE.encode(), {}, DAY) == {}


def test_pages_say_what_is_older_in_words_and_check_advises(archive: Path) -> None:
    place = archive / "transcripts" / "tones"
    marked = TONES.replace("\nfirst\n", "\nNOTE older: 2026-11-29\n\nfirst\n")
    (place / "transcript.es.vtt").write_text(marked, encoding="utf-8")
    client = create_app(archive).test_client()
    page = client.get("/recordings/tones").text
    assert page.count(" data-older>") == 1
    assert "data-older>Uno dos tres." in page
    assert "css/versions.css" in page
    assert "1 of its lines is older than the words beside it, which were changed since." in page
    assert "older than the words beside it, which were changed on 29 November 2026" in client.get(LINE).text
    words = client.get("/recordings/tones/text?language=es").text
    assert 'Uno dos tres. <span lang="en" dir="ltr">[older than what is said]</span>' in words
    (told,) = [str(each) for each in checking.advice(archive) if each.path.name == "transcript.es.vtt"]
    assert "the words that line first translates were changed on 2026-11-29, after it was translated; translate" in told
    # As soon as a person has taken the comment out, nothing is older.
    (place / "transcript.es.vtt").write_text(TONES, encoding="utf-8")
    page = client.get("/recordings/tones").text
    assert not any(each in page for each in ("data-older", "older than the words", "css/versions.css"))


def test_the_mark_stays_where_names_are_replaced(archive: Path) -> None:
    place = archive / "transcripts" / "tones"
    marked = TONES.replace("\nfirst\n", "\nNOTE older: 2026-11-29\n\nNOTE Ada said so\n\nfirst\n")
    (place / "transcript.es.vtt").write_text(marked, encoding="utf-8")
    record = place / "recording.toml"
    record.write_text(f'{record.read_text()}\n[[closed]]\nstart = "0:08"\nend = "0:10"\nwhat = "words"\n')
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones").text.count(" data-older>") == 1
    sent = client.get("/recordings/tones/transcript.es.vtt").text
    assert "NOTE older: 2026-11-29" in sent
    assert "Ada said so" not in sent
