"""Transcripts go out in the forms that people use, each read here by a program that we did not write."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import subprocess
import zipfile
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import docx
import jsonschema
import pytest
from clipping import run
from doubted_ferry import write_doubted
from exporting import READING, TOLD, WRITTEN, add_to_record, write_words, written
from lxml import etree
from machine_ferry import LABEL, SLUG
from markdown_it import MarkdownIt
from storied_archive import write_storied
from test_translation import SPANISH
from tones import EXECUTABLE

from player.publish.transcripts.forms import FORMS, Form
from player.publish.transcripts.json_lines import schema
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from pytest import MonkeyPatch  # noqa: PT013  # a type alone

PAGE = "/recordings/tones"
EVERY = pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.name)


def text_of(form: str, data: bytes) -> str:
    """Give what a person reads in a file, as the form's own reader has it."""
    if form in {"ohms", "tei"}:
        # The words of OHMS are WebVTT inside of XML.
        data = html.unescape("".join(etree.fromstring(data).itertext())).encode()
    match form:
        case "docx":
            return "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)
        case "json" | "podcast":
            return "\n".join(strings(json.loads(data)))
        case "csv":
            return "\n".join("\n".join(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        case "md":
            return "".join(each.content for each in inline(data))
        case "srt":
            return "\n".join(text for _, _, text in captions(data))
    return data.decode()


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in strings(each)]


def inline(data: bytes) -> list[Any]:
    """Give the texts of a page that CommonMark makes of a file."""
    blocks = MarkdownIt("commonmark").parse(data.decode())
    assert not [each for each in blocks if each.type.startswith(("html", "code", "fence"))]
    found = [each for block in blocks for each in block.children or ()]
    assert not [each for each in found if each.type.startswith(("html", "link", "image", "code"))]
    return found


def captions(data: bytes) -> list[tuple[float, float, str]]:
    """Give the captions of an SRT as ffmpeg reads them: start and end in seconds, and the text."""
    told = [EXECUTABLE, "-v", "error", "-f", "srt", "-i", "-", "-map", "0:s", "-c", "copy", "-f", "framecrc", "-"]
    listed = subprocess.run(told, input=data, capture_output=True, check=True).stdout.decode().splitlines()
    rows = [line.split(",") for line in listed if not line.startswith("#")]
    told = [EXECUTABLE, "-v", "error", "-f", "srt", "-i", "-", "-map", "0:s", "-c", "copy", "-f", "data", "-"]
    whole = subprocess.run(told, input=data, capture_output=True, check=True).stdout
    found, at = [], 0
    for _, _, start, length, size, *_ in rows:
        text = whole[at : at + int(size)].decode()
        at += int(size)
        found.append((int(start) / 1000, (int(start) + int(length)) / 1000, text))
    return found


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@EVERY
def test_each_form_comes_with_the_voices_and_the_words(form: Form, client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/transcript.{form.ending}")
    assert answer.status_code == HTTPStatus.OK
    assert answer.mimetype == form.media_type
    assert answer.headers["Content-Disposition"] == f"attachment; filename=tones.{form.ending}"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    text = text_of(form.name, answer.data)
    for said in ("Ada", "Silence & hum.", "Ben", "A second voice.", "The end."):
        assert said in text


@EVERY
def test_what_xml_has_no_place_for_is_in_no_form_not_even_in_the_citation(form: Form, archive: Path) -> None:
    add_to_record(archive, '\nidentifier = "T\\uFFFE1\\u20282\\uFFFF"\n')
    text = text_of(form.name, written(archive, form.name))
    assert not {"\ufffe", "\uffff", "\u2028"} & set(text)
    assert "Silence & hum." in text


@EVERY
def test_what_has_to_be_known_stands_in_each_form(form: Form, archive: Path) -> None:
    add_to_record(archive, f"{READING}{TOLD}")
    text = text_of(form.name, written(archive, form.name))
    assert "Synthetic tones, not the tape." in text
    for name, said in (
        ("Attribution (The harbour)", "Say whose tones these are."),
        ("Before you listen", "A door is <shut> & loud."),
    ):
        if form.name == "srt":
            said = said.replace("<", "&lt;")  # noqa: PLW2901  # as SubRip has it
        place = text.index(name)
        assert said in text[place : place + len(name) + len(said) + 4]
        assert place < text.index("Silence & hum.") or form.name == "csv"


def test_a_reading_says_so_by_the_name_of_its_file(archive: Path) -> None:
    add_to_record(archive, READING)
    answer = create_app(archive).test_client().get(f"{PAGE}/transcript.srt")
    assert answer.headers["Content-Disposition"] == "attachment; filename=tones-reading.srt"


@EVERY
def test_a_machines_words_are_labelled_and_doubts_are_marked_as_far_as_can_be(form: Form, tmp_path: Path) -> None:
    archive = write_doubted(tmp_path / "archive")
    (archive / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    text = text_of(form.name, written(archive, form.name, SLUG))
    assert LABEL in text
    assert "4 of its 5 lines are not checked" in text
    if form.name == "tei":
        assert "ferry" in text
        assert "[?" not in text, "they are elements"
        return
    if form.name in {"json", "csv"}:
        assert "ferry carried" in text
        assert "fury" in text
        return
    boat = "fairy &lt;boat>" if form.name == "srt" else "fairy <boat>"
    assert f"The ferry [? or {boat} or fury] carried" in text
    assert "Nobody saw a brambling [or the rambling] on the quay [?]." in text
    # Of what the machine was not sure, forms for players say no more than that nobody has checked it.
    assert ("tamarack [?]" in text) == (form.name in {"txt", "md", "docx"})


def test_srt_is_read_by_ffmpeg_with_the_same_times_and_lines(archive: Path) -> None:
    add_to_record(archive, '\nadvice = "A door."\n')
    assert captions(written(archive, "srt")) == [
        (0, 2, "[Before you listen: A door.]"),
        (0, 2, "Ada: Silence & hum."),
        (2, 4.5, "Ada: One two three."),
        (5, 7, "Ben: A second voice."),
        (8, 10, "Ada: The end."),
    ]


def test_json_is_as_its_schema_says_and_has_what_is_known_of_each_line(client: FlaskClient) -> None:
    described = client.get("/transcript.schema.json")
    assert described.mimetype == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(described.json)
    found = json.loads(client.get(f"{PAGE}/transcript.json").data)
    jsonschema.validate(found, json.loads(schema()), jsonschema.Draft202012Validator)
    first = found["lines"][1]
    assert (first["id"], first["start"], first["end"], first["words"]) == ("first", 2000, 4500, [2000, 2500, 3000])
    assert first["turns"] == [{"speaker": "Ada", "text": "One two three."}]
    assert first["sources"] == [{"source": "log", "locator": "p. 2"}]
    assert found["sources"][0]["title"] == "The log of the tones"
    assert found["speakers"] == [{"name": "Ada", "kind": "person"}, {"name": "Ben", "kind": "unidentified"}]
    assert found["recording"]["address"] == "http://localhost/recordings/tones"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "more": 1}, json.loads(schema()))


def test_csv_has_a_row_a_line_that_can_be_quoted_by_itself(archive: Path) -> None:
    add_to_record(archive, READING)
    rows = table(written(archive, "csv"))
    assert [row["line"] for row in rows] == ["opening", "first", "c3", "last"]
    row = rows[1]
    assert (row["start"], row["end"], row["from"]) == ("2.000", "4.500", "00:00:02.000")
    assert (row["speaker"], row["words"]) == ("Ada", "One two three.")
    assert row["sources"] == "The log of the tones, p. 2"
    assert row["link"] == "https://tapes.example/recordings/tones#t=2"
    assert row["notice"] == "Synthetic tones, not the tape."
    assert "synthetic reading, not the tape" in row["citation"]
    assert row["rights"] == "not stated"


def test_word_and_markdown_name_what_each_passage_rests_on(archive: Path) -> None:
    said = text_of("docx", written(archive, "docx"))
    assert "What the lines rest on\n0:00: The log of the tones. p. 1.\n0:02: The log of the tones. p. 2." in said
    page = written(archive, "md").decode()
    assert "Silence \\& hum.[^1] One two three.[^2]" in page
    assert page.endswith("[^1]: The log of the tones. p. 1.\n\n[^2]: The log of the tones. p. 2.\n")


def test_a_word_document_does_not_tell_when_it_was_written(archive: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(written(archive, "docx"))) as files:
        assert {each.date_time for each in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_podcast_json_has_the_segments_of_its_specification(archive: Path) -> None:
    found = json.loads(written(archive, "podcast"))
    assert found == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ada", "startTime": 0.0, "endTime": 2.0, "body": "Silence & hum."},
            {"speaker": "Ada", "startTime": 2.0, "endTime": 4.5, "body": "One two three."},
            {"speaker": "Ben", "startTime": 5.0, "endTime": 7.0, "body": "A second voice."},
            {"speaker": "Ada", "startTime": 8.0, "endTime": 10.0, "body": "The end."},
        ],
    }


