"""A basket becomes a set: its page gives the file, and a command writes it."""

from __future__ import annotations

import html
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from clipping import run
from html_elements import parse

from player.archive.archive import Archive
from player.archive.references import Pointer
from player.archive.sets import read_set
from player.intake.new_set import SetError, make_set, passages_in, set_text
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

LINK = "http://localhost/basket?p=tones@2,4.5&p=tones@first&p=tones@opening..first"


def test_the_page_of_a_basket_gives_a_file_that_is_read_as_the_same_passages(archive: Path, tmp_path: Path) -> None:
    answer = create_app(archive).test_client().get(f"{LINK.removeprefix('http://localhost')}&p=none@1,2")
    shown = re.search(r'aria-label="The file of the set"><code>(.*?)</code>', answer.text, re.DOTALL)
    assert shown
    path = tmp_path / "copied.toml"
    path.write_text(html.unescape(shown[1]), encoding="utf-8")
    found = read_set(path).passages
    assert [(each.slug, each.start, each.end) for each in found][:1] == [("tones", 2000, 4500)]
    assert [(each.moment, each.last) for each in found[1:]] == [
        (Pointer("tones", "first"), None),
        (Pointer("tones", "opening"), Pointer("tones", "first")),
    ]


def test_the_command_that_the_page_shows_writes_that_file(archive: Path) -> None:
    client = create_app(archive).test_client()
    shown = parse(client.get(LINK.removeprefix("http://localhost")).text)
    command = shlex.split(shown.one("pre", aria_label="The command that begins a set").one("code").text)
    assert command[:5] == ["player", "set", "new", "NAME", "--from-basket"]
    done = run(archive, "set", "new", "turns", *command[4:], "--title", 'Turns "here"')
    assert (done.exit_code, "3 passages" in done.output) == (0, True)
    made = Archive(archive).passage_set("turns")
    assert (made.title, len(made.passages)) == ('Turns "here"', 3)
    page = parse(create_app(archive).test_client().get("/sets/turns").text)
    spans = [(each["data-start"], each["data-end"]) for each in page.all("a.round")]
    assert spans == [("2000", "4500"), ("2000", "4500"), ("0", "4500")]
    again = run(archive, "set", "new", "turns", "--from-basket", LINK)
    assert (again.exit_code, 'there is a set called "turns" already' in again.output) == (1, True)


@pytest.mark.parametrize(
    ("slug", "link", "what"),
    [
        ("../out", LINK, "cannot stand in an address"),
        ("turns", "http://localhost/basket", "is no link of a basket"),
        ("turns", "http://[", "is no link of a basket"),
        ("turns", "/basket?p=none@1,2", 'no recording is called "none"'),
        ("turns", "/basket?p=tones@1", "does not say where the passage ends"),
        ("turns", "/basket?p=tones@9,2", "is no passage"),
        ("turns", "/basket?p=../tones@1,2", "is no passage"),
        ("turns", f"/basket?{'&'.join(['p=tones@1,2'] * 51)}", "at most 50 passages"),
    ],
)
def test_what_makes_no_set_is_refused_in_words_and_leaves_nothing(
    archive: Path, slug: str, link: str, what: str
) -> None:
    done = run(archive, "set", "new", slug, "--from-basket", link)
    assert (done.exit_code, what in done.output) == (1, True), done.output
    assert not list(archive.rglob("sets/*.toml"))


def test_no_set_is_written_where_a_link_leads_out_of_the_archive(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (archive / "transcripts" / "sets").symlink_to(tmp_path / "elsewhere")
    done = run(archive, "set", "new", "turns", "--from-basket", LINK)
    assert (done.exit_code, "leads out of the archive" in done.output) == (1, True)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_title_is_text_whatever_is_in_it(archive: Path) -> None:
    title = 'A "set"\n[[passage]]\\'
    assert Archive(archive).passage_set(make_set(Archive(archive), "x", passages_in(LINK), title).stem).title == title
    with pytest.raises(SetError, match="is no passage"):
        set_text(['tones"@1,2'])
