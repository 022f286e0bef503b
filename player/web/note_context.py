"""A note's claims, each with what it rests on, and the people, entries, dossiers and moments that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.pointers import Pointer
from player.web.prose import render
from player.web.surroundings import Link, called, moment_address, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markupsafe import Markup

    from player.archive.annotations import Annotation
    from player.archive.citations import Citation
    from player.archive.recording import Recording
    from player.web.edition import Reference
    from player.web.surroundings import Surroundings


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


def note_contexts(
    recording: Recording, around: Surroundings, refer: Callable[[tuple[Citation, ...]], tuple[Reference, ...]]
) -> dict[str, NoteContext]:
    """Give what is around each annotation of a recording, by its id.

    A contradiction is shown at both its ends, whichever of them names it.
    """
    numbered = numbers(recording)
    annotations = {annotation.id: annotation for annotation in recording.annotations}
    against: dict[Pointer, list[Pointer]] = {}
    for here, there in _contradictions(recording):
        for one, other in ((here, there), (there, here)):
            if other not in against.setdefault(one, []):
                against[one].append(other)

    def disputed(one: Pointer) -> tuple[Link, ...]:
        links = []
        for other in against.get(one, ()):
            annotation = annotations[other.to]
            anchor = f"#note-{other.to}" if other.part is None else f"#claim-{other.to}.{other.part}"
            text = "another claim of this note" if one.to == other.to else called(annotation, numbered)
            at = annotation.span.start if annotation.span else None
            links.append(Link(text, moment_address(recording.slug, at) + anchor))
        return tuple(links)

    def context(annotation: Annotation) -> NoteContext:
        claims = tuple(
            PrintedClaim(
                f"claim-{annotation.id}.{claim.id}",
                render(claim.says),
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
