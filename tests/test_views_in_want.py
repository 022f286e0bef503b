"""Where something is missing, wrong or changed, a page says so in words and keeps the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import page, parse

from player.audio import cache
from player.errors import AudioError
from player.web.app import create_app
from player.web.pages import served_words

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "address", ["/recordings/nothing", "/media/nothing", "/nowhere", "/recordings/..%2f..", "/recordings/dossiers"]
)
def test_what_is_not_there_is_a_page_in_words(client: FlaskClient, address: str) -> None:
    html = page(client, address, status=404)
    assert html.one("h1").text == "Not in this archive"


def test_what_is_refused_is_said_in_a_whole_sentence(client: FlaskClient) -> None:
    said = page(client, "/recordings/nothing", status=404).one("main").all("p")[1]
    assert said.text == 'No recording is called "nothing".'
    said = page(client, "/recordings/tones/clip.mp3?t=2", status=400).one("main").all("p")[1]
    assert said.text.startswith('"2" does not say where the clip ends')
    assert said.text.endswith(".")


def test_of_a_sound_that_the_server_cannot_read_no_more_is_promised(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (archive / "media" / "tones.wav").write_text("no sound", encoding="utf-8")
    transcript = folder / "transcript.vtt"
    bound = f"WEBVTT\nLocal Usage Element: [Media SHA-256] {'0' * 64}\n"
    transcript.write_text(transcript.read_text("utf-8").replace("WEBVTT\n", bound, 1), encoding="utf-8")
    said = [each.text for each in page(create_app(archive).test_client(), "/recordings/tones").all("p.warning")]
    assert said == [
        (
            "This transcript was timed to a different sound file, so no line is marked while it plays, "
            "and the times beside the lines may be wrong."
        ),
        "The server cannot read the sound file, so no clips can be cut from it.",
    ]


def test_a_record_without_sound_is_a_good_page(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text('title = "Lost"\ndate = "1963"\nstatus = "not held"\n', encoding="utf-8")
    (path.parent / "transcript.vtt").unlink()
    (path.parent / "annotations.toml").unlink()
    client = create_app(archive).test_client()
    html = page(client, "/recordings/tones")
    assert not html.all("audio")
    assert "The sound is not held here." in html.text
    assert "No transcript was found." in html.text
    assert page(client, "/media/tones", status=404).one("h1").text == "Not in this archive"
    assert "The sound is not held here." in page(client, "/").text


def test_sound_without_a_transcript_plays(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").unlink()
    (folder / "annotations.toml").unlink()
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert html.one("audio")["src"].endswith("#t=2")
    assert "There is no transcript yet." in html.text
    assert "data-highlight" not in html.one("recording-player")


def test_timed_annotations_without_a_transcript_are_shown(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").unlink()
    text = (folder / "annotations.toml").read_text(encoding="utf-8")
    (folder / "annotations.toml").write_text(text.replace('cue = "first"', 'start = "2"\nend = "4"'), encoding="utf-8")
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert [note["id"] for note in html.all("aside.note")] == ["note-who", "note-late", "note-around"]


def test_a_transcript_of_another_sound_is_not_followed(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    header = f"Local Usage Element: [Media SHA-256] {'0' * 64}"
    path.write_text(path.read_text(encoding="utf-8").replace("Type: caption", header), encoding="utf-8")
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert "data-highlight" not in html.one("recording-player")
    assert "timed to a different sound file" in html.one("p.warning").text
    assert html.all(".cue")


def test_a_fault_in_the_transcript_is_mentioned_on_the_page(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("00:00:05.000", "00:00:05,000"), encoding="utf-8")
    html = page(create_app(archive).test_client(), "/recordings/tones")
    assert "Line 17" in html.one("details.warning").text


def test_a_broken_record_is_not_there_and_spares_the_others(archive: Path) -> None:
    other = archive / "transcripts" / "broken"
    other.mkdir()
    (other / "recording.toml").write_text("title = \n", encoding="utf-8")
    client = create_app(archive).test_client()
    shelf = page(client, "/")
    assert "A tape of tones" in shelf.text
    assert "broken" not in shelf.text
    assert page(client, "/recordings/broken", status=404).one("h1").text == "Not in this archive"


def test_a_file_that_changes_is_read_again(archive: Path, client: FlaskClient) -> None:
    assert page(client, "/recordings/tones").one("h1").text == "A tape of tones"
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("A tape of tones", "Another title"), encoding="utf-8")
    assert page(client, "/recordings/tones").one("h1").text == "Another title"


def test_the_sound_has_a_new_address_when_the_file_changes(client: FlaskClient, archive: Path) -> None:
    first = page(client, "/recordings/tones").one("audio")["src"]
    path = archive / "media" / "tones.wav"
    path.write_bytes(path.read_bytes() + b"\0\0")
    assert page(client, "/recordings/tones").one("audio")["src"] != first


def test_a_fault_of_the_player_itself_is_owned_up_to(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object) -> None:
        raise RuntimeError

    app = create_app(archive)
    app.testing = False
    monkeypatch.setattr("player.web.routes.recordings.edit", fall_over)
    html = page(app.test_client(), "/recordings/tones", status=500)
    assert "The player failed" in html.text


def test_another_method_is_refused_in_words(client: FlaskClient) -> None:
    response = client.post("/recordings/tones")
    assert response.status_code == 405
    assert response.headers["Allow"]
    assert parse(response.text).one("h1").text == "Only reading is possible here"


def test_another_record_that_is_wrong_takes_nothing_from_a_page(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    other = archive / "transcripts" / "other"
    other.mkdir()
    (other / "recording.toml").write_text("wrong", encoding="utf-8")
    record.write_text(record.read_text(encoding="utf-8").replace("place", 'surrogate_for = "other"\nplace'), "utf-8")
    assert create_app(archive).test_client().get("/recordings/tones").status_code == 200


def test_a_media_file_that_leads_out_of_the_archive_is_never_sent(archive: Path) -> None:
    (archive.parent / "secret").write_text("secret", encoding="utf-8")
    (archive / "media" / "tones.wav").unlink()
    (archive / "media" / "tones.wav").symlink_to(archive.parent / "secret")
    answer = create_app(archive).test_client().get("/media/tones")
    assert (answer.status_code, "a fault in the sound of a recording" in answer.text) == (500, True)


def test_transcripts_that_have_gone_are_told_in_words(archive: Path) -> None:
    client = create_app(archive).test_client()
    (archive / "transcripts").rename(archive / "elsewhere")
    answer = client.get("/")
    assert (answer.status_code, "a fault in the archive, which cannot be read" in answer.text) == (500, True)


def test_a_sound_that_cannot_be_read_takes_nothing_from_the_words(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = archive / "transcripts" / "tones" / "transcript.vtt"
    bound = "Local Usage Element: [Media SHA-256] " + "0" * 64
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("Type: caption", bound), encoding="utf-8")

    def unreadable(path: Path) -> str:
        raise AudioError(f"{path}: the file cannot be read; let it be read")

    monkeypatch.setattr(cache, "digest", unreadable)
    record = page(create_app(archive).test_client(), "/recordings/tones").one("recording-player")
    assert "data-highlight" not in record


def test_a_transcript_that_goes_while_it_is_asked_for_is_told_in_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> bytes:
        raise FileNotFoundError(2, "gone", str(path))

    assert client.get("/recordings/tones").status_code == 200
    monkeypatch.setattr(served_words, "content", gone)
    answer = client.get("/recordings/tones/transcript.vtt")
    assert (answer.status_code, "removed just now" in answer.text) == (404, True)


def test_what_a_recording_lacks_is_not_offered_to_its_reader(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"

    def offered() -> list[str]:
        html = page(create_app(archive).test_client(), "/recordings/tones")
        searches = [each["placeholder"] for each in html.all("input", name="q") if each["aria-describedby"]]
        legends = [legend.text for view in html.all("details.view") for legend in view.all("legend")]
        return searches + legends + [each["name"] for each in html.all("input", name="reader")]

    assert offered() == ["Search the words", "Text", "Notes", "reader"]
    (folder / "annotations.toml").unlink()
    assert offered() == ["Search the words", "Text", "reader"]
    (folder / "transcript.vtt").unlink()
    assert offered() == ["Text"], "its summary can be read in another size"
    record = folder / "recording.toml"
    said = record.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in said if not line.startswith(("summary =", "provenance ="))]
    record.write_text("".join(kept), encoding="utf-8")
    assert offered() == []
    note = '[[annotation]]\nid = "tower"\nkind = "place"\ntitle = "The tower"\nbody = "There."\n'
    note += 'start = "0:03"\nend = "0:04"\nsources = ["log"]\n'
    (folder / "annotations.toml").write_text(note, encoding="utf-8")
    assert offered() == ["Search the notes", "Text", "Notes"]


def test_a_reading_whose_sound_is_missing_says_so_and_keeps_what_needs_none(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(f'kind = "reading"\nnotice = "Synthetic."\n{text}', encoding="utf-8")
    (archive / "media" / "tones.wav").unlink()
    html = page(create_app(archive).test_client(), "/recordings/tones")
    notice, missing = (each.text for each in html.all("p.provenance"))
    assert notice.startswith("Synthetic.")
    assert missing.startswith("The sound is missing at the moment.")
    links = [link.text for link in html.one("p.ways").all("a")]
    assert links == ["Annotated moments", "Text only", "Download the text"]


@pytest.mark.parametrize(
    ("method", "address", "status"), [("GET", "/nowhere/at/all", 404), ("POST", "/", 405), ("PUT", "/media/tones", 405)]
)
def test_what_the_web_framework_would_say_is_said_in_our_words(
    client: FlaskClient, method: str, address: str, status: int
) -> None:
    answer = client.open(address, method=method)
    said = {404: "There is no page at this address.", 405: "This address can be read, but nothing can be sent to it."}
    assert (answer.status_code, said[status] in answer.text) == (status, True)
    assert not any(words in answer.text for words in ("requested URL", "not allowed for"))
