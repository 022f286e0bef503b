"""On what terms a recording may be used is said in one line beside what is downloaded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from held_sounds import hold
from html_elements import parse

from player.publish.rights import called
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

RIGHTS = """
[[rights]]
object = "audio"
uri = "https://creativecommons.org/licenses/by/4.0/"
basis = "The harbour office gave it."
certainty = "documented"

[[rights]]
object = "transcript"
uri = "https://creativecommons.org/licenses/by/4.0/"
basis = "Made here."
certainty = "documented"

[[rights]]
object = "recording"
uri = "http://rightsstatements.org/vocab/InC/1.0/"
basis = "It may be the pilot's."
certainty = "inferred"

[[rights]]
object = "annotations"
uri = "https://creativecommons.org/publicdomain/zero/1.0/"
basis = "Made here."
certainty = "documented"
"""
LINE = "Rights: CC BY 4.0 (audio, transcript); In Copyright (recording)."


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "No Copyright, United States"),
        ("https://rightsstatements.org/page/NKC/1.0/", "No Known Copyright"),
        ("https://creativecommons.org/licenses/by-nc-sa/3.0/igo/", "CC BY-NC-SA 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0", "Public Domain Mark 1.0"),
        ("https://creativecommons.org/publicdomain/other/1.0", "creativecommons.org/publicdomain/other/1.0"),
        ("https://rightsstatements.org/vocab/None/1.0/", "rightsstatements.org/vocab/None/1.0"),
        ("https://example.org/terms", "example.org/terms"),
        ("https://example.org/creativecommons.org/licenses/by/4.0/", "example.org/creativecommons.org/licenses/by/4.0"),
    ],
)
def test_terms_are_called_as_those_call_them_who_wrote_them(uri: str, name: str) -> None:
    assert called(uri) == name


def test_downloads_say_what_they_are_for_and_on_what_terms(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8") + RIGHTS, encoding="utf-8")
    client = create_app(archive).test_client()
    html = parse(client.get("/recordings/tones").text)
    picker = html.one("clip-picker")
    assert [link.text for link in picker.all("a", rel="nofollow")] == ["Download MP3", "Download WAV, for editing"]
    assert picker.one("p.terms").text == LINE
    assert picker.one("p.terms").one("a")["href"] == "#about"
    assert [each.text for each in html.all("p.instead") if not each.text.endswith(LINE)] == []
    assert [button.text for button in html.one("form.to-cut").all("button")] == ["MP3", "WAV, for editing"]
    line = parse(client.get("/recordings/tones/lines/first").text)
    (terms,) = [each for each in line.all("span.from") if each.text.startswith("Rights")]
    assert terms.text == LINE
    assert terms.one("a")["href"] == "/recordings/tones#about"


def test_a_download_of_a_reading_says_both(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'kind = "reading"\nnotice = "A reading."\n{record.read_text("utf-8")}', encoding="utf-8")
    picker = parse(create_app(archive).test_client().get("/recordings/tones").text).one("clip-picker")
    names = [link.text for link in picker.all("a", rel="nofollow")]
    assert names == ["Download MP3 of the reading", "Download WAV of the reading, for editing"]


@pytest.mark.long
def test_what_is_held_as_mp3_can_be_had_as_held(archive: Path, tmp_path: Path) -> None:
    (archive / "media" / "tones.wav").rename(tmp_path / "tones.wav")
    hold(archive, tmp_path / "tones.wav")
    client = create_app(archive).test_client()
    picker = parse(client.get("/recordings/tones").text).one("clip-picker")
    assert picker.all("a", rel="nofollow")[-1].text == "Download MP3, as held, no re-encoding"
    for page in ("/recordings/tones/lines/first", "/basket?p=tones@2,4.5"):
        links = [each for each in parse(client.get(page).text).all("a") if each.text.startswith("as held, no re-enc")]
        answer = client.get(links[0]["href"], buffered=True)
        assert answer.status_code == 200
        assert "_copy.mp3" in answer.headers["Content-Disposition"]


def test_where_a_record_has_no_terms_that_is_said(archive: Path) -> None:
    html = parse(create_app(archive).test_client().get("/recordings/tones").text)
    assert html.one("clip-picker").one("p.terms").text == "Rights: not stated."
