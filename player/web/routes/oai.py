"""Answers ``/oai``: what other archives and libraries gather from this one, and what they are to drop again.

The protocol is OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html). It has a code for each thing
that can be wrong with a request, and a page in XML that says so; the status is 200 then, too (section 3.6).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from player.errors import NotFoundError, quoted
from player.publish import oai as written
from player.web.current import current_about
from player.web.pages.harvested import current_changes, entry, name_in
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from player.index.changes import Changes

oai = Blueprint("oai", __name__)

#: Records in one answer: each is read from its file.
MOST: Final = 100
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DAY_SECONDS: Final = 24 * 3600
_LISTING: Final = frozenset({"metadataPrefix", "from", "until", "set"})
#: What each verb may be asked with, and what it has to be.
_ARGUMENTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset({"identifier"}), frozenset()),
    "ListSets": (frozenset({"resumptionToken"}), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": (_LISTING, frozenset({"metadataPrefix"})),
    "ListRecords": (_LISTING, frozenset({"metadataPrefix"})),
}


class _RefusedError(Exception):
    """A request that cannot be answered: one of the protocol's codes, and why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class _Asked:
    """A list that is asked for: changes from ``first`` to ``last``, behind the one given, which is so many on."""

    first: int | None = None
    last: int | None = None
    after: tuple[int, str] | None = None


@oai.route("/oai", methods=["GET", "POST"])
def answer() -> Response:
    """Answer a harvester."""
    about = current_about()
    if not about.search_engines:
        raise NotFoundError("this archive asks that its pages be listed nowhere, and so nothing can be harvested")
    if not about.contact or "://" in about.contact:
        raise NotFoundError(
            "nothing can be harvested: harvesters have to be told an e-mail address, and the archive gives none"
        )
    given = request.form if request.method == "POST" else request.args
    asked: dict[str, str] = {}
    try:
        asked = _arguments(given.to_dict(flat=False))
        said = _VERBS[asked["verb"]](asked)
    except _RefusedError as refusal:
        said = written.refused(refusal.code, str(refusal))
        asked = {} if refusal.code in {"badVerb", "badArgument"} else asked
    address = public_address("oai.answer")
    response = Response(written.answer(address, asked, said, int(time.time())), mimetype="text/xml")
    # The addresses in it have the host that this client asked for, and it says when it was written.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _arguments(given: Mapping[str, list[str]]) -> dict[str, str]:
    """Read what is asked: a verb, and arguments that it has, each once."""
    if repeated := [name for name, values in given.items() if len(values) > 1]:
        code = "badVerb" if "verb" in repeated else "badArgument"
        raise _RefusedError(code, f"{quoted(repeated[0])} is given more than once")
    asked = {name: values[0] for name, values in given.items()}
    verb = asked.get("verb", "")
    if verb not in _ARGUMENTS:
        raise _RefusedError("badVerb", f"there is no verb {quoted(verb)}; there are {', '.join(_ARGUMENTS)}")
    known, needed = _ARGUMENTS[verb]
    names = asked.keys() - {"verb"}
    if "resumptionToken" in names and known == _LISTING:
        known, needed = frozenset({"resumptionToken"}), frozenset()
    if unknown := sorted(names - known):
        raise _RefusedError("badArgument", f"{verb} has no {quoted(unknown[0])} beside the others")
    if missing := sorted(needed - names):
        raise _RefusedError("badArgument", f"{verb} needs {missing[0]}")
    return asked


def _identify(_asked: Mapping[str, str]) -> Element:
    about = current_about()
    earliest = current_changes().earliest
    stated = written.Stated(
        about.name,
        public_address("oai.answer"),
        about.contact or "",
        int(time.time()) if earliest is None else earliest,
    )
    return written.identify(stated)


def _formats(asked: Mapping[str, str]) -> Element:
    if "identifier" in asked:
        _one(asked["identifier"])
    return written.formats()


def _sets(_asked: Mapping[str, str]) -> Element:
    raise _RefusedError("noSetHierarchy", "this archive is one whole, without sets")


