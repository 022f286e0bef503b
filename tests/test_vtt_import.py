"""WebVTT of any producer is read as its producer meant it, and what that took is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from captioned import CAPTIONS, said, sample, told, voices
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.payload import read_any
from player.archive.webvtt.reading import parse
from player.archive.webvtt.writing import written
from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.captions import sbv, srt, vtt
from player.intake.transcripts.captions.vtt_words import words_of
from player.intake.transcripts.imported import Deed
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from player.intake.transcripts.imported import Imported, ImportedLine

VTT: Final = Path("talk.vtt")


def read_vtt(text: str) -> Imported:
    return vtt.read(VTT, text.encode())


def test_youtubes_captions_say_each_line_once_with_its_own_word_times() -> None:
    found = sample("webvtt/youtube-ferry.vtt")
    assert said(found) == [
        (0, 2_310, "[Music]"),
        (2_320, 4_550, "the first ferry left at six"),
        (4_560, 6_790, "and nobody was on it"),
        (6_800, 8_390, "wait for it"),
        (8_400, 9_990, "wait for it"),
        (10_000, 11_110, "yes"),
        (14_480, 16_000, "yes"),
    ]
    assert found.lines[1].words == (0, 240, 640, 1_119, 1_440, 1_760)
    assert found.lines[4].words == (0, 320, 640)
    assert (found.format, found.language) == ("WebVTT by YouTube", "en")
    assert list(told(found, Deed.LEFT_OUT)) == [
        "2 captions without words",
        "what 10 captions say again, because they roll up the screen",
        "how cues look: settings of 15 cues",
    ]
    assert told(found, Deed.MENDED) == {}


def test_youtubes_captions_are_read_where_an_editor_took_the_blanks_away() -> None:
    found = sample("webvtt/youtube-whitespace-lost.vtt")
    assert said(found) == [
        (160, 2_869, "welcome to the allotments"),
        (2_879, 5_190, ">> we grow beans & leeks"),
        (5_200, 7_000, "when the rain lets us"),
    ]
    assert found.lines[0].words == (0, 320, 480, 640)
    assert told(found, Deed.MENDED) == {"1 text below an empty line, joined to the words above it": (7,)}


def test_youtubes_older_captions_in_colours_are_read_too() -> None:
    found = sample("webvtt/youtube-colours.vtt")
    assert said(found) == [
        (1_000, 3_500, "el barco llega"),
        (3_500, 5_900, "tarde otra vez"),
        (5_900, 8_000, "y nadie espera"),
    ]
    assert found.lines[1].words == (0, 500, 1_000)
    assert found.header == (("Kind", "captions"), ("Language", "es"))


def test_lines_that_stand_twice_are_told_and_stay() -> None:
    found = sample("webvtt/course-said-twice.vtt")
    assert len(found.lines) == 6
    says = "says what the one above it says: remove one of them, if it was said once"
    assert told(found, Deed.READ) == {f"2 lines each of which {says}": (8, 16)}
    assert list(told(sample("webvtt/whisper-lost-its-way.vtt"), Deed.READ).values()) == [(6, 9)]


@pytest.mark.parametrize("name", ["zoom-allotments", "zoom-without-heads", "zoom-crlf"])
def test_zooms_names_stay_in_the_words_for_a_person_to_decide(name: str) -> None:
    found = sample(f"webvtt/{name}.vtt")
    assert set(voices(found)) == {None}
    assert [line.id for line in found.lines] == [str(number) for number in range(1, len(found.lines) + 1)]
    assert found.remarks == ()


def test_teams_names_its_speakers_and_says_its_language_and_length() -> None:
    found = sample("webvtt/teams-padded.vtt")
    assert voices(found) == ["Mei Tanaka", "Mei Tanaka", "Paul Reed (Guest)"]
    assert found.lines[0].text == "Shall we start with the\nharbour lights?"
    assert (found.language, found.length) == ("en-GB", 1_265_500)


def test_times_that_teams_does_not_pad_are_numbers_of_milliseconds() -> None:
    found = sample("webvtt/teams-graph.vtt")
    assert [(line.start, line.end) for line in found.lines] == [
        (0, 5_320),
        (5_800, 12_060),
        (11_980, 12_040),
        (62_070, 64_000),
    ]
    assert (voices(found)[0] or "").endswith("@0c3a1d52-7788-4c1e-b1d0-aa55bb66cc77")
    assert found.format == "WebVTT by Microsoft Teams"
    (mended,) = told(found, Deed.MENDED)
    assert mended.endswith(": .60 is read as 60 milliseconds")


def test_what_a_browser_takes_for_a_tag_stays_if_it_is_words() -> None:
    found = sample("webvtt/teams-graph-named.vtt")
    assert said(found) == [
        (3_490, 12_060, "We have <1 tonne> of sand, so 2 < 3 barges are enough."),
        (3_598_990, 3_601_010, "Thank you."),
    ]
    assert read_vtt("WEBVTT\n\n00:01.000 --> 00:02.000\nI <3 boats & <laughs> <b>oars<i>").lines[0].text == (
        "I <3 boats & <laughs> oars"
    )


def test_confidences_are_kept_as_data() -> None:
    stream = sample("webvtt/stream-confidence.vtt")
    assert [line.confidence for line in stream.lines] == [0.69450831413269, 0.9210363]
    assert (stream.format, stream.language, stream.length) == ("WebVTT by Microsoft Stream", "en-US", 32_582)
    indexer = sample("webvtt/indexer-confidence.vtt")
    assert [line.confidence for line in indexer.lines] == [0.8891, 1.0]
    assert [line.comments for line in (*stream.lines, *indexer.lines)] == [()] * 4


def test_other_comments_stay_with_the_line_below_them() -> None:
    found = sample("webvtt/deepgram.vtt")
    assert found.lines[0].comments[0].startswith("Transcription provided by Deepgram\nRequest Id: ")
    assert voices(found) == ["Speaker 0", "Speaker 1"]
    # Its dashes say once more that somebody else speaks.
    assert [line.text for line in found.lines] == ["Which boat is the last one?", "The one with the green funnel."]
    assert told(found, Deed.LEFT_OUT) == {"2 dashes before turns whose voices are named": (10, 13)}


def test_the_blank_before_each_of_whispers_lines_goes() -> None:
    assert said(sample("webvtt/whisper-minutes.vtt")) == [
        (0, 3_400, "The harbour was frozen for six weeks."),
        (3_400, 7_960, "Nobody came, and nobody left."),
        (62_500, 64_000, "Then the ice broke."),
    ]


def test_cues_of_ohms_have_no_end_and_its_escapes_are_undone() -> None:
    whole = sample("webvtt/ohms6-whole-seconds.vtt")
    assert [(line.start, line.end) for line in whole.lines] == [(0, None), (60_000, None), (120_000, None)]
    assert whole.lines[1].text == 'From my mother, on the quay. She said "slowly", & I was slow.'
    for name in ("ohms6-escaped", "ohms6-voices-escaped"):
        found = sample(f"webvtt/{name}.vtt")
        assert voices(found) == ["Interviewer", "Narrator"]
        assert list(told(found, Deed.MENDED)) == [
            "the escapes of XML, such as &lt; for <, which stood around all of it"
        ]
    assert sample("webvtt/ohms6-escaped.vtt").lines[1].text == "In the spring & for good."


def test_times_of_a_piece_of_a_stream_are_told() -> None:
    (what,) = told(sample("webvtt/hls-piece.vtt"), Deed.READ)
    assert what.startswith('"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000": its times are those of a piece')
    joined = sample("webvtt/hls-pieces-joined.vtt")
    assert [line.start for line in joined.lines] == [1_000, 6_000]
    assert list(told(joined, Deed.READ).values()) == [(8,)]
    assert told(joined, Deed.LEFT_OUT) == {"1 head of a file that was joined to the one before": (7,)}


def test_how_cues_look_is_left_out_and_told_once() -> None:
    found = sample("webvtt/platform-settings.vtt")
    assert [line.text for line in found.lines] == [
        "The siren sounds twice.",
        "All ashore,\nplease.",
        "Au revoir, everybody.",
    ]
    assert list(told(found, Deed.LEFT_OUT)) == [
        '"Harbour film, captions" beside WEBVTT',
        "how cues look: 2 styles, 1 region, settings of 3 cues",
    ]


def test_what_a_browser_drops_for_how_it_is_written_is_read() -> None:
    found = sample("webvtt/by-hand.vtt")
    assert said(found) == [
        (1_000, 2_500, "With commas, from an SRT."),
        (3_000, 4_000, "With half an arrow."),
        (5_000, 6_000, "In two parts,\nof which one came loose."),
        (7_000, 8_000, "from left --> right"),
        (None, None, "Whenever this was."),
        (10_000, 11_000, "The end."),
    ]
    assert (found.lines[-1].id, found.lines[-1].comments) == ("last", ("the last one was added later",))
    assert list(told(found, Deed.MENDED).values()) == [(3, 7), (13, 17), (19,)]


@pytest.mark.parametrize("name", ["signature-too-low", "no-signature"])
def test_without_a_signature_at_the_beginning_lines_keep_their_numbers(name: str) -> None:
    found = sample(f"webvtt/{name}.vtt")
    lines = (Path(__file__).parent / "data" / "transcripts" / "webvtt" / f"{name}.vtt").read_text("utf-8").split("\n")
    assert len(found.lines) == 2
    assert all("-->" in lines[(line.origin or 0) - 1] for line in found.lines)


def test_a_browser_and_the_reader_find_the_same_in_what_is_right() -> None:
    path = Path(__file__).parent / "data" / "nothing_wrong.vtt"
    cues = parse(path, path.read_text("utf-8")).cues
    found = formats.read(path)
    assert [(cue.start, cue.end, cue.text.strip(), cue.words) for cue in cues] == [
        (line.start, line.end, line.text, line.words) for line in found.lines
    ]
    assert [cue.citations for cue in cues] == [line.citations for line in found.lines]


def as_line(name: str, line: ImportedLine) -> Cue | UntimedLine:
    turns = line.turns or (Turn(None, line.text),)
    sure = () if line.confidence is None else (f"confidence: {line.confidence}",)
    words = " ".join("-" if each is None else str(each) for each in line.word_confidences)
    comments = (*line.comments, *sure, *([f"word confidence: {words}"] if words else ()))
    about = (line.citations, 1, line.opens_paragraph)
    if line.start is None:
        return UntimedLine(name, line.text, turns, *about, line.page, comments)
    cue = Cue(name, line.start, line.end or line.start, line.text, turns, line.words, *about)
    return Cue(**{**cue.__dict__, "is_approximate": line.is_approximate, "page": line.page, "comments": comments})


def bare(lines: tuple[ImportedLine, ...]) -> list[dict[str, object]]:
    return [{**line.__dict__, "id": None, "origin": None} for line in lines]


@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.name)
def test_what_was_read_comes_back_when_it_is_written_and_read_again(path: Path) -> None:
    first = formats.read(path)
    lines = [as_line(f"line-{number}", line) for number, line in enumerate(first.lines)]
    content = written(VTT, lines, first.header)
    again = vtt.read(VTT, content)
    assert sorted(map(repr, bare(again.lines))) == sorted(map(repr, bare(first.lines)))
    assert again.header == first.header
    assert not told(again, Deed.LEFT_OUT)


def test_what_this_program_writes_keeps_all_that_it_says() -> None:
    arrival, gone, last = sample("webvtt/own-export.vtt").lines
    assert (arrival.id, arrival.page, arrival.opens_paragraph, arrival.words) == ("arrival", "3", True, (0, 400, 1_000))
    assert [str(citation) for citation in arrival.citations] == ["minute-book-1952, p. 3"]
    assert (gone.id, gone.start, gone.turns) == ("c2", None, (Turn("Tom", "And went."),))
    assert (last.is_approximate, last.page, last.comments) == (True, "4", ("heard through a door",))
    assert (last.confidence, last.word_confidences) == (0.93, (0.98, None, 0.87))


GARBAGE: Final = st.lists(
    st.sampled_from(
        [
            *(
                "WEBVTT",
                "\n",
                "\n\n",
                "NOTE ",
                "STYLE\n",
                "-->",
                "--&gt;",
                "<",
                ">",
                "<v ",
                "<c>",
                "</c>",
                "&lt;v ",
                "&#0;",
            ),
            *(
                "00:01.000",
                "0:0:3.5",
                "00:00:01,5",
                "-",
                ",",
                "\t",
                "\r",
                "\0",
                "\ufeff",
                "\u2028",
                "\x85",
                "<00:01.500>",
            ),
            *("NOTE untimed c2\n", "NOTE page: 3", "NOTE Confidence: 0.9", "NOTE source: x", "X-TIMESTAMP-MAP=LOCAL"),
            *(
                "1\n",
                "word",
                "船",
                "\\N",
                "{\\an8}",
                "[br]",
                "99999999999:00:00.000",
                "00:01.000 --> 00:02.000\nword\n\n",
            ),
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=examples(60))
@given(text=GARBAGE)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for reader in (vtt, srt, sbv):
        reader.is_one(VTT, text.encode())
        try:
            found = reader.read(VTT, text.encode())
        except ArchiveError as error:
            assert "; " in str(error)  # noqa: PT017  # either is right
            continue
        assert found.lines
        assert all(line.text.strip() for line in found.lines)
        lines = [as_line(f"line-{number}", line) for number, line in enumerate(found.lines)]
        written(VTT, lines, found.header)


@pytest.mark.parametrize(
    "below",
    [
        "<v Ada>One.",
        "<v Ada Berg>One\n two. </v>",
        "<v Ada> ",
        "<v Ada>\nOne.",
        "<v Ada\tB>One.",
        "<v Ada>1 > 0",
        "One. ",
    ],
)
def test_what_most_cues_are_is_read_quickly_and_as_any_other(below: str) -> None:
    text, turns, _ = read_any(below, 0, 1_000, lambda *_: None)
    voices = tuple((turn.speaker, "\n".join(part.strip() for part in turn.text.split("\n"))) for turn in turns)
    found = words_of(below, 0, 1_000, 1, Told())
    assert found.text == "\n".join(filter(None, map(str.strip, text.split("\n"))))
    assert tuple((turn.speaker, turn.text) for turn in found.turns) == (voices if "<v" in below else ())
