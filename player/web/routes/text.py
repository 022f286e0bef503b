"""Answers ``/recordings/<slug>/text?language=es`` with words, speakers and headings alone, for braille and paper."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from player.archive.languages import language
from player.web.current import current_archive, current_index, hurried
from player.web.pages.as_of import at_version, version_asked
from player.web.pages.described_words import said_of_file
from player.web.pages.found_by import found_by
from player.web.pages.machine_words import machine_words
from player.web.pages.sound import played_now
from player.web.pages.text import plain_text

text = Blueprint("text", __name__)


@text.get("/recordings/<slug>/text")
def page(slug: str) -> str:
    """Show what is said in a recording as plain text."""
    stood = version_asked(slug)
    recording = stood.recording if stood else current_archive().recording(slug)
    shown = plain_text(recording, request.args.get("language") or None, current_index().sources)
    machine = machine_words(recording.transcript)
    found = None
    if stood is None and shown.translation is None:
        with hurried():
            found = found_by(recording, played_now(recording), None, None, with_words=True)
    return render_template(
        "text.html",
        recording=recording,
        shown=shown,
        machine=machine,
        of_file=said_of_file(recording.transcript) if shown.translation is None else [],
        language=language,
        as_of=stood,
        found_by=found,
        at_version=at_version(),
    )
