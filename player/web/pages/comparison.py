"""A dossier into its table: questions down, accounts across, and in each cell what the one says to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.dossiers import NOT_SEEN, SILENT
from player.web.pages.notes import references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.archive.dossiers import Account, Answer, Dossier, Question
    from player.archive.sources import Source
    from player.web.pages.notes import Reference


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
