"""A script becomes a sound and a transcript that are in step, each time the same."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import numpy as np
import pytest
from mutagen.mp3 import MP3, BitrateMode
from programs import program

from player.archive.script import read_script
from player.archive.webvtt.reading import read_transcript
from player.errors import ArchiveError, PlayerError, ReadingError
from player.reading.flite import synthesise
from player.reading.reading import Reading, build_reading
from player.timecode import vtt

if TYPE_CHECKING:
    from pathlib import Path

RATE = 16_000
TITLE = "A reading about rain"
SCRIPT = """\
[[voice]]
name = "Narrator"
flite = "rms"

[[voice]]
name = "Document"
flite = "kal16"
stretch = 1.1

[say]
"Vallejo" = "va yay ho"

[[line]]
id = "preface"
voice = "Narrator"
pause = 0
text = "But this is a reading, not the tape."
sources = ["project"]

[[line]]
id = "day"
voice = "Narrator"
at = "0:04.321"
text = "Bundy spoke on 5 November 1963 — Vallejo did not."
sources = ["log, p. 1", "diary"]

[[line]]
id = "paper"
voice = "Document"
text = "“And perhaps it rained & poured.”"
sources = ["log, p. 2"]

[[line]]
id = "close"
voice = "Narrator"
pause = 1.2
text = "Days went by."
sources = ["project"]
"""
#: What flite is given for each line.
SAID = (
    ("But this is a reading, not the tape.", "rms", 1.0),
    ("Bundy spoke on 5 November 1963 -- va yay ho did not.", "rms", 1.0),
    ('"And perhaps it rained & poured."', "kal16", 1.1),
    ("Days went by.", "rms", 1.0),
)


@pytest.fixture(scope="module", autouse=True)
def _flite() -> None:
    program("flite")


@dataclass(frozen=True)
class Place:
    """A folder for a record, and one for its sound."""

    record: Path
    media: Path

    def build(self, text: str = SCRIPT, *, force: bool = False, language: str = "en", title: str = TITLE) -> Reading:
        path = self.record / "script.toml"
        path.write_text(text, encoding="utf-8")
        return build_reading(
            self.record,
            self.media,
            title=title,
            slug="rain",
            language=language,
            script=read_script(path),
            force=force,
        )

    def files(self) -> dict[str, bytes]:
        folders = (self.record, self.media)
        return {path.name: path.read_bytes() for folder in folders for path in folder.iterdir() if path.is_file()}


def new_place(root: Path) -> Place:
    record, media = root / "transcripts" / "rain", root / "media"
    record.mkdir(parents=True)
    media.mkdir()
    return Place(record, media)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return new_place(tmp_path_factory.mktemp("reading")).build()


@pytest.fixture(scope="module")
def sound(reading: Reading) -> np.ndarray:
    """The sound as a player hears it: decoded by ffmpeg, which heeds the delay that the header gives."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(reading.media)]
    command += ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "pipe:1"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2").astype(float)


def decibels(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) / 2**15))


def test_each_line_is_one_cue_in_order_with_its_voice_words_and_sources(reading: Reading) -> None:
    cues = read_transcript(reading.transcript).cues
    assert [cue.id for cue in cues] == ["preface", "day", "paper", "close"]
    assert [cue.speaker for cue in cues] == ["Narrator", "Narrator", "Document", "Narrator"]
    assert [cue.text for cue in cues][1:3] == [
        "Bundy spoke on 5 November 1963 — Vallejo did not.",
        "“And perhaps it rained & poured.”",
    ]
    assert [[str(citation) for citation in cue.citations] for cue in cues] == [
        ["project"],
        ["log, p. 1", "diary"],
        ["log, p. 2"],
        ["project"],
    ]


def test_the_transcript_as_written_is_the_one_that_was_made(reading: Reading) -> None:
    transcript = read_transcript(reading.transcript)
    assert transcript.faults == ()
    assert tuple(replace(cue, line=0) for cue in transcript.cues) == reading.cues


def test_every_printed_word_has_a_time_of_its_own_in_its_cue(reading: Reading) -> None:
    for cue in read_transcript(reading.transcript).cues:
        times = [time for time in cue.words if time is not None]
        assert len(times) == len(cue.text.split())
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] < cue.end - cue.start


def test_a_line_starts_at_the_moment_it_was_given(reading: Reading) -> None:
    assert reading.cues[0].start == 0
    assert reading.cues[1].start == 4_321


def test_a_line_starts_after_the_pause_it_was_given(reading: Reading) -> None:
    _, day, paper, close = reading.cues
    assert paper.start - day.end == 350
    assert close.start - paper.end == 1_200


