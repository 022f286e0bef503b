"""A clip is exactly the passage that was asked for, in a whole file that says what it is, or there is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
from clip_server import LIMIT, gated, until
from mutagen.mp3 import BitrateMode
from tones import Tape, encoded, linear, pitch, read_wav, write_tones

from player.clips import clip as module
from player.clips.clip import clip
from player.clips.provenance import clip_name, clip_title
from player.clips.write import encode
from player.errors import ClipError, PlayerError
from player.files import new_file
from player.timecode import Span

RATE = 22_050
SPAN = Span(25_000, 80_000)
SECOND = Span(25_000, 26_000)


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("tapes") / "tape.wav", rate=RATE)


@pytest.fixture
def tape(wav: Path) -> Tape:
    return Tape(wav)


@pytest.fixture
def reading(wav: Path) -> Tape:
    return Tape(wav, slug="1963-11-05-attwood-reading", title="A reading — über", is_reading=True)


@pytest.mark.parametrize(
    "kind",
    [
        *("wav", "mp3 of variable bitrate", "m4a"),
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in ("mp3 of constant bitrate", "flac", "flac of 24 bits", "opus")
        ),
    ],
)
def test_a_clip_from_25_seconds_equals_a_linear_decode(wav: Path, tmp_path: Path, kind: str) -> None:
    source = encoded(wav, kind)
    made = clip(Tape(source), SPAN, tmp_path / "out.wav", fade_in=0, fade_out=0)
    cut = read_wav(made.path)
    rate = made.rate
    assert np.array_equal(cut, linear(source, cut.itemsize)[25 * rate : 80 * rate])
    assert made.length == cut.size == 55 * rate


def test_fades_change_only_their_own_milliseconds(wav: Path, tape: Tape, tmp_path: Path) -> None:
    odd = Span(25_003, 27_011)
    cut = read_wav(clip(tape, odd, tmp_path / "out.wav", fade_in=5, fade_out=2000).path).astype(int)
    first, last = round(25.003 * RATE), round(27.011 * RATE)
    whole = linear(wav)[first:last].astype(int)
    assert cut.size == whole.size
    head, tail = 5 * RATE // 1000, 2000 * RATE // 1000
    assert np.array_equal(cut[head:-tail], whole[head:-tail])
    assert cut[0] == 0
    assert abs(cut[-1]) <= 1
    middle = slice(cut.size - tail // 2 - 500, cut.size - tail // 2 + 500)
    assert np.abs(cut[middle]).sum() / np.abs(whole[middle]).sum() == pytest.approx(0.5, abs=0.02)


def test_without_being_asked_a_clip_fades_against_clicks(wav: Path, tape: Tape, tmp_path: Path) -> None:
    cut = read_wav(clip(tape, SECOND, tmp_path / "out.wav").path)
    assert cut[0] == 0
    assert np.array_equal(cut[200:-200], linear(wav)[25 * RATE + 200 : 26 * RATE - 200])


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".opus", ".m4a", ".WAV"])
def test_each_second_of_a_clip_has_its_pitch(tape: Tape, tmp_path: Path, suffix: str) -> None:
    made = clip(tape, Span(25_000, 30_000), tmp_path / f"out{suffix}")
    heard = linear(made.path)
    rate = heard.size // 5 if suffix == ".opus" else RATE
    assert heard.size / rate == pytest.approx(5, abs=0.1)
    for second in range(5):
        within = heard[second * rate + rate // 10 : (second + 1) * rate - rate // 10]
        assert pitch(within, rate) == pytest.approx(200 + 50 * (25 + second), abs=3)


@pytest.mark.parametrize(("channels", "kilobits"), [(1, 64), (2, 128)])
def test_an_mp3_has_a_constant_bitrate_by_its_channels(tmp_path: Path, channels: int, kilobits: int) -> None:
    source = write_tones(tmp_path / "tape.wav", seconds=4, rate=44_100, channels=channels)
    info = tags_of(clip(Tape(source), Span(0, 4000), tmp_path / "out.mp3").path).info
    assert (round(info.bitrate, -3), info.channels) == (kilobits * 1000, channels)
    assert info.bitrate_mode == BitrateMode.CBR


def test_a_bitrate_that_is_asked_for_is_used(tape: Tape, tmp_path: Path) -> None:
    info = tags_of(clip(tape, SECOND, tmp_path / "out.mp3", bitrate=32).path).info
    assert round(info.bitrate, -3) == 32_000


@pytest.mark.parametrize(
    "suffix", [".mp3", ".flac", *(pytest.param(each, marks=pytest.mark.long) for each in (".opus", ".m4a"))]
)
def test_a_clip_of_a_reading_says_so_in_its_title(reading: Tape, tmp_path: Path, suffix: str) -> None:
    made = clip(reading, SPAN, tmp_path / f"out{suffix}")
    title = "Synthetic reading, not the tape: A reading — über, 0:25 to 1:20"
    assert made.title == title
    tags = mutagen.File(made.path, easy=True)
    assert tags is not None
    assert tags["title"] == [title]


def test_a_wav_of_a_reading_says_so_in_its_title(reading: Tape, tmp_path: Path) -> None:
    made = clip(reading, SECOND, tmp_path / "out.wav")
    content = made.path.read_bytes()
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    title = "Synthetic reading, not the tape: A reading — über, 0:25 to 0:26".encode()
    assert title in content[content.index(b"INFOINAM") :]
    assert read_wav(made.path).size == RATE


def test_a_clip_of_the_tape_does_not_call_itself_a_reading(tape: Tape, tmp_path: Path) -> None:
    assert "reading" not in clip_title(tape, SPAN)
    assert "reading" not in clip_name(tape, SPAN)
    made = mutagen.File(clip(tape, SECOND, tmp_path / "out.mp3").path, easy=True)
    assert made is not None
    assert made["title"] == ["A tape of tones, 0:25 to 0:26"]


@pytest.mark.parametrize(
    ("slug", "span", "name"),
    [
        ("1963-attwood-reading", SPAN, "1963-attwood-reading_0m25s000-1m20s000.mp3"),
        ("1963-attwood", Span(62_500, 3_600_000 + 125_004), "1963-attwood-reading_1m02s500-1h02m05s004.mp3"),
    ],
)
def test_the_name_of_a_readings_clip_says_reading_and_the_span(reading: Tape, slug: str, span: Span, name: str) -> None:
    assert clip_name(replace(reading, slug=slug), span) == name


def test_the_same_clip_is_the_same_file(tape: Tape, tmp_path: Path) -> None:
    for suffix in (".mp3", ".wav", ".flac", ".opus", ".m4a"):
        one, two = (clip(tape, SECOND, tmp_path / f"{name}{suffix}").path.read_bytes() for name in "ab")
        assert one == two, suffix


def test_the_shipped_verbs_take_a_target_as_text(tape: Tape, tmp_path: Path) -> None:
    assert clip(tape, SECOND, str(tmp_path / "out.wav")).path == tmp_path / "out.wav"


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "past the end": ({"span": Span(25_000, 91_000)}, "1963-11-05-attwood is 1:30 long, .*; end it at 1:30 or before"),
    "beginning past the end": ({"span": Span(91_000, 95_000)}, "1963-11-05-attwood is 1:30 long"),
    "far past the end": ({"span": Span(10**9, 2 * 10**9)}, "1963-11-05-attwood is 1:30 long"),
    "no folder": ({"target": "none/out.mp3"}, r"none/out\.mp3: there is no folder .*; make it"),
    "a name that is no text": ({"target": "fa\udce7ade.wav"}, "cannot hold this name; give one that is UTF-8"),
    "a folder": ({"target": "folder.wav"}, r"folder\.wav: this is a folder; give the name"),
    "an unknown suffix": ({"target": "out.xyz"}, r'"\.xyz" is not a format of clips; use one of \.mp3, \.wav'),
    "no suffix": ({"target": "out"}, "the name has no suffix; use one of"),
    "fades longer than the clip": ({"fade_in": 600, "fade_out": 401}, "fades of 600 ms and 401 ms do not fit .*; make"),
    "a negative fade": ({"fade_in": -1}, "a fade cannot be negative; "),
    "an impossible bitrate": ({"bitrate": 100_000}, "a bitrate of 100000 kbit/s is not possible; give one"),
    "a bitrate for a WAV": ({"target": "out.wav", "bitrate": 64}, r"\.wav files have no bitrate; leave it out"),
    "not held": ({"media": None}, "the archive does not hold this recording's sound; add the file to media/"),
    "media missing": ({"media": "gone.mp3"}, r"gone\.mp3: the sound of 1963-11-05-attwood is missing; put the file"),
    "a folder for a sound": ({"media": "folder.wav"}, r"folder\.wav: this is a folder, not the sound of 1963-11-05"),
    "a name too long": ({"target": "x" * 300 + ".wav"}, "the clip cannot be written"),
}


@pytest.mark.parametrize(("asked", "message"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_clip_that_cannot_be_is_refused_and_nothing_is_left(
    tape: Tape, tmp_path: Path, asked: dict[str, Any], message: str
) -> None:
    (tmp_path / "folder.wav").mkdir()
    if "media" in asked:
        media = asked.pop("media")
        tape = replace(tape, media=media and tmp_path / media)
    target = tmp_path / asked.pop("target", "out.mp3")
    with pytest.raises(ClipError, match=message):
        clip(tape, asked.pop("span", SECOND), target, **asked)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.wav"]


def test_an_end_that_was_rounded_up_to_a_millisecond_is_the_end(tmp_path: Path) -> None:
    source = write_tones(tmp_path / "tape.wav", seconds=2, rate=8000)
    source.write_bytes(source.read_bytes()[:-2])
    assert clip(Tape(source), Span(1000, 2000), tmp_path / "out.wav").length == 7999
    with pytest.raises(ClipError, match=r"is 0:01\.999 long"):
        clip(Tape(source), Span(1000, 2001), tmp_path / "more.wav")


def test_a_sound_that_is_none_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "text.mp3"
    source.write_text("This is not sound.\n" * 1000, encoding="utf-8")
    with pytest.raises(PlayerError, match=r"text\.mp3: the sound cannot be decoded"):
        clip(Tape(source), SECOND, tmp_path / "out.wav")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
def test_an_existing_file_is_kept_unless_forced(tape: Tape, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ClipError, match="a file of that name exists; give another name, or --force to replace it"):
        clip(tape, SECOND, target)
    assert target.read_text(encoding="utf-8") == "mine"
    clip(tape, SECOND, target, force=True)
    assert target.stat().st_size > 5000
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_appears_while_cutting_is_kept(tape: Tape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.wav"

    def slow(*arguments: Any, **named: Any) -> None:
        encode(*arguments, **named)
        target.write_text("mine", encoding="utf-8")

    monkeypatch.setattr(module, "encode", slow)
    with pytest.raises(ClipError, match="a file of that name exists"):
        clip(tape, SECOND, target)
    assert target.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_a_broken_link_in_the_way_is_kept(tape: Tape, tmp_path: Path) -> None:
    target = tmp_path / "out.wav"
    target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ClipError, match="a file of that name exists"):
        clip(tape, SECOND, target)
    assert target.is_symlink()


def test_of_those_who_cut_the_same_clip_one_succeeds_and_the_file_is_whole(tape: Tape, tmp_path: Path) -> None:
    target = tmp_path / "out.wav"
    outcomes: list[object] = []

    def cut() -> None:
        try:
            outcomes.append(clip(tape, SECOND, target))
        except ClipError as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=cut) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, module.Clip) for outcome in outcomes) == 1
    assert len(outcomes) == 4
    assert read_wav(target).size == RATE
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tape: Tape, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ClipError, match="the clip cannot be written"):
        clip(tape, SECOND, tmp_path / "out.wav")


CUT = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from tones import Tape
from player.clips.clip import clip
from player.errors import ClipError
from player.timecode import Span
{before}
try:
    clip(Tape(Path({media!r})), Span(1000, 80_000), Path({target!r}))
except ClipError as refusal:
    sys.exit(str(refusal))
"""


