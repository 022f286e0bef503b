"""``player check`` advises on what nothing reads, and on sounds that browsers do not play or not exactly."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import checking
import pytest
from click.testing import CliRunner, Result
from small_archive import bind
from small_archive import write_tones as write_second_tones
from tones import encoded, write_tones

from player import roots
from player.audio import access, ffmpeg, kinds
from player.audio.decode.stream import Header
from player.cli import main
from player.errors import AudioError
from player.publish.transcripts.forms import FORMS
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse


def advised(archive: Path) -> list[str]:
    return [str(each) for each in checking.advice(archive)]


def check(archive: Path) -> Result:
    return CliRunner().invoke(main, ["check", "--archive", str(archive)])


def faults(archive: Path) -> list[str]:
    lines = check(archive).stdout.splitlines()
    return [line for line in lines if not line.startswith("advice: ") and "nothing is wrong" not in line]


def converted(path: Path, *arguments: str) -> Path:
    """Give three seconds of tone as ffmpeg makes them."""
    tone = ("-f", "lavfi", "-i", "sine=f=440:r=44100:d=3")
    subprocess.run([ffmpeg.executable(), "-v", "error", "-y", *tone, *arguments, str(path)], check=True)
    return path


@pytest.fixture
def archive(archive: Path) -> Path:
    """The small archive, with nothing to advise on."""
    bind(archive)
    return archive


def test_a_sound_archive_needs_no_advice_nor_does_the_one_that_ships(archive: Path) -> None:
    assert advised(archive) == []
    assert advised(roots.SHIPPED_ARCHIVE) == []


@pytest.mark.parametrize("name", ["people", "chronology", "sources"])
def test_a_page_that_is_empty_is_told_to_whoever_can_fill_it(archive: Path, name: str) -> None:
    (archive / "transcripts" / f"{name}.toml").write_text("# Nothing yet.\n", encoding="utf-8")
    assert any(
        f"{name}.toml: nothing is in this, and its page is empty; write a [[" in each for each in advised(archive)
    )


def test_an_archive_without_recordings_is_told_what_to_add(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    (told,) = advised(tmp_path)
    assert "there are no recordings, and the first page is empty; add one: player add SOUND" in told


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\u2028", "\u2029"])
def test_a_sign_that_not_every_form_can_hold_is_told_with_its_line(archive: Path, sign: str) -> None:
    folder = archive / "transcripts" / "tones"
    for name, before in (
        ("transcript.vtt", "Ada>"),
        ("annotations.toml", 'title = "'),
        ("recording.toml", 'title = "'),
    ):
        text = (folder / name).read_text("utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, f"{before}a{sign}b ", 1), encoding="utf-8")
        line = text[: text.index(before)].count("\n") + 1
        (told,) = (each for each in advised(archive) if f"{name}:" in each and "stands here" in each)
        assert f"U+{ord(sign):04X} stands here, which " in told
        # That of the times of a line of a transcript.
        assert told.startswith(f"{folder / name}:{line - (name == 'transcript.vtt')}: ")
    assert all(answer.status_code == 200 for answer in asked_in_every_form(archive))


def asked_in_every_form(archive: Path) -> list[TestResponse]:
    """Ask for a transcript in all forms, the feed and what harvesters get: none may break by a sign."""
    client = create_app(archive).test_client()
    forms = [f"/recordings/tones/transcript.{form.ending}" for form in FORMS.values()]
    return [client.get(path) for path in (*forms, "/recordings/tones", "/recordings/tones/annotations.json")]


def test_advice_is_told_as_such_and_is_no_fault(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "talk.srt").write_text("1\n", encoding="utf-8")
    result = check(archive)
    assert (result.exit_code, result.stderr) == (0, "")
    first, last = result.stdout.splitlines()
    assert first.startswith("advice: ")
    assert "talk.srt: this is ignored: only transcript.vtt is read as the transcript; move it elsewhere" in first
    assert last == "1 recording: nothing is wrong; 1 piece of advice"
    (archive / "transcripts" / "tones" / "recording.toml").write_text("wrong", encoding="utf-8")
    result = check(archive)
    assert result.exit_code == 1
    assert result.stderr == "1 fault in 1 recording; 1 piece of advice\n"


IGNORED = [
    # the file, words of what is told where there is no transcript, and where there is one
    ("transcripts/tones/talk.srt", "by its name this is SubRip; bring its lines in: player import tones ", True),
    ("transcripts/tones/talk.SRT", "by its name this is SubRip", True),
    ("transcripts/tones/talk.sbv", "by its name this is YouTube's SBV", True),
    ("transcripts/tones/talk.ttml", "by its name this is TTML", True),
    ("transcripts/tones/talk.eaf", "by its name this is ELAN's EAF", True),
    ("transcripts/tones/talk.TextGrid", "by its name this is a TextGrid of Praat", True),
    ("transcripts/tones/talk.json", "by its name this is JSON", True),
    (
        "transcripts/tones/talk.txt",
        "only WebVTT is read as a transcript; bring its lines in: player import tones ",
        True,
    ),
    ("transcripts/tones/talk.doc", "save them in a format that player import reads", True),
    ("transcripts/tones/talk.vtt", "transcript.es.vtt; bring its lines in: player import tones ", False),
    ("transcripts/tones/Spanish.VTT", "its translation into Spanish transcript.es.vtt", False),
    (
        "transcripts/tones/cover.jpg",
        "of a recording, only recording.toml, transcript.vtt, annotations.toml, script",
        False,
    ),
    ("transcripts/tones/annotations.toml~", "of a recording, only recording.toml", False),
    ("transcripts/tones/older/", "this folder is ignored", False),
    (
        "transcripts/talk.srt",
        "a transcript belongs in the folder of its recording; bring its lines in: player import SLUG ",
        False,
    ),
    ("transcripts/talk.lrc", "a transcript belongs in the folder of its recording; bring its words to", False),
    ("transcripts/places.toml", "only archive.toml, sources.toml, people.toml and chronology.toml are read", False),
    ("media/talk.wav", 'no record names this file; name it in a recording.toml, as media = "talk.wav"', False),
    ("media/talk.srt", "a transcript belongs in the folder of its recording", False),
    ("media/older/", "sounds belong in media itself", False),
]


@pytest.mark.parametrize(("name", "words", "is_other_beside_a_transcript"), IGNORED)
def test_what_nothing_reads_is_told_with_what_to_do(
    archive: Path, name: str, words: str, *, is_other_beside_a_transcript: bool
) -> None:
    path = archive / name
    if name.endswith("/"):
        path.mkdir()
    else:
        path.write_text("x", encoding="utf-8")
    (beside,) = advised(archive)
    assert beside.partition(": ")[0].endswith(name.rstrip("/"))
    assert ("only transcript.vtt is read" in beside) == is_other_beside_a_transcript
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    (alone,) = advised(archive)
    assert words in alone


@pytest.mark.parametrize(
    "name",
    [
        *("transcripts/.DS_Store", "transcripts/tones/.transcript.vtt.swp", "media/._tones.wav", "media/Thumbs.db"),
        *("transcripts/README.md", "transcripts/tones/README", "media/LICENSE.txt", "media/SHA256SUMS"),
        *("media/tones.wav.sha256", "media/TONES.wav.md5"),
    ],
)
def test_what_is_for_others_than_the_player_needs_no_advice(archive: Path, name: str) -> None:
    (archive / name).write_text("x", encoding="utf-8")
    assert advised(archive) == []
    assert faults(archive) == []


@pytest.mark.parametrize("name", ["Tones.WAV", "tones.wav"])
def test_a_sound_that_a_record_names_in_other_letters_is_not_called_nobodys(archive: Path, name: str) -> None:
    (archive / "media" / "tones.wav").rename(archive / "media" / name)
    assert not any("no record names" in each for each in advised(archive))


def test_a_clip_in_media_is_told_once_with_what_lies_beside_it(archive: Path) -> None:
    for name in ("clip.mp3", "clip.mp3.json", "clip.mp3.vtt"):
        (archive / "media" / name).write_text("x", encoding="utf-8")
    (told,) = advised(archive)
    assert "clip.mp3: no record names this file" in told


def test_a_transcript_that_is_bound_to_nothing_is_told_how_to_bind_it(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    (bound,) = [line for line in text.splitlines() if "Media SHA-256" in line]
    path.write_text(text.replace(f"{bound}\n", ""), encoding="utf-8")
    (told,) = advised(archive)
    assert "transcript.vtt:1: the transcript is not bound to its sound, and would follow" in told
    assert told.endswith("; bind it: player bind tones")
    assert check(archive).exit_code == 0


def test_no_sound_is_called_nobodys_while_a_record_cannot_be_read(archive: Path) -> None:
    other = archive / "transcripts" / "other"
    other.mkdir()
    (archive / "media" / "other.wav").write_bytes(b"")
    assert not advised(archive)  # a folder that is no recording may become one
    (other / "recording.toml").write_text("wrong", encoding="utf-8")
    assert not advised(archive)
    (other / "recording.toml").write_text('title = "x"\ndate = "1963"\nmedia = "x.wav"\n', encoding="utf-8")
    assert any("other.wav: no record names this file" in each for each in advised(archive))


LOOK_ALIKES = [
    *(("tones/Transcript.VTT", "transcript.vtt"), ("tones/transcript.vtt.txt", "transcript.vtt")),
    *(
        ("tones/trans cript.vtt", "transcript.vtt"),
        ("tones/\N{FULLWIDTH LATIN SMALL LETTER T}ranscript.vtt", "transcript.vtt"),
    ),
    *(("tones/Annotations.toml", "annotations.toml"), ("tones/annotations.toml.txt", "annotations.toml")),
    *(("tones/recording.TOML", "recording.toml"), ("Sources.toml", "sources.toml"), ("people.TOML", "people.toml")),
]


@pytest.mark.parametrize(("name", "meant"), LOOK_ALIKES)
def test_a_file_that_is_named_nearly_right_is_a_fault_and_is_told_once(archive: Path, name: str, meant: str) -> None:
    (archive / "transcripts" / name).write_text("x", encoding="utf-8")
    (told,) = faults(archive)
    assert f"this file is not read, because its name is not exactly {meant}; rename it {meant}" in told
    assert advised(archive) == []


def test_a_folder_whose_record_is_named_nearly_right_is_told_so(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "recording.toml").rename(folder / "recording.TOML")
    (told,) = faults(archive)
    assert (
        'not a recording: "recording.TOML" in it is not named exactly recording.toml; rename it recording.toml' in told
    )


def test_names_that_no_page_and_no_terminal_can_show_are_told(archive: Path) -> None:
    folder = archive / "transcripts"
    for place in (folder, folder / "tones", archive / "media"):
        (place / "caf\udce9\n.srt").write_text("x", encoding="utf-8")
    (folder / "tones" / "transcript.\udce9.vtt").write_text("x", encoding="utf-8")
    (folder / "\udce9").mkdir()
    result = check(archive)
    assert result.exit_code == 1
    assert "caf\\udce9\\n.srt" in result.stdout


INEXACT = [
    # the file, how ffmpeg makes it, and what is told
    ("a.aiff", (), "Chromium and Firefox do not play AIFF"),
    ("a.aifc", ("-c:a", "adpcm_ima_qt"), "do not play AIFF"),
    ("a b.wma", ("-c:a", "wmav2"), "do not play WMA"),
    ("a.w64", (), "do not play Wave64"),
    ("a.mp2", ("-c:a", "mp2"), "do not play MP2"),
    ("a.mp3", ("-c:a", "mp2", "-f", "mp2"), "do not play MP2"),
    ("a.m4a", ("-c:a", "alac"), "do not play Apple Lossless (ALAC) in MP4"),
    ("a.wav", ("-c:a", "adpcm_ms"), "do not play ADPCM in WAV"),
    ("b.wav", ("-c:a", "mp2"), "do not play MP2 in WAV"),
    ("c.wav", ("-rf64", "always"), "Firefox does not play RF64"),
    ("d.wav", ("-c:a", "pcm_f64le"), "Chromium does not play floating point samples of 64 bits in WAV"),
    ("a.mka", ("-c:a", "flac"), "Firefox does not play FLAC in Matroska"),
    ("a.caf", ("-c:a", "alac"), "do not play CAF"),
    ("a.au", (), "do not play AU"),
    ("a.amr", ("-ar", "8000", "-c:a", "libopencore_amrnb"), "do not play AMR"),
    ("a.3gp", ("-ar", "8000", "-c:a", "libopencore_amrnb"), "do not play AMR in MP4"),
    ("a.ac3", ("-c:a", "ac3"), "do not play AC-3"),
    ("a.mp4", ("-c:a", "ac3"), "do not play AC-3 in MP4"),
    ("a.wv", (), "do not play WavPack"),
    ("a.tta", (), "do not play TTA"),
    ("s.wav", ("-ar", "2000"), "Chromium does not play fewer than 3,000 samples a second"),
    ("a.aac", ("-c:a", "aac"), "it does not state its length: browsers guess it, and jumps land far off"),
    ("q.mp3", ("-c:a", "libmp3lame", "-q:a", "2"), "its bitrate varies: after a jump, browsers play such an MP3"),
    ("c.mp3", ("-b:a", "128k"), "after a jump, browsers play an MP3 up to 50 ms away from the time they show"),
    ("t.mp3", ("-b:a", "64k", "-ar", "22050", "-write_xing", "0"), "after a jump, browsers play an MP3 up to 50 ms"),
    ("x.mp3", ("-b:a", "128k", "-id3v2_version", "3", "-metadata", "title=Xing"), "after a jump, browsers play an MP3"),
    ("a.ogg", ("-c:a", "libvorbis"), "after some jumps, Chromium plays Vorbis in Ogg up to seconds away"),
    (
        "n.m4a",
        ("-c:a", "aac", "-use_editlist", "0"),
        "it has no edit list that leaves out the encoder's delay: browsers may begin it 23 ms off",
    ),
    (
        "f.m4a",
        ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
        "whether browsers play an MP4 in fragments at the times they show",
    ),
    ("f.oga", ("-c:a", "flac"), "after some jumps, Chromium plays FLAC in Ogg up to seconds away"),
    ("v.webm", ("-c:a", "libvorbis"), "browsers play Vorbis in Matroska up to 26 ms away from"),
    ("a.mka", ("-c:a", "aac"), "browsers play AAC in Matroska up to 26 ms away from"),
    ("m.wav", ("-c:a", "libmp3lame"), "not known whether browsers play MP3 in WAV"),
]


@pytest.mark.sampled(11)
@pytest.mark.long
@pytest.mark.parametrize(("name", "made", "what"), INEXACT)
def test_a_sound_that_browsers_do_not_play_exactly_is_told_with_what_to_do(
    archive: Path, name: str, made: tuple[str, ...], what: str
) -> None:
    (archive / "media" / "tones.wav").unlink()
    # A tone whose loudness changes, so that a bitrate that may vary does.
    converted(archive / "media" / name, "-af", "volume='lt(mod(t,2),1)':eval=frame", *made)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", name), encoding="utf-8")
    (told,) = advised(archive)
    assert f"/{name}: " in told
    assert what in told
    assert told.endswith("; make a copy that they play exactly: player access tones")


EXACT = [
    *(("a.wav", ("-c:a", codec)) for codec in ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le")),
    *(("a.wav", ("-ar", "8000", "-c:a", codec)) for codec in ("pcm_alaw", "pcm_mulaw")),
    *(("a.flac", ()), ("a.flac", ("-ar", "96000", "-sample_fmt", "s32")), ("a.m4a", ("-c:a", "aac"))),
    *(("a.opus", ()), ("a.webm", ("-c:a", "libopus")), ("o.mp4", ("-c:a", "libopus")), ("f.mp4", ("-c:a", "flac"))),
    *(("a.mp3", ("-c:a", "flac", "-f", "flac")), ("a.wav", ("-c:a", "aac", "-f", "ipod"))),
]


@pytest.mark.parametrize(("name", "made"), EXACT)
def test_a_sound_that_browsers_play_exactly_needs_no_advice_whatever_its_name(
    tmp_path: Path, name: str, made: tuple[str, ...]
) -> None:
    assert list(access.advice(tmp_path, "a", converted(tmp_path / name, *made))) == []


def test_a_wav_whose_head_says_that_it_is_empty_is_told(tmp_path: Path) -> None:
    path = converted(tmp_path / "a.wav", "-bitexact")
    content = path.read_bytes()
    for size, told in ((0, ["its head says that it is empty, and Firefox believes it"]), (0xFFFFFFFF, [])):
        path.write_bytes(content[:40] + size.to_bytes(4, "little") + content[44:])
        assert [each.what for each in access.advice(tmp_path, "a", path)] == told


def test_a_variable_bitrate_is_known_without_the_header_that_says_so(tmp_path: Path) -> None:
    path = encoded(write_tones(tmp_path / "tape.wav", seconds=5), "mp3 of variable bitrate")
    assert kinds.is_variable(path)
    bare = converted(
        tmp_path / "bare.mp3", "-af", "volume='lt(mod(t,2),1)':eval=frame", "-q:a", "2", "-write_xing", "0"
    )
    assert b"Xing" not in bare.read_bytes()
    assert kinds.is_variable(bare)


def test_a_sound_that_cannot_be_read_is_a_fault_and_no_advice(archive: Path) -> None:
    (archive / "media" / "tones.wav").write_text("no sound", encoding="utf-8")
    with pytest.raises(AudioError):
        list(access.advice(archive / "media", "tones", archive / "media" / "tones.wav"))
    assert advised(archive) == []


def test_a_codec_that_nobody_has_heard_of_is_not_said_to_play() -> None:
    kind = kinds.kind_of(Header(8000, 1, 2, "novel", 0, None, "nonesuch"))
    assert kind.unplayed_in == ("Chromium", "Firefox")
    assert kind.name == "nonesuch"


def test_the_command_that_is_told_makes_a_recording_of_a_sound_that_no_record_names(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = archive / "media" / "more tones.wav"
    write_second_tones(other, seconds=2)
    (line,) = [line for line in check(archive).stdout.splitlines() if "no record names this file" in line]
    assert "or move it out of media, and add it from there: player add " in line
    other.rename(tmp_path / other.name)
    monkeypatch.chdir(tmp_path)
    told = shlex.split(line.partition(": player add ")[2])
    added = CliRunner().invoke(main, ["add", *told, "--title", "More", "--date", "1971", "--yes"])
    assert added.exit_code == 0, added.output
    assert "no record names this file" not in check(archive).stdout
