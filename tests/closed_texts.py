"""The texts of an archive in which things are closed: every key that could tell of one, with a word of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closed_plan import (
    BUOY,
    CALLED,
    DAY,
    DOCK,
    DRAFT,
    EMBARGOED,
    FORMERLY,
    HIDDEN,
    LAMP,
    LINE,
    LINES,
    PRIVATE,
    QUAY,
    SHOWN,
    SLIP,
    SLUICE,
    VOICE,
    WITHDRAWN,
    Planted,
    Way,
    rare,
    word,
)
from closed_versions import earlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def texts(each: Planted, way: Way) -> dict[str, str]:
    """Give the files of one recording."""
    private = way is Way.WITHOUT
    found = {
        "recording.toml": _record(each, way),
        "transcript.vtt": _transcript(each, is_without=private),
        "transcript.es.vtt": _translation(each, is_without=private),
        "annotations.toml": "\n".join(_notes(each, way)),
    }
    if each is WITHDRAWN:
        found["script.toml"] = _script(each)
    # What somebody has written at the desk, and not to the archive.
    found["working/ines-keeper-4a4c0a20.jsonl"] = f'{{"step": "{rare("never written yet")}"}}\n'
    return found | earlier(each, found["transcript.vtt"], way)


def _record(each: Planted, way: Way) -> str:
    name, number = each.name, [*SHOWN, *HIDDEN].index(each)
    date = f"{1840 + 10 * number}-03-02" if each.is_hidden else DAY
    others = "" if each.is_hidden else 'tags = ["tide", "rope"]\nseries = "Harbour"\n'
    if each.is_hidden or each is LAMP:
        others = (
            f'tags = ["{rare(f"{name} tag")}", "tide"]\nseries = "{rare(f"{name} series")}"\n'
            f'place = "{rare(f"{name} place")}"\nidentifier = "{rare(f"{name} identifier")} 7"\n'
            f'provenance = "It came by {rare(f"{name} provenance")}."\n'
        )
    person = f"{rare('private first')} {rare('private last')}"
    voices = [(each is LAMP or each.is_hidden) and rare(f"{name} voice"), "Keeper"]
    speakers = "".join(f'\n[[speaker]]\nname = "{voice}"\nkind = "person"\n' for voice in voices if voice)
    if each is QUAY and way is Way.WITHOUT:
        speakers += f'\n[[speaker]]\nname = "{CALLED}"\nkind = "person"\n'
    elif each is QUAY:
        called = f'display_name = "{CALLED}"\n' if way is Way.CLOSED else ""
        speakers += f'\n[[speaker]]\nname = "{VOICE}"\nkind = "person"\nperson = "{person}"\n{called}'
    pointed = None
    if each is DRAFT:
        pointed = "lamp"
    if each is WITHDRAWN:
        others = f'kind = "reading"\nresponsible_party = "{rare("withdrawn party")}"\n{others}'
    if each is SLUICE and way is not Way.WITHOUT:
        pointed = EMBARGOED.slug
    tables = ""
    if each.is_hidden or each is LAMP:
        tables = (
            f'\n[original]\ndescription = "A reel of {rare(f"{name} original")}"\n'
            f'\n[holding]\nobtained_from = "{rare(f"{name} holding")}"\n'
            f'\n[[subject]]\nlabel = "{rare(f"{name} subject")}"\n'
            f'\n[[publication]]\ntitle = "{rare(f"{name} publication")}"\n'
            f'\n[[rights]]\nobject = "recording"\nuri = "https://creativecommons.org/publicdomain/zero/1.0/"\n'
            f'basis = "{rare(f"{name} basis")}"\ncertainty = "documented"\n'
            f'\n[[unknown]]\nwhat = "{rare(f"{name} unknown")}"\nsought = "here"\nwhen = "1990"\n'
        )
    former = f'formerly = ["{FORMERLY[each.slug]}"]\n' if each.slug in FORMERLY else ""
    whose = name if each.is_hidden else f"open {each.slug}"
    source = "tidebook" if each.is_hidden else "log"
    return (
        f'title = "About {rare(f"{whose} title")}"\ndate = "{date}"\n'
        f'summary = "It tells of {rare(f"{whose} summary")}."\n'
        f'sources = ["{source}, p. 1"]\nmedia = "{each.slug}{each.sound.suffix}"\n'
        f"{_line('surrogate_for', pointed)}{former}{others}{tables}{speakers}\n"
        f"{each.closing if way is not Way.OPEN else ''}"
    )


def _transcript(each: Planted, *, is_without: bool) -> str:
    blocks = []
    for number, said in enumerate(each.said, start=1):
        voice = "Keeper"
        if each is QUAY and number in {1, 3, 5}:
            voice = CALLED if is_without else VOICE
        elif (each is LAMP or each.is_hidden) and number == 1:
            voice = rare(f"{each.name} voice")
        start = (number - 1) * LINE
        text = f"The {said} was here."
        if each is QUAY and number == 3:
            text = f"The <00:00:04.500>{said} <00:00:05.000>and {rare('quay closed timed')} <00:00:05.500>were."
        name = "" if each is QUAY else f"L{number}\n"
        source = ""
        if each is QUAY and number == 4:
            source = f"NOTE source: hushbook, {rare('quay closed locator')}\n\n"
        blocks.append(f"{source}{name}{_stamp(start)} --> {_stamp(start + LINE)}\n<v {voice}>{text}\n")
    head = "WEBVTT\nType: caption\nLanguage: en\n"
    if each is QUAY:
        # Somebody who is private has reviewed what a machine wrote.
        by = "Name withheld" if is_without else f"{rare('private first')} {rare('private last')}"
        head += f"Origin History: Made by a machine from the sound; reviewed by {by} on 2026-11-20.\n"
        head += "Local Usage Element: [Machine Transcript] hushscribe, unknown, unknown\n"
        head += f"Local Usage Element: [Reviewed] 2026-11-20, {by}\n"
        if not is_without:
            blocks[1] = f"NOTE heard: 2026-11-20, {by}\n\n{blocks[1]}"
            blocks[2] = f'NOTE variant: 1 "The": "{rare("quay closed variant")}"\n\n{blocks[2]}'
        _doubt(blocks, each.said[1], is_without=is_without)
    return f"{head}\n" + "\n".join(blocks)


def _doubt(blocks: list[str], said: str, *, is_without: bool) -> None:
    """Doubt a word of the second line, which somebody who is private reads otherwise, or reads as such a name."""
    person = f"{rare('private first')} {rare('private last')}"
    by = "" if is_without else f", {person}"
    marks = [f'doubtful: 2 "{said}"', f'variant: 2 "{said}": "{rare("open quay variant")}"{by}']
    if not is_without:
        marks += [f'variant: 2 "{said}": "{person}"', f'doubtful: 2 "{rare("private also")}"']
    blocks[1] = "".join(f"NOTE {mark}\n\n" for mark in marks) + blocks[1]


def _translation(each: Planted, *, is_without: bool) -> str:
    blocks = []
    for number in range(1, LINES + 1):
        is_plain = word(f"open {each.slug} line {number}") == each.said[number - 1]
        name = f"{each.name.removeprefix('open ')} Spanish {number}"
        voice = (CALLED if is_without else VOICE) if each is QUAY and number in {1, 3, 5} else "Keeper"
        if (each is LAMP or each.is_hidden) and number == 1:
            voice = rare(f"{each.name} voice")
        start = (number - 1) * LINE
        said = f"Aquí {rare(f'open {name}' if is_plain else name)}."
        label = "" if each is QUAY else f"L{number}\n"
        blocks.append(f"{label}{_stamp(start)} --> {_stamp(start + LINE)}\n<v {voice}>{said}\n")
    by = "Local Usage Element: [Translated by] nobody"
    return f"WEBVTT\nType: translation\nLanguage: spa\n{by}\n\n" + "\n".join(blocks)


def _notes(each: Planted, way: Way) -> Iterator[str]:
    """Give its notes: one at a line, one about the whole, and others that point at what is closed."""
    if each is BUOY:  # a fault that quotes what is written
        name = "never buoy note cue"
        yield _note("at", name, f'cue = "{rare(name)}"\n', "log", '["ada"]')
        return
    is_open = not each.is_hidden and each is not DOCK
    for kind, place in (("at", 'cue = "L2"\n' if each is not QUAY else 'cue = "c2"\n'), ("whole", "")):
        if each is SLIP and place:  # of lines that are closed
            continue
        name = f"{'open ' if is_open else ''}{each.slug if not each.is_hidden else each.name} note {kind}"
        # What only hidden recordings name, or cite, has no places then.
        people = '["ada"]' if is_open else '["ada", "cora"]'
        source = "log" if is_open else "tidebook"
        yield _note(kind, name, place, source, people)
    if each is QUAY:
        private = f'["ada", "{PRIVATE}"]' if way is not Way.WITHOUT else '["ada"]'
        yield _note("closed", "quay note closed", 'cue = "c3"\n', "hushbook", '["ada"]', has_claim=True)
        yield _note("over", "quay note over", 'start = "0:03"\nend = "0:05"\n', "hushbook", '["ada"]')
        yield _note("named", "open quay note named", 'cue = "c5"\n', "log", private)
    if each is LAMP:
        hidden = [] if way is Way.WITHOUT else [f'"{other.slug}#L1"' for other in HIDDEN]
        hidden += [] if way is Way.WITHOUT else [f'"{other.slug}#note-at"' for other in HIDDEN]
        see = ", ".join(['"wharf#L1"', '"quay#c4"', '"quay#note-over"', '"dock#note-whole"', *hidden])
        yield _note("points", "open lamp note points", 'cue = "L3"\n', "log", '["ada"]', more=f"see = [{see}]\n")
    if each.is_hidden:
        yield _note("sees", f"{each.name} note sees", 'cue = "L3"\n', "log", '["ada"]', more='see = ["lamp#L1"]\n')


def _note(
    kind: str, name: str, place: str, source: str, people: str, *, has_claim: bool = False, more: str = ""
) -> str:
    claim = (
        f'\n[[annotation.claim]]\nid = "said"\nsays = "So says {rare(f"{name} claim")}."\ncertainty = "reported"\n'
        f'sources = ["{source}"]\n'
        if has_claim
        else ""
    )
    return (
        f'[[annotation]]\nid = "{kind}"\nkind = "term"\ntitle = "On {rare(f"{name} title")}"\n'
        f'body = "It means *{rare(f"{name} body")}*."\nsources = ["{source}, p. 3"]\n'
        f"{place}people = {people}\n{more}{claim}"
    )


def _script(each: Planted) -> str:
    lines = "".join(
        f'\n[[line]]\nid = "L{number}"\nvoice = "Keeper"\ntext = "The {said} was here."\nsources = ["tidebook, p. 4"]\n'
        for number, said in enumerate(each.said, start=1)
    )
    spelling = f'"{each.said[0]}" = "{rare("never withdrawn spelling")}"'
    return f'[[voice]]\nname = "Keeper"\nflite = "rms"\n\n[say]\n{spelling}\n{lines}'


def shared(way: Way) -> dict[str, str]:
    """Give the files beside the recordings."""
    is_there = way is not Way.WITHOUT
    private = (
        f'\n[[person]]\nid = "{PRIVATE}"\nname = "{rare("private first")} {rare("private last")}"\n'
        f'also = ["{rare("private also")}"]\nrole = "{rare("private role")}"\nnote = "{rare("private note")}"\n'
        'sources = ["log"]\n'
    ) + ("private = true\n" if way is Way.CLOSED else "")
    people = "".join(
        f'\n[[person]]\nid = "{each}"\nname = "{rare(f"open {each}").capitalize()}"\n'
        'role = "keeper"\nsources = ["log"]\n'
        for each in ("ada", "cora")
    )
    sources = "".join(
        f'\n[[source]]\nid = "{each}"\nkind = "reference"\ntitle = "The {rare(f"open {each}")}"\nseen = "full"\n'
        'rights = "unknown"\n'
        for each in ("log", "tidebook", "hushbook")
    )
    hidden = [each.slug for each in HIDDEN] if is_there else []
    named = f'["ada", "{PRIVATE}"]' if is_there else '["ada"]'
    entries = _entry("near", "lamp", ["lamp#L1", "quay#c1", "quay#c3", "quay#note-closed"], named)
    for each in HIDDEN:
        there = each.slug if is_there else None
        entries += _entry(f"of-{each.name}", there, ["lamp#L2", *([f"{there}#L2"] if there else [])], '["cora"]')
    ties = "".join(_tie(f"{slug}#L2", rare(f"{each.name} tie")) for each, slug in zip(HIDDEN, hidden, strict=False))
    ties += _tie("quay#c3", rare("quay closed tie")) + _tie("quay#note-closed", rare("quay closed note tie"))
    ties += _tie("dock#note-at", rare("dock tie"))
    return {
        "people.toml": people + (private if is_there else ""),
        "sources.toml": sources,
        "chronology.toml": f'[[strand]]\nid = "years"\ntitle = "Years"\n{entries}',
        "dossiers/levels.toml": _dossier("levels", "lamp", named, _tie("lamp#L1", rare("open tie")) + ties),
        "sets/tides.toml": _set(hidden),
        "dossiers/depths.toml": _dossier("depths", hidden[0] if hidden else None, named, ""),
        "archive.toml": f'name = "{rare("open archive")}"\nfeed = true\ncontact = "keeper@example.org"\n',
    }


def _entry(name: str, recording: str | None, moments: Sequence[str], people: str) -> str:
    of = _line("recording", recording)
    return (
        f'\n[[entry]]\nid = "{name}"\nstrand = "years"\ndate = "1963"\nevent = "Then {rare(f"open entry {name}")}."\n'
        f'people = {people}\nsources = ["log"]\ncertainty = "documented"\n{of}moments = {_list(moments)}\n'
    )


def _set(hidden: Sequence[str]) -> str:
    """Give a set with a passage that is shown, and of all that is closed one."""
    moments = [(f"{slug}#L2", f"{each.name} set") for each, slug in zip(HIDDEN, hidden, strict=False)]
    moments += [
        ("quay#c3", "quay closed set"),
        ("quay#note-closed", "quay closed note set"),
        ("dock#note-at", "dock set"),
    ]
    passages = "".join(
        f'\n[[passage]]\ntitle = "The {rare(name)}"\ntext = "Hear {rare(f"{name} text")}."\nmoment = "{moment}"\n'
        for moment, name in (("lamp#L1", "open set"), *moments)
    )
    return f'title = "On {rare("open set title")}"\nsummary = "In short."\n{passages}'


def _tie(moment: str, word: str) -> str:
    return f'\n[[tie]]\nmoment = "{moment}"\ntext = "Here is {word}."\nsources = ["log"]\n'


def _dossier(name: str, recording: str | None, people: str, ties: str) -> str:
    of = _line("recording", recording)
    teller = f'person = "{PRIVATE}"\n' if PRIVATE in people else ""
    return (
        f'title = "On {rare(f"open {name} title")}"\nsummary = "In short."\ndate = "1963"\npeople = {people}\n{of}'
        f'\n[[account]]\nid = "one"\ntitle = "One"\nwho = "A keeper"\n{teller}'
        'reached_us = "whole"\nsource = "log, p. 5"\n'
        '\n[[question]]\nid = "so"\nasks = "Was it so?"\n'
        '\n[[question.answer]]\naccount = "one"\nverdict = "affirms"\nsays = "It was."\nsource = "log, p. 5"\n'
        f"{ties}"
    )


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def _line(key: str, value: str | None) -> str:
    return f'{key} = "{value}"\n' if value else ""


def _stamp(seconds: int) -> str:
    return f"00:00:{seconds:02d}.000"
