"""Answers the desk: its page, what the lines are now, the steps that its page asks for; only where a server edits.

Whoever may edit sees all of a recording, also what is closed; so the desk asks the archive as its owner does, and no
other page of the server does.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import OrderedDict
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, render_template, request, url_for

from player.archive.annotations import ANNOTATION_KINDS
from player.archive.gate.shown import Audience
from player.archive.transcript import Cue
from player.archive.translation_names import translation_files
from player.desk.line_values import described
from player.desk.refusals import DeskError, ElsewhereError, UndecidedError
from player.desk.suggesting import in_full, waiting_for
from player.desk.taking_back import behind
from player.desk.working import WorkingCopy
from player.errors import ArchiveError, PlayerError
from player.history.telling import what, words
from player.history.whereabouts import line_history
from player.web.pages.desk import described_conflict, desk_page
from player.web.pages.sound import measured
from player.web.routes import errors
from player.web.serving.editors import EDITOR, Editor, has_token, is_from_here
from player.web.serving.telling import for_the_log, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flask import Flask

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.exchanges import Exchange
    from player.history.whereabouts import LineChange

desk = Blueprint("desk", __name__)
_log = logging.getLogger(__name__)

# Bytes of an operation: a line has a few hundred, and at most 20,000 letters, of up to four bytes each, or of six where
# JSON escapes them.
_LARGEST: Final = 125_000
# Working copies that are kept in memory: one of 20,000 lines takes 60 MB.
_KEPT: Final = 8


class Desk:
    """The archive as who edits sees it, and the working copies that are in use."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive.seen_by(Audience.OWNERS)
        self._copies: OrderedDict[tuple[str, str], WorkingCopy] = OrderedDict()
        self._lock = threading.Lock()

    def copy(self, slug: str, person: str) -> WorkingCopy:
        """Give the working copy of a person, opened once.

        :raise NotFoundError: where there is no such recording, or it has no transcript.
        """
        record = self.archive.record(slug)
        with self._lock:
            found = self._copies.get((slug, person))
        if found is None:
            opened = WorkingCopy.opened(self.archive, record, person)
            with self._lock:
                found = self._copies.setdefault((slug, person), opened)
        with self._lock:
            self._copies.move_to_end((slug, person))
            while len(self._copies) > _KEPT:
                self._copies.popitem(last=False)
        return found


def init_app(app: Flask) -> None:
    """Let ``app`` be edited at."""
    app.extensions["desk"] = Desk(app.extensions["archive"])
    app.register_blueprint(desk)


@desk.before_request
def refuse_strangers() -> tuple[Response, int] | None:
    """Refuse whoever is not known here, and whatever would change something and does not come from the desk's page."""
    editor = request.environ.get(EDITOR)
    if editor is None:
        return _told("You may not edit here", "Open the address that was printed when this server was started", 403)
    is_read = request.method in {"GET", "HEAD", "OPTIONS"}
    is_own = editor.slug == (request.view_args or {}).get("slug")
    # Lines as they are at the desk have comments, which may name anybody: who is invited hears what it plays, no more.
    if editor.role != "editor" and not (is_read and is_own and request.blueprint == "desk_sound"):
        return _told("You may hear one recording, and change none", "Open the address that you were given", 403)
    if is_read:
        return None
    if not (is_from_here(request.environ) and has_token(request.environ, editor)):
        return _told("This does not come from the desk", "Reload the page of the desk", 403)
    if request.mimetype != "application/json":
        return _told("This is not JSON", "Send it as application/json", 415)
    return None


@desk.errorhandler(PlayerError)
def refused(error: PlayerError) -> tuple[Response | str, int]:
    """Say in JSON what was refused, for a script asks; but for the page."""
    if request.endpoint == "desk.page":
        return errors.refused(error)
    if isinstance(error, DeskError):
        return _told(error.what, error.remedy, error.status)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", for_the_log(error))
    if getattr(request.environ.get(EDITOR), "role", None) == "editor":
        # Who edits keeps the archive, and may know its files; not where they are.
        told = str(error).partition("\n")[0].replace(f"{open_desk().archive.root}{os.sep}", "")
        what, _, remedy = told.partition("; ")
        return _told(what, remedy, error.status)
    return _told(error.for_visitors, "The keeper of the archive can see more in what the server prints", error.status)


