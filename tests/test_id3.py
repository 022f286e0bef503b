"""The ID3 tag of a clip is what mutagen would write, to the byte, and the sound behind it stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mutagen import id3 as mutagens

from player.clips.id3 import frames_of, put

if TYPE_CHECKING:
    from pathlib import Path

SOUND = bytes(range(256)) * 9000


def written_by_mutagen(path: Path, texts: dict[str, str], own: dict[str, str], comment: str, lyrics: str) -> bytes:
    frames: Any = mutagens
    tags = frames.ID3()
    for name, text in texts.items():
        kind = getattr(frames, "TDRC" if name == "TYER" else name)
        if text:
            tags.add(kind(encoding=1, text=[text]))
    if comment:
        tags.add(frames.COMM(encoding=1, lang="eng", desc="", text=[comment]))
    if lyrics:
        tags.add(frames.USLT(encoding=1, lang="und", desc="", text=lyrics))
    for name, text in own.items():
        tags.add(frames.TXXX(encoding=1, desc=name, text=[text]))
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3, padding=lambda _: 0)
    return path.read_bytes()


@pytest.mark.parametrize("date", ["1963-11-05", "1963-11", "1963", ""])
@pytest.mark.parametrize("earlier", ["none", "shorter", "longer"])
def test_a_tag_is_what_mutagen_writes(tmp_path: Path, date: str, earlier: str) -> None:
    texts = {
        "TIT2": "The ferry is late, 0:02 to 0:04",
        "TALB": "Harbour — Ḥafen \N{SAILBOAT}",
        "TPE1": "Ada; Ben",
        "TYER": date,
        "TCOP": "",
        "TENC": "a program",
    }
    own = {"SPAN": "0:02 to 0:04", "RIGHTS": "no words", "SOURCE": "a/b", "NOTE": "a"}
    comment, lyrics = "It is loud. 0:02 to 0:04 of ferry.", "The ferry\nis late." * 2000
    for name in ("ours", "theirs"):
        path = tmp_path / name
        path.write_bytes(SOUND)
        if earlier != "none":
            put(path, frames_of({"TIT2": "x" * (5 if earlier == "shorter" else 3_000_000)}))
    put(tmp_path / "ours", frames_of(texts, own, comment=comment, lyrics=lyrics))
    expected = written_by_mutagen(tmp_path / "theirs", texts, own, comment, lyrics)
    assert (tmp_path / "ours").read_bytes() == expected
    assert expected.endswith(SOUND)
    assert not expected.endswith(SOUND + SOUND[:1])
    assert len(expected) < len(SOUND) + 100_000


def test_a_title_alone_is_what_mutagen_writes(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).write_bytes(b"short")
    put(tmp_path / "ours", frames_of({"TIT2": "Ferry"}))
    assert (tmp_path / "ours").read_bytes() == written_by_mutagen(tmp_path / "theirs", {"TIT2": "Ferry"}, {}, "", "")


def test_what_only_looks_like_a_beginning_is_no_tag(tmp_path: Path) -> None:
    (tmp_path / "clip").write_bytes(b"ID3")
    put(tmp_path / "clip", frames_of({"TIT2": "Ferry"}))
    assert (tmp_path / "clip").read_bytes().endswith(b"ID3")
