"""A translation stands beside its transcript, line for line, or is told why not."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import checking
import pytest
from markupsafe import escape

from player import roots
from player.archive.archive import Archive
from player.archive.translation import Translation, in_step, words_digest
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

READING = "1963-11-05-attwood-reading"
SPANISH = """\
WEBVTT
Language: spa
Local Usage Element: [Translated by] Ada's sister; [Reviewed by] Ben
Local Usage Element: [Notice] Traducción de la hermana de Ada

NOTE a comment of the translator's

opening
00:00:00.000 --> 00:00:02.000
<v Ada>Silencio &amp; zumbido.

first
00:00:02.000 --> 00:00:04.500 align:start
<v Ada>Uno dos tres.

00:00:05.000 --> 00:00:07.000
Otra voz.

last
00:00:08.000 --> 00:00:10.000
<v Ada>El fin.
"""


def translated(archive: Path, text: str = SPANISH, name: str = "transcript.es.vtt") -> Translation:
    """Put a translation there, and read it."""
    (archive / "transcripts" / "tones" / name).write_text(text, encoding="utf-8", newline="")
    (found,) = Archive(archive).recording("tones").translations
    return found


def told(archive: Path) -> list[str]:
    faults = checking.faults(archive)
    return [str(fault) for fault in faults if fault.path.name != "transcript.vtt"]


def test_its_lines_are_those_of_the_transcript_and_its_translator_is_named(archive: Path) -> None:
    found = translated(archive)
    assert (found.language, found.name, found.own_name) == ("es", "Spanish", "Español")
    assert (found.translated_by, found.reviewed_by) == ("Ada's sister", "Ben")
    assert found.notice == "Traducción de la hermana de Ada"
    assert [(cue.id, cue.text) for cue in found.cues] == [
        ("opening", "Silencio & zumbido."),
        ("first", "Uno dos tres."),
        ("c3", "Otra voz."),
        ("last", "El fin."),
    ]
    assert told(archive) == []


WRONG = [
    # what is there, what is put in its place, the line told, what is told, the lines that are still shown
    ("[Translated by] Ada's sister; ", "", 1, "does not say who or what translated it", 0),
    ("[Translated by] Ada's sister", "[Translated by]", 1, "does not say who or what translated it", 0),
    ("Language: spa\n", "", 1, "does not name the language; write Language: es", 0),
    ("Language: spa", "Language: fra", 1, 'gives the language as "fra", the name of the file as "es"', 0),
    ("[Notice]", f"[Transcript words SHA-256] {'0' * 64}; [x]", 1, "words have changed since they were translated", 0),
    ("[Notice]", f"[Media SHA-256] {'0' * 64}; [x]", 1, "bound to a different sound from its transcript", 0),
    ("first\n00", "frist\n00", 13, 'the transcript has no line "frist"', 3),
    ("first\n00", "frist\n00", 1, "1 line of the transcript is not translated: first; translate", 3),
    ("02.000 --> 00:00:04.500", "02.001 --> 00:00:04.500", 13, "write 00:00:02.000 --> 00:00:04.500", 3),
    ("02.000 --> 00:00:04.500", "02.000 --> 00:00:04.499", 13, "line first has different times", 3),
    ("<v Ada>El fin.", "<v Ben>El fin.", 20, "line last has a different voice", 3),
    ("<v Ada>El fin.", "", 20, "line last has no words", 3),
    ("\nlast\n", "\nfirst\n", 19, 'the identifier "first" is also on line 12', 2),
    ("WEBVTT\n", "WEBVVT\n", 1, "does not begin with WEBVTT", 0),
]


@pytest.mark.parametrize(("there", "instead", "line", "words", "shown"), WRONG)
def test_what_does_not_match_is_told_with_its_line_and_not_shown(
    archive: Path, there: str, instead: str, line: int, words: str, shown: int
) -> None:
    assert there in SPANISH
    found = translated(archive, SPANISH.replace(there, instead))
    assert any(f"transcript.es.vtt:{line}: " in fault and words in fault for fault in told(archive)), told(archive)
    assert len(found.cues) == shown
    client = create_app(archive).test_client()
    page = client.get("/recordings/tones")
    assert page.status_code == 200
    assert page.text.count('<p class="translated"') == shown
    # What to do is told by the command alone.
    assert (escape(words.partition(";")[0]) in page.text) is not words.startswith("write ")
    assert client.get("/recordings/tones/transcript.es.vtt").status_code == (200 if shown else 404)


def test_a_translation_of_words_that_were_changed_since_is_noticed(archive: Path) -> None:
    transcript = archive / "transcripts" / "tones" / "transcript.vtt"
    found = Archive(archive).recording("tones").transcript
    assert found is not None
    digest = words_digest(found.cues)
    text = SPANISH.replace("[Notice]", f"[Transcript words SHA-256] {digest.upper()}; [Notice]")
    assert len(translated(archive, text).cues) == 4
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("The end", "An end"), encoding="utf-8")
    assert translated(archive, text).cues == ()


@pytest.mark.parametrize("name", ["transcript.pt-BR.vtt", "transcript.zh-Hant-TW.vtt", "transcript.haw.vtt"])
def test_a_file_is_named_by_a_language_tag(archive: Path, name: str) -> None:
    tag = name.split(".")[1]
    language = {"pt-BR": "por", "zh-Hant-TW": "zho", "haw": "haw"}[tag]
    assert translated(archive, SPANISH.replace("spa", language), name).language == tag
    assert create_app(archive).test_client().get(f"/recordings/tones/{name}").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        *("transcript.ES.vtt", "Transcript.es.vtt", "transcript.vtt.vtt", "transcript.es.VTT", "transcript.pt-br.vtt"),
        *(
            "transcript..vtt",
            "transcript.e.vtt",
            "transcript.es.fr.vtt",
            "transcript.<script>.vtt",
            "transcript.\n.vtt",
        ),
        f"transcript.{'a' * 200}.vtt",
    ],
)
def test_a_file_that_is_named_nearly_like_one_is_told_and_not_read(archive: Path, name: str) -> None:
    (archive / "transcripts" / "tones" / name).write_text(SPANISH, encoding="utf-8")
    assert Archive(archive).recording("tones").translations == ()
    (fault,) = told(archive)
    assert "is not read as a translation; name it after its language" in fault
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones").status_code == 200
    assert client.get("/recordings/tones/" + name.replace("\n", "%0A")).status_code == 404


@pytest.mark.parametrize("tag", ["...", "../x", "..%2Fx", "%2e%2e/x", "es/x", "", "fr", "ES", "vtt"])
def test_an_address_that_names_no_translation_is_not_found(archive: Path, tag: str) -> None:
    translated(archive)
    assert create_app(archive).test_client().get(f"/recordings/tones/transcript.{tag}.vtt").status_code == 404


def test_the_file_itself_is_sent(archive: Path) -> None:
    translated(archive)
    answer = create_app(archive).test_client().get("/recordings/tones/transcript.es.vtt")
    assert answer.mimetype == "text/vtt"
    assert answer.data == SPANISH.encode()


def test_one_that_comes_changes_is_renamed_or_goes_is_noticed(archive: Path) -> None:
    kept = Archive(archive)
    path = archive / "transcripts" / "tones" / "transcript.es.vtt"

    def seen() -> list[tuple[str, int]]:
        return [(each.language, len(each.cues)) for each in kept.recording("tones").translations]

    assert seen() == []
    path.write_text(SPANISH, encoding="utf-8")
    assert seen() == [("es", 4)]
    path.write_text(SPANISH.replace("first\n00", "frist\n00"), encoding="utf-8")
    assert seen() == [("es", 3)]
    path.rename(path.with_name("transcript.es-MX.vtt"))
    assert seen() == [("es-MX", 3)]
    path.with_name("transcript.es-MX.vtt").unlink()
    assert seen() == []


def test_a_link_out_of_the_archive_is_refused(archive: Path) -> None:
    (archive.parent / "secret").write_text(SPANISH, encoding="utf-8")
    (archive / "transcripts" / "tones" / "transcript.es.vtt").symlink_to(archive.parent / "secret")
    assert any("this link leads out of the archive" in fault for fault in told(archive))


def test_a_link_that_leads_nowhere_a_folder_and_a_pipe_take_nothing_from_the_recording(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.es.vtt").symlink_to("gone.vtt")
    (folder / "transcript.fr.vtt").mkdir()
    os.mkfifo(folder / "transcript.it.vtt")
    found = Archive(archive).recording("tones")
    assert found.transcript is not None
    assert [(each.language, each.cues, len(each.faults)) for each in found.translations] == [
        ("es", (), 1),
        ("fr", (), 1),
        ("it", (), 1),
    ]


def test_there_must_be_a_transcript_for_it_to_translate(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    assert translated(archive).cues == ()
    assert any("there is no transcript for this to translate" in fault for fault in told(archive))


def test_a_translation_into_the_transcripts_own_language_is_none(archive: Path) -> None:
    text = SPANISH.replace("spa", "eng")
    assert translated(archive, text, "transcript.en.vtt").cues == ()
    assert any('the transcript itself is in "en"' in fault for fault in told(archive))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_new_times_are_all_that_changes_when_it_is_put_in_step(archive: Path, end: str) -> None:
    text = SPANISH.replace("\n", end)
    found = translated(archive, text)
    recording = Archive(archive).recording("tones")
    assert recording.transcript is not None
    assert in_step(found.path, recording.transcript.cues) == text
    late = text.replace("00:00:02.000 --> 00:00:04.500 align:start", "00:02.250 -->00:09.000 align:start")
    assert late != text
    found.path.write_text(late, encoding="utf-8", newline="")
    assert in_step(found.path, recording.transcript.cues) == text


def test_the_shipped_translation_has_every_line_and_the_numbers_of_each() -> None:
    recording = Archive(roots.SHIPPED_ARCHIVE).recording(READING)
    (spanish,) = recording.translations
    assert recording.transcript is not None
    assert spanish.faults == ()
    assert spanish.translated_by is not None
    assert "automated tools" in spanish.translated_by
    assert spanish.reviewed_by is None
    pairs = list(zip(recording.transcript.cues, spanish.cues, strict=True))
    assert [(one.id, one.start, one.end) for one, _ in pairs] == [(two.id, two.start, two.end) for _, two in pairs]
    for original, cue in pairs:
        ours = re.sub(r"\[[^]]*\]", "", cue.text)
        assert sorted(re.findall(r"\d+", ours)) == sorted(re.findall(r"\d+", original.text)), cue.id


NAMES = (
    *(
        "McGeorge Bundy",
        "Kennedy",
        "Fidel Castro",
        "William Attwood",
        "Carlos Lechuga",
        "Peter Kornbluh",
        "Lisa Howard",
    ),
    *(
        "René Vallejo",
        "Gordon Chase",
        "Jean Daniel",
        "Mark White",
        "Alexis Johnson",
        "Vance",
        "McCone",
        "Helms",
        "Dallas",
    ),
    *("National Security Archive", "JFK Facts", "Sydney Morning Herald", "EFE", "ABC", "Special Group", "CIA"),
)


def test_the_shipped_translation_keeps_every_name() -> None:
    recording = Archive(roots.SHIPPED_ARCHIVE).recording(READING)
    assert recording.transcript is not None
    for original, cue in zip(recording.transcript.cues, recording.translations[0].cues, strict=True):
        for name in NAMES:
            assert (name in original.text) <= (name in cue.text), (cue.id, name)
