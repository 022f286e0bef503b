"""What the tests of exported transcripts share: the small archive in a form, from the server and as values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.publish import citation
from player.publish.transcripts.exported import export
from player.publish.transcripts.forms import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from player.publish.transcripts.exported import Exported

ADDRESS: Final = "https://tapes.example/recordings/tones"
#: The forms that this program writes anew.
WRITTEN: Final = tuple(form for form in FORMS.values() if form.module)
#: What has to be known of a recording: a community's label, and what to expect.
TOLD: Final = """
advice = "A door is <shut> & loud."

[[label]]
name = "Attribution"
text = "Say whose tones these are."
community = "The harbour"
"""
#: What makes it a reading.
READING: Final = '\nkind = "reading"\nnotice = "Synthetic tones, not the tape."\nresponsible_party = "the keepers"\n'


def exported(archive: Path, slug: str = "tones", language: str | None = None) -> Exported:
    """Gather what visitors may have of a transcript."""
    found = Archive(archive, Audience.VISITORS)
    recording = found.recording(slug)
    translation = next((each for each in recording.translations if each.language == language), None)
    cited = citation.cite(recording, ADDRESS, dt.date(2026, 11, 29))
    return export(recording, translation, found.sources, cited)


def written(archive: Path, form: str, slug: str = "tones", language: str | None = None) -> bytes:
    """Write it in a form."""
    return FORMS[form].write(exported(archive, slug, language))


def add_to_record(archive: Path, more: str, slug: str = "tones") -> None:
    """Put keys before the first table of a record."""
    path = archive / "transcripts" / slug / "recording.toml"
    text = path.read_text(encoding="utf-8")
    head, bracket, rest = text.partition("\n[")
    path.write_text(f"{head}{more}{bracket}{rest}", encoding="utf-8")


def write_words(archive: Path, cues: str, slug: str = "tones") -> None:
    """Put another transcript there, without notes on the lines of the one before."""
    folder = archive / "transcripts" / slug
    (folder / "transcript.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    (folder / "annotations.toml").unlink(missing_ok=True)
