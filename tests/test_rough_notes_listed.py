"""At the command, the time of a note on a roughly timed line is rough; lines without times are bound to no sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import checking
from small_archive import write_archive

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

NOTE = '[[annotation]]\nid = "a"\nkind = "term"\ntitle = "A note"\nbody = "B."\nsources = ["log"]\ncue = "rough"\n'
ROUGH = "WEBVTT\n\nNOTE approximate\n\nrough\n00:00:01.000 --> 00:00:03.000\n<v Ada>about now\n"
UNTIMED = "WEBVTT\n\nNOTE untimed rough\n<v Ada>some time\n"
UNBOUND = "the transcript is not bound to its sound"


def test_a_rough_time_is_listed_as_one_and_no_time_as_none(tmp_path: Path, runner: CliRunner) -> None:
    root = write_archive(tmp_path / "archive")
    folder = root / "transcripts" / "tones"
    (folder / "annotations.toml").write_text(NOTE, encoding="utf-8")
    for transcript, time, is_advised in ((ROUGH, "~0:01", True), (UNTIMED, "-", False)):
        (folder / "transcript.vtt").write_text(transcript, encoding="utf-8")
        listed = runner.invoke(main, ["annotations", "tones", "--archive", str(root)])
        assert listed.stdout.split()[0] == time
        advice = [str(each) for each in checking.outcome(root).advice]
        assert any(UNBOUND in each for each in advice) == is_advised
