"""Answers with the pages around the recordings: people, the chronology, dossiers and sources."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, render_template, request

from player.archive import dates
from player.errors import NotFoundError, quoted
from player.web.current import current_archive, current_index, readable
from player.web.pages.context import compare, print_entry
from player.web.pages.notes import references
from player.web.pages.prose import render, render_inline
from player.web.pages.surroundings import Surroundings, mentions

if TYPE_CHECKING:
    from collections.abc import Mapping


_Value = TypeVar("_Value")

context = Blueprint("context", __name__)


@context.get("/people")
def people() -> str:
    """Show who is who."""
    archive = current_archive()
    tape_date = current_index().only_day()
    return render_template("people.html", people=archive.people.values(), tape_date=tape_date)


@context.get("/people/<name>")
def person(name: str) -> str:
    """Show one person, and everything that names the person."""
    index = current_index()
    found = index.people.get(name) or _known(current_archive().people, name, "person")
    return render_template(
        "person.html",
        person=found,
        role_date=found.role_date or index.only_day(),
        note=render(found.note or ""),
        references=references(found.citations, index.sources),
        mentions=mentions(index.naming(name)),
    )


@context.get("/chronology")
def chronology() -> str:
    """Show what happened when, strand by strand and year by year."""
    archive = current_archive()
    around = Surroundings(current_index())
    disputing: dict[str, list[str]] = {}
    for entry in archive.chronology.entries:
        for other in entry.contradicts:
            disputing.setdefault(other, []).append(entry.id)
    strands = []
    for strand in archive.chronology.strands:
        entries = [print_entry(entry, disputing, around) for entry in archive.chronology.entries_of(strand)]
        years = groupby(entries, key=lambda each: each.year)
        strands.append((strand, render(strand.note or ""), [(year, list(each)) for year, each in years]))
    return render_template("chronology.html", strands=strands)


@context.get("/dossiers")
def dossiers() -> str:
    """List the dossiers, those about the earliest events first, and what is wrong with those that cannot be read."""
    archive = current_archive()
    found, faults = readable(archive.dossier, archive.dossier_slugs())
    found.sort(key=lambda dossier: dates.sort_key(dossier.date))
    return render_template("dossiers.html", dossiers=found, faults=faults, prose=render)


@context.get("/dossiers/<slug>")
def dossier(slug: str) -> str:
    """Show rival accounts of one event; ``?account=`` and ``?question=`` show one of each."""
    archive = current_archive()
    found = archive.dossier(slug)
    account = request.args.get("account") or None
    question = request.args.get("question") or None
    for chosen, among, noun in ((account, found.accounts, "account"), (question, found.questions, "question")):
        if chosen is not None and chosen not in among:
            known = ", ".join(among) or "none"
            raise NotFoundError(f"no {noun} has the id {quoted(chosen)}; this dossier has: {known}")
    around = Surroundings(current_index())
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
def sources() -> str:
    """Show the bibliography."""
    found = current_archive().sources
    cited = current_index().citations()
    counts = {name: cited.get(name, 0) for name in found}
    return render_template("sources.html", sources=found.values(), counts=counts)


@context.get("/sources/<name>")
def source(name: str) -> str:
    """Show one source, with everything that cites it and everybody whom it names."""
    index = current_index()
    found = index.sources.get(name) or _known(current_archive().sources, name, "source")
    people = Surroundings(index).to_people(index.named_in_source(name))
    return render_template("source.html", source=found, citing=mentions(index.citing(name)), people=people)


def _known(among: Mapping[str, _Value], name: str, noun: str) -> _Value:
    if name not in among:
        raise NotFoundError(f"no {noun} has the id {quoted(name)}")
    return among[name]