@desk.get("/recordings/<slug>/edit")
def page(slug: str) -> str:
    """Show the desk."""
    sitting = editor()
    copy = open_desk().copy(slug, sitting.name)
    record = open_desk().archive.record(slug)
    shown = desk_page(record, by=sitting.name, token=sitting.token)
    return render_template("desk.html", recording=record, desk=shown, aside=copy.aside)


@desk.get("/recordings/<slug>/edit/state")
def state(slug: str) -> Response | tuple[str, int]:
    """Say what the lines are now, or with ``?since=`` what has changed; nothing where nothing has."""
    copy = open_desk().copy(slug, editor().name)
    record = open_desk().archive.record(slug)
    since = request.args.get("since")
    with copy.current():
        exchanges = copy.since(since) if since is not None else None
        if since == copy.state:
            return "", HTTPStatus.NO_CONTENT
        told = _progress_of(copy) | {
            "by": copy.person,
            "speakers": _speakers(record, copy.lines),
            "kinds": list(ANNOTATION_KINDS),
            "sources": _sources(),
            "duration": _duration(record, copy.lines),
            "conflicts": [described_conflict(each) for each in copy.conflicts],
            "trouble": copy.trouble,
            "suggestions": len(waiting_for(copy.record, copy.progress)),
        }
        if exchanges is None:
            older = _older(record)
            told["lines"] = [described(line, older.get(line.id, ())) for line in copy.lines]
        else:
            told["splices"] = _splices(exchanges, _older(record))
    return as_json(told)


@desk.get("/recordings/<slug>/edit/history/<name>")
def line_changes(slug: str, name: str) -> Response:
    """Say what became of a line in the archive, the latest first."""
    editor()
    record = open_desk().archive.record(slug)
    return as_json([_change(slug, each) for each in line_history(record, name)])


def _change(slug: str, change: LineChange) -> dict[str, Any]:
    line = change.after or change.before
    # Of one that went, the version before it still has it.
    version = change.number if change.after else change.number - 1
    shown = f"{url_for('recordings.recording', slug=slug)}?as-of={version}"
    return {
        "number": change.number,
        "date": change.date.isoformat(timespec="seconds"),
        "by": change.by,
        "how": change.how,
        "credit": list(change.credit),
        "words": [list(each) for each in words(change.before, change.after)],
        "what": what(change.before, change.after),
        "as_of": f"{shown}#cue-{line.id}" if line else shown,
    }


@desk.post("/recordings/<slug>/edit/steps")
def steps(slug: str) -> Response | tuple[Response, int]:
    """Do one operation, and say what came of it."""
    return performed(slug, operation())


def performed(slug: str, asked: Mapping[str, Any]) -> Response | tuple[Response, int]:
    """Do an operation that is asked for, and say what came of it."""
    copy = open_desk().copy(slug, editor().name)
    seen = _seen()
    try:
        done = copy.step(in_full(copy.record, asked), seen)
    except ElsewhereError as error:
        return _elsewhere(copy, seen, error)
    older = _older(open_desk().archive.record(slug))
    told = {"splices": _splices(done.exchanges, older), "select": done.select, "notes": [*done.told]}
    return as_json(_progress_of(copy) | told)


@desk.post("/recordings/<slug>/edit/write")
def write(slug: str) -> Response | tuple[Response, int]:
    """Write what was changed to the archive."""
    copy = open_desk().copy(slug, editor().name)
    seen = _seen()
    try:
        written = copy.write(seen)
    except ElsewhereError as error:
        return _elsewhere(copy, seen, error)
    except UndecidedError as error:
        told = {
            "what": error.what,
            "remedy": error.remedy,
            "conflicts": [described_conflict(each) for each in copy.conflicts],
        }
        return as_json(told), error.status
    return as_json(_progress_of(copy) | {"version": written.version, "written": written.count})


