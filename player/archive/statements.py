"""An archive into its statements: everything in it that says something, where that stands, and what it rests on.

Checks go through them to see that each can be verified; pages, to list what cites a source and what names a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive import dates
from player.archive.citations import Citation
from player.archive.pointers import NOTE
from player.archive.prose import plain
from player.archive.statement import DOSSIER, ENTRY, LINE, NOTE_KIND, PERSON, RECORD, SOURCE, Spot, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.chronology import Chronology
    from player.archive.dossiers import Aside, Change, Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.script import Script
    from player.archive.sources import Source


def of_recording(recording: Recording) -> Iterator[Statement]:
    """Give what a recording's record, annotations and lines say; annotations before lines, each in order of time."""
    yield from _of_record(recording)
    yield from _of_annotations(recording)
    if recording.transcript is None:
        return
    for cue in recording.transcript.cues:
        yield Statement(
            LINE,
            cue.text,
            recording.transcript.path,
            cue.line,
            Spot("recording", recording.slug, f"cue-{cue.id}", cue.start),
            cue.citations,
            plain=(cue.text,),
            is_written=recording.is_reading,
        )


def of_script(slug: str, script: Script) -> Iterator[Statement]:
    """Give what the lines of a script say."""
    for line in script.lines:
        spot = Spot("recording", slug, f"cue-{line.id}")
        yield Statement(LINE, line.text, script.path, line.line, spot, line.citations, plain=(line.text,))


def of_people(people: Iterable[Person], path: Path) -> Iterator[Statement]:
    """Give what is said of each person."""
    for person in people:
        yield Statement(
            PERSON,
            person.name,
            path,
            person.line,
            Spot("person", person.id),
            person.citations,
            prose=_texts(person.note),
            plain=(person.name, person.role),
            people=(person.id,),
        )


def of_chronology(chronology: Chronology, path: Path) -> Iterator[Statement]:
    """Give what happened, in order of time, after what the strands say of themselves."""
    for strand in chronology.strands:
        spot = Spot("chronology", part=f"strand-{strand.id}")
        yield Statement(ENTRY, strand.title, path, strand.line, spot, prose=_texts(strand.note), plain=(strand.title,))
    for entry in chronology.entries:
        yield Statement(
            ENTRY,
            f"{dates.readable(entry.date)}: {plain(entry.event)}",
            path,
            entry.line,
            Spot("chronology", part=f"entry-{entry.id}"),
            entry.citations,
            prose=(entry.event,),
            plain=_texts(entry.time),
            people=entry.people,
        )


def of_dossier(dossier: Dossier) -> Iterator[Statement]:
    """Give what a dossier says of its event, of its accounts, and of what each answers."""

    def say(title: str, line: int | None, part: str | None, **rest: object) -> Statement:
        return Statement(DOSSIER, title, dossier.path, line, Spot("dossier", dossier.slug, part), **rest)  # type: ignore[arg-type]  # as Statement has them

    yield say(
        dossier.title,
        1,
        None,
        citations=dossier.citations,
        prose=(dossier.summary,),
        plain=(dossier.title, *_texts(dossier.place)),
        people=dossier.people,
    )
    for account in dossier.accounts.values():
        told = (account.who, account.role, account.published, account.edited_by, account.reached_us, account.withheld)
        yield say(
            account.title,
            account.line,
            f"account-{account.id}",
            citations=(account.source,),
            prose=_texts(account.note),
            plain=_texts(account.title, *told),
            people=_texts(account.person),
        )
    for question in dossier.questions.values():
        part = f"question-{question.id}"
        cited = tuple(answer.source for answer in question.answers.values() if answer.source)
        yield say(
            question.asks,
            question.line,
            part,
            grounds=cited,
            prose=_texts(question.note),
            plain=(question.asks,),
        )
        for answer in question.answers.values():
            if not (answer.says or answer.quotation or answer.source):
                continue  # a verdict alone says nothing that its account does not
            account = dossier.accounts[answer.account]
            yield say(
                f"{question.asks} {account.title}",
                answer.line,
                f"answer-{question.id}-{account.id}",
                citations=(answer.source or account.source,),
                plain=_texts(answer.says),
                quotation=answer.quotation,
            )
    titled: list[tuple[str, Change | Aside]] = [
        *((f"change-{number}", change) for number, change in enumerate(dossier.changes, start=1)),
        *((f"aside-{aside.id}", aside) for aside in dossier.asides),
    ]
    for part, each in titled:
        yield say(each.title, each.line, part, citations=each.citations, prose=(each.text,), plain=(each.title,))
    for motive in dossier.motives:
        yield say("Why", motive.line, "motives", citations=motive.citations, prose=(motive.text,))
    for tie in dossier.ties:
        yield say("Where it is heard of", tie.line, "ties", citations=tie.citations, prose=(tie.text,))


def of_sources(sources: Iterable[Source], path: Path) -> Iterator[Statement]:
    """Give what the bibliography says of each source: these may name people, and are cited by nothing."""
    for source in sources:
        made = (source.author, source.publication, source.edited_by, source.translated_by)
        said = _texts(source.called, source.title, *made, source.withheld, source.trust, source.note)
        spot = Spot("source", source.id)
        yield Statement(SOURCE, source.called, path, source.line, spot, grounds=(Citation(source.id),), plain=said)


def _of_record(recording: Recording) -> Iterator[Statement]:
    path, spot = recording.folder / "recording.toml", Spot("recording", recording.slug, "about")

    def say(key: str, citations: tuple[Citation, ...], *texts: str | None) -> Statement:
        line = recording.lines.get(key) or recording.lines.get("title")
        return Statement(RECORD, recording.title, path, line, spot, citations, plain=_texts(*texts))

    yield say("sources", recording.citations, recording.title, recording.summary, recording.provenance)
    for speaker in recording.speaker:
        yield say("speaker", recording.citations, speaker.person, speaker.identified_by)
    for unknown in recording.unknown:
        yield say("unknown", recording.citations, unknown.what, unknown.sought)
    if recording.original is not None:
        yield say("original", recording.original.citations, recording.original.description)
    for publication in recording.publication:
        yield say("publication", publication.citations, publication.title, publication.publisher, publication.note)
    for rights in recording.rights:
        yield say("rights", rights.citations, rights.basis)


def _of_annotations(recording: Recording) -> Iterator[Statement]:
    path = recording.folder / "annotations.toml"
    for annotation in recording.annotations:
        at = annotation.span.start if annotation.span else None
        spot = Spot("recording", recording.slug, f"{NOTE}{annotation.id}", at)
        yield Statement(
            NOTE_KIND,
            annotation.title,
            path,
            annotation.line,
            spot,
            annotation.citations,
            prose=_texts(annotation.body),
            plain=(annotation.title,),
            people=annotation.people,
        )
        for claim in annotation.claims:
            yield Statement(NOTE_KIND, annotation.title, path, claim.line, spot, claim.citations, prose=(claim.says,))


def _texts(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
