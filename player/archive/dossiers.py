"""Reads a file of ``dossiers/``: rival accounts of one event, compared question by question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.references import CERTAINTIES, Citation, Pointer
from player.archive.toml.declared import Table, declared, key, tables, tables_by
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from player.errors import Fault

SILENT: Final = "silent"
NOT_SEEN: Final = "not seen"


@declared
class Account(Table):
    """One telling of the event: whose it is, and how it reached us."""

    id: str = key("id", "its own name, for links")
    title: str = key("text", "the heading of its column, in a few words")
    who: str = key("text", "who tells it")
    person: str | None = key("person", "the teller, if people.toml has them", default=None)
    role: str | None = key("text", "the teller's part in the event", default=None)
    written: str | None = key("date", "when it was written or told", default=None)
    published: str | None = key("text", "where and when it was published", default=None)
    edited_by: str | None = key("text", "who edited it, and how", default=None)
    reached_us: str = key("text", "how the text reached us: translated, declassified, in excerpt")
    source: Citation = key("source", "the source in which it was read")
    withheld: str | None = key("text", "what has been whited out or withheld", default=None)
    note: str | None = key("Markdown", "what else a reader should know", default=None)
    certainty: str | None = key("choice", "how sure this is", choices=CERTAINTIES, default=None)


@declared
class Answer(Table):
    """What one account says to one question: in our words, and with a few of its own."""

    account: str = key("id", "which account")
    verdict: str = key(
        "choice", "its position on the question", choices=("affirms", "denies", "hedges", SILENT, NOT_SEEN)
    )
    says: str | None = key(
        "text", "what it says, in our own words; may be left out where it is silent or not seen", default=None
    )
    quotation: str | None = key("quotation", "a few of its own words", default=None)
    source: Citation | None = key("source", "where it says so; required with a quotation", default=None)
    contradicts: tuple[str, ...] = key("ids", "the accounts that say otherwise here", default=())


@declared
class Question(Table):
    """What is asked of every account, and the answers by account."""

    id: str = key("id", "its own name, for links")
    asks: str = key("text", "the question")
    note: str | None = key(
        "Markdown", "what can be concluded from the accounts together, and what cannot", default=None
    )
    answers: dict[str, Answer] = tables_by("account", Answer, "answer", default_factory=dict)


@declared
class Change(Table):
    """What changed from telling to telling."""

    title: str = key("text", "its heading")
    text: str = key("Markdown", "what changed")
    accounts: tuple[str, ...] = key("ids", "the tellings, from first to last")
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")


@declared
class Motive(Table):
    """A reason for a change, where a cited source gives one."""

    text: str = key("Markdown", "the reason")
    accounts: tuple[str, ...] = key("ids", "the accounts it is about", default=())
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")


@declared
class Aside(Table):
    """Something that belongs beside the comparison."""

    id: str = key("id", "its own name, for links")
    title: str = key("text", "its heading")
    text: str = key("Markdown", "what it says")
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")


@declared
class Tie(Table):
    """A moment of a recording that the event bears on."""

    moment: Pointer = key("moment", "the moment")
    text: str = key("Markdown", "how the event bears on it")
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")


@declared
class Dossier(Table):
    """Rival accounts of one event, compared question by question."""

    slug: str
    title: str = key("text", "its heading")
    summary: str = key("Markdown", "who gave which account, in short")
    date: str = key("date", "when it happened")
    place: str | None = key("text", "where", default=None)
    people: tuple[str, ...] = key("people", "the people involved", default=())
    citations: tuple[Citation, ...] = key("sources", "what the title and summary rest on", name="sources", default=())
    recording: str | None = key("recording", "the recording that it is about", default=None)
    accounts: dict[str, Account] = tables_by("id", Account, "account")
    questions: dict[str, Question] = tables_by("id", Question, "question")
    changes: tuple[Change, ...] = tables(Change, "change", default=())
    motives: tuple[Motive, ...] = tables(Motive, "motive", default=())
    asides: tuple[Aside, ...] = tables(Aside, "aside", unique="id", default=())
    ties: tuple[Tie, ...] = tables(Tie, "tie", default=())


def read_dossier(path: Path) -> Dossier:
    """Read one dossier; its slug is the name of the file.

    :raise ArchiveError: naming every fault: those of any TOML file, repeated ids, unknown accounts, answers that are
        missing, that say nothing, or of which it is not said where they stand.
    """
    return read_file(path, Dossier, _faults, slug=path.stem)


def _faults(dossier: Dossier) -> Iterator[Fault]:
    known = dossier.accounts
    for change in dossier.changes:
        yield from _unknown(change, "accounts", change.accounts, known)
    for motive in dossier.motives:
        yield from _unknown(motive, "accounts", motive.accounts, known)
    for question in dossier.questions.values():
        for answer in question.answers.values():
            yield from _answer_faults(answer, dossier)
        # Where an answer is by an account that is not there, that is the fault to correct first.
        for name in known if question.answers.keys() <= known.keys() else ():
            if name not in question.answers:
                what = f'the account "{name}" has no answer to this question'
                yield question.fault(None, what, f"write {SILENT} or {NOT_SEEN}")


def _answer_faults(answer: Answer, dossier: Dossier) -> Iterator[Fault]:
    name, verdict = answer.account, answer.verdict
    yield from _unknown(answer, "account", (name,), dossier.accounts)
    yield from _unknown(answer, "contradicts", answer.contradicts, dossier.accounts.keys() - {name})
    if verdict not in {SILENT, NOT_SEEN}:
        if not answer.says:
            what = f'the account "{name}" {verdict}, but "says" is missing'
            yield answer.fault(None, what, "write says = … in words of your own")
        elif not answer.quotation and not _has_locator(answer, dossier.accounts.get(name)):
            what = f'the account "{name}" {verdict}, but no place in its source is given'
            yield answer.fault("source", what, 'write source = "id, page" here, or in the account')
    elif answer.quotation:
        what = f'the account "{name}" is {verdict}, but is quoted'
        yield answer.fault("quotation", what, "correct the verdict, or remove the quotation")
    if answer.quotation and not _has_locator(answer):
        yield answer.fault("quotation", "a quotation has no locator", 'write source = "id, page" beside it')


def _has_locator(answer: Answer, account: Account | None = None) -> bool:
    """Tell whether an answer says where it stands; one without a source stands where its account does."""
    source = answer.source or (account.source if account else None)
    return source is not None and source.locator is not None


def _unknown(table: Table, key_name: str, names: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            what = f'no other account has the id "{name}"'
            yield table.fault(key_name, what, "name one of the [[account]] tables")
