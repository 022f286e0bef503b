"""Answers with the pages around the recordings: people, the chronology, dossiers and sources."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, render_template, request

from player.archive import dates
from player.archive.statements import Spot
from player.errors import NotFoundError, quoted
from player.web.current import current_archive, readable
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
    tape_date = _tape_date(Surroundings.of(archive))
    return render_template("people.html", people=archive.people.values(), tape_date=tape_date)


@context.get("/people/<name>")
def person(name: str) -> str:
    """Show one person, and everything that names the person."""
    archive = current_archive()
    found = _known(archive.people, name, "person")
    around = Surroundings.of(archive)
    own = Spot("person", name)
    naming = (each for each in around.statements() if each.names(found) and each.spot != own)
    return render_template(
        "person.html",
        person=found,
        role_date=found.role_date or _tape_date(around),
        note=render(found.note or ""),
        references=references(found.citations, around.sources),
        mentions=mentions(naming, around),
    )


@context.get("/chronology")
def chronology() -> str:
    """Show what happened when, strand by strand and year by year."""
    archive = current_archive()
    around = Surroundings.of(archive)
    strands = []
    for strand in archive.chronology.strands:
        entries = [print_entry(entry, around) for entry in archive.chronology.entries_of(strand)]
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
    around = Surroundings.of(archive)
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
    archive = current_archive()
    around = Surroundings.of(archive)
    places: dict[str, set[Spot]] = {}
    for statement in around.statements():
        for citation in statement.citations:
            places.setdefault(citation.source, set()).add(statement.spot)
    counts = {name: len(places.get(name, ())) for name in archive.sources}
    return render_template("sources.html", sources=archive.sources.values(), counts=counts)


@context.get("/sources/<name>")
def source(name: str) -> str:
    """Show one source, with everything that cites it and everybody whom it names."""
    archive = current_archive()
    found = _known(archive.sources, name, "source")
    around = Surroundings.of(archive)
    statements = list(around.statements())
    citing = [each for each in statements if any(citation.source == name for citation in each.citations)]
    itself = next(each for each in statements if each.spot.kind == "source" and each.spot.name == name)
    named = [person.id for person in around.people.values() if itself.names(person)]
    return render_template(
        "source.html", source=found, citing=mentions(citing, around, name), people=around.to_people(named)
    )


def _known(among: Mapping[str, _Value], name: str, noun: str) -> _Value:
    if name not in among:
        raise NotFoundError(f"no {noun} has the id {quoted(name)}")
    return among[name]


def _tape_date(around: Surroundings) -> str | None:
    """Give the date that a role belongs to where it has none of its own: that of the archive's only recorded day."""
    days = {recording.date for recording in around.recordings.values() if not recording.is_reading}
    return days.pop() if len(days) == 1 else None
