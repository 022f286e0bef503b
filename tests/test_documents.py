"""README.md and docs/ tell the truth: what they name exists, what they link to is there, what there is they name."""

from __future__ import annotations

import importlib.util
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import pytest
from documents import DOCUMENTS, ROOT, anchors, blocks, commands, prose, spans
from test_layout import STEPS

from player.audio.formats import FORMATS
from player.cli import main
from player.web.serving.clip_limits import Limits

if TYPE_CHECKING:
    import click

#: The kinds of fenced blocks; what is in another would be neither run nor held to anything.
KINDS: Final = {"csv", "ini", "nginx", "python", "sh", "text", "toml", "vtt", "yaml"}
PROGRAM: Final = re.compile(r"(?:player|static|templates|tests|docs|findings)/[\w./*-]*|[\w-]+\.(?:md|css|js|html)")
DOTTED: Final = re.compile(r"player(?:\.\w+)+")
FUNCTION: Final = re.compile(r"(\w+)\(\)")
OPTION: Final = re.compile(r"--[a-z][a-z-]+")
#: Options of other programs than ours.
FOREIGN: Final = {"--nginx", "--no-nanny"}
EVERY: Final = pytest.mark.parametrize("document", DOCUMENTS)


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


def test_readme_can_be_read_in_one_sitting() -> None:
    assert len(DOCUMENTS["README.md"].encode()) <= 8192


def test_readme_begins_with_what_it_is_for_and_how_to_begin() -> None:
    first, _, rest = DOCUMENTS["README.md"].partition("## ")
    assert len(first.splitlines()) <= 25, "one screen"
    for command in ("make run", "player init", "player add", "player serve"):
        assert f"\n{command} " in first
    assert "1963" not in first
    assert "1963" in rest


def test_contributing_is_one_page() -> None:
    assert len(DOCUMENTS["CONTRIBUTING.md"].encode()) <= 4096


def test_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\]\(([^)#]+\.md)\)", DOCUMENTS["README.md"]))
    assert linked == set(DOCUMENTS) - {"README.md"}


@EVERY
def test_every_block_is_of_a_kind_that_is_held_to_something(document: str) -> None:
    assert {block.kind for block in blocks(document)} <= KINDS
    # What is indented would be code too; in lists it belongs to an item.
    assert not re.findall(r"\n\n {4,}(?!\d+\.|-|[a-z`])\S.*", prose(document))


@EVERY
def test_every_link_within_the_project_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / document).parent / path if path else ROOT / document
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there.resolve().relative_to(ROOT).as_posix()), target


@EVERY
def test_every_list_of_contents_is_that_of_the_document(document: str) -> None:
    listed = re.findall(r"^- \[(.+)\]\(#.+\)$", prose(document), flags=re.MULTILINE)
    assert not listed or listed == re.findall(r"^## (.+)$", prose(document), flags=re.MULTILINE)


@EVERY
def test_every_path_and_module_that_is_named_exists(document: str) -> None:
    for name in spans(document):
        if PROGRAM.fullmatch(name) and "/" in name:
            assert list(ROOT.glob(name.rstrip("/"))), name
        elif PROGRAM.fullmatch(name):
            folders = ("", "docs", "static", "templates")
            assert any(list((ROOT / folder).rglob(name)) if folder else (ROOT / name).exists() for folder in folders), (
                name
            )
        elif DOTTED.fullmatch(name):
            assert importlib.util.find_spec(name) is not None, name


@EVERY
def test_every_function_that_is_named_exists(document: str) -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("player", "static/js")
        for path in (ROOT / folder).rglob("*.[pj][ys]")
    )
    for name in spans(document):
        if found := FUNCTION.fullmatch(name):
            assert re.search(rf"\b(?:def|function) {found[1]}\b", code), name