def _elsewhere(copy: WorkingCopy, seen: str | None, error: ElsewhereError) -> tuple[Response, int]:
    """Say what another window has done to a line since."""
    exchanges = copy.since(seen or "")
    told: dict[str, Any] = _progress_of(copy) | {"what": error.what, "remedy": error.remedy}
    found = next((line for line in copy.lines if line.id in error.names), None)
    told["line"] = None if found is None else described(found)
    if exchanges is None:
        told["lines"] = [described(line) for line in copy.lines]
    else:
        told["splices"] = _splices(exchanges, {})
    return as_json(told), HTTPStatus.PRECONDITION_FAILED


def _progress_of(copy: WorkingCopy) -> dict[str, Any]:
    back, again = behind(copy.record, copy.person, copy.progress)
    return {
        "back": back and asdict(back),
        "again": again and asdict(again),
        "state": copy.state,
        "unwritten": copy.unwritten,
        "can_undo": copy.can_undo,
        "can_redo": copy.can_redo,
        "saved": copy.saved,
        "aside": copy.aside,
    }


def operation() -> dict[str, Any]:
    """Read the operation that is asked for.

    :raise DeskError: where it is none.
    """
    data = request.get_data(cache=False)
    if len(data) > _LARGEST:
        raise DeskError("That is too much for one operation", "Send it in several")
    try:
        found = json.loads(data, parse_constant=_no_number)
        # Half a character can be written in JSON, and in no file.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise DeskError("That is no JSON that can be read", "Send one operation as an object") from None
    if not isinstance(found, dict) or not isinstance(found.get("do"), str):
        raise DeskError("That is no operation", 'Send an object with "do"')
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _seen() -> str | None:
    """Read the state that the page has seen."""
    tags = request.headers.get("If-Match", "").strip()
    if not tags:
        raise DeskError("It is not said which state this is to change", "Send the state in If-Match")
    return tags.removeprefix("W/").strip('"')


def _splices(exchanges: Iterable[Exchange], older: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {
            "after": each.after,
            "old": [line.id for line in each.old],
            "new": [described(line, older.get(line.id, ())) for line in each.new],
        }
        for each in exchanges
    ]


def _older(record: Record) -> dict[str, list[str]]:
    """Give the languages whose translations are of former words, by the identifiers of the lines."""
    found: dict[str, list[str]] = {}
    if not translation_files(record.folder):
        return found  # the working copy has the transcript: to read 20,000 lines once more takes half a second
    for translation in open_desk().archive.recording(record.slug).translations:
        for name in translation.older:
            found.setdefault(name, []).append(translation.language)
    return found


def _speakers(record: Record, lines: Sequence[Line]) -> list[dict[str, str]]:
    """Give the voices of the record, and those that only lines name, in the order in which keys choose them."""
    names = [speaker.name for speaker in record.speaker]
    names += [turn.speaker for line in lines for turn in line.turns if turn.speaker]
    return [{"name": name, "label": name} for name in dict.fromkeys(names)]


def _sources() -> list[dict[str, str]] | None:
    try:
        return [{"id": name, "title": source.title} for name, source in open_desk().archive.sources.items()]
    except ArchiveError as error:
        tell(_log, error)
        return None


def _duration(record: Record, lines: Sequence[Line]) -> int | None:
    if (length := measured(record).length) is not None:
        return length
    return max((line.end for line in lines if isinstance(line, Cue)), default=None)


def editor() -> Editor:
    """Give who asks."""
    found: Editor = request.environ[EDITOR]
    return found


def open_desk() -> Desk:
    """Give the desk of the application."""
    found: Desk = current_app.extensions["desk"]
    return found


def as_json(told: object) -> Response:
    """Answer with JSON."""
    return Response(json.dumps(told, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")


def _told(what: str, remedy: str, status: int) -> tuple[Response, int]:
    return as_json({"what": what, "remedy": remedy}), status