@EVERY
def test_a_translation_is_had_in_each_form_with_who_translated_it(form: Form, archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    answer = create_app(archive).test_client().get(f"{PAGE}/transcript.es.{form.ending}")
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["Content-Disposition"] == f"attachment; filename=tones.es.{form.ending}"
    text = text_of(form.name, answer.data)
    assert "Uno dos tres." in text
    assert "One two three." not in text
    assert "into Spanish by Ada's sister; reviewed by Ben." in text
    assert "Traducción de la hermana de Ada" in text


def test_who_speaks_is_said_where_a_translation_names_nobody(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    assert "Ben: Otra voz." in written(archive, "srt", language="es").decode()


@pytest.mark.parametrize("name", ["exe", "vttx", "es.exe", "SRT", "srt.txt", "%00.srt", "fr.srt", "es.vtt"])
@pytest.mark.parametrize("slug", ["tones", "nothing"])
def test_what_is_not_there_is_404_in_words(name: str, slug: str, client: FlaskClient) -> None:
    answer = client.get(f"/recordings/{slug}/transcript.{name}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "<h1>Not in this archive</h1>" in answer.text


@pytest.mark.parametrize("name", ["tones/transcript.fr.json", "no/transcript.json", "no/transcript.podcast.json"])
def test_where_json_is_asked_it_is_said_in_json(name: str, client: FlaskClient) -> None:
    answer = client.get(f"/recordings/{name}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json is not None
    assert answer.json["error"] == "Not in this archive"
    assert answer.json["message"].endswith(".")


def test_what_accepts_json_before_pages_is_told_in_json(client: FlaskClient) -> None:
    told = {"Accept": "application/json"}
    assert client.get("/recordings/nothing", headers=told).json == client.get("/recordings/nothing/x.json").json
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*"):
        assert client.get("/recordings/nothing", headers={"Accept": accept}).mimetype == "text/html"


@EVERY
def test_what_is_closed_is_in_no_form_and_one_line_says_so(form: Form, archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "words"\nuntil = "2941"\nreason = "So was agreed."\n')
    record = archive / "transcripts" / "tones" / "recording.toml"
    named = record.read_text(encoding="utf-8").replace('name = "Ada"', 'name = "Ada"\ndisplay_name = "A keeper"')
    record.write_text(named, encoding="utf-8")
    # A note names her, as player check tells.
    (record.parent / "annotations.toml").unlink()
    text = text_of(form.name, written(archive, form.name))
    assert "[closed until 2941]" in text
    assert "So was agreed." in text
    assert "A keeper" in text
    assert not any(said in text for said in ("second voice", "Ada", "Ben"))


@EVERY
def test_a_version_is_had_as_it_stood(form: Form, tmp_path: Path) -> None:
    client = create_app(write_storied(tmp_path / "archive")).test_client()
    then = text_of(form.name, client.get(f"{PAGE}/transcript.{form.ending}?as-of=0").data)
    now = text_of(form.name, client.get(f"{PAGE}/transcript.{form.ending}").data)
    assert "A second voice." in then
    assert "A second voice." not in now
    if form.name not in {"srt", "podcast"}:
        assert "transcript version" in then


@pytest.mark.parametrize(
    ("closing", "status"),
    [
        ('[access]\ntranscript = "closed"\n', HTTPStatus.FORBIDDEN),
        ('[access]\ntranscript = "draft"\n', HTTPStatus.FORBIDDEN),
        ('[access]\nrecord = "closed"\n', HTTPStatus.NOT_FOUND),
        ('[withdrawal]\ndate = "2026-11-20"\nreason = "So."\n', HTTPStatus.GONE),
    ],
)
def test_a_recording_that_is_closed_answers_as_everywhere_and_in_json(
    closing: str, status: HTTPStatus, archive: Path
) -> None:
    add_to_record(archive, f"\n{closing}")
    client = create_app(archive).test_client()
    for form in WRITTEN:
        answer = client.get(f"{PAGE}/transcript.{form.ending}")
        assert answer.status_code == status
        assert "Silence" not in answer.text
        assert (answer.json is None) == (not form.ending.endswith("json"))
    done = run(archive, "export", "tones", "--to", "json", "-o", "-")
    assert (done.exit_code, done.output.count("\n"), "Silence" in done.output) == (1, 1, False)


@pytest.mark.parametrize("as_of", ["x", "9"])
def test_a_version_that_there_is_not_is_refused(as_of: str, client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/transcript.json?as-of={as_of}")
    assert answer.status_code == (HTTPStatus.BAD_REQUEST if as_of == "x" else HTTPStatus.NOT_FOUND)
    assert answer.json is not None


def test_word_is_refused_in_words_where_nothing_writes_it(
    archive: Path, client: FlaskClient, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(Form, "is_there", False)
    answer = client.get(f"{PAGE}/transcript.docx")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "This server does not write Word" in answer.text
    told = run(archive, "export", "tones", "--to", "docx")
    assert told.exit_code == 1
    assert "pip install 'tape-player[docx]'" in told.output


def test_untimed_lines_are_counted_where_they_cannot_be(archive: Path) -> None:
    write_words(archive, "NOTE untimed a\n<v Ada>Before.\n\n00:01.000 --> 00:02.000\n<v Ada>One.\n")
    assert "Before." in written(archive, "txt").decode()
    for form in ("srt", "podcast"):
        text = written(archive, form).decode()
        assert "Before." not in text
        assert "1 line is not here: nobody has said when it is said." in text


def test_the_command_writes_what_the_server_sends(archive: Path, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_URL", "https://tapes.example")
    client = create_app(archive).test_client()
    for form in FORMS.values():
        path = tmp_path / "out" / f"tones.{form.ending}"
        done = run(archive, "export", "tones", "--to", form.name, "-o", str(path))
        assert done.exit_code == 0, done.output
        sent = client.get(f"{PAGE}/transcript.{form.ending}").data
        assert text_of(form.name, path.read_bytes()) == text_of(form.name, sent)


def test_force_puts_no_file_in_the_place_of_a_pipe_or_a_device(archive: Path, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for name in (pipe, link):
        told = run(archive, "export", "tones", "--to", "srt", "-o", str(name), "--force")
        assert (told.exit_code, "it is a pipe or a device, not a file" in told.output) == (1, True), told.output
    assert (pipe.is_fifo(), link.is_symlink()) == (True, True)


def test_the_command_names_files_after_recordings_and_replaces_none(
    archive: Path, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(archive, "export", "tones", "--to", "srt").output == "tones.srt\n"
    refused = run(archive, "export", "tones", "--to", "srt")
    assert (refused.exit_code, refused.output.startswith("tones.srt: the file is there already")) == (1, True)
    assert run(archive, "export", "tones", "--to", "srt", "--force").exit_code == 0
    assert run(archive, "export", "--all", "--to", "podcast", "-o", "out").output == "out/tones.podcast.json\n"
    (tmp_path / "plain").touch()
    for several in (["--all"], ["tones", "tones"]):
        told = run(archive, "export", *several, "--to", "txt", "-o", "plain", "--force")
        assert (told.exit_code, told.output) == (
            1,
            "plain: this is a file, and several transcripts go into a folder; name one\n",
        )
    assert run(archive, "export", "tones", "-o", "-", "--to", "txt").output.startswith("A tape of tones\n")
    for wrong in (["tones"], [], ["--all", "tones", "--to", "srt"], ["a", "b", "--to", "srt", "-o", "-"]):
        assert run(archive, "export", *wrong).exit_code == 2
    for wrong in (["nothing", "--to", "srt"], ["tones", "--to", "srt", "--language", "fr"]):
        told = run(archive, "export", *wrong)
        assert told.exit_code == 1
        assert told.output.count("\n") == 1


def test_an_archive_without_recordings_says_so_once_and_what_to_do(
    tmp_path: Path, monkeypatch: MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "transcripts").mkdir()
    told = run(tmp_path, "export", "--all", "--to", "txt")
    assert (told.exit_code, told.output.count("there are no recordings; add one: player add SOUND")) == (1, 1)
    copied = run(tmp_path, "export", "--site", str(tmp_path.with_name("copy")))
    assert copied.exit_code == 0
    assert sum("there are no recordings" in each.getMessage() for each in caplog.records) == 1