@EVERY
def test_every_make_target_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    shown = [command for block in blocks(document) if block.kind == "sh" for command in commands(block)]
    named = [each.split()[1] for each in (*spans(document), *shown) if re.match(r"make [a-z]", each)]
    assert set(named) <= targets


@EVERY
def test_every_command_and_option_that_is_named_exists(document: str) -> None:
    for name in spans(document):
        words = name.split()
        if words[0] == "player" and len(words) > 1:
            assert words[1] in main.commands, name
            assert set(OPTION.findall(name)) <= options(main.commands[words[1]]), name
    known = {option for command in main.commands.values() for option in options(command)} | FOREIGN
    assert {option for name in spans(document) for option in OPTION.findall(name)} <= known


def test_every_command_and_option_is_named() -> None:
    text = "".join(DOCUMENTS.values())
    for name, command in main.commands.items():
        assert f"player {name}" in text, name
        assert {option for option in options(command) if not re.search(rf"{option}\b(?!-)", text)} == set(), name


def test_the_options_of_clips_are_all_in_their_document() -> None:
    text = DOCUMENTS["docs/clips.md"]
    for name in ("clip", "clips", "verify"):
        assert {option for option in options(main.commands[name]) if option not in text} == set()


def rows(document: str, heading: str) -> list[list[str]]:
    """List the cells of the table below a heading, without backticks; not those of its head."""
    table = DOCUMENTS[document].partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_formats_of_clips_are_the_programs_own() -> None:
    listed = {suffix: bitrates for suffix, _, bitrates in rows("docs/clips.md", "Which file")}
    known = {suffix: each.bitrates for suffix, each in FORMATS.items()}
    assert listed == {suffix: "{} / {}".format(*each) if each else "" for suffix, each in known.items()}


def test_the_limits_of_clips_are_the_programs_own() -> None:
    listed = {name: int(value.split()[0].replace(",", "")) for _, value, name in rows("docs/clips.md", "Over HTTP")}
    assert listed == {f"PLAYER_CLIP_{name.upper()}": value for name, value in vars(Limits()).items()}


def test_the_order_of_imports_is_that_which_is_held() -> None:
    (order,) = [span for span in spans("CONTRIBUTING.md") if "<-" in span]
    assert [step.split(", ") for step in order.split(" <- ")] == [list(step) for step in STEPS[:-1]]
    mapped = re.findall(
        r"player/(\w+)(?:/(?!\w)|\.py)", " ".join(row[0] for row in rows("docs/architecture.md", "A map"))
    )
    places = {name: number for number, step in enumerate(STEPS) for name in step}
    assert set(mapped) == set(places) - {"roots", "__main__"}
    assert [places[name] for name in mapped] == sorted(places[name] for name in mapped)


def test_the_keys_that_are_listed_are_those_of_the_page() -> None:
    path = ROOT / "static" / "js" / "elements" / "keys.js"
    known = set(re.findall(r"\bkey: \"(.+?)\"", path.read_text(encoding="utf-8")))
    named = {"Space": " ", "←": "ArrowLeft", "→": "ArrowRight"}
    shown = [key for keys, _ in rows("docs/listening.md", "Keys") for key in re.split("`, `", keys)]
    listed = [named.get(key, key) for key in shown]
    assert len(listed) == len(set(listed))
    assert set(listed) == known


def test_the_keys_of_the_desk_that_are_listed_are_those_of_its_page() -> None:
    text = (ROOT / "static" / "js" / "desk" / "keys.js").read_text(encoding="utf-8")
    known = re.findall(r"\bshown: \"(.+?)\"", text)
    listed = [key for keys, _ in rows("docs/desk.md", "Keys") for key in re.split("`, `", keys)]
    assert sorted(listed) == sorted(known)


def test_the_picture_of_readme_is_there_and_not_large() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", DOCUMENTS["README.md"])
    assert PurePosixPath(picture).parts[0] == "docs"
    assert 10_000 < (ROOT / picture).stat().st_size < 150_000
