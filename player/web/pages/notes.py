"""Turns an annotation into the note that a page prints: its claims, what they are based on, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import escape

from player.archive.references import Pointer
from player.checks.quotations import folded
from player.web.pages.line_places import stamp
from player.web.pages.prose import INTERFACE, quoting, render
from player.web.pages.surroundings import Link, called, moment_address, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from markupsafe import Markup

    from player.archive.annotations import Annotation
    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.web.pages.surroundings import Surroundings


# In letters, at the widths at which notes are shown: below, nothing is hidden.
_THREE_LINES: Final = 100
_ONE_LINE: Final = 36


@dataclass(frozen=True)
class Reference:
    """A citation with the source it names, as a note shows it."""

    citation: Citation
    source: Source | None

    @property
    def called(self) -> str:
        """What the source is called, in a few words."""
        return self.source.called if self.source else self.citation.source

    @property
    def address(self) -> str | None:
        """Where it can be read, where that may be linked."""
        return self.source.address if self.source and self.source.link else None


@dataclass(frozen=True)
class PrintedClaim:
    """A claim as a note prints it; ``disputed`` leads to what says otherwise."""

    id: str
    says: Markup
    certainty: str
    references: tuple[Reference, ...]
    disputed: tuple[Link, ...]


@dataclass(frozen=True)
class NoteContext:
    """What a note has within and around it."""

    claims: tuple[PrintedClaim, ...] = ()
    disputed: tuple[Link, ...] = ()
    people: tuple[Link, ...] = ()
    entries: tuple[Link, ...] = ()
    dossiers: tuple[Link, ...] = ()
    moments: tuple[Link, ...] = ()

    @property
    def ties(self) -> list[tuple[str, tuple[Link, ...]]]:
        """The links under the words that introduce them; only what there is."""
        named = (
            ("Disputed with", self.disputed),
            ("Accounts compared", self.dossiers),
            ("Chronology", self.entries),
            ("People", self.people),
            ("See also", self.moments),
        )
        return [(words, links) for words, links in named if links]


@dataclass(frozen=True)
class Note:
    """An annotation with its number on the page (None for one about the whole recording)."""

    annotation: Annotation
    number: int | None
    title: Markup
    body: Markup
    references: tuple[Reference, ...]
    context: NoteContext

    @property
    def time(self) -> str:
        """When its passage begins: ``3:12``, ``~3:12``; empty where that is not known."""
        span = self.annotation.span
        return stamp(span.start, is_approximate=self.annotation.is_approximate) if span else ""

    @property
    def is_long(self) -> bool:
        """Tell whether more than its beginning is hidden until it is opened: three lines of it, and one of sources."""
        cited = sum(len(each.called) + len(each.citation.locator or "") for each in self.references)
        said = len(self.body.striptags()) + sum(len(claim.says.striptags()) for claim in self.context.claims)
        led = max((sum(len(link.text) for link in links) for _, links in self.context.ties), default=0)
        return self.number is not None and (said > _THREE_LINES or max(cited, led) > _ONE_LINE)


def note_contexts(
    recording: Recording, around: Surroundings, refer: Callable[[tuple[Citation, ...]], tuple[Reference, ...]]
) -> dict[str, NoteContext]:
    """Give what is around each annotation of a recording, by its id.

    A contradiction is shown at both its ends, whichever of them names it.
    """
    numbered = numbers(recording)
    mark = quotation_marker(recording)
    annotations = {annotation.id: annotation for annotation in recording.annotations}
    against: dict[Pointer, list[Pointer]] = {}
    for here, there in _contradictions(recording):
        for one, other in ((here, there), (there, here)):
            if other not in against.setdefault(one, []):
                against[one].append(other)

    def disputed(one: Pointer) -> tuple[Link, ...]:
        links = []
        for other in against.get(one, ()):
            annotation = annotations.get(other.to)
            if annotation is None:  # it belongs to what is closed
                continue
            anchor = f"#note-{other.to}" if other.part is None else f"#claim-{other.to}.{other.part}"
            text = (
                "another claim of this note"
                if one.to == other.to
                else called(annotation.title, numbered.get(annotation.id))
            )
            at = annotation.span.start if annotation.span else None
            links.append(Link(text, moment_address(recording.slug, at) + anchor))
        return tuple(links)

    def context(annotation: Annotation) -> NoteContext:
        claims = tuple(
            PrintedClaim(
                f"claim-{annotation.id}.{claim.id}",
                mark(render(claim.says)),
                claim.certainty,
                refer(claim.citations),
                disputed(Pointer(annotation.id, claim.id)),
            )
            for claim in annotation.claims
        )
        return NoteContext(
            claims,
            disputed(Pointer(annotation.id)),
            around.to_people(annotation.people),
            around.to_entries(annotation.entries),
            around.to_dossiers(annotation.dossiers),
            around.to_moments(annotation.see, recording.slug),
        )

    return {annotation.id: context(annotation) for annotation in recording.annotations}


def _contradictions(recording: Recording) -> Iterator[tuple[Pointer, Pointer]]:
    for annotation in recording.annotations:
        yield from ((Pointer(annotation.id), other) for other in annotation.contradicts)
        for claim in annotation.claims:
            yield from ((Pointer(annotation.id, claim.id), other) for other in claim.contradicts)


def references(citations: tuple[Citation, ...], sources: Mapping[str, Source]) -> tuple[Reference, ...]:
    """Find the source of each citation."""
    return tuple(Reference(citation, sources.get(citation.source)) for citation in citations)


def quotation_marker(recording: Recording) -> Callable[[Markup], Markup]:
    """Give what marks, in HTML about a recording, the words that are quoted from its lines as being in its language."""
    if recording.language == INTERFACE or recording.transcript is None:
        return lambda html: html
    said = folded(" ".join(line.text for line in recording.transcript.lines))
    return lambda html: quoting(html, said, recording.language)


def notes(
    annotations: tuple[Annotation, ...],
    sources: Mapping[str, Source],
    contexts: Mapping[str, NoteContext],
    mark: Callable[[Markup], Markup],
    *,
    numbered: bool,
) -> Iterator[Note]:
    """Give annotations as a page prints them, numbered in their order if they have times."""
    for number, annotation in enumerate(annotations, start=1):
        yield Note(
            annotation,
            number if numbered else None,
            mark(escape(annotation.title)),
            mark(render(annotation.body)),
            references(annotation.citations, sources),
            contexts[annotation.id],
        )
