"""``player annotations --export FILE.json``: Web Annotations as they are at their address; nothing that is closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from exporting import add_to_record

from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS: Final = "/recordings/tones/annotations.json"


def test_the_command_writes_them_as_they_are_at_the_address(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_text(path.read_text("utf-8").replace('body = "', 'body = "[Here](/recordings/tones#t=2). ', 1), "utf-8")
    site = "https://tapes.example/tapes"
    out = archive / "out.jsonld"
    words = ("annotations", "tones", "--export", str(out), "--address", site)
    done = run(archive, *words)
    assert (done.exit_code, done.output) == (0, f"3 annotations written to {out}\n")
    # As a server below that path of its host has them.
    client = create_app(archive, site=Site(site)).test_client()
    there = client.get(ADDRESS, environ_overrides={"SCRIPT_NAME": "/tapes"})
    assert f'href=\\"{site}/recordings/tones#t=2' in there.text
    assert json.loads(out.read_bytes()) == json.loads(there.data)
    assert run(archive, *words).exit_code == 1
    assert run(archive, *words, "--force").exit_code == 0
    assert run(archive, "annotations", "tones", "--import", str(out)).output == "tones: nothing to change\n"


def test_the_command_asks_for_the_address_by_which_they_are_known(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYER_URL", raising=False)
    words = ("annotations", "tones", "--export", str(archive / "out.json"))
    asked_for = run(archive, *words)
    assert (asked_for.exit_code, "--address https://example.org/tapes" in asked_for.output) == (1, True)
    assert run(archive, *words, "--address", "tapes").exit_code == 1
    assert not (archive / "out.json").exists()
    table = run(archive, *words[:-1], str(archive / "out.csv"), "--address", "https://tapes.example")
    assert (table.exit_code, "--address goes with --export of a file .json" in table.output) == (2, True)
    monkeypatch.setenv("PLAYER_URL", "https://tapes.example")
    assert run(archive, *words).exit_code == 0
    assert json.loads((archive / "out.json").read_bytes())["id"] == f"https://tapes.example{ADDRESS}"


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ('[access]\nnotes = "closed"\n', "its annotations are closed; a table"),
        ('[access]\nrecord = "draft"\n', "the recording is draft; a table"),
        ('[withdrawal]\ndate = "2026-01-02"\nreason = "asked"\n', "the recording was withdrawn; a table"),
    ],
)
def test_the_command_hands_on_no_note_that_is_closed(archive: Path, tables: str, told: str) -> None:
    add_to_record(archive, tables)
    out = archive / "out.json"
    done = run(archive, "annotations", "tones", "--export", str(out), "--address", "https://tapes.example")
    assert (done.exit_code, told in done.output, out.exists()) == (1, True, False)


def test_the_command_tells_how_many_notes_visitors_may_not_read(archive: Path) -> None:
    add_to_record(archive, '[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "words"\n')
    out = archive / "out.json"
    done = run(archive, "annotations", "tones", "--export", str(out), "--address", "https://tapes.example")
    left = 3 - len(json.loads(out.read_bytes())["items"])
    assert left > 0
    assert f"left out, since visitors may not read {'it' if left == 1 else 'them'}: {left} annotation" in done.output
