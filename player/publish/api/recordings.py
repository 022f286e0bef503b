"""Says what the API answers of an archive and its recordings: what they are, on what terms, and where the rest is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from player.archive.machine import LABEL
from player.archive.recording import Original, Rights, Speaker
from player.index.cards import State
from player.publish.api.shapes import (
    CITATION,
    LANGUAGE,
    Shape,
    address,
    count,
    flag,
    known,
    listed,
    maybe,
    moment,
    more,
    named,
    one_of,
    record,
    text,
)
from player.publish.rights import called
from player.publish.transcripts.json_lines import notice_said
from player.publish.transcripts.notices import Notice, of_record
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.recording import Record
    from player.index.cards import Card


def _choices(of: type[Any], name: str) -> list[str | None]:
    """Give the words that a key of a file may have, and none where it may be left out."""
    found = next(each for each in of.keys if each.filled == name)
    return [*found.choices, *([] if found.required else [None])]


ARCHIVE: Final[Shape] = record(
    "What the archive says about itself, what it holds, and where that is.",
    name=text("What it is called."),
    description=known("One line about it."),
    language=LANGUAGE,
    terms=known("The terms under which it may be used as a whole, in Markdown."),
    contact=known("Where people can write to those who keep it: an address, or an e-mail address."),
    address=address("The web page of those who keep it.", may_lack=True),
    ai_training=flag("Whether those who train AI systems may use what it gives; if not, they are asked not to."),
    holds=record(
        "How many there are of each, as far as visitors may know.",
        recordings=count("Recordings, readings among them."),
        people=count("People of whom it has an entry."),
        sources=count("Sources that it rests on."),
        entries=count("Entries of its chronology."),
        dossiers=count("Rival accounts of an event, compared."),
        sets=count("Passages in an order, with words between them."),
    ),
    links=record(
        self=address("This answer."),
        html=address("The archive as a page."),
        recordings=address("Its recordings."),
        search=address("The search over everything, which takes ?q=."),
        description=address("The OpenAPI document that describes this API."),
        iiif=address("Its recordings as a IIIF collection."),
        oai=address("Where it is harvested by OAI-PMH.", may_lack=True),
        feed=address("Its feed, if it offers one.", may_lack=True),
        sitemap=address("A list of its pages."),
    ),
)
_NAMED: Final[dict[str, Shape]] = {
    "id": text("What it is called in addresses and at the command. It stays; an address with a former one leads on."),
    "title": text(),
    "date": text("When it was made, as EDTF (ISO 8601-2)."),
    "kind": one_of(
        ["recording", "reading"], "A reading is made with voices that give a script, and is not the thing itself."
    ),
    "language": LANGUAGE,
    "notices": listed(named("Notice"), "What has to be known first. Whoever shows any of it shows these with it."),
}
BRIEF: Final[Shape] = record(
    "A recording, in short.", **_NAMED, address=address("Its page."), api=address("What this API has of it.")
)
SUMMARY: Final[Shape] = record(
    "A recording as lists have it.",
    **_NAMED,
    place=known("Where it was made."),
    summary=known("What it is, in a sentence or two."),
    series=known("The archive's own series."),
    tags=listed(text(), "The archive's own words for what it is about."),
    identifier=known("Its accession number, ARK or DOI."),
    surrogate_for=known("The id of the recording that a reading stands in for."),
    state=one_of(get_args(State), "Whether there is sound, words, and whether the one was timed to the other."),
    length=moment("How long the sound lasts, in milliseconds; null where nobody knows."),
    substance=count("Where the part that matters begins, in milliseconds."),
    lines=count("How many lines its transcript has."),
    unchecked=count("How many of them a machine wrote and nobody has checked."),
    rights=listed(named("Rights"), "On what terms each part of it may be used."),
    links=record(
        self=address("What this API has of it."),
        html=address("Its page."),
        cues=address("Its lines, all of them or by time."),
        annotations=address("The archivists' notes, as Web Annotations."),
        manifest=address("The same recording for viewers of IIIF."),
    ),
)
RIGHTS: Final[Shape] = record(
    object=one_of(_choices(Rights, "object"), "What the terms are of."),
    called=text("What the terms are called."),
    uri=text("Where they can be read."),
    certainty=one_of(_choices(Rights, "certainty"), "How sure that is."),
)
SPEAKER: Final[Shape] = record(
    name=text("As the lines name the voice."),
    kind=one_of(_choices(Speaker, "kind")),
    person=known("Who it is."),
    certainty=one_of(_choices(Speaker, "certainty"), "How sure that is."),
    role=known("Their part in it."),
)
CLOSURE: Final[Shape] = record(
    "Something of it that is not shown.",
    says=text("What is not, and until when."),
    reason=known("Why."),
    times=known("When it is, of a passage."),
)
FORM: Final[Shape] = record(
    "The transcript, or a translation of it, as a file.",
    name=text("What the form is called."),
    language=LANGUAGE,
    media_type=text(),
    address=address("Where it is."),
)
RECORDING: Final[Shape] = more(
    SUMMARY,
    speakers=listed(named("Speaker"), "The voices."),
    subjects=listed(
        record(label=text("The heading."), address=known("What stands for it there.")),
        "What it is about, by lists of authorised headings.",
    ),
    original=maybe(
        record(
            "The thing itself.",
            description=text("What it is."),
            repository=known("Who keeps it."),
            collection=known("The collection that it is in."),
            identifier=known("Its number there."),
            extent=known("How long it is."),
            certainty=one_of(_choices(Original, "certainty"), "How sure this is."),
        )
    ),
    parts=listed(
        record(title=text(), start=count("In milliseconds."), end=moment("Where the next begins, or it ends.")),
        "Where it was joined from several sounds: each of them.",
    ),
    translations=listed(
        record(language=LANGUAGE, name=text(), by=known("Who translated it."), reviewed_by=known("Who reviewed that.")),
        "Into which languages its lines are translated.",
    ),
    in_step=flag("Whether its lines may follow the sound: they were timed to it."),
    readings=listed(text(), "The ids of readings that stand in for it."),
    closed=listed(named("Closure"), "What of it is not shown."),
    sound=maybe(
        record(
            "What anybody may hear of it.",
            address=address("Where it is; any part can be asked for."),
            media_type=text(),
            length=count("In milliseconds."),
        )
    ),
    why_silent=known("Why there is no sound, where there is none."),
    forms=listed(named("Form"), "Its words as files."),
    version=maybe(named("Version"), "That of its words which the citation names."),
    citation=CITATION,
)
RECORDINGS: Final[Shape] = record(
    "A page of the list of recordings.",
    total=count("How many there are, as they were asked for."),
    recordings=listed(named("Summary")),
    links=named("Pages"),
)
PAGES: Final[Shape] = record(
    "The pages of a list. Its order is the same each time.",
    self=address("This page."),
    first=address("The first page."),
    last=address("The last page."),
    prev=address("The page before it.", may_lack=True),
    next=address("The page after it.", may_lack=True),
)


@dataclass(frozen=True)
class Places:
    """Where in public the things of a recording are."""

    api: str
    page: str
    cues: str
    annotations: str
    manifest: str


@dataclass(frozen=True)
class Whole:
    """What the answer about one recording has beside what its record and its card say."""

    surrogate_for: str | None
    readings: Sequence[str]
    closed: Sequence[Mapping[str, str | None]]
    parts: Sequence[Mapping[str, Any]]
    sound: Mapping[str, Any] | None
    why_silent: str | None
    forms: Sequence[Mapping[str, str]]
    translations: Sequence[Mapping[str, str | None]]
    in_step: bool
    version: Mapping[str, Any] | None
    citation: Mapping[str, str]


def brief(found: Record, notices: Sequence[Notice]) -> dict[str, Any]:
    """Say in short what a recording is, and what has to be known first; still without its addresses."""
    return {
        "id": found.slug,
        "title": in_one_line(found.title),
        "date": found.date,
        "kind": found.kind,
        "language": found.language,
        "notices": [notice_said(each) for each in notices],
    }


def summary(found: Record, card: Card, places: Places, surrogate_for: str | None) -> dict[str, Any]:
    """Say what a recording is, as lists do; ``surrogate_for`` what it stands in for, where that may be known."""
    return {
        **brief(found, told_first(found, card.unchecked or 0)),
        "place": found.place,
        "summary": found.summary,
        "series": found.series,
        "tags": list(found.tags),
        "identifier": found.identifier,
        "surrogate_for": surrogate_for,
        "state": card.state,
        "length": card.length,
        "substance": found.substance,
        "lines": card.lines,
        "unchecked": card.unchecked or 0,
        "rights": [
            {"object": each.object, "called": called(each.uri), "uri": each.uri, "certainty": each.certainty}
            for each in found.rights
        ],
        "links": {
            "self": places.api,
            "html": places.page,
            "cues": places.cues,
            "annotations": places.annotations,
            "manifest": places.manifest,
        },
    }


def whole(found: Record, card: Card, places: Places, more: Whole) -> dict[str, Any]:
    """Say all that is told of a recording."""
    kept = found.original
    return {
        **summary(found, card, places, more.surrogate_for),
        "speakers": [
            {
                "name": each.name,
                "kind": each.kind,
                "person": each.person,
                "certainty": each.certainty,
                "role": each.role,
            }
            for each in found.speaker
        ],
        "subjects": [{"label": each.label, "address": each.address} for each in found.subject],
        "original": {
            "description": kept.description,
            "repository": kept.repository,
            "collection": kept.collection,
            "identifier": kept.identifier,
            "extent": kept.extent,
            "certainty": kept.certainty,
        }
        if kept
        else None,
        "parts": list(more.parts),
        "translations": list(more.translations),
        "in_step": more.in_step,
        "readings": list(more.readings),
        "closed": list(more.closed),
        "sound": more.sound,
        "why_silent": more.why_silent,
        "forms": list(more.forms),
        "version": more.version,
        "citation": dict(more.citation),
    }


def told_first(found: Record, unchecked: int) -> list[Notice]:
    """Give what has to be known of a recording, so many lines of which are a machine's that nobody has checked."""
    return [*of_record(found), *([_of_machine(unchecked)] if unchecked else [])]


def _of_machine(unchecked: int) -> Notice:
    said = "one line is not checked" if unchecked == 1 else f"{unchecked} lines are not checked"
    return Notice("machine", f"{said}: nobody has compared the words with the sound.", LABEL)
