"""Visitors read who has heard a machine's words only where the name may be shown; a translation is labelled as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from machine_ferry import HEARD, KEEPER, LABEL, SLUG, UNHEARD, write_archive

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.translation import words_digest
from player.errors import NotFoundError
from player.web.app import create_app
from player.web.pages.served_words import served_transcript

if TYPE_CHECKING:
    from pathlib import Path

PAGE = f"/recordings/{SLUG}"
PRIVATE = f'[[person]]\nid = "ines"\nname = "{KEEPER}"\nrole = "keeper"\nsources = ["log"]\nprivate = true\n'
SPANISH = """\
WEBVTT
Language: es
Local Usage Element: [Transcript words SHA-256] {digest}; [Translated by] Ana

c1
00:00:00.500 --> 00:00:02.500
<v Speaker 1>El zarzal subía.

c2
00:00:02.500 --> 00:00:04.500
<v Speaker 2>Nadie lo vio.
"""


def place(archive: Path, name: str = "transcript.vtt") -> Path:
    return archive / "transcripts" / SLUG / name


def asked(archive: Path, *addresses: str) -> dict[str, str]:
    with create_app(archive).test_client() as client:
        return {address: client.get(address).text for address in addresses}


def seen(archive: Path) -> dict[str, str]:
    return asked(
        archive, PAGE, f"{PAGE}/transcript.vtt", f"{PAGE}/text", f"{PAGE}/lines/c2", "/", f"{PAGE}/cite?line=c2"
    )


@pytest.mark.parametrize("reviewed", [False, True])
def test_a_name_that_is_withheld_goes_to_no_visitor(tmp_path: Path, *, reviewed: bool) -> None:
    archive = write_archive(tmp_path / "archive", reviewed=reviewed)
    path = place(archive)
    if reviewed:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("nobody has checked it", f"reviewed by {KEEPER} on 2026-11-28"), encoding="utf-8")
    assert any(KEEPER in text for text in seen(archive).values())
    (archive / "transcripts" / "people.toml").write_text(PRIVATE, encoding="utf-8")
    for address, text in seen(archive).items():
        assert KEEPER not in text, address
        assert HEARD in text or address in {"/", f"{PAGE}/cite?line=c2"}, address
    transcript = Archive(archive, Audience.VISITORS).recording(SLUG).transcript
    assert transcript is not None
    assert [line.is_unchecked for line in transcript.lines] == [not reviewed and n != 1 for n in range(5)]
    assert (transcript.machine is not None, transcript.review is not None) == (True, reviewed)
    assert transcript.review is None or transcript.review.name == "Name withheld"


def test_where_people_cannot_be_read_nobody_is_named(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", reviewed=True)
    (archive / "transcripts" / "people.toml").write_text("[[person\n", encoding="utf-8")
    for address, text in seen(archive).items():
        assert KEEPER not in text, address


def test_a_name_that_is_not_withheld_is_given(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", reviewed=True)
    (archive / "transcripts" / "people.toml").write_text(PRIVATE.replace(KEEPER, "Tom Hale"), encoding="utf-8")
    assert asked(archive, f"{PAGE}/transcript.vtt")[f"{PAGE}/transcript.vtt"] == place(archive).read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("private", ["", PRIVATE])
def test_a_translation_of_a_machines_words_says_so(private: str, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    transcript = Archive(archive).recording(SLUG).transcript
    assert transcript is not None
    text = SPANISH.replace("{digest}", words_digest(transcript.lines))
    place(archive, "transcript.es.vtt").write_text(text, encoding="utf-8")
    (archive / "transcripts" / "people.toml").write_text(private, encoding="utf-8")
    vtt = f"{PAGE}/transcript.es.vtt"
    addresses = (vtt, PAGE, f"{PAGE}/text?language=es", f"{PAGE}/lines/c1")
    for address, said in asked(archive, *addresses).items():
        assert "zarzal" in said, address
        assert LABEL in said, address
        assert KEEPER not in said or not private, address
    assert "[Machine Transcript] faster-whisper" in asked(archive, vtt)[vtt]
    path = place(archive)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Type: caption", "Local Usage Element: [Reviewed] 2026-11-28, Tom")
    )
    if not private:
        assert asked(archive, vtt)[vtt] == text
    assert UNHEARD in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("access", ["", 'transcript = "closed"'])
def test_who_speaks_in_a_hidden_draft_is_named_to_no_visitor(access: str, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden", access=access)
    record = place(archive, "recording.toml")
    named = record.read_text(encoding="utf-8").replace(
        '"Speaker 1"\nkind = "unidentified"', '"Tom Hale"\nkind = "person"'
    )
    record.write_text(named, encoding="utf-8")
    path = place(archive)
    path.write_text(path.read_text(encoding="utf-8").replace("<v Speaker 1>", "<v Tom Hale>"), encoding="utf-8")
    addresses = (PAGE, "/", "/recordings", "/search?q=Hale", "/search?q=Speaker")
    for address, text in asked(archive, *addresses).items():
        assert "Tom Hale" not in text, address
        assert "Speaker 2" not in text, address
    visitors = Archive(archive, Audience.VISITORS)
    assert visitors.record(SLUG).speaker == visitors.recording(SLUG).speaker == ()
    assert len(Archive(archive).record(SLUG).speaker) == 2
    assert len(Archive(archive, Audience.EDITORS).record(SLUG).speaker) == (0 if access else 2)
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "Type: caption", f"Local Usage Element: [Reviewed] 2026-11-28, {KEEPER}"
        )
    )
    assert [each.name for each in visitors.record(SLUG).speaker] == ["Tom Hale", "Speaker 2"]


def test_a_draft_that_took_the_place_of_what_may_be_shown_is_not_sent(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden", reviewed=True)
    recording = Archive(archive, Audience.VISITORS).recording(SLUG)
    assert UNHEARD.encode() in served_transcript(recording)
    path = place(archive)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"[Reviewed] 2026-11-28, {KEEPER}", "[Notice] x"), encoding="utf-8")
    with pytest.raises(NotFoundError, match="was changed just now"):
        served_transcript(recording)


def test_a_file_that_names_only_its_machine_says_that_nobody_has_checked_it(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    path = place(archive)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("; nobody has checked it", ""), encoding="utf-8")
    vtt = f"{PAGE}/transcript.vtt"
    assert f"NOTE {LABEL}\n" in asked(archive, vtt)[vtt]
    path.write_text(text.replace("Type: caption", "Local Usage Element: [Reviewed] 2026-11-28, Tom"), encoding="utf-8")
    assert LABEL not in asked(archive, vtt)[vtt]
