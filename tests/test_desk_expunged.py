"""Words that are taken out of all versions of a transcript go out of working copies too, and these go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from at_the_desk import desk_window
from clipping import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.long
@pytest.mark.parametrize("is_open", [True, False])
def test_a_working_copy_goes_on_without_the_words(archive: Path, is_open: bool) -> None:
    window = desk_window(archive)
    window.step(do="words", id="first", text="One two hawsers.")
    window.step(do="words", id="last", text="The end of three hawsers.")
    window.step(do="split", id="opening", at=8)
    done = run(archive, "history", "tones", "--expunge", "three", "--by", "Ines Keeper", "--yes")
    assert done.exit_code == 0, done.output
    for path in (archive / "transcripts/tones").rglob("*"):
        assert not path.is_file() or b"three" not in path.read_bytes(), path
    window = window if is_open else desk_window(archive)
    found = window.look()
    assert found["conflicts"] == []
    texts = [line["text"] for line in found["lines"]]
    assert "One two hawsers." in texts
    assert "The end of [removed] hawsers." in texts
    window.step(do="words", id="c3", text="Others.")
    for _ in range(4):
        window.step(do="undo")
    assert window.line("first")["text"] == "One two [removed]."
    for _ in range(4):
        window.step(do="redo")
    assert window.post("write", {}).status_code == 200
    after = (archive / "transcripts/tones/transcript.vtt").read_text(encoding="utf-8")
    assert "Others." in after
    assert "three" not in after
