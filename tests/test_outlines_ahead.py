"""``player access --all --outlines``: what pages show of sounds is found beforehand, anywhere, and kept here."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest
from clipping import run
from clusters import cluster
from ferries import write_ferries

from player.archive.archive import Archive
from player.audio import ahead, cache, waveform
from player.audio.probe import counted
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("access", "--all", "--outlines")


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three recordings, of which the last is withdrawn; their sounds lie there for a minute."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_ferries(tmp_path / "ferries", 3)
    record = root / "transcripts" / "ferry-2" / "recording.toml"
    withdrawn = '\n[withdrawal]\ndate = "2026-01-02"\nreason = "asked"\n'
    record.write_text(record.read_text(encoding="utf-8") + withdrawn, encoding="utf-8")
    settle(root)
    return root


def settle(root: Path) -> None:
    for sound in (root / "media").iterdir():
        if sound.is_file():
            os.utime(sound, ns=(time.time_ns(), time.time_ns() - 60_000_000_000))


def sounds(root: Path) -> list[Path]:
    return [root / "media" / f"ferry-{number}.wav" for number in range(3)]


def kept(tmp_path: Path) -> dict[str, object]:
    """Give what is in the cache, by kind and sound."""
    found = [path for path in (tmp_path / "cache").glob("*-*/*.json") if path.parent.name.startswith(("peaks", "sha"))]
    entries = [(path.parent.name, json.loads(path.read_bytes())) for path in found]
    return {f"{kind} {each['path'].rpartition('/')[2]}": each["value"] for kind, each in entries}


def test_a_page_finds_what_was_measured_and_nobody_measures_what_nobody_may_hear(
    ferries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(ferries, *ASKED)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "2 sounds measured for their pages"
    first, second, withdrawn = sounds(ferries)
    assert [ahead.is_there(each) for each in (first, second, withdrawn)] == [True, True, False]
    assert run(ferries, *ASKED).stdout.splitlines()[-1] == "0 sounds measured for their pages, 2 were measured before"
    monkeypatch.setattr(waveform, "_peaks", None)
    assert create_app(ferries).test_client().get("/recordings/ferry-0/waveform.svg").status_code == 200


def test_what_was_measured_of_another_sound_is_not_kept(ferries: Path) -> None:
    first, *_ = sounds(ferries)
    found = ahead.derived(first)
    first.write_bytes(first.read_bytes()[:-2000])
    settle(ferries)
    assert not ahead.keep(first, found)
    assert not ahead.is_there(first)


@pytest.mark.long
def test_others_measure_and_it_is_kept_here_as_if_it_were_measured_here(ferries: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    assert run(ferries, *ASKED).exit_code == 0
    here = kept(tmp_path)
    assert len(here) == 4
    with cluster(tmp_path / "cluster", workers=2) as there:
        for where in (("--jobs", "2"), ("--cluster", there.address)):
            (tmp_path / "cache").rename(tmp_path / f"before-{where[0]}")
            cache._memory.clear()  # noqa: SLF001  # as a new process
            done = run(ferries, *ASKED, *where)
            assert done.exit_code == 0, done.output
            assert kept(tmp_path) == here
    media = Archive(ferries).record("ferry-1").media
    assert media is not None
    assert counted(media) is not None
