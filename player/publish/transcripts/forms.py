"""Lists the forms in which a transcript can be had, what each is for, and the module that writes it."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

from player.errors import PlayerError

if TYPE_CHECKING:
    from player.publish.transcripts.exported import Exported


class ExportError(PlayerError):
    """A transcript cannot be had in the form that is asked for, or not at all."""

    status = 404


class LeftOutError(ExportError):
    """A recording has no transcript that may be handed on."""


class _Writer(Protocol):
    """What a module of this folder has that writes a form."""

    def write(self, exported: Exported) -> bytes:
        """Write a transcript."""


@dataclass(frozen=True)
class Form:
    """A form: its ``name`` at the command, how its files end, its media type, what it is called, and what it is for.

    Without a ``module`` it is the archive's own file, or what is shown of it. ``needs`` is the module of another
    program, ``extra`` what brings it.
    """

    name: str
    ending: str
    media_type: str
    called: str
    use: str
    module: str | None = None
    needs: str | None = None
    extra: str | None = None

    @property
    def is_there(self) -> bool:
        """Tell whether it can be written here."""
        return self.needs is None or importlib.util.find_spec(self.needs) is not None

    def write(self, exported: Exported) -> bytes:
        """Write a transcript in this form.

        :raise ExportError: where a program that it needs is not there.
        """
        if not self.is_there:
            raise ExportError(
                f"{self.called} cannot be written here: {self.needs} is missing; install it with pip install "
                f"'tape-player[{self.extra}]'",
                visitors=f"This server does not write {self.called}. Take the transcript in another form.",
            )
        return self.load().write(exported)

    def load(self) -> _Writer:
        """Import the module that writes it, and the other program's, which it would import itself."""
        if self.needs is not None:
            importlib.import_module(self.needs)
        return cast("_Writer", importlib.import_module(f"player.publish.transcripts.{self.module}"))


#: The archive's own file, with more in its header (``player.publish.transcripts.fadgi``).
FADGI: Final = Form(
    "fadgi",
    "fadgi.vtt",
    "text/vtt",
    "WebVTT with FADGI elements",
    "for libraries, with what is known of the file in it",
)
_FORMS: Final = (
    Form("vtt", "vtt", "text/vtt", "WebVTT", "for players and archives, as the transcript is kept"),
    Form("srt", "srt", "application/x-subrip", "SubRip", "for captions in editors and players of video", "subrip"),
    Form("txt", "txt", "text/plain", "plain text", "for reading, searching and braille", "plain_text"),
    Form(
        *("docx", "docx"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        *("Word", "for quoting and paper, with the source of each passage", "word", "docx", "docx"),
    ),
    Form("md", "md", "text/markdown", "Markdown", "for notes and web pages, with sources as footnotes", "markdown"),
    Form("csv", "csv", "text/csv", "CSV", "for spreadsheets and research, a line a row with its source", "table"),
    Form("json", "json", "application/json", "JSON", "for programs, with all that is known of each line", "json_lines"),
    Form("podcast", "podcast.json", "application/json", "podcast JSON", "for apps that play podcasts", "podcast"),
    FADGI,
    Form("ohms", "ohms.xml", "application/xml", "OHMS", "for its viewer, with notes as footnotes and an index", "ohms"),
    Form("tei", "tei.xml", "application/tei+xml", "TEI", "for editions and corpora, with a timeline and notes", "tei"),
)
#: A book that is read and heard at once, which has the sound too (``player.publish.book``).
BOOK: Final = Form("epub", "epub", "application/epub+zip", "EPUB", "for reading and hearing in step, and for braille")
#: The forms by their names, and by how their files end.
FORMS: Final = {form.name: form for form in _FORMS}
BY_ENDING: Final = {form.ending: form for form in _FORMS}