def start(wav: Path, target: Path, before: str = "") -> subprocess.Popen[str]:
    """Cut a clip in a process of its own."""
    program = CUT.format(tests=str(Path(__file__).parent), before=before, media=str(wav), target=str(target))
    return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    "suffix", [".mp3", *(pytest.param(each, marks=pytest.mark.long) for each in (".wav", ".flac"))]
)
def test_where_the_disk_is_full_nothing_is_left(wav: Path, tmp_path: Path, suffix: str) -> None:
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    with start(wav, tmp_path / f"out{suffix}", limit) as process:
        _, message = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in message
    assert f"out{suffix}: " in message
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing(wav: Path, tmp_path: Path) -> None:
    encoder = gated(tmp_path, "exec sleep 600")
    folder = tmp_path / "clips"
    folder.mkdir()
    with start(wav, folder / "out.mp3", f"import os; os.environ['IMAGEIO_FFMPEG_EXE'] = {str(encoder)!r}") as process:
        until((tmp_path / "started").exists)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=LIMIT)
    assert "KeyboardInterrupt" in message
    assert list(folder.iterdir()) == []


@pytest.mark.long
def test_ctrl_c_is_heard_while_the_encoder_takes_nothing(wav: Path, tmp_path: Path) -> None:
    encoder = gated(tmp_path, "exec sleep 600")
    # The system may hand a signal to any thread; handed to another, it does not end the call that the first is in.
    elsewhere = f"""
import os, signal, threading, time
os.environ["IMAGEIO_FFMPEG_EXE"] = {str(encoder)!r}
def press():
    while not Path({str(tmp_path / "started")!r}).exists():
        time.sleep(0.01)
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
threading.Thread(target=press, daemon=True).start()
"""
    with start(wav, tmp_path / "out.mp3", elsewhere) as process:
        try:
            _, message = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    assert "KeyboardInterrupt" in message
    assert not (tmp_path / "out.mp3").exists()


def test_an_encoder_that_is_killed_leaves_nothing(tape: Tape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = tmp_path / "ffmpeg"
    killed.write_text('#!/bin/sh\nfor last; do :; done\necho half > "${last#file:}"\nkill -9 $$\n', encoding="utf-8")
    killed.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(killed))
    with pytest.raises(ClipError, match=r"out\.mp3: ffmpeg was stopped before it finished \(Killed\); try again"):
        clip(tape, SECOND, tmp_path / "out.mp3")
    assert list(tmp_path.iterdir()) == [killed]


def test_without_hard_links_a_file_in_the_way_is_still_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unsupported)
    target = tmp_path / "out"
    with new_file(target) as beside:
        beside.write_text("one", encoding="utf-8")
    with pytest.raises(FileExistsError), new_file(target) as beside:
        beside.write_text("two", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_clip_may_be_read_by_those_whom_the_umask_lets(tape: Tape, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        made = clip(tape, SECOND, tmp_path / "out.wav")
    finally:
        os.umask(before)
    assert made.path.stat().st_mode & 0o777 == 0o640


def tags_of(path: Path) -> Any:
    """Give what mutagen finds in the file."""
    return mutagen.File(path)
