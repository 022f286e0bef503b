"""A file of ``dossiers/`` into rival accounts of one event, compared question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.context_keys import DOSSIER, NOT_SEEN, SILENT
from player.archive.toml.tables import Table, read_table, repeated
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from player.archive.citations import Citation
    from player.archive.pointers import Pointer


@dataclass(frozen=True)
class Account:
    """One telling of the event: whose it is, and how it came to be read here."""

    id: str
    title: str
    who: str
    reached_us: str
    source: Citation
    line: int | None
    person: str | None = None
    role: str | None = None
    written: str | None = None
    published: str | None = None
    edited_by: str | None = None
    withheld: str | None = None
    note: str | None = None
    certainty: str | None = None


@dataclass(frozen=True)
class Answer:
    """What one account says to one question: in our words, and with a few of its own."""

    account: str
    verdict: str
    line: int | None
    says: str | None = None
    quotation: str | None = None
    source: Citation | None = None
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked of every account, and the answers by account."""

    id: str
    asks: str
    answers: dict[str, Answer]
    line: int | None
    note: str | None = None


@dataclass(frozen=True)
class Change:
    """What changed from telling to telling."""

    title: str
    text: str
    accounts: tuple[str, ...]
    citations: tuple[Citation, ...]
    line: int | None


@dataclass(frozen=True)
class Motive:
    """A reason for the change that a cited source gives."""

    text: str
    citations: tuple[Citation, ...]
    line: int | None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aside:
    """What belongs beside the comparison."""

    id: str
    title: str
    text: str
    citations: tuple[Citation, ...]
    line: int | None


@dataclass(frozen=True)
class Tie:
    """A moment of a recording that the event bears on, and how."""

    moment: Pointer
    text: str
    citations: tuple[Citation, ...]
    line: int | None


@dataclass(frozen=True)
class Dossier:
    """Rival accounts of one event. ``README`` says what each key means; the parts stand in the order of the file."""

    slug: str
    path: Path
    title: str
    summary: str
    date: str
    accounts: dict[str, Account]
    questions: dict[str, Question]
    place: str | None = None
    people: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    recording: str | None = None
    changes: tuple[Change, ...] = ()
    motives: tuple[Motive, ...] = ()
    asides: tuple[Aside, ...] = ()
    ties: tuple[Tie, ...] = ()


def read_dossier(path: Path) -> Dossier:
    """Read one dossier; its slug is the name of the file.

    :raise ArchiveError: naming every fault: those of any TOML file, repeated ids, unknown accounts, answers that are
        missing, that say nothing, or of which it is not said where they stand.
    """
    table = read_table(path, DOSSIER)
    faults = list(_faults(table))
    if faults:
        raise ArchiveError(faults)
    plain = ("title", "summary", "date", "place", "people", "recording")
    return Dossier(
        slug=path.stem,
        path=path,
        citations=table.get("sources", ()),
        accounts={each.get("id"): each.build(Account, line=each.line) for each in table.get("account", ())},
        questions={each.get("id"): _question(each) for each in table.get("question", ())},
        changes=tuple(each.build(Change, line=each.line) for each in table.get("change", ())),
        motives=tuple(each.build(Motive, line=each.line) for each in table.get("motive", ())),
        asides=tuple(each.build(Aside, line=each.line) for each in table.get("aside", ())),
        ties=tuple(each.build(Tie, line=each.line) for each in table.get("tie", ())),
        **{key: table.get(key) for key in plain if table.get(key) is not None},
    )


def _question(table: Table) -> Question:
    answers = [each.build(Answer, line=each.line) for each in table.get("answer", ())]
    return Question(
        table.get("id"), table.get("asks"), {each.account: each for each in answers}, table.line, table.get("note")
    )


def _faults(table: Table) -> Iterator[Fault]:
    for name in ("account", "question", "aside"):
        yield from repeated(table.get(name, ()), "id", name)
        if name != "aside" and not table.get(name):
            yield table.fault(None, f"the dossier has no {name}", f"write one, headed [[{name}]]")
    known = {account.get("id"): account for account in table.get("account", ())}
    for name in ("change", "motive"):
        for each in table.get(name, ()):
            yield from _unknown(each, "accounts", known.keys())
    for question in table.get("question", ()):
        answers = question.get("answer", ())
        yield from repeated(answers, "account", "answer to this question is by the account that")
        for answer in answers:
            yield from _answer_faults(answer, known)
        answering = {answer.get("account") for answer in answers}
        for name in known if answering <= known.keys() else ():  # an id that is none is told by itself
            if name not in answering:
                what = f'the account "{name}" has no answer to this question'
                yield question.fault(None, what, f"write {SILENT} or {NOT_SEEN}")


def _answer_faults(answer: Table, known: Mapping[str, Table]) -> Iterator[Fault]:
    if answer.get("account") not in known:
        yield _no_account(answer, "account", answer.get("account"))
    yield from _unknown(answer, "contradicts", known.keys() - {answer.get("account")})
    if answer.get("verdict") not in {SILENT, NOT_SEEN}:
        if not answer.get("says"):
            what = f'the account "{answer.get("account")}" {answer.get("verdict")}, and nothing says what it says'
            yield answer.fault(None, what, "write says = … in words of your own")
        elif not answer.get("quotation") and not _has_locator(answer, known.get(answer.get("account"))):
            what = f'it is not said where the account "{answer.get("account")}" {answer.get("verdict")}'
            yield answer.fault("source", what, 'write source = "id, page" here, or in the account')
    elif answer.get("quotation"):
        what = f'the account "{answer.get("account")}" is {answer.get("verdict")}, and is quoted'
        yield answer.fault("quotation", what, "mend the verdict, or take the quotation away")
    if answer.get("quotation") and not _has_locator(answer):
        yield answer.fault("quotation", "a quotation has no locator", 'write source = "id, page" beside it')


def _has_locator(answer: Table, account: Table | None = None) -> bool:
    """Tell whether an answer says where it stands; one without a source stands where its account does."""
    source: Citation | None = answer.get("source") or (account.get("source") if account else None)
    return source is not None and source.locator is not None


def _unknown(table: Table, key: str, known: Collection[str]) -> Iterator[Fault]:
    for account in table.get(key, ()):
        if account not in known:
            yield _no_account(table, key, account)


def _no_account(table: Table, key: str, account: str) -> Fault:
    return table.fault(key, f'no other account has the id "{account}"', "name one of the [[account]] tables")
