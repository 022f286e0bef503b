"""What a recogniser wrote is known as such when it is brought in, and stays so until people have checked it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from machine_ferry import DOUBTFUL, HEARD, KEEPER, LABEL, SLUG, UNHEARD, UNTIMED, write_archive
from small_archive import write_archive as write_plain

from player.archive.archive import Archive
from player.archive.line_marks import confidence, heard, word_confidences
from player.archive.machine import machine_made
from player.intake.transcripts import formats
from player.intake.transcripts.machines import machine_named, with_machine

if TYPE_CHECKING:
    from player.archive.transcript import Transcript

DATA: Final = Path(__file__).parent / "data"
SEGMENT: Final = {"start": 0.5, "end": 2.0, "text": " The ferry left.", "avg_logprob": -0.1}
WORDS: Final = [
    {"word": "ferry", "punctuated_word": "Ferry", "start": 0.5, "end": 1.0, "confidence": 0.9},
    {"word": "left", "punctuated_word": "left.", "start": 1.0, "end": 1.5, "confidence": 0.8},
]
DEEPGRAM: Final = {
    "metadata": {
        "created": "2026-11-02T08:00:00.000Z",
        "model_info": {"1": {"name": "2-general-nova", "arch": "nova-2"}},
        "duration": 2.0,
    },
    "results": {"channels": [{"alternatives": [{"transcript": "ferry left", "words": WORDS}]}]},
}
WHISPER_CPP: Final = {
    "params": {"model": "models/ggml-base.en.bin"},
    "transcription": [{"offsets": {"from": 500, "to": 2000}, "text": " The ferry left."}],
}
AMAZON: Final = {
    "results": {
        "transcripts": [{"transcript": "Ferry"}],
        "items": [
            {
                "type": "pronunciation",
                "start_time": "0.5",
                "end_time": "1.0",
                "alternatives": [{"content": "Ferry", "confidence": "0.9"}],
            }
        ],
    }
}
WHISPERX: Final = {"segments": [{**SEGMENT, "words": []}], "word_segments": []}
PODCAST: Final = {
    "segments": [
        {"startTime": at, "endTime": at + 0.4, "body": word}
        for at, word in enumerate(["The", "ferry", "left", "the", "quay", "at", "six."])
    ]
}


def vtt(*header: str, comment: str = "", voice: str = "") -> str:
    note = f"NOTE {comment}\n\n" if comment else ""
    return "\n".join(["WEBVTT", *header, "", f"{note}c1\n00:01.000 --> 00:02.000\n{voice}The ferry left.\n"])


MACHINES: Final = {
    "whisper": (json.dumps({"segments": [SEGMENT]}), "Whisper, unknown, unknown"),
    "whisper.cpp": (json.dumps(WHISPER_CPP), "whisper.cpp, base.en, unknown"),
    "whisperx": (json.dumps(WHISPERX), "WhisperX, unknown, unknown"),
    "amazon": (json.dumps(AMAZON), "Amazon Transcribe, unknown, unknown"),
    "deepgram": (json.dumps(DEEPGRAM), "Deepgram, nova-2, 2026-11-02"),
    "podcast": (json.dumps(PODCAST), "unknown, unknown, unknown"),
    "confidence": (vtt(comment="confidence: 0.9"), "unknown, unknown, unknown"),
    "teams": (vtt(voice="<v 123@example.org>"), "Microsoft Teams, unknown, unknown"),
    "own": (vtt("Local Usage Element: [Machine Transcript] A, b, 2026-11-02"), "A, b, 2026-11-02"),
    "creator": (
        vtt("File Creator: faster-whisper 1.2.1, model tiny.en", "File Creation Date: 2026-11-02"),
        "faster-whisper 1.2.1, tiny.en, 2026-11-02",
    ),
    "history": (
        vtt("Origin History: Created by automatic speech recognition (Amazon Transcribe), uncorrected"),
        "Amazon Transcribe, unknown, unknown",
    ),
    "not reviewed": (
        vtt("File Creator: A town archive", "Origin History: machine-generated, not yet reviewed"),
        "unknown, unknown, unknown",
    ),
}
PEOPLE: Final = {
    "plain": vtt(),
    "corrected": vtt("File Creator: Whisper", "Origin History: corrected by a volunteer"),
    "reviewed by hand": vtt("Origin History: machine-generated and then reviewed by hand"),
    "a comment on corrections": vtt(comment="Transcription provided by Deepgram, corrected by Anna Reed"),
    "a typist": vtt("File Creator: Anna Reed", "Origin History: typed from the tape"),
    "another program's work": vtt("Origin History: typed; cut to captions for YouTube"),
}


def read(folder: Path, text: str) -> str | None:
    name = "said.json" if text.startswith("{") else "said.vtt"
    (folder / name).write_text(text, encoding="utf-8")
    made = machine_made(with_machine(formats.read(folder / name), None, None).header)
    return None if made is None else str(made)


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_by_what_it_writes(name: str, tmp_path: Path) -> None:
    text, by = MACHINES[name]
    assert read(tmp_path, text) == by


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("deepgram", "Deepgram, unknown, 2025-05-02"),
        ("teams-padded", "Microsoft Teams, unknown, unknown"),
        ("teams-graph", "Microsoft Teams, unknown, unknown"),
        ("youtube-ferry", "YouTube, unknown, unknown"),
        ("stream-confidence", "Microsoft Stream, unknown, unknown"),
        ("zoom-crlf", None),
        ("by-hand", None),
    ],
)
def test_captions_are_known_by_their_form_where_only_a_machine_writes_it(name: str, by: str | None) -> None:
    (path,) = DATA.rglob(f"webvtt/{name}.vtt")
    made = machine_made(with_machine(formats.read(path), None, None).header)
    assert (made and str(made)) == by


@pytest.mark.parametrize("name", PEOPLE)
def test_what_people_wrote_or_corrected_is_theirs(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, PEOPLE[name]) is None


@pytest.mark.parametrize(("text", "by"), [("otter.txt", "Otter"), ("rev.txt", None)])
def test_services_that_sign_are_a_machines_where_they_sell_nothing_else(text: str, by: str | None) -> None:
    (path,) = DATA.rglob(f"text/{text}")
    found = formats.read(path)
    assert (found.machine and found.machine.program) == by


@pytest.mark.parametrize(
    "text", ["", "  ", "a;b", "a\nb", "a --> b", "x" * 101, ",,,", "-", "a, -", "a,,,b", "[Reviewed] 2026-11-29"]
)
def test_no_machine_is_called_so(text: str) -> None:
    assert machine_named(text) is None


def place(archive: Path, slug: str = "tones") -> Path:
    return archive / "transcripts" / slug / "transcript.vtt"


def transcript(archive: Path, slug: str = "tones") -> Transcript:
    found = Archive(archive).recording(slug).transcript
    assert found is not None
    return found


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    archive = write_plain(tmp_path / "archive")
    place(archive).unlink()
    return archive


def without_notes(archive: Path) -> Path:
    """Remove the notes, which point at lines."""
    for path in archive.rglob("annotations.toml"):
        path.unlink()
    return archive


def srt(path: Path, *texts: str) -> Path:
    lines = [f"{n + 1}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}\n" for n, text in enumerate(texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_it_is_told_and_hidden_until_somebody_has_heard_it(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text(json.dumps({"segments": [SEGMENT]}))
    found = run(plain, "import", "tones", str(tmp_path / "talk.json"))
    assert found.exit_code == 0, found.output
    assert "a machine wrote its words (Whisper), and nobody has heard its one line:" in found.output
    assert LABEL in found.output
    assert "for visitors, the recording stays as it is: transcript draft" in found.output
    assert transcript(plain).unchecked == 1
    assert "Origin History: Made by a machine from the sound; nobody has checked it." in place(plain).read_text()


@pytest.mark.long
def test_whoever_knows_says_that_a_machine_wrote_it_or_that_people_checked_it(plain: Path, tmp_path: Path) -> None:
    file = str(srt(tmp_path / "talk.srt", "The ferry left."))
    refused = run(plain, "import", "tones", file, "--checked-by", KEEPER)
    assert refused.exit_code == 1
    assert "nothing says that a machine wrote it" in refused.output
    run(plain, "import", "tones", file, "--machine", "Trint, v2")
    assert str(transcript(plain).machine) == "Trint, v2, unknown"
    found = run(plain, "import", "tones", file, "--machine", "Trint", "--checked-by", KEEPER, "--force")
    assert f"reviewed by {KEEPER} on " in found.output
    assert transcript(plain).unchecked == 0
    assert f"reviewed by {KEEPER} on " in dict(transcript(plain).header)["Origin History"]
    assert run(plain, "import", "tones", file, "--machine", "a;b").exit_code == 2


@pytest.mark.long
def test_the_words_of_a_machine_stay_its_in_a_form_that_cannot_say_so(tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive"))
    texts = f"The ferry carried {UNHEARD} upstream.", f"Nobody saw a {HEARD} on the quay.", "Under the planks."
    found = run(archive, "import", SLUG, str(srt(tmp_path / "talk.srt", *texts)), "--force")
    assert "words of which 93% are those that a machine wrote before, so they still count as its" in found.output
    there = transcript(archive, SLUG)
    assert str(there.machine) == "faster-whisper 1.2.1, tiny.en, 2026-11-27"
    assert there.aligner is None
    assert [line.is_unchecked for line in there.lines] == [True, False, True]
    assert [confidence(line) for line in there.lines] == [0.91, 0.88, None]


FIVE: Final = (
    f"The ferry carried {UNHEARD} upstream.",
    f"Nobody saw a {HEARD} on the quay.",
    f"Under {DOUBTFUL} planks.",
    f"They sold {UNHEARD} by the basket.",
    f"And the {UNTIMED} went home.",
)


@pytest.mark.long
@pytest.mark.parametrize(
    "texts",
    [
        [" ".join(FIVE).replace("quay. ", "quay.\n\n")],
        " ".join(FIVE).split("on "),
        [f"{FIVE[0]} {FIVE[1]}", *FIVE[2:]],
        [text.upper().rstrip(".") for text in FIVE],
        [text.replace(" ", ", ").replace(".", "!") for text in FIVE],
        [*FIVE, *(f"Line {number} is an addition of several words." for number in range(30))],
        FIVE[1:3],
        FIVE[::-1],
    ],
)
def test_a_machines_words_stay_its_however_they_are_divided_and_written(texts: list[str], tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive"))
    found = run(archive, "import", SLUG, str(srt(tmp_path / "talk.srt", *texts)), "--force")
    assert found.exit_code == 0, found.output
    assert "a machine wrote before, so they still count as its" in found.output
    assert transcript(archive, SLUG).is_draft


@pytest.mark.long
def test_whoever_typed_the_same_words_says_so(tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive"))
    file = str(srt(tmp_path / "talk.srt", *FIVE))
    found = run(archive, "import", SLUG, file, "--by-hand", "--force")
    assert found.exit_code == 0, found.output
    assert "machine" not in found.output.lower()
    assert transcript(archive, SLUG).machine is None
    refused = run(archive, "import", SLUG, file, "--by-hand", "--checked-by", KEEPER, "--force")
    assert refused.exit_code == 1
    assert "leave out one of them" in refused.output
    (tmp_path / "talk.json").write_text(json.dumps({"segments": [SEGMENT]}))
    refused = run(archive, "import", SLUG, str(tmp_path / "talk.json"), "--by-hand", "--force")
    assert refused.exit_code == 1
    assert "it shows that a machine wrote it (Whisper, unknown, unknown); leave out --by-hand" in refused.output


@pytest.mark.long
@pytest.mark.parametrize("says_so", [False, True], ids=["srt", "own file"])
def test_a_review_is_of_the_words_that_were_reviewed_and_of_no_others(tmp_path: Path, *, says_so: bool) -> None:
    archive = without_notes(write_archive(tmp_path / "archive", reviewed=True))
    by = f"2026-11-28, {KEEPER}"
    if says_so:
        away = tmp_path / "away.vtt"
        away.write_text(place(archive, SLUG).read_text().replace("sold quillwort", "sold it"))
    else:
        away = srt(tmp_path / "talk.srt", *FIVE[:4], "Two of these were never heard.", "By nobody.")
    found = run(archive, "import", SLUG, str(away), "--force")
    assert f"left out: the review by {KEEPER} on 2026-11-28, which is of other words; 4 lines" in found.output
    there = transcript(archive, SLUG)
    assert (str(there.machine), there.review) == ("faster-whisper 1.2.1, tiny.en, 2026-11-27", None)
    assert [f"heard: {by}" in line.comments for line in there.lines].count(True) == 4
    assert there.unchecked == len(there.lines) - 4
    assert f"reviewed by {KEEPER}" not in dict(there.header)["Origin History"]


@pytest.mark.long
def test_a_review_stays_where_only_the_lines_are_others(tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive", reviewed=True))
    found = run(archive, "import", SLUG, str(srt(tmp_path / "talk.srt", f"{FIVE[0]} {FIVE[1]}", *FIVE[2:])), "--force")
    assert f"reviewed by {KEEPER} on 2026-11-28" in found.output
    assert str(transcript(archive, SLUG).review) == f"2026-11-28, {KEEPER}"


@pytest.mark.long
def test_a_typescript_that_replaces_a_machines_words_is_no_machines(tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive", reviewed=True))
    texts = f"The ferry carried {UNHEARD} upstream.", "It was all typed anew.", "From the sound, and with great care."
    found = run(archive, "import", SLUG, str(srt(tmp_path / "talk.srt", *texts)), "--force")
    there = transcript(archive, SLUG)
    assert "words of which only 41% are those" in found.output
    assert "so they count as people's; if a machine wrote them too, say --machine" in found.output
    assert (there.machine, there.review) == (None, None)
    assert "Origin History" not in dict(there.header)
    assert all(confidence(line) is None and not word_confidences(line) for line in there.lines)


def test_a_second_machine_takes_the_place_of_the_first(tmp_path: Path) -> None:
    archive = without_notes(write_archive(tmp_path / "archive", reviewed=True))
    said = [{**SEGMENT, "text": f" Nobody saw a {HEARD} on the quay."}, {**SEGMENT, "text": f" Under {DOUBTFUL}."}]
    (tmp_path / "talk.json").write_text(json.dumps({"segments": said}))
    run(archive, "import", SLUG, str(tmp_path / "talk.json"), "--force")
    there = transcript(archive, SLUG)
    assert str(there.machine) == "Whisper, unknown, unknown"
    assert there.review is None
    assert place(archive, SLUG).read_text(encoding="utf-8").count("[Machine Transcript]") == 1
    # Somebody has heard these very words.
    assert [bool(heard(line)) for line in there.lines] == [True, False]
    assert place(archive, SLUG).read_text(encoding="utf-8").count("NOTE confidence") == 2


@pytest.mark.long
def test_its_own_file_comes_back_as_it_went(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "c3")
    away = tmp_path / "away.vtt"
    away.write_bytes(place(archive, SLUG).read_bytes())
    other = without_notes(write_plain(tmp_path / "other"))
    found = run(other, "import", "tones", str(away), "--force", "--keep-ids")
    assert "and nobody has heard 3 of its 5 lines" in found.output, found.output
    before, after = transcript(archive, SLUG), transcript(other)
    assert (after.machine, after.review, after.aligner) == (before.machine, before.review, before.aligner)
    assert [line.is_unchecked for line in after.lines] == [line.is_unchecked for line in before.lines]


@pytest.mark.long
@pytest.mark.parametrize("comment", ["heard: a door", "heard: 2026-11-28", "aligned: well"])
def test_a_comment_of_a_file_that_is_no_mark_does_not_become_one(comment: str, plain: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text(vtt(comment=comment))
    run(plain, "import", "tones", str(tmp_path / "talk.vtt"))
    assert transcript(plain).lines[0].comments == (f"the file says: {comment}",)


@pytest.mark.long
def test_add_takes_the_same(tmp_path: Path) -> None:
    archive = write_plain(tmp_path / "archive")
    (archive / "media" / "tones.wav").rename(tmp_path / "quay.wav")
    words = ("add", str(tmp_path / "quay.wav"), "--transcript", str(srt(tmp_path / "talk.srt", "The ferry left.")))
    found = run(archive, *words, "--title", "The quay", "--date", "1971", "--machine", "Trint")
    assert "a machine wrote its words (Trint)" in found.output, found.output
    assert transcript(archive, "the-quay").is_draft
