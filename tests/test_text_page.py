"""A recording as text alone: what is said, by whom, in which language, and what the text rests on."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from browser import tongues
from html_elements import Element, parse
from test_translation import SPANISH

from player.publish.transcripts.forms import FORMS
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

TEXT = "/recordings/tones/text"


def shown(client: FlaskClient, address: str = TEXT) -> Element:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK
    return parse(answer.text).one("main")


def write(archive: Path, cues: str) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    (folder / "annotations.toml").unlink()


def turns(main: Element) -> list[str]:
    return [f"{each.tag}: {each.text}" for each in main.one("div.words").walk() if each.tag in {"h2", "p"}]


def test_it_has_words_speakers_and_headings_and_neither_times_nor_scripts(client: FlaskClient) -> None:
    page = parse(client.get(TEXT).text)
    main = page.one("main")
    assert main.one("h1").text == "A tape of tones"
    assert turns(main) == [
        "h2: Ada",
        "p: Silence & hum. One two three.",
        "h2: Ben",
        "p: A second voice.",
        "h2: Ada",
        "p: The end.",
    ]
    assert {each["type"] for each in page.all("script")} == {"application/ld+json"}, "data, which nothing runs"
    assert not page.all("header")
    assert "0:0" not in main.text
    assert [each.text for each in main.all("ul")[0].all("li")] == ["The log of the tones."]


def test_sounds_stay_in_their_brackets_and_a_silence_begins_a_paragraph(archive: Path, client: FlaskClient) -> None:
    write(
        archive,
        "00:00.000 --> 00:01.000\n<v Ada>One\ntwo.\n\n00:01.000 --> 00:02.000\n<v Ada>[a door] &lt;Three&gt;.\n\n"
        "00:03.000 --> 00:04.000\n<v Ada>Four.\n\nNOTE paragraph\n\n00:04.000 --> 00:05.000\n<v Ada>Five.\n\n"
        "00:05.000 --> 00:06.000\nWho?\n\n00:06.000 --> 00:07.000\n<v Ada>I.\n<v Ben>And I.\n",
    )
    assert turns(shown(client)) == [
        "h2: Ada",
        "p: One two. [a door] <Three>.",
        "p: Four.",
        "p: Five.",
        "h2: Speaker not named",
        "p: Who?",
        "h2: Ada and Ben",
        "p: I. And I.",
    ]


def test_where_nobody_is_named_there_are_no_headings(archive: Path, client: FlaskClient) -> None:
    write(archive, "00:00.000 --> 00:01.000\nOne.\n\n00:01.000 --> 00:02.000\nTwo.\n")
    assert turns(shown(client)) == ["p: One. Two."]
    assert [each.text for each in shown(client).all("h2")] == ["Download this text"]


def test_it_offers_each_form_in_its_language_and_says_what_for(archive: Path, client: FlaskClient) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    for query, before in (("", ""), ("?language=es", "es.")):
        listed = shown(client, f"{TEXT}{query}").one("section.downloads")
        links = [each.one("a") for each in listed.all("li")]
        assert [each["href"] for each in links] == [
            *(f"/recordings/tones/transcript.{before}{form.ending}" for form in FORMS.values()),
            "/recordings/tones/annotations.json",
            f"/recordings/tones/recording.{before}epub",
            "/recordings/tones/manifest.json",
            "/api/recordings/tones",
        ]
        assert listed.all("li")[1].text == "SubRip, for captions in editors and players of video"
        assert all(client.get(each["href"]).status_code == HTTPStatus.OK for each in links)
    page = parse(client.get("/recordings/tones").text)
    assert [each.text for each in page.all("a") if each["href"] == f"{TEXT}#downloads"] == ["Download the text"]


def test_the_terms_of_a_translation_are_said_where_it_is_read_and_not_elsewhere(
    archive: Path, client: FlaskClient
) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    record = archive / "transcripts" / "tones" / "recording.toml"
    rights = (("transcript", "by/4.0"), ("translation", "by-nc/4.0"), ("annotations", "by-sa/4.0"))
    with record.open("a", encoding="utf-8") as file:
        for of, licence in rights:
            uri = f"https://creativecommons.org/licenses/{licence}/"
            file.write(f'\n[[rights]]\nobject = "{of}"\nuri = "{uri}"\nbasis = "a letter"\ncertainty = "documented"\n')
    said = {
        query: shown(client, f"{TEXT}{query}").one("section.downloads").one("p").text for query in ("", "?language=es")
    }
    assert said == {
        "": "Terms: CC BY 4.0 (transcript). How to cite it",
        "?language=es": "Terms: CC BY 4.0 (transcript); CC BY-NC 4.0 (translation). How to cite it",
    }


def test_a_translation_is_asked_for_by_its_language_and_says_whose_it_is(archive: Path, client: FlaskClient) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    main = shown(client, f"{TEXT}?language=es")
    words = main.one("div.words")
    assert (words["lang"], words["dir"]) == ("es", "ltr")
    assert turns(main)[1] == "p: Silencio & zumbido. Uno dos tres."
    assert "Translation into Spanish by Ada's sister; reviewed by Ben." in main.text
    assert main.one("p", lang="es").text == "Traducción de la hermana de Ada"
    links = {each.text: each["href"] for each in main.one("nav").all("a")}
    assert links["This text in English"] == TEXT
    assert links["The page of this recording"] == "/recordings/tones"
    assert shown(client).one("nav").all("a")[1]["href"] == f"{TEXT}?language=es"
    assert parse(client.get("/recordings/tones").text).one("p.ways").one("a", href=TEXT).text == "Text only"


def test_a_line_that_is_not_translated_is_there_as_it_was_said(archive: Path, client: FlaskClient) -> None:
    text = SPANISH.replace("00:00:05.000 --> 00:00:07.000\nOtra voz.\n\n", "")
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(text, encoding="utf-8")
    main = shown(client, f"{TEXT}?language=es")
    (said,) = main.one("div.words").all("span", lang="en")
    assert said.text == "A second voice."


@pytest.mark.parametrize("language", ["fr", "x" * 5_000, "<b>", "es%00"])
def test_a_language_that_is_not_there_is_not_found(client: FlaskClient, language: str) -> None:
    answer = client.get(TEXT, query_string={"language": language})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "only in en" in answer.text
    assert "<b>" not in answer.text
    assert len(answer.text) < 20_000


def test_a_recording_without_a_transcript_has_no_text(archive: Path, client: FlaskClient) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.unlink()
    answer = client.get(TEXT)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "has no transcript yet" in answer.text
    assert "Text only" not in client.get("/recordings/tones").text
    path.write_bytes(b"\xff")
    assert "cannot be read; its page says" in client.get(TEXT).text
    assert client.get("/recordings/nowhere/text").status_code == HTTPStatus.NOT_FOUND


def test_a_reading_says_that_it_is_one_and_advice_and_labels_stand_before_the_words(
    archive: Path, client: FlaskClient
) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    record = path.read_text(encoding="utf-8").replace(
        "[original]", 'kind = "reading"\nnotice = "Not the tape."\nadvice = "It is loud."\n[original]', 1
    )
    label = '\n[[label]]\nname = "TK Attribution"\ntext = "Ngā kōrero"\nlanguage = "mi"\n'
    path.write_text(record + label, encoding="utf-8")
    main = shown(client)
    before = main.text[: main.text.index("Silence")]
    assert before.index("TK Attribution") < before.index("Not the tape.") < before.index("It is loud.")
    assert main.one("p", lang="mi").text == "TK Attribution. Ngā kōrero"


def test_words_from_right_to_left_run_so_and_a_name_keeps_its_language(tmp_path: Path) -> None:
    client = create_app(tongues.write_archive(tmp_path / "archive")).test_client()
    main = shown(client, "/recordings/hebrew/text")
    assert (main.one("div.words")["lang"], main.one("div.words")["dir"]) == ("he", "rtl")
    english = shown(client, "/recordings/hebrew/text?language=en").one("div.words")
    assert english.all("h2")[0].one("bdi")["lang"] == "he"
    assert english.all("p")[0].text.startswith("Hello all;")