def _record(asked: Mapping[str, str]) -> Element:
    found = _one(asked["identifier"])
    _refuse_other(asked["metadataPrefix"])
    return written.listed("GetRecord", [found])


def _one(identifier: str) -> written.Entry:
    name = name_in(identifier)
    change = None if name is None else current_changes().one(name)
    if change is None:
        raise _RefusedError("idDoesNotExist", f"there is nothing called {quoted(identifier)} here")
    return entry(change)


def _list(asked: Mapping[str, str]) -> Element:
    wanted = _resumed(asked["resumptionToken"]) if "resumptionToken" in asked else _begun(asked)
    changes = current_changes()
    found = changes.between(wanted.first, wanted.last, wanted.after, MOST + 1)
    if not found:
        if wanted.after:
            raise _RefusedError("badResumptionToken", "there is nothing more behind this token; begin anew")
        raise _RefusedError("noRecordsMatch", "nothing was changed in that time")
    shown = found[:MOST]
    more = _more(changes, wanted, (shown[-1].changed, shown[-1].name), is_last=len(found) <= MOST)
    return written.listed(asked["verb"], map(entry, shown), more)


def _more(changes: Changes, wanted: _Asked, last: tuple[int, str], *, is_last: bool) -> written.More | None:
    """Give what asks for the rest; at the end of a list in several answers, an empty token (section 3.5)."""
    if is_last and wanted.after is None:
        return None
    before = changes.count(wanted.first, wanted.last, wanted.after) if wanted.after else 0
    token = "" if is_last else _token(_Asked(wanted.first, wanted.last, last))
    return written.More(token, changes.count(wanted.first, wanted.last), before)


def _begun(asked: Mapping[str, str]) -> _Asked:
    _refuse_other(asked["metadataPrefix"])
    if "set" in asked:
        raise _RefusedError("noSetHierarchy", "this archive is one whole, without sets")
    first, last = asked.get("from"), asked.get("until")
    if first and last and len(first) != len(last):
        raise _RefusedError("badArgument", "from and until are written in two ways; give both as days or as moments")
    found = _Asked(_moment("from", first), _moment("until", last, is_end=True))
    if found.first is not None and found.last is not None and found.first > found.last:
        raise _RefusedError("badArgument", "from is later than until")
    return found


def _moment(name: str, text: str | None, *, is_end: bool = False) -> int | None:
    """Read a day or a moment into seconds since 1970; the end of a day is its last second."""
    if text is None:
        return None
    is_day = _DAY.fullmatch(text) is not None
    if not is_day and not _MOMENT.fullmatch(text):
        raise _RefusedError("badArgument", f"{name} is {quoted(text)}; write it as 2026-11-30 or 2026-11-30T02:20:00Z")
    try:
        moment = dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)
    except ValueError:
        raise _RefusedError("badArgument", f"there is no such day or time as {quoted(text)}") from None
    return int(moment.timestamp()) + (_DAY_SECONDS - 1 if is_day and is_end else 0)


def _token(asked: _Asked) -> str:
    said = json.dumps([asked.first, asked.last, *(asked.after or ())], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode()


def _resumed(token: str) -> _Asked:
    """Read a token that an answer gave."""
    try:
        first, last, moment, name = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
        str(name).encode()  # half of a character, which JSON can have, is in no index
    except (binascii.Error, ValueError, TypeError, RecursionError):
        first = last = moment = name = None
    numbers = [each for each in (first, last, moment) if each is not None]
    if not isinstance(name, str) or any(type(each) is not int or abs(each) >= 1 << 62 for each in (moment, *numbers)):
        raise _RefusedError("badResumptionToken", "this is no token that this archive gave; begin anew")
    return _Asked(first, last, (moment, name))


def _refuse_other(prefix: str) -> None:
    if prefix != written.PREFIX:
        why = f"there is no format {quoted(prefix)} here; there is {written.PREFIX}"
        raise _RefusedError("cannotDisseminateFormat", why)


_VERBS: Final[Mapping[str, Callable[[Mapping[str, str]], Element]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
