"""Answers with the pages around the recordings: people, the chronology, dossiers and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, render_template, request

from player.errors import NotFoundError, quoted
from player.index import facets, lists
from player.web.current import current_archive, current_index
from player.web.pages.chronology import print_chronology
from player.web.pages.context import compare
from player.web.pages.mentions import Mentions
from player.web.pages.notes import references
from player.web.pages.prose import render, render_inline
from player.web.pages.surroundings import Surroundings, listed_address
from player.web.pages.things import things

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue


_Value = TypeVar("_Value")

context = Blueprint("context", __name__)


@context.get("/people")
def people() -> ResponseReturnValue:
    """Show who is who, a page at a time, narrowed and sorted as the address asks."""
    index = current_index()
    found = things(index, "person")
    if not found.total:
        _refuse_faulty("people")
    return (
        render_template("people.html", found=found, counts=lists.counts(index, "person"), tape_date=index.only_day()),
        *found.part.answer,
    )


@context.get("/people/<name>")
def person(name: str) -> ResponseReturnValue:
    """Show one person, and everything that names the person, a page at a time."""
    index = current_index()
    found = index.people.get(name) or _known(current_archive().people, name, "person")
    naming = Mentions.of(index, "person", name, "named")
    page = render_template(
        "person.html",
        person=found,
        role_date=found.role_date or index.only_day(),
        note=render(found.note or ""),
        references=references(found.citations, index.sources),
        listed=listed_address(index, "person", name),
        recordings=len(facets.matching(index, {"person": (name,)}) or ()),
        mentions=naming,
    )
    return page, *naming.part.answer


@context.get("/chronology")
def chronology() -> ResponseReturnValue:
    """Show what happened when, strand by strand or by date, a page at a time."""
    found = print_chronology(current_index())
    if not found.total:
        _refuse_faulty("chronology")
    return render_template("chronology.html", chronology=found), *found.part.answer


@context.get("/dossiers")
def dossiers() -> ResponseReturnValue:
    """List the dossiers, those about the earliest events first, and what is wrong with those that cannot be read."""
    index = current_index()
    found = things(index, "dossier")
    faults = lists.faults(index, "dossier") if found.part.number == found.part.last else []
    return render_template("dossiers.html", found=found, faults=faults, prose=render), *found.part.answer


@context.get("/dossiers/<slug>")
def dossier(slug: str) -> str:
    """Show rival accounts of one event; ``?account=`` and ``?question=`` show one of each."""
    archive = current_archive()
    around = Surroundings(current_index())
    found = around.shown_of(archive.dossier(slug))
    account = request.args.get("account") or None
    question = request.args.get("question") or None
    for chosen, among, noun in ((account, found.accounts, "account"), (question, found.questions, "question")):
        if chosen is not None and chosen not in among:
            known = ", ".join(among) or "none"
            raise NotFoundError(f"no {noun} has the id {quoted(chosen)}; this dossier has: {known}")
    return render_template(
        "dossier.html",
        dossier=found,
        account=account,
        question=question,
        comparison=compare(found, around.sources, account, question),
        changes=[
            (number, change)
            for number, change in enumerate(found.changes, start=1)
            if question is None and account in {None, *change.accounts}
        ],
        around=around,
        cited=lambda citations: references(citations, around.sources),
        prose=render,
        inline=render_inline,
    )


@context.get("/sources")
def sources() -> ResponseReturnValue:
    """Show the bibliography, a page at a time, narrowed and sorted as the address asks."""
    index = current_index()
    found = things(index, "source")
    if not found.total:
        _refuse_faulty("sources")
    return render_template("sources.html", found=found, counts=lists.counts(index, "source")), *found.part.answer


@context.get("/sources/<name>")
def source(name: str) -> ResponseReturnValue:
    """Show one source, with everything that cites it, a page at a time, and everybody whom it names."""
    index = current_index()
    found = index.sources.get(name) or _known(current_archive().sources, name, "source")
    citing = Mentions.of(index, "source", name, "citing")
    page = render_template(
        "source.html",
        source=found,
        listed=listed_address(index, "source", name),
        mentions=citing,
        people=Surroundings(index).to_people(index.named_in_source(name)),
    )
    return page, *citing.part.answer


def _refuse_faulty(part: str) -> None:
    """Refuse to show as empty what cannot be read.

    :raise ArchiveError: where the archive's file of people, sources or the chronology is wrong.
    """
    getattr(current_archive(), part)


def _known(among: Mapping[str, _Value], name: str, noun: str) -> _Value:
    if name not in among:
        raise NotFoundError(f"no {noun} has the id {quoted(name)}")
    return among[name]