@pytest.mark.long
def test_the_sound_of_each_line_is_where_its_cue_says_within_a_millisecond(reading: Reading, sound: np.ndarray) -> None:
    """Each line is spoken anew, by itself, and looked for in the decoded MP3 around the time of its first word."""
    for cue, (said, voice, stretch) in zip(reading.cues, SAID, strict=True):
        speech = synthesise(said, voice, stretch)
        first, last = speech.tokens[0].start, speech.tokens[-1].end
        spoken = np.frombuffer(speech.samples, "<i2").astype(float)[first:last]
        assert cue.words[0] is not None
        start = (cue.start + cue.words[0]) * RATE // 1000
        reach = min(start, RATE // 10)
        around = sound[start - reach : start + len(spoken) + RATE // 10]
        likeness = np.correlate(around, spoken, "valid")
        assert abs(int(np.argmax(likeness)) - reach) <= RATE // 1000, cue.id
        found = around[np.argmax(likeness) :][: len(spoken)]
        assert np.corrcoef(found, spoken)[0, 1] > 0.99, cue.id


def test_the_words_of_a_cue_are_when_flite_spoke_them(reading: Reading) -> None:
    for cue, (said, voice, stretch) in zip(reading.cues, SAID, strict=True):
        begins = {token.text: token.start for token in synthesise(said, voice, stretch).tokens}
        printed = dict(zip((word.strip("“”.,—") for word in cue.text.split()), cue.words, strict=True))
        printed["va"] = printed.pop("Vallejo", None)
        first = printed[next(iter(printed))]
        assert first is not None
        for word, time in printed.items():
            if word and time is not None:
                expected = (begins[word] - min(begins.values())) * 1000 / RATE + first
                assert time == pytest.approx(expected, abs=1), word


def test_each_line_begins_with_sound_after_silence(reading: Reading, sound: np.ndarray) -> None:
    for cue in reading.cues:
        start, end = cue.start * RATE // 1000, cue.end * RATE // 1000
        loud = np.abs(sound[start:end]) > 0.02 * np.abs(sound[start:end]).max()
        assert int(np.argmax(loud)) < (0.020 + 0.060) * RATE, cue.id
        assert np.abs(sound[end + RATE // 100 : end + RATE // 10]).max() < 30, cue.id


def test_both_voices_are_as_loud_as_each_other_and_never_clip(reading: Reading, sound: np.ndarray) -> None:
    levels = []
    for cue in reading.cues:
        line = sound[cue.start * RATE // 1000 : cue.end * RATE // 1000]
        frames = line[: len(line) // 800 * 800].reshape(-1, 800)
        powers = (frames**2).mean(axis=1)
        levels.append(decibels(frames[powers > powers.max() / 1000]))
    assert max(levels) - min(levels) < 1
    assert levels == pytest.approx([-21] * 4, abs=1)
    assert np.abs(sound).max() < 2**15 * 10 ** (-0.5 / 20)


def test_the_sound_is_as_long_as_the_reading_says(reading: Reading, sound: np.ndarray) -> None:
    assert len(sound) * 1000 / RATE == pytest.approx(reading.duration, abs=1)
    assert reading.duration == reading.cues[-1].end + 500


def test_the_sound_is_constant_bitrate_mp3_that_says_what_it_is(reading: Reading) -> None:
    file: Any = MP3(reading.media)  # type: ignore[no-untyped-call]  # mutagen says so of half its functions
    assert file.info.bitrate_mode == BitrateMode.CBR
    assert (file.info.bitrate, file.info.channels, file.info.sample_rate) == (64_000, 1, 44_100)
    assert file.tags is not None
    assert str(file.tags["TIT2"]) == "Synthetic reading, not the tape. A reading about rain"


def test_the_sound_tells_how_much_of_it_is_the_encoder_s_delay(reading: Reading) -> None:
    """In its Info header: 12 bits of delay, 12 of padding (gabriel.mp3-tech.org/mp3infotag.html)."""
    head = reading.media.read_bytes()[:1000]
    info = head.index(b"Info")
    assert int.from_bytes(head[info + 141 : info + 144]) >> 12 == 576


def test_the_transcript_is_bound_to_its_sound_and_says_where_it_comes_from(reading: Reading) -> None:
    transcript = read_transcript(reading.transcript)
    assert transcript.media_sha256 == hashlib.sha256(reading.media.read_bytes()).hexdigest()
    header = dict(transcript.header)
    assert list(header) == [
        "Type",
        "Language",
        "Responsible Party",
        "Media Identifier",
        "Originating File",
        "File Creator",
        "File Creation Date",
        "Title",
        "Origin History",
        "Local Usage Element",
    ]
    assert (header["Type"], header["Language"], header["Media Identifier"]) == ("caption", "eng", "rain, local")
    assert (header["Title"], header["Originating File"]) == (TITLE, "rain.mp3")
    assert "rms and kal16" in header["Origin History"]


def test_built_again_the_files_are_the_same(reading: Reading, place: Place) -> None:
    again = place.build()
    assert again.media.read_bytes() == reading.media.read_bytes()
    assert again.transcript.read_text().splitlines()[8:] == reading.transcript.read_text().splitlines()[8:]
    before = place.files()
    place.build(force=True)
    assert place.files() == before


def test_the_date_of_a_transcript_stays_until_its_cues_change(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def date() -> str:
        return dict(read_transcript(place.record / "transcript.vtt").header)["File Creation Date"]

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    place.build()
    assert date() == "1970-01-01"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    place.build(force=True)
    assert date() == "1970-01-01"
    place.build(SCRIPT.replace("Days went by.", "Days went."), force=True)
    assert date() == "1970-01-02"


def test_translations_are_given_the_new_times_and_nothing_else_in_them_changes(place: Place) -> None:
    before = place.build()
    cues = "\n".join(
        f"NOTE {cue.id}, as Ada has it\n\n{cue.id}\n{vtt(cue.start)} --> {vtt(cue.end)}\n…\n" for cue in before.cues
    )
    path = place.record / "transcript.es.vtt"
    path.write_text(f"WEBVTT\nLanguage: spa\n\n{cues}", encoding="utf-8")
    (place.record / "transcript.fr.vtt").write_text("no WebVTT", encoding="utf-8")
    after = place.build(SCRIPT.replace("it rained", "it rained, and rained"), force=True)
    assert after.cues[3].start > before.cues[3].start
    expected = cues
    for old, new in zip(before.cues, after.cues, strict=True):
        expected = expected.replace(f"{vtt(old.start)} --> {vtt(old.end)}", f"{vtt(new.start)} --> {vtt(new.end)}")
    assert path.read_text(encoding="utf-8") == f"WEBVTT\nLanguage: spa\n\n{expected}"
    assert (place.record / "transcript.fr.vtt").read_text(encoding="utf-8") == "no WebVTT"


def test_a_paragraph_of_the_script_is_one_of_the_transcript(place: Place) -> None:
    made = place.build(SCRIPT.replace('id = "close"', 'id = "close"\nparagraph = true'))
    cues = read_transcript(made.transcript).cues
    assert [cue.id for cue in cues if cue.opens_paragraph] == ["close"]


@pytest.mark.parametrize("there", ["rain.mp3", "transcript.vtt"])
def test_what_is_there_is_kept_unless_force_is_given(place: Place, there: str) -> None:
    path = (place.media if there.endswith("mp3") else place.record) / there
    path.write_bytes(b"mine")
    with pytest.raises(ReadingError, match=rf"{there} already exists; use --force to replace it"):
        place.build()
    assert place.files().keys() == {"script.toml", there}
    assert path.read_bytes() == b"mine"
    place.build(force=True)
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        (
            'at = "0:04.321"',
            'at = "0:02"',
            r'script.toml:20: line "day": it should start at 0:02, but the line before',
        ),
        ("it rained &", "Ж rained &", r'script.toml:27: line "paper": flite cannot speak "Ж"'),
        ("Days went by.", "— … —", r'script.toml:33: line "close": it contains nothing that can be spoken'),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_nothing_is_written(
    place: Place, written: str, instead: str, told: str
) -> None:
    assert written in SCRIPT
    with pytest.raises(ReadingError, match=told):
        place.build(SCRIPT.replace(written, instead))
    assert place.files().keys() == {"script.toml"}


def test_a_transcript_that_cannot_be_written_leaves_no_sound_either(place: Place) -> None:
    with pytest.raises(ArchiveError, match="the header cannot be written"):
        place.build(title="Rain --> sun")
    assert place.files().keys() == {"script.toml"}


def test_a_language_that_the_voices_do_not_speak_is_refused(place: Place) -> None:
    with pytest.raises(ReadingError, match='speak only English, not "es-CU"'):
        place.build(language="es-CU")
    assert place.build(language="en-GB").duration > 0


def test_a_folder_that_cannot_be_written_is_told(place: Place) -> None:
    shutil.rmtree(place.media)
    place.media.write_bytes(b"no folder")
    with pytest.raises(ReadingError, match="the reading cannot be written to"):
        place.build()
    assert {path.name for path in place.record.iterdir()} == {"script.toml"}


def test_a_failed_encoder_leaves_what_was_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.build()
    before = place.files()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    with pytest.raises(PlayerError):
        place.build(SCRIPT.replace("Days went by.", "Days went."), force=True)
    assert {name: content for name, content in place.files().items() if name != "script.toml"} == {
        name: content for name, content in before.items() if name != "script.toml"
    }


def test_progress_is_told_line_by_line(place: Place) -> None:
    path = place.record / "script.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    told: list[tuple[int, int]] = []
    build_reading(
        place.record,
        place.media,
        title=TITLE,
        slug="rain",
        language="en",
        script=read_script(path),
        force=False,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
