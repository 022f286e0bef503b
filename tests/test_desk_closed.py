"""Whoever edits sees all of a recording at the desk, and nowhere else; others see nothing of what is not written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from at_the_desk import desk_window
from closings import FAR, write_closed

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

PASSAGE: Final = f'[[closed]]\nstart = "0:02"\nend = "0:04"\nuntil = "{FAR}"\n'
#: Ways to close what says "three", with what the page of the recording answers an editor.
WAYS: Final = {
    "a passage": (PASSAGE, 200),
    "its words": ('[access]\ntranscript = "closed"\n', 200),
    "all of it": ('[access]\nrecord = "closed"\n', 404),
    "withdrawn": ('[withdrawal]\ndate = "2026-01-01"\n', 410),
}
WORD: Final = "hawsers"
PAGES: Final = (
    *("", "/text", "/transcript.vtt", "/lines/first", "/lines/last", "/cite?line=last", "?q=hawsers", "?as-of=0"),
    *("?line=last", "?as-of=1"),
)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_what_is_closed_is_seen_and_corrected_at_the_desk_alone(tmp_path: Path, way: str) -> None:
    tables, status = WAYS[way]
    root = write_closed(tmp_path / "archive", tables)
    window = desk_window(root)
    assert window.line("first")["text"] == "One two three."
    window.step(do="words", id="first", text=f"One two {WORD}.")
    assert window.client.get("/recordings/tones").status_code == status
    for client in (window.client, create_app(root).test_client()):
        for path in (*(f"/recordings/tones{each}" for each in PAGES), "/", f"/search?q={WORD}", "/search?q=three"):
            page = client.get(path).text.replace(f'value="{WORD}"', "").replace("q=hawsers", "")
            assert "One two" not in page, path
    assert window.post("write", {}).status_code == 200
    assert WORD in (root / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    assert "One two" not in create_app(root).test_client().get("/recordings/tones").text


@pytest.mark.long
def test_what_is_not_written_is_nowhere_but_at_the_desk(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text=f"The {WORD}.")
    window.step(do="note", id="last", kind="term", title=f"What {WORD} are", text="Ropes.", sources=["log"])
    (kept,) = (archive / "transcripts/tones/working").iterdir()
    for client in (window.client, create_app(archive).test_client()):
        found = [f"/recordings/tones{each}" for each in PAGES]
        found += [
            "/",
            "/search?q=ropes",
            f"/recordings/tones/working/{kept.name}",
            f"/media/{kept.name}",
            "/sources/log",
        ]
        for path in found:
            page = client.get(path).text.replace("q=hawsers", "").replace(f'value="{WORD}"', "")
            assert f"The {WORD}" not in page, path
            assert f"What {WORD}" not in page, path
    # Nor is it another person's.
    assert WORD not in str(desk_window(archive, name="Otto").look())


def test_a_recording_without_a_transcript_has_no_desk(archive: Path) -> None:
    window = desk_window(archive)
    (archive / "transcripts/tones/transcript.vtt").unlink()
    other = archive / "transcripts/other"
    other.mkdir()
    (other / "recording.toml").write_text('title = "Other"\ndate = "1999"\nstatus = "not held"\n', encoding="utf-8")
    page = window.client.get("/recordings/other/edit")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "no transcript yet" in page.text
    assert window.client.get("/recordings/none/edit").status_code == 404
    state = window.client.get("/recordings/other/edit/state")
    assert (state.status_code, state.mimetype) == (404, "application/json")
    assert str(archive) not in page.text + state.text
