"""Programs that transcribe give JSON: lines, voices, the times of words and how sure they are come over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from imported_lines import DATA, are_whole, read, told

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.machines import UNTOLD

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

FERRY = [
    "The first ferry leaves the harbour at six.",
    "Nobody has told the allotments, and the gate is still locked.",
    "So we wait, and it rains.",
]
SAMPLES = {
    "whisper/ferry-words.json": "JSON by Whisper",
    "whisper/service.json": "JSON by Whisper",
    "whisper/faster-whisper-tuples.json": "JSON by Whisper",
    "whisper/whisper-cpp.json": "JSON by whisper.cpp",
    "whisper/whisper-cpp-full.json": "JSON by whisper.cpp",
    "whisper/whisper-cpp-max-len-1.json": "JSON by whisper.cpp",
    "whisper/transformers-chunks.json": "JSON by Whisper",
    "whisper/transformers-speakers.json": "JSON by Whisper",
    "whisper/transformers-words.json": "JSON by Whisper",
    "whisperx/allotment.json": "JSON by WhisperX",
    "whisperx/long-segment.json": "JSON by WhisperX",
    "whisperx/without-speakers.json": "JSON by WhisperX",
    "aws-transcribe/channels.json": "JSON by Amazon Transcribe",
    "aws-transcribe/japanese.json": "JSON by Amazon Transcribe",
    "aws-transcribe/labelled-items.json": "JSON by Amazon Transcribe",
    "aws-transcribe/speaker-labels.json": "JSON by Amazon Transcribe",
    "deepgram/paragraphs.json": "JSON by Deepgram",
    "deepgram/two-channels.json": "JSON by Deepgram",
    "deepgram/utterances.json": "JSON by Deepgram",
    "deepgram/words.json": "JSON by Deepgram",
    "podcast/sentences.json": "JSON of a podcast",
    "podcast/without-speakers.json": "JSON of a podcast",
    "podcast/words.json": "JSON of a podcast",
    "oyez/argument.json": "JSON by Oyez",
    "oyez/transcript-alone.json": "JSON by Oyez",
    "oyez/two-sections.json": "JSON by Oyez",
}


def texts(found: Imported) -> list[str]:
    return [line.text for line in found.lines]


def imported(path: Path, document: Any, name: str | None = None) -> Imported:
    """Read what a program might have written."""
    path /= "transcript.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    found = formats.read(path, name)
    are_whole(found)
    return found


def segment(text: str, start: Any = 0.0, end: Any = 2.0, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text, "avg_logprob": -0.1, **more}


@pytest.mark.parametrize(("name", "by"), SAMPLES.items())
def test_a_file_is_known_for_what_it_is(name: str, by: str) -> None:
    found = read(name)
    assert found.format == by
    assert [each.what for each in found.remarks] == ([UNTOLD] if "podcast" in by and found.machine is None else [])
    assert all(line.start is not None for line in found.lines)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("whisper/")])
def test_whispers_lines_are_lines(name: str) -> None:
    assert texts(read(name)) == FERRY


def test_segments_that_are_words_are_joined_into_lines(tmp_path: Path) -> None:
    texts_and_joins = [" When", " 100", ",", "000", " gulls", " cry", "."]
    segments = [
        {"offsets": {"from": at * 300, "to": at * 300 + 200}, "text": text} for at, text in enumerate(texts_and_joins)
    ]
    found = imported(tmp_path, {"transcription": segments})
    assert [(line.text, line.words) for line in found.lines] == [("When 100,000 gulls cry.", (0, 300, 1200, 1500))]


def test_sentences_without_spaces_are_not_taken_for_words(tmp_path: Path) -> None:
    sentences = ["港は閉まる。", "船が出る。", "雨が降る。", "門が開く。", "鳥が鳴く。", "波が立つ。"]
    found = imported(tmp_path, {"segments": [segment(text, at, at + 1) for at, text in enumerate(sentences)]})
    assert texts(found) == sentences


def test_transformers_who_speak_are_voices() -> None:
    found = read("whisper/transformers-speakers.json")
    assert (len(found.lines), found.speakers) == (3, ("SPEAKER_00", "SPEAKER_01"))


@pytest.mark.parametrize("name", ["ferry-words", "faster-whisper-tuples", "whisper-cpp-full"])
def test_whispers_words_keep_their_times_and_probabilities(name: str) -> None:
    first = read(f"whisper/{name}.json").lines[0]
    assert (first.start, first.end, first.words) == (0, 3400, (0, 320, 790, 1270, 1820, 2130, 2770, 3000))
    assert len(first.word_confidences) == 8
    assert None not in first.word_confidences


def test_a_service_gives_words_beside_its_segments_and_the_language_in_english() -> None:
    found = read("whisper/service.json")
    assert (found.language, found.length) == ("en", 11240)
    assert found.lines[1].words[:3] == (0, 490, 760)
    assert found.lines[0].confidence == pytest.approx(0.8607)


def test_a_word_in_several_tokens_is_one(tmp_path: Path) -> None:
    tokens = [(" al", 100, 0.9), ("lot", 200, 0.5), ("ments", 300, 0.8), (".", 400, 0.7), ("[_TT_20]", 400, 0.1)]
    document = {
        "transcription": [
            {
                "offsets": {"from": 0, "to": 1000},
                "text": " allotments.",
                "tokens": [{"text": text, "offsets": {"from": at, "to": at + 90}, "p": p} for text, at, p in tokens],
            }
        ]
    }
    line = imported(tmp_path, document).lines[0]
    assert (line.text, line.words, line.word_confidences) == ("allotments.", (100,), (0.5,))


def test_half_a_character_does_not_stop_whisper_cpp(tmp_path: Path) -> None:
    """It writes each token apart, though one may be a part of a character."""
    path = tmp_path / "transcript.json"
    one = b'{"transcription":[{"offsets":{"from":0,"to":900},"text":" \xe6\xb8\xaf","tokens":['
    path.write_bytes(one + b'{"text":" \xe6\xb8","offsets":{"from":0,"to":400},"p":0.5}]}]}')
    found = formats.read(path)
    assert texts(found) == ["港"]
    assert "mended 1 place that is not UTF-8, now \N{REPLACEMENT CHARACTER}" in told(found)


def test_whisperx_says_who_and_leaves_numbers_without_times() -> None:
    found = read("whisperx/allotment.json")
    assert found.speakers == ("SPEAKER_00", "SPEAKER_01")
    second = found.lines[1]
    assert second.text == "In 1971, the summer when the 2 bridges were closed."
    assert (second.words[:3], second.words[6]) == ((0, None, 680), None)
    assert second.word_confidences[0] == pytest.approx(0.749)


def test_a_long_segment_with_timed_words_is_divided_at_its_sentences() -> None:
    found = read("whisperx/long-segment.json")
    assert len(found.lines) == 8
    assert all(line.text.endswith(".") for line in found.lines)
    assert found.lines[0].word_confidences[0] is None  # NaN
    assert found.speakers == ("SPEAKER_02",)


def voiced(at: float, text: str, speaker: str | None) -> dict[str, Any]:
    times = {} if speaker is None else {"start": at, "end": at + 0.5, "score": 0.9, "speaker": speaker}
    return {"word": text, **times}


WORDS_AND_VOICES = [
    ("Cast/A off/A Now/B", "A", [("A", "Cast off"), ("B", "Now")]),
    ("Cast/A 7/ off/A Now/B", "A", [("A", "Cast 7 off"), ("B", "Now")]),
    # Between two voices, and where the line has another one than its words, nobody knows.
    ("Cast/A 7/ Now/B", "A", [("A", "Cast"), (None, "7"), ("B", "Now")]),
    ("7/ Now/B 8/", "A", [(None, "7"), ("B", "Now"), (None, "8")]),
    ("7/ Now/B 8/", None, [("B", "7 Now 8")]),
]


@pytest.mark.parametrize(("given", "speaker", "expected"), WORDS_AND_VOICES)
def test_words_that_another_voice_says_are_its_own(
    tmp_path: Path, given: str, speaker: str | None, expected: list[tuple[str | None, str]]
) -> None:
    pairs = [each.split("/") for each in given.split()]
    words = [voiced(0.6 * at, text, voice or None) for at, (text, voice) in enumerate(pairs)]
    one = segment(" ".join(text for text, _ in pairs), 0.0, 2.0, words=words, speaker=speaker)
    found = imported(tmp_path, {"segments": [one], "word_segments": []})
    assert [(turn.speaker, turn.text) for turn in found.lines[0].turns] == expected
    is_told = "read 1 line of which some words are another voice’s" in told(found)
    assert is_told == (speaker is not None)


def test_where_no_space_divides_what_two_voices_say_it_is_nobodys(tmp_path: Path) -> None:
    words = [voiced(0.5 * at, text, voice) for at, (text, voice) in enumerate(zip("你好再见", "AABB", strict=True))]
    one = segment("你好再见", 0.0, 2.0, words=words, speaker="A")
    found = imported(tmp_path, {"segments": [one], "word_segments": []})
    assert [(line.text, line.turns) for line in found.lines] == [("你好再见", ())]
    assert "read 1 line of which some words are another voice’s" in told(found)


def test_a_long_segment_is_divided_where_another_voice_begins(tmp_path: Path) -> None:
    words = [voiced(0.5 * at, "harbour", "A" if at < 60 else "B") for at in range(90)]
    one = segment(" ".join(["harbour"] * 90), 0.0, 45.0, words=words, speaker="A")
    found = imported(tmp_path, {"segments": [one], "word_segments": []})
    said = [(line.turns[0].speaker, len(line.text.split())) for line in found.lines for _ in line.turns]
    assert [sum(count for voice, count in said if voice == name) for name in "AB"] == [60, 30]


@pytest.mark.parametrize("name", ["speaker-labels", "labelled-items", "channels"])
def test_amazons_signs_join_their_words_and_voices_divide(name: str) -> None:
    found = read(f"aws-transcribe/{name}.json")
    assert texts(found) == [
        "Good morning. Is the ferry in?",
        "Not yet, the tide is against her, and so is the wind.",
        "Then we have time for tea.",
    ]
    assert len(found.speakers) == 2
    assert found.lines[0].words == (0, 300, 840, 1020, 1260, 1620)
    assert 0 not in found.lines[0].word_confidences  # of a sign


def test_words_of_two_channels_that_begin_at_one_time_stay_in_theirs(tmp_path: Path) -> None:
    def item(word: str) -> dict[str, Any]:
        return {"start_time": "0.0", "end_time": "0.5", "type": "pronunciation", "alternatives": [{"content": word}]}

    channels = [{"channel_label": f"ch_{at}", "items": [item(word)]} for at, word in enumerate(["Aye", "No"])]
    results = {"transcripts": [], "channel_labels": {"channels": channels}, "items": [item("Aye"), item("No")]}
    found = imported(tmp_path, {"results": results})
    assert [(line.text, line.turns[0].speaker) for line in found.lines] == [("Aye", "ch_0"), ("No", "ch_1")]


def test_a_language_without_spaces_has_none() -> None:
    found = read("aws-transcribe/japanese.json")
    assert (texts(found), found.language) == (["港の船は六時に出ます。"], "ja-JP")


@pytest.mark.parametrize("name", ["utterances", "paragraphs", "words"])
def test_deepgrams_voices_are_numbered(name: str) -> None:
    found = read(f"deepgram/{name}.json")
    assert texts(found)[1] == "It is always open, that is the trouble."
    assert found.speakers == ("Speaker 0", "Speaker 1")
    assert found.length == 9040
    assert found.lines[1].words[:3] == (0, 170, 340)
    assert [line.opens_paragraph for line in found.lines] == [name != "words"] * 3


def test_deepgrams_channels_are_voices_where_there_are_no_others() -> None:
    assert read("deepgram/two-channels.json").speakers == ("Channel 0", "Channel 1")


@pytest.mark.parametrize("name", ["words", "sentences"])
def test_a_podcasts_segments_are_words_or_sentences(name: str) -> None:
    found = read(f"podcast/{name}.json")
    assert texts(found) == [
        "Welcome back to the tool shed.",
        "Thank you. Today, it is about slugs.",
        "Slugs, and what the frost does to beans.",
    ]
    assert found.speakers == ("Ines", "Tom")


def test_oyez_names_its_speakers_and_the_day() -> None:
    found = read("oyez/argument.json")
    assert found.title == "Harbour Board v. Ferry Company: Oral Argument - June 2, 1971"
    assert (found.date, found.language, found.length) == ("1971-06-02", "en", 18500)
    assert found.speakers == ("Ines Marlow", "Tom Quill")
    assert [line.opens_paragraph for line in found.lines] == [True, False, True, False, True]
    assert found.lines[-1].turns == ()


def test_a_day_that_there_is_not_is_no_date() -> None:
    assert read("oyez/two-sections.json").date is None


def test_utf_16_and_a_mark_are_read_as_powershell_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "transcript.json"
    text = (DATA / "whisper/ferry-words.json").read_text(encoding="utf-8")
    for encoding in ("utf-16", "utf-8-sig"):
        path.write_bytes(text.encode(encoding))
        assert texts(formats.read(path)) == FERRY


def test_a_long_text_whose_words_are_others_stays_one_line(tmp_path: Path) -> None:
    words = [{"word": " gull", "start": at, "end": at + 0.5} for at in range(100)]
    found = imported(tmp_path, {"segments": [segment("We waited by the gate. " * 40, 0, 100, words=words)]})
    assert texts(found) == [" ".join(["We waited by the gate."] * 40)]


@pytest.mark.parametrize(
    ("start", "end", "times", "remark"),
    [
        (-0.5, 1.5, (0, 1500), "mended 1 line that begins before 0, now at 0"),
        (-3, -1, (None, None), "mended 1 line before the beginning, now untimed"),
        (2.0, 1.0, (2000, None), "mended 1 line that ends no later than it begins, now lasts until the next"),
        (1e300, 2e300, (None, None), "mended 2 times that are none, left away"),
        (10**400, 2, (None, None), "mended 1 time that is none, left away"),
        ("soon", "later", (None, None), "mended 2 times that are none, left away"),
        (True, [], (None, None), "mended 2 times that are none, left away"),
        ("1.25", "2.5", (1250, 2500), None),
        (float("nan"), float("inf"), (None, None), "mended 2 times that are none, left away"),
    ],
)
def test_times_that_cannot_be_are_mended_in_words(
    tmp_path: Path, start: object, end: object, times: tuple[int | None, int | None], remark: str | None
) -> None:
    found = imported(tmp_path, {"segments": [segment("The gate.", start, end)]})
    assert (found.lines[0].start, found.lines[0].end) == times
    assert told(found) == ([] if remark is None else [remark])


def test_words_outside_their_line_lose_their_times_and_near_ones_widen_it(tmp_path: Path) -> None:
    words = [
        {"word": " Off", "start": 9.5, "end": 9.9},
        {"word": " we", "start": 10.5, "end": 10.7},
        {"word": " go", "start": 10.2, "end": 10.4},
        {"word": " now", "start": 80.0, "end": 80.4},
    ]
    found = imported(tmp_path, {"segments": [segment("Off we go now", 10.0, 11.0, words=words)]})
    line = found.lines[0]
    assert (line.start, line.end, line.words) == (9500, 11000, (0, 1000, None, None))
    assert told(found) == [
        "mended 1 word before the last one, now untimed",
        "mended 1 word outside its line, now untimed",
    ]


def test_words_that_are_not_the_texts_are_matched_where_they_are(tmp_path: Path) -> None:
    words = [{"word": f" {word}", "start": at, "end": at + 0.1} for at, word in enumerate(["the", "gull", "cried"])]
    found = imported(tmp_path, {"segments": [segment("The grey gull, it cried", 0, 4, words=words)]})
    assert found.lines[0].words == (0, None, 1000, None, 2000)
    assert told(found) == ["mended 2 words that have no times of their own"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "this is not JSON"),
        ('{"segments": [{"start": 1}], "text": "avg_logprob', "this is not JSON"),
        ("[" * 100_000, "nested more deeply"),
        ('{"segments": [{"start": ' + "9" * 5_000 + "}]}", "thousands of digits"),
        ("[" + "{}," * 2_100_000 + "{}]", "more in it than a transcript can have"),
        ('{"segments": [], "start": 0}', "no words were found"),
        ('{"segments": 7, "start": null}', "no words were found"),
        ("null", "no words were found"),
    ],
)
def test_what_is_no_transcript_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        imported(tmp_path, text, "whisper")


@pytest.mark.parametrize("name", ["whisper", "whisperx", "aws-transcribe", "deepgram", "podcast", "oyez"])
@pytest.mark.parametrize("document", [[], {}, [[]], {"segments": {}}, {"results": [1]}, {"transcription": "x"}, 1, ""])
def test_other_json_is_refused_in_words(tmp_path: Path, name: str, document: object) -> None:
    with pytest.raises(ArchiveError, match="no words were found"):
        imported(tmp_path, json.dumps(document), name)


def test_halves_of_characters_and_controls_do_not_reach_a_line(tmp_path: Path) -> None:
    found = imported(tmp_path, {"segments": [segment("The \ud83d gate\u0007 \u2028is \u0000shut")]})
    assert texts(found) == ["The \N{REPLACEMENT CHARACTER} gate is shut"]
