"""Shows whoever is at the desk what listeners suggest for the lines of a recording, and takes or dismisses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from player.desk.refusals import DeskError
from player.desk.suggesting import dismiss, merged, waiting_for
from player.errors import PlayerError
from player.history.whereabouts import where
from player.web.routes import desk as the_desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.recording import Record
    from player.archive.suggestions import Suggestion
    from player.archive.transcript import Line

desk_suggestions = Blueprint("desk_suggestions", __name__)
desk_suggestions.before_request(the_desk.refuse_strangers)
desk_suggestions.register_error_handler(PlayerError, the_desk.refused)


@desk_suggestions.get("/recordings/<slug>/edit/suggestions")
def listed(slug: str) -> Response:
    """Give what waits, the oldest first."""
    copy = the_desk.open_desk().copy(slug, the_desk.editor().name)
    with copy.current() as progress:
        lines = {line.id: line for line in progress.lines}
        told = [_described(copy.record, each, lines) for each in waiting_for(copy.record, progress)]
    return the_desk.as_json({"suggestions": told})


@desk_suggestions.post("/recordings/<slug>/edit/suggestions/<name>")
def decide(slug: str, name: str) -> Response | tuple[Response, int]:
    """Take a suggestion into the line, which is a step as any other, or dismiss it, which is for good."""
    do = the_desk.operation()["do"]
    if do == "accept":
        return the_desk.performed(slug, {"do": "accept", "suggestion": name})
    if do != "dismiss":
        raise DeskError("It is not said what to do with it", 'Send {"do": "accept"} or {"do": "dismiss"}')
    copy = the_desk.open_desk().copy(slug, the_desk.editor().name)
    with copy.current() as progress:
        dismiss(copy.record, name, progress)
        left = len(waiting_for(copy.record, progress))
    return the_desk.as_json({"suggestions": left})


def _described(record: Record, suggestion: Suggestion, lines: dict[str, Line]) -> dict[str, Any]:
    """Describe a suggestion: ``line`` is to be taken in hand, and ``becomes`` its turns then; None where not."""
    line = lines.get(suggestion.line)
    return {
        "id": suggestion.id,
        "line": _leads_to(record, suggestion.line, lines),
        "date": suggestion.date.isoformat(timespec="seconds"),
        "seen": suggestion.seen,
        "said": suggestion.said,
        "note": suggestion.note,
        "name": suggestion.name,
        "becomes": None if line is None else _becomes(line, suggestion),
    }


def _leads_to(record: Record, name: str, lines: dict[str, Line]) -> str | None:
    """Give the line that has the words now; where none has, the first, for somebody has to see what was suggested."""
    if name in lines:
        return name
    return next((each for each in where(record, name) or () if each in lines), next(iter(lines), None))


def _becomes(line: Line, suggestion: Suggestion) -> Sequence[str] | None:
    try:
        return merged(line, suggestion)
    except DeskError:
        return None
