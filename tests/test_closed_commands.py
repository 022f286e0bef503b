"""What each command does with what is closed: owners are shown it, marked; what is to be handed on has none of it.

The commands come from the program's own list. One that is new fails a test until it says here what is expected of it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from closed_archive import rewrite, secrets, write_archive
from closed_asking import Client, some_addresses, walk
from closed_leaks import all_found
from closed_looking import held_in, is_sound, probes, sounds, tones_in, words_in
from closed_plan import (
    BROKEN,
    BUOY,
    DRAFT,
    EMBARGOED,
    LAMP,
    MOLE,
    PIER,
    PRIVATE,
    QUAY,
    REEF,
    SLIP,
    TONES,
    WITHDRAWN,
    Way,
    rare,
)
from signing import signing

from player.cli import main
from player.publish.transcripts.forms import FORMS
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import click
    from click.testing import Result

LONG: Final = pytest.mark.long
SAMPLED: Final = pytest.mark.sampled


@dataclass(frozen=True)
class Owners:
    """A command that shows those who own the files what is closed: the words, and the marks beside them."""

    words: tuple[str, ...]
    shows: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandedOn:
    """A command whose work goes to others: nothing closed is in what it says or makes.

    ``makes`` says whether it makes a sound, and where it does not, the exit code is 1, unless it ``writes`` words, or
    ``prints`` them. What was ``said`` on the command line may be said again.
    """

    words: tuple[str, ...]
    makes: bool
    said: tuple[str, ...] = ()
    writes: bool = False
    prints: bool = False
    #: Ends of the names of files that it is to make, so that they are looked into.
    names: tuple[str, ...] = ()
    #: What it exits with where it writes: 1 where it goes on past a recording that cannot be read.
    code: int = 0


@dataclass(frozen=True)
class Own:
    """A command that shows nothing of what the archive holds, or only to those who own it; ``why`` says which."""

    why: str


Expected = Owners | HandedOn | Own

_OUT: Final = "{out}"
# What is in a copy of the site for frames, for apps, for readers and for its search.
_IN_COPY: Final = ("/embed/index.html", "/chapters.json", "/recording.epub", "/beside/0.json", "/all.json")
_CSL: Final = f"{_OUT}/all.csl"
SIGN: Final = ("--sign", f"{_OUT}/signing/certificate.pem", "--key", f"{_OUT}/signing/key.pem")
# The notes of a recording, as they are handed on.
_NOTES: Final = (("annotations",), ("--export", f"{_OUT}/notes.json", "--address", "https://example.org/tapes"))
_REFUSED: Final = (
    ("clip", QUAY.slug, "--from", "4", "--to", "6"),
    ("clip", QUAY.slug, "--from", "3", "--to", "5"),
    ("clip", QUAY.slug, "--from", "0", "--to", "12"),
    ("clip", QUAY.slug, "--cue", "c3", *SIGN, "--with-words"),
    ("clip", QUAY.slug, "--cue", "c3"),
    ("clip", QUAY.slug, "--cue", "c2..c3"),
    ("clip", QUAY.slug, "--annotation", "closed"),
    ("clip", QUAY.slug, "--annotation", "over"),
    ("clip", QUAY.slug, "--quote", "{quay closed line}"),
    ("clip", QUAY.slug, "--match", "{quay closed timed}"),
    ("clip", PIER.slug, "--from", "2", "--to", "3"),
    ("clip", PIER.slug, "--from", "10", "--to", "11"),
    ("clip", REEF.slug, "--from", "9", "--to", "10"),
    ("clip", MOLE.slug, "--from", "0", "--to", "2"),
    ("clip", BUOY.slug, "--from", "0", "--to", "2"),
    *(("clip", each.slug, "--from", "0", "--to", "2") for each in (DRAFT, EMBARGOED, WITHDRAWN, BROKEN)),
    *(("clips", each.slug, "--all-annotations") for each in (DRAFT, EMBARGOED, WITHDRAWN, BROKEN)),
)
_MADE: Final = (
    ("clip", QUAY.slug, "--from", "0", "--to", "4"),
    ("clip", QUAY.slug, "--cue", "c5"),
    ("clip", QUAY.slug, "--annotation", "named"),
    ("clip", SLIP.slug, "--from", "0", "--to", "4"),
    # Its sound is open: owners may look for words to say where, which do not go with it.
    ("clip", SLIP.slug, "--quote", "{slip line 2}"),
    ("clip", LAMP.slug, "--annotation", "points"),
    ("clip", PIER.slug, "--from", "6", "--to", "10"),
    ("clip", QUAY.slug, "--cue", "c5", *SIGN, "--with-words"),
    ("clip", SLIP.slug, "--from", "0", "--to", "4", *SIGN, "--with-words"),
    ("clip", PIER.slug, "--from", "6", "--to", "8", "--format", "copy"),
    ("clips", LAMP.slug, "--all-annotations"),
)
#: What is expected of each command: a new one has to be here.
COMMANDS: Final[Mapping[str, Sequence[Expected]]] = {
    "access": (HandedOn(("access", "--all", "--outlines"), makes=True),),
    "add": (Own("makes a recording of what it is given, a draft; of others it says which holds the same sound"),),
    "align": (Own("writes times into the archive's own files, and names the lines that have none"),),
    "annotations": (
        Owners(("annotations", QUAY.slug), ("quay note closed title", "quay note over title"), ("closed until 2041",)),
        Owners(("annotations", DRAFT.slug), ("draft note at title",), ("draft",)),
        Owners(("annotations", EMBARGOED.slug), ("embargoed note at title",), ("closed until 2051",)),
        Own("with --export writes the table in which owners change their notes; it comes back into the archive"),
        *(
            HandedOn((*_NOTES[0], each.slug, *_NOTES[1]), makes=False, writes=each in (QUAY, PIER, LAMP))
            for each in (QUAY, PIER, LAMP, DRAFT, EMBARGOED, WITHDRAWN, BROKEN)
        ),
    ),
    "bag": (
        Own("puts all files of those who own them into a bag, which says that it is not for the public"),
        HandedOn(("bag", f"{_OUT}/bag", "--public"), makes=True),
    ),
    "bind": (Own("writes into the archive's own files, and says which"),),
    "check": (Own("tells those who own the files what is wrong in them"),),
    "cite": (
        *(
            HandedOn(("cite", each.slug, *style), makes=False, prints=True)
            for each in (QUAY, PIER, LAMP, SLIP, MOLE)
            for style in ((), ("--style", "csl-json"), ("--csl", _CSL))
        ),
        HandedOn(("cite", QUAY.slug, "--from", "4", "--to", "8"), makes=False, prints=True),
        HandedOn(("cite", QUAY.slug, "--cue", "c5"), makes=False, prints=True),
        HandedOn(("cite", QUAY.slug, "--cue", "c3"), makes=False),
        HandedOn(("cite", SLIP.slug, "--cue", "c2"), makes=False),
        *(HandedOn(("cite", each.slug), makes=False) for each in (DRAFT, EMBARGOED, WITHDRAWN, BROKEN)),
    ),
    "clip": tuple(
        HandedOn((*words, "-o", f"{_OUT}/clip.{'mp3' if 'copy' in words else 'wav'}"), makes=words in _MADE)
        for words in (*_REFUSED, *_MADE)
        if words[0] == "clip"
    ),
    "clips": (
        *(HandedOn((*words, "-o", _OUT), makes=words in _MADE) for words in (*_REFUSED, *_MADE) if words[0] == "clips"),
        HandedOn(("clips", "--search", "{quay closed line}", "-o", _OUT), makes=False),
        HandedOn(("clips", "--search", "{draft line 2}", "-o", _OUT), makes=False),
        HandedOn(("clips", "--search", "{private last}", "-o", _OUT), makes=False),
        HandedOn(("clips", "--search", "{quay closed line}", "--dry-run", "-o", _OUT), makes=False),
        HandedOn(("clips", "--search", "here", "-o", _OUT), makes=True),
        HandedOn(("clips", "--search", "here", "--join", "-o", f"{_OUT}/joined.wav"), makes=True),
        HandedOn(
            ("clips", "--search", "here", "--join", "-o", f"{_OUT}/signed.wav", *SIGN, "--with-words"), makes=True
        ),
        # An edit list has words, and no sound.
        HandedOn(("clips", "--search", "here", "--edl", f"{_OUT}/cut.edl"), makes=False),
        HandedOn(("clips", "--search", "{quay closed line}", "--edl", f"{_OUT}/cut.edl"), makes=False),
    ),
    "closed": (
        Owners(
            ("closed",),
            ("draft slug", "embargoed slug", "withdrawn slug", "never quay decided", "never embargoed decided"),
            ("2041", "2051", "draft"),
        ),
    ),
    "credentials new": (Own("makes a certificate and a key, and reads no archive"),),
    "export": (
        *(
            HandedOn(("export", each.slug, "--to", form, "-o", f"{_OUT}/{each.slug}.{form}"), makes=False, writes=True)
            for each in (QUAY, PIER, LAMP)
            for form in FORMS
        ),
        *(
            HandedOn(("export", each.slug, "--to", "epub", "-o", f"{_OUT}/{each.slug}.epub"), makes=True, writes=True)
            for each in (QUAY, PIER, LAMP)
        ),
        *(
            HandedOn(("export", each.slug, "--language", "es", "--to", form, "-o", _OUT), makes=False, writes=True)
            for each in (QUAY, PIER)
            for form in FORMS
        ),
        *(
            HandedOn(("export", each.slug, "--to", "json", "-o", f"{_OUT}/words.json"), makes=False)
            for each in (SLIP, DRAFT, EMBARGOED, WITHDRAWN, BROKEN)
        ),
        HandedOn(("export", "--all", "--to", "txt", "-o", _OUT), makes=False, writes=True, code=1),
        HandedOn(("export", "--site", f"{_OUT}/site"), makes=True, names=_IN_COPY),
        HandedOn(
            ("export", "--site", f"{_OUT}/placed", "--address", "https://example.org/tapes"),
            makes=True,
            names=(*_IN_COPY, "/oembed.json", "/card.png", "/sitemap.xml", "/manifest.json", "/annotations.json"),
        ),
    ),
    "fixity": (Own("names the files of those who own them, and says which have changed"),),
    "history": (
        Own("tells those who own the files who changed a transcript; visitors read versions through the gate"),
    ),
    "index": (Own("counts what was read"),),
    "invite": (Own("gives one person a link, which the public server goes by: test_invitations.py"),),
    "init": (Own("makes an archive in which nothing is yet"),),
    "import": (Own("brings words into the archive’s own files, and says what was done with them"),),
    "join": (Own("makes the archive's own sound from its own parts, and says how long it is"),),
    "list": (
        Owners(
            ("list",),
            ("draft title", "embargoed title", "withdrawn title"),
            ("draft", "closed until 2051", "withdrawn", "closed in part", "sound closed until June 2041", "on request"),
        ),
    ),
    "publish": (Own("opens what it names: test_a_draft_that_is_published_is_found"),),
    "reading": (HandedOn(("reading", WITHDRAWN.slug, "--force"), makes=False),),
    "records": (Own("writes the table in which owners change their records; it comes back into the archive"),),
    "remove": (Own("lists the files that those who own them remove, and what points at them"),),
    "rename": (Own("lists the files that those who own them move, and what points at them"),),
    "reviewed": (Own("says of lines, by their identifiers, who has heard them; shows no words"),),
    "set new": (Own("begins a file in which owners name passages; visitors see it through the gate"),),
    "search": (
        Owners(("search", "{quay closed line}"), ("quay closed line",), ("closed until 2041",)),
        Owners(("search", "{draft line 2}"), ("draft line 2",), ("draft",)),
        Owners(("search", "{embargoed line 2}", "--json"), ("embargoed line 2",), ("closed until 2051",)),
        Owners(("search", "{slip line 2}"), ("slip line 2",), ("on request",)),
        Owners(("search", "{private last}"), ("private last",), ()),
        HandedOn(("search", "{quay closed line}", "--csv", f"{_OUT}/found.csv"), makes=False),
        HandedOn(("search", "{draft line 2}", "--csv", f"{_OUT}/found.csv"), makes=False),
        HandedOn(("search", "{private last}", "--csv", f"{_OUT}/found.csv"), makes=False),
        HandedOn(("search", "here", "--csv", f"{_OUT}/found.csv"), makes=False, writes=True),
        HandedOn(("search", "{quay closed line}", "--clips", _OUT), makes=False, said=("quay closed line",)),
        HandedOn(("search", "{draft line 2}", "--clips", _OUT), makes=False, said=("draft line 2",)),
        HandedOn(("search", "here", "--clips", _OUT), makes=True),
    ),
    "serve": (Own("test_closed_walk.py asks it at every address"),),
    "transcribe": (Own("writes words into the archive's own files, as a draft, and says how many"),),
    "verify": (Own("compares a clip with the recording that its sidecar names, and says whether they differ"),),
    "voices": (
        Owners(("voices", QUAY.slug), ("quay closed line",), ("closed until 2041",)),
        Owners(("voices", DRAFT.slug, "--json"), ("draft line 2", "draft voice"), ('"draft"',)),
    ),
    "withdraw": (Own("closes what it names: test_what_is_withdrawn_is_gone"),),
}


@dataclass
class Ran:
    """A command that has run: what it said, and the files that it made, in an archive of its own."""

    result: Result
    out: Path
    archive: Path
    before: set[Path] = field(default_factory=set)

    @property
    def made(self) -> Iterator[Path]:
        yield from (path for path in sorted(self.out.rglob("*")) if path.is_file())
        yield from (path for path in sorted(self.archive.rglob("*")) if path.is_file() and path not in self.before)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("closed") / "archive", Way.CLOSED)


@pytest.fixture
def closed(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(written, tmp_path / "closed")


def run(archive: Path, out: Path, words: Sequence[str]) -> Ran:
    """Run a command; ``{a name}`` in its words is the word that is planted under the name, and ``{out}`` a folder."""
    out.mkdir(exist_ok=True)
    if "--sign" in words:
        signing(out / "signing")
    if _CSL in words:
        (out / "all.csl").write_text(style_of_all(), encoding="utf-8")
    before = {path for path in archive.rglob("*") if path.is_file()}
    filled = [_filled(word, out) for word in words]
    result = CliRunner().invoke(main, [*filled, "--archive", str(archive)])
    return Ran(result, out, archive, before)


def style_of_all() -> str:
    """Give a style that writes whatever it is told of a recording."""
    told = ("title", "archive", "archive_collection", "archive_location", "number", "event-place", "note", "URL")
    texts = "".join(f'<text variable="{each}" suffix=" "/>' for each in told)
    return (
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>All</title><id>all</id>'
        f"<updated>2026-11-30T00:00:00+00:00</updated></info><citation><layout>{texts}</layout></citation></style>"
    )


def _filled(word: str, out: Path) -> str:
    if word.startswith(_OUT):
        return word.replace(_OUT, str(out))
    return rare(word[1:-1]) if word.startswith("{") else word


def closed_in(ran: Ran, said: Sequence[str], held: Mapping[str, list[bytes]]) -> list[str]:
    """Give what is closed in what a command said and made; slugs that were named may be named again."""
    spoken = {name for name in words_in(ran.result.output.encode()) & secrets().keys() if not name.endswith(" slug")}
    found = [f"said: {name}" for name in sorted(spoken - set(said))]
    for path in ran.made:
        data = path.read_bytes()
        names = (words_in(data) | words_in(path.name.encode())) & secrets().keys()
        for sound in sounds("", data):
            names |= (tones_in(sound) & TONES.keys()) | held_in(sound, held)
        found += [f"{path.name}: {name}" for name in sorted(names)]
    return found


def commands_of(group: click.Command, before: str = "") -> Iterator[str]:
    """Give the commands of a group, and those of groups in it."""
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_of_every_command_it_is_said_what_it_does_with_what_is_closed() -> None:
    assert set(commands_of(main)) - COMMANDS.keys() == set()


@LONG
@pytest.mark.parametrize("name", [name for name in COMMANDS if name in set(commands_of(main))])
def test_a_command_does_with_what_is_closed_as_is_said(name: str, closed: Path, tmp_path: Path) -> None:
    held = probes(closed)
    wrong = []
    for number, expected in enumerate(COMMANDS[name]):
        if isinstance(expected, Own):
            continue
        ran = run(closed, tmp_path / f"out-{number}", expected.words)
        told = f"player {' '.join(expected.words)}: exit code {ran.result.exit_code}"
        if ran.result.exit_code not in {0, 1}:
            wrong.append(f"{told}: {ran.result.output}{ran.result.exception!r}")
        if isinstance(expected, Owners):
            found = words_in(ran.result.output.encode())
            wrong += [f"{told}: {each} is not shown" for each in expected.shows if each not in found]
            wrong += [f"{told}: no mark says {mark!r}" for mark in expected.marks if mark not in ran.result.output]
            continue
        wrong += [f"{told}: {found}" for found in closed_in(ran, expected.said, held)]
        sounding = [path for path in ran.made if any(True for _ in sounds("", path.read_bytes()))]
        if bool(sounding) != expected.makes:
            wrong.append(f"{told}: {len(sounding)} sounds were made: {ran.result.output}")
        there = [str(path) for path in ran.made]
        wrong += [f"{told}: no {end}" for end in expected.names if not any(name.endswith(end) for name in there)]
        if expected.writes and (ran.result.exit_code != expected.code or not list(ran.made)):
            wrong.append(f"{told}: nothing was written: {ran.result.output}")
        if expected.prints and (ran.result.exit_code or not ran.result.stdout):
            wrong.append(f"{told}: nothing was printed: {ran.result.output}")
        if not (expected.makes or expected.writes or expected.prints) and ran.result.exit_code != 1:
            wrong.append(f"{told}: it was not refused: {ran.result.output}")
    assert wrong == []


@LONG
def test_the_same_commands_find_it_where_it_is_open(closed: Path, tmp_path: Path) -> None:
    """What is looked for in what is handed on is found there, where nothing is closed."""
    rewrite(closed, Way.OPEN)
    found: set[str] = set()
    for number, words in enumerate(words for words in _REFUSED if words[0] == "clip"):
        ran = run(closed, tmp_path / f"out-{number}", (*words, "-o", f"{_OUT}/clip.wav"))
        assert ran.result.exit_code == 0, (words, ran.result.output)
        for path in ran.made:
            data = path.read_bytes()
            found |= words_in(data) | (tones_in(data) if is_sound("", data) else set())
    assert found >= {*TONES, "quay closed line", "quay closed timed", "draft title", "private voice"}


@LONG
def test_what_is_closed_can_be_cut_for_the_archives_own_use_and_says_so(closed: Path, tmp_path: Path) -> None:
    for number, words in enumerate((_REFUSED[0], ("clip", MOLE.slug, "--from", "0", "--to", "2"))):
        asked = (*words, "--include-closed", "-o", f"{_OUT}/clip.wav")
        ran = run(closed, tmp_path / f"out-{number}", asked)
        assert ran.result.exit_code == 0, ran.result.output
        made = {path.suffix: path.read_bytes() for path in ran.made}
        assert tones_in(made[".wav"]) & TONES.keys()
        assert b"closed" in made[".json"]
        assert b"closed" in made[".wav"]


@pytest.mark.long
def test_private_people_are_no_word_of_what_is_handed_on(closed: Path, tmp_path: Path) -> None:
    ran = run(closed, tmp_path / "out", ("clip", QUAY.slug, "--cue", "c5", "-o", f"{_OUT}/clip.wav"))
    assert ran.result.exit_code == 0, ran.result.output
    assert closed_in(ran, (), {}) == []
    said = b"".join(path.read_bytes() for path in ran.made)
    assert rare("open speaker called").encode() in said
    assert PRIVATE.encode() not in said


@SAMPLED
@LONG
def test_a_draft_that_is_published_is_found(closed: Path, tmp_path: Path) -> None:
    names = {name for name in secrets() if name.startswith("draft ")} - {"draft file"}
    assert found_within(closed) & names == set()
    ran = run(closed, tmp_path / "out", ("publish", DRAFT.slug))
    assert ran.result.exit_code == 0, ran.result.output
    assert names - found_within(closed) == set()


@SAMPLED
@LONG
def test_what_is_withdrawn_is_gone(closed: Path, tmp_path: Path) -> None:
    """From every address, and from the bytes of all that is kept in the cache."""
    rewrite(closed, Way.OPEN)
    run(closed, tmp_path / "out", ("access", DRAFT.slug))
    names = {name for name in secrets() if name.startswith("draft ")}
    assert names - found_within(closed) == set()
    ran = run(closed, tmp_path / "out", ("withdraw", DRAFT.slug, "--reason", rare("open reason")))
    assert ran.result.exit_code == 0, ran.result.output
    # What a dossier says of it goes when the index looks, and by its slug others point at it.
    assert kept_of(tmp_path / "cache") & {*names, "draft sound"} - {"draft slug", "draft tie"} == set()
    assert found_within(closed) & {*names, "draft sound"} == set()
    assert kept_of(tmp_path / "cache") & {*names, "draft sound"} - {"draft slug"} == set()


def kept_of(cache: Path) -> set[str]:
    """Give the names of all that stands in the files of a cache, or is heard in them."""
    found: set[str] = set()
    for path in sorted(cache.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        found |= words_in(data) | (tones_in(data) if is_sound("", data) else set())
    return found


def found_within(archive: Path) -> set[str]:
    """Ask a new application at all addresses of the draft and some of all others; give the names of what comes.

    What is in what is asked is left out.
    """
    app = create_app(archive)
    app.extensions["index"].look()
    asking = [each for each in some_addresses(app.url_map, whole={DRAFT.slug}) if each.endpoint != "clips.send"]
    answers = walk(Client(within=app.test_client()), app.url_map, asking, in_all_ways=False, follows=False)
    return all_found(answers, {})
