"""Makes what the pages around the recordings print: an entry of the chronology, and a dossier's table of accounts.

The table has questions down, accounts across, and in each cell what the one says to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import dates
from player.archive.dossiers import NOT_SEEN, SILENT
from player.archive.references import Pointer
from player.web.pages.notes import references
from player.web.pages.prose import render
from player.web.pages.surroundings import Link, moment_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from player.archive.chronology import Entry
    from player.archive.dossiers import Account, Answer, Dossier, Question
    from player.archive.sources import Source
    from player.web.pages.notes import Reference
    from player.web.pages.surroundings import Surroundings


@dataclass(frozen=True)
class PrintedEntry:
    """An entry with its words, its sources and its links."""

    entry: Entry
    event: Markup
    references: tuple[Reference, ...]
    people: tuple[Link, ...]
    #: The recording made that day and what can be heard about it.
    recordings: tuple[Link, ...]
    #: What must stand beside the way to the sound.
    notices: tuple[str, ...]
    moments: tuple[Link, ...]
    dossiers: tuple[Link, ...]
    disputed: tuple[Link, ...]

    @property
    def year(self) -> int:
        """The year under which it stands: that in which it begins, or ends where its beginning is open."""
        is_open = dates.has_open_start(self.entry.date)
        return (dates.latest if is_open else dates.earliest)(self.entry.date).year

    @property
    def precision(self) -> str:
        """How precise its date is: day, month, season or year."""
        return dates.precision(self.entry.date)


@dataclass(frozen=True)
class Cell:
    """What one account says to one question; ``disputed`` are the accounts that say otherwise."""

    account: Account
    question: Question
    answer: Answer
    reference: Reference | None
    disputed: tuple[Account, ...]

    @property
    def verdict(self) -> str:
        """How the account stands to the question, in a word or two."""
        return self.answer.verdict

    @property
    def is_quiet(self) -> bool:
        """Tell whether there is nothing to read but the verdict."""
        return self.verdict in {SILENT, NOT_SEEN} and not self.answer.says


@dataclass(frozen=True)
class Row:
    """A question with its cells, in the order of the accounts."""

    question: Question
    cells: tuple[Cell, ...]

    @property
    def telling(self) -> tuple[Cell, ...]:
        """The cells that have something to read."""
        return tuple(cell for cell in self.cells if not cell.is_quiet)

    @property
    def quiet(self) -> dict[str, list[Account]]:
        """The other accounts, by verdict."""
        found: dict[str, list[Account]] = {}
        for cell in self.cells:
            if cell.is_quiet:
                found.setdefault(cell.verdict, []).append(cell.account)
        return found


def print_entry(entry: Entry, disputing: Mapping[str, Sequence[str]], around: Surroundings) -> PrintedEntry:
    """Print an entry. ``disputing`` has for each entry those that say it is not so: it is shown at both ends."""
    against = [*entry.contradicts, *disputing.get(entry.id, ())]
    recordings = []
    notices: dict[str, None] = {}
    for card in around.recorded(entry.recording) if entry.recording else ():
        way = "The record" if not card.has_sound else "Play the synthetic reading" if card.is_reading else "Listen"
        notices.update({card.notice: None} if card.notice and card.has_sound else {})
        recordings.append((not card.has_sound, Link(f"{way}: {card.title}", moment_address(card.slug, None))))
    return PrintedEntry(
        entry,
        render(entry.event),
        references(entry.citations, around.sources),
        around.to_people(entry.people),
        tuple(link for _, link in sorted(recordings, key=lambda each: each[0])),
        tuple(notices),
        around.to_moments(entry.moments),
        around.to_dossiers([Pointer(entry.dossier)] if entry.dossier else []),
        around.to_entries(dict.fromkeys(against)),
    )


def compare(
    dossier: Dossier, sources: Mapping[str, Source], account: str | None = None, question: str | None = None
) -> list[Row]:
    """Give the rows of a dossier's table: all or that of one ``question``, with all cells or those of one ``account``.

    A contradiction is shown at both its ends, whichever of them names it.
    """
    questions = [each for each in dossier.questions.values() if question in {None, each.id}]
    accounts = [each for each in dossier.accounts.values() if account in {None, each.id}]
    return [Row(each, tuple(_cell(dossier, sources, each, teller) for teller in accounts)) for each in questions]


def _cell(dossier: Dossier, sources: Mapping[str, Source], question: Question, account: Account) -> Cell:
    answer = question.answers[account.id]
    against = {*answer.contradicts} | {
        each.account for each in question.answers.values() if account.id in each.contradicts
    }
    cited = references((answer.source,), sources) if answer.source else ()
    return Cell(
        account,
        question,
        answer,
        cited[0] if cited else None,
        tuple(each for each in dossier.accounts.values() if each.id in against),
    )
