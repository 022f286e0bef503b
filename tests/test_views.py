"""The pages are complete as the server sends them, before any script has run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import long_talk
import pytest
from html_elements import page, parse, said

from player.web.app import create_app
from player.web.pages.lines import RUN
from player.web.pages.recording import LONG

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/", "/recordings/"])
def test_the_shelf_leads_to_every_recording(client: FlaskClient, address: str) -> None:
    record = page(client, address).one("li.record")
    assert "A tape of tones" in record.text
    assert record.one("a.button")["href"] == "/recordings/tones"
    assert (record.one("p.length").text, record.one("p.mark").text) == ("Length: 10 s", "in step")
    assert "2 annotated moments" in record.text


def test_every_line_has_its_time_its_words_and_its_own_link(client: FlaskClient) -> None:
    lines = page(client, "/recordings/tones").all(".cue")
    assert [line["id"] for line in lines] == ["cue-opening", "cue-first", "cue-c3", "cue-last"]
    assert [line["data-start"] for line in lines] == ["0", "2000", "5000", "8000"]
    first = lines[1]
    assert said(first) == "One two three."
    assert first["data-words"] == "0 500 1000"
    assert first.one("a.time")["href"] == "?t=2#cue-first"
    assert said(lines[0]) == "Silence & hum."
    assert said(lines[2]) == "A second voice."


def test_the_words_of_a_line_are_one_text_node(client: FlaskClient) -> None:
    lines = page(client, "/recordings/tones").all(".cue")
    assert [said(line) for line in lines] == ["Silence & hum.", "One two three.", "A second voice.", "The end."]


def test_a_line_is_two_elements_but_for_its_notes(client: FlaskClient) -> None:
    lines = page(client, "/recordings/tones").all(".cue")
    assert [[each.tag for each in line.walk()] for line in lines if "noted" not in line["class"]] == [["a"], ["a"]]
    assert [[each["class"] for each in line.one("div.line").walk()] for line in lines if "noted" in line["class"]] == [
        ["time", "note-mark"],
        ["time", "note-mark"],
    ]


def test_the_sources_of_the_lines_are_listed_with_their_times(client: FlaskClient) -> None:
    cited = page(client, "/recordings/tones").one("ul.line-sources").all("li")
    assert [each.text for each in cited] == ["The log of the tones, p. 1: 0:00", "The log of the tones, p. 2: 0:02"]
    assert cited[0].one("a")["href"] == "/sources/log"


def test_a_voice_is_named_where_it_changes(client: FlaskClient) -> None:
    assert [turn.text for turn in page(client, "/recordings/tones").all("p.turn")] == ["Ada", "Ben", "Ada"]


def test_a_line_that_names_nobody_is_not_read_as_the_last_speakers(archive: Path, client: FlaskClient) -> None:
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(
        "WEBVTT\n\n00:00.500 --> 00:01.000\nWho?\n\n00:01.000 --> 00:02.000\n<v Ada>I.\n\n"
        "00:02.000 --> 00:03.000\nA cough.\n\n00:03.000 --> 00:04.000\nAnother.\n\n"
        "00:04.000 --> 00:05.000\n<v Ada>I said.\n",
        encoding="utf-8",
    )
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    turns = [turn.text for turn in page(client, "/recordings/tones").all("p.turn")]
    assert turns == ["Ada", "Speaker not named", "Ada"]


def test_a_note_stands_in_its_line_with_a_mark_that_leads_there_and_back(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones")
    line = html.one("#cue-first")
    note = line.one("aside#note-who")
    mark = line.one("a.note-mark")
    assert (mark["href"], mark["aria-label"]) == ("#note-who", "Note 1: Who Ada is")
    assert note.one("a.back")["href"] == f"#{mark['id']}"
    assert (note["data-start"], note["data-end"]) == ("2000", "4500")
    assert note.one("em").text == "person"
    assert note.one("p.from").all("a")[0]["href"] == "/sources/log"


def test_the_annotated_moments_are_listed_in_order_with_links(client: FlaskClient) -> None:
    moments = page(client, "/recordings/tones").one("nav#moments")
    links = [link for link in moments.all("a") if "data-note" in link]
    assert [link["href"] for link in links] == ["/recordings/tones?t=2#note-who", "/recordings/tones?t=8.5#note-late"]
    assert links[0].one("time").text == "0:02"


def test_lines_and_moments_lead_to_their_clips(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones")
    clips = [link["href"] for link in html.one("nav#moments").all("a.cut")]
    version = html.one("audio")["src"].partition("?")[2].partition("#")[0]
    assert clips == [f"/recordings/tones/clip.mp3?t={times}&{version}" for times in ("2,4.5", "8.5,10")]
    of_line = page(client, "/recordings/tones/lines/first").all("a.cut")
    assert [link.text for link in of_line] == ["MP3 clip", "WAV clip, for editing"]
    assert of_line[0]["href"] == clips[0]
    assert all(client.head(clip).mimetype == "audio/mpeg" for clip in clips)


def test_the_clip_of_a_reading_is_called_one_wherever_it_is_named(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(
        text.replace("[original]", 'kind = "reading"\nnotice = "A reading."\n[original]'), encoding="utf-8"
    )
    html = page(create_app(archive).test_client(), "/recordings/tones")
    picker = html.one("clip-picker")
    named = [*html.all("a.cut"), *picker.all("a", rel="nofollow"), picker.one("p.clip-name")]
    assert named
    assert [each.text for each in named if "reading" not in each.text] == []
    assert picker["data-name"] == "tones-reading"


def test_a_transcript_timed_to_another_file_names_no_clips(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    bound = text.replace("Type: caption", f"Type: caption\nLocal Usage Element: [Media SHA-256] {'0' * 64}")
    path.write_text(bound, encoding="utf-8")
    assert not page(create_app(archive).test_client(), "/recordings/tones").all("a.cut")


def test_an_annotation_without_a_time_is_background(client: FlaskClient) -> None:
    background = page(client, "/recordings/tones").one("section.background")
    assert background.one("aside#note-around").one("span.certainty").text == "reported"


def test_a_recording_plays_from_its_substance(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones")
    assert html.one("audio")["src"].endswith("#t=2")
    assert html.one("recording-player")["data-begin"] == "2000"


@pytest.mark.parametrize(
    ("query", "fragment"), [("0", ""), ("5", "t=5"), ("5,7.5", "t=5,7.5"), ("0:05", "t=5"), (",3", "t=0,3")]
)
def test_the_time_in_an_address_cues_the_sound_up_without_script(
    client: FlaskClient, query: str, fragment: str
) -> None:
    address, _, cue = page(client, f"/recordings/tones?t={query}").one("audio")["src"].partition("#")
    assert address.startswith("/media/tones?v=")
    assert cue == fragment


@pytest.mark.parametrize("query", ["soon", "-1", "nan", "7,5", "5,5", "%00", "1e9", "9" * 400])
def test_a_time_that_is_none_is_refused_in_words_and_costs_nothing_else(client: FlaskClient, query: str) -> None:
    html = page(client, f"/recordings/tones?t={query}", status=400)
    assert html.one("p.warning").text.startswith("The address asks for a passage that cannot be played: ")
    assert html.one("recording-player")["data-begin"] == "2000"
    assert len(html.all(".cue")) == 4


def test_a_time_after_the_end_is_told_and_a_passage_ends_with_the_sound(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones?t=10,12", status=400)
    assert "0:10 is past the end of the recording, 0:10" in html.one("p.warning").text
    html = page(client, "/recordings/tones?t=5,12")
    assert not html.all("p.warning")
    assert html.one("recording-player")["data-stop"] == "10000"


def test_the_duration_is_known_before_any_sound_is_loaded(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones")
    assert html.one("recording-player")["data-duration"] == "10000"
    assert html.one("input.position")["max"] == "10000"


@pytest.mark.parametrize(
    ("kind", "heading", "offer"),
    [
        ("recording", "Speakers", "Download the whole recording: MP3; WAV, for editing. Rights: not stated."),
        ("reading", "Voices", "Download the whole reading: MP3; WAV, for editing. Rights: not stated."),
    ],
)
def test_a_page_says_speakers_of_a_recording_and_voices_of_a_reading(
    archive: Path, kind: str, heading: str, offer: str
) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'kind = "{kind}"\nnotice = "A."\n{record.read_text("utf-8")}', encoding="utf-8")
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert html.one("section#about").all("h3")[0].text == heading
    without_script, hidden = html.all("p.instead")
    assert hidden.text == offer
    assert without_script.text.endswith(offer)


def test_a_page_never_asks_another_host_and_has_nothing_inline(client: FlaskClient) -> None:
    for address in ("/", "/recordings/tones", "/sources", "/nowhere"):
        html = parse(client.get(address).text)
        assert not html.all("style")
        scripts = [script for script in html.all("script") if script["type"] != "application/ld+json"]
        assert all(script["src"].startswith("/static/") for script in scripts)
        named = [link for link in html.all("link") if link["rel"] in {"canonical", "alternate"}]
        assert all(link["href"].startswith(("http://localhost/", "/")) for link in named)
        assert all(link["href"].startswith("/static/") for link in html.all("link") if link not in named)
        assert not [
            each for each in html.walk() if any(name == "style" or name[:2] == "on" for name in each.attributes)
        ]


def test_hostile_text_from_the_archive_stays_text(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    for name, old, new in [
        ("recording.toml", "A tape of tones", "<script>alert(1)</script>"),
        ("transcript.vtt", "The end.", "&lt;img src=x onerror=alert(1)&gt;"),
        ("transcript.vtt", "<v Ben>", "<v &quot;&gt;&lt;script&gt;>"),
        ("annotations.toml", "Near the end.", "<script>alert(2)</script> [x](javascript:alert)"),
        ("annotations.toml", "Something late", "</h3><script>"),
    ]:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert [script["type"] for script in html.all("script")] == ["application/ld+json", "module"]
    assert not html.all("img")
    assert said(html.one("#cue-last")) == "<img src=x onerror=alert(1)>"
    assert html.one("h1").text == "<script>alert(1)</script>"


def test_the_sound_is_sent_by_the_byte(client: FlaskClient, archive: Path) -> None:
    response = client.get("/media/tones", headers={"Range": "bytes=100-199"})
    assert response.status_code == 206
    assert response.data == (archive / "media" / "tones.wav").read_bytes()[100:200]


def test_the_transcript_is_sent_as_it_is(client: FlaskClient, archive: Path) -> None:
    response = client.get("/recordings/tones/transcript.vtt")
    assert response.mimetype == "text/vtt"
    assert response.data == (archive / "transcripts" / "tones" / "transcript.vtt").read_bytes()


def test_the_page_names_its_waveform_by_the_version_of_the_sound(client: FlaskClient) -> None:
    html = page(client, "/recordings/tones")
    version = html.one("audio")["src"].partition("?")[2].partition("#")[0]
    assert html.one("time-line")["data-wave"] == f"/recordings/tones/waveform.svg?{version}"


def test_the_kinds_of_notes_are_counted(client: FlaskClient) -> None:
    kinds = page(client, "/recordings/tones").one("fieldset.kinds")
    assert [label.text for label in kinds.all("label")] == ["person 1", "event 1", "term 1"]
    assert all("checked" in box for box in kinds.all("input"))


def test_several_translations_can_each_be_read_alone_or_beside_the_original(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    for tag, code in (("es", "spa"), ("fr", "fra")):
        header = f"Language: {code}\nLocal Usage Element: [Translated by] <b>Eve</b>\n"
        (folder / f"transcript.{tag}.vtt").write_text(
            f"WEBVTT\n{header}\nlast\n00:00:08.000 --> 00:00:10.000\n&lt;{tag}&gt;\n", encoding="utf-8"
        )
    html = page(create_app(archive).test_client(), "/recordings/tones")
    labels = [label.text for label in html.one("fieldset.language").all("label")]
    assert labels == ["Original", "Español", "Original + Español", "Français", "Original + Français"]
    lines = html.one("#cue-last").all("p.translated")
    assert [(line["lang"], line["data-translation"], line.children) for line in lines] == [
        ("es", "1", ["<es>"]),
        ("fr", "2", ["<fr>"]),
    ]
    assert not html.one("#cue-first").all("p.translated")
    assert [each.one("p").text for each in html.all("div.translator")] == [
        f"Translation into {name} by <b>Eve</b>; not reviewed." for name in ("Spanish", "French")
    ]


def test_the_lines_of_a_long_transcript_are_laid_out_in_runs_and_those_with_notes_alone(tmp_path: Path) -> None:
    root = long_talk.write_archive(tmp_path / "long", LONG)
    html = page(create_app(root).test_client(), f"/recordings/{long_talk.SLUG}")
    lines = [cue["id"] for cue in html.all(".cue")]
    assert lines == [f"cue-L{number}" for number in range(1, LONG + 1)]
    runs = [[cue["id"] for cue in run.all(".cue")] for run in html.all("div.run")]
    assert [len(run) for run in runs] == [99, 100, 99, 100, 99]
    assert [run["class"] for run in html.all("div.run")] == ["run"] * len(runs)
    together = [cue for run in runs for cue in run]
    alone = [cue for cue in lines if cue not in together]
    noted = [cue["id"] for cue in html.all(".cue") if "noted" in cue["class"]]
    assert len(noted) == 1 + LONG // long_talk.NOTED
    assert set(noted) <= set(alone)
    assert alone == noted
    assert max(map(len, runs)) <= RUN
    assert sorted(together + alone) == sorted(lines)


def test_a_short_transcript_has_no_runs(client: FlaskClient) -> None:
    assert not page(client, "/recordings/tones").all("div.run")


def test_a_long_silence_begins_a_paragraph_within_a_turn(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8").replace("<v Ben>", "<v Ada>")

    def begun(text: str) -> list[str]:
        path.write_text(text, encoding="utf-8")
        lines = page(create_app(archive).test_client(), "/recordings/tones").all(".cue")
        return [line["id"] for line in lines if "data-paragraph" in line]

    assert begun(text) == ["cue-last"]
    assert begun(text.replace("00:00:08.000", "00:00:07.999")) == []
    assert begun(text.replace("NOTE source: log, p. 2", "NOTE paragraph")) == ["cue-first", "cue-last"]
    assert begun(text.replace("<v Ada>The end", "<v Ben>The end")) == []
