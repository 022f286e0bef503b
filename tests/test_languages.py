"""A page speaks English and says so; what was said, and what was written in another language, says what it is in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from browser import tongues
from html_elements import parse, said

from player.archive import languages
from player.web.app import create_app
from player.web.pages import prose

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from html_elements import Element


@pytest.fixture
def spoken(tmp_path: Path) -> FlaskClient:
    """A client of an archive in Hebrew, Arabic and Welsh."""
    return create_app(tongues.write_archive(tmp_path / "tongues")).test_client()


def page(client: FlaskClient, address: str) -> Element:
    return parse(client.get(address).text)


@pytest.mark.parametrize(
    ("tag", "name", "own_name", "direction"),
    [
        ("es", "Spanish", "Español", "ltr"),
        ("he", "Hebrew", "עברית", "rtl"),
        ("ar", "Arabic", "العربية", "rtl"),
        ("cy", "Welsh", "Cymraeg", "ltr"),
        ("pt-BR", "Brazilian Portuguese", "Português (Brasil)", "ltr"),
        ("zh-Hant-TW", "Traditional Chinese (Taiwan)", "繁體中文 (台灣)", "ltr"),
        ("yi", "Yiddish", "ייִדיש", "rtl"),
        ("ka", "Georgian", "ქართული", "ltr"),
        # A script that is written is the one that tells; without one, the one that the language has in the region.
        ("he-Latn", "Hebrew (Latin)", "עברית (לטיני)", "ltr"),
        ("az-Arab", "Azerbaijani (Arabic)", "تۆرکجه", "rtl"),
        ("pa", "Punjabi", "ਪੰਜਾਬੀ", "ltr"),
        ("pa-PK", "Punjabi (Pakistan)", "پنجابی (پاکستان)", "rtl"),
        # Named in English, and by nobody who speaks it.
        ("grc", "Ancient Greek", None, "ltr"),
        ("arc", "Aramaic", None, "rtl"),
        ("qaa", "qaa", None, "auto"),
        ("und", "Unknown language", None, "auto"),
    ],
)
def test_a_language_has_the_name_and_the_direction_that_its_tag_says(
    tag: str, name: str, own_name: str | None, direction: str
) -> None:
    found = languages.language(tag)
    assert (found.name, found.own_name, found.direction) == (name, own_name, direction)


@pytest.mark.parametrize("tag", ["", "English", "x y", "i-default", "und", "-", "he_IL"])
def test_what_is_no_tag_is_shown_as_it_is_written(tag: str) -> None:
    found = languages.language(tag)
    assert found.direction in {"auto", "ltr", "rtl"}
    assert found.is_known or found.name == tag


def test_a_code_of_three_letters_is_of_the_same_language_as_one_of_two() -> None:
    assert languages.is_same("spa", "es")
    assert languages.is_same("zho", "zh-Hant-TW")
    assert languages.is_same("es-MX", "es-MX")
    assert languages.is_same("haw", "haw")
    assert not languages.is_same("fra", "es")
    assert not languages.is_same("es-ES", "es-MX")


def test_the_scripts_that_run_from_right_to_left_are_those_whose_letters_do() -> None:
    """Of the scripts whose letters Unicode names after them."""
    scripts = {"Hebr": "HEBREW", "Arab": "ARABIC", "Syrc": "SYRIAC", "Thaa": "THAANA", "Nkoo": "NKO", "Adlm": "ADLAM"}
    scripts |= {"Samr": "SAMARITAN", "Mand": "MANDAIC", "Mend": "MENDE KIKAKUI", "Rohg": "HANIFI ROHINGYA"}
    scripts |= {"Latn": "LATIN", "Grek": "GREEK", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI", "Beng": "BENGALI"}
    for script, name in scripts.items():
        letters = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) in {"Lu", "Lo"})
        letter = next(each for each in letters if unicodedata.name(each, "").startswith(name))
        runs = "rtl" if unicodedata.bidirectional(letter) in {"R", "AL"} else "ltr"
        assert languages.language(f"und-{script}").direction == runs, script


@pytest.mark.parametrize(
    ("text", "is_leftward"),
    [
        ("Rain", False),
        ("", False),
        ("1963!", False),
        ("ירושלים, 1963!", True),
        ("“שלום” means peace", False),
        ("He said “ירושלים היא עיר גדולה, ובה ירד גשם”", False),
        ("ירושלים, by BBC", True),
    ],
)
def test_a_text_whose_language_is_not_known_runs_as_its_first_letter_and_most_do(text: str, is_leftward: bool) -> None:
    assert languages.runs_left(text) == is_leftward


def test_words_within_a_sentence_keep_their_signs_in_order() -> None:
    assert prose.isolated("Rain, 1963!") == "Rain, 1963!"
    assert prose.isolated("ירושלים & 1963!") == '<bdi dir="rtl">ירושלים &amp; 1963!</bdi>'
    assert prose.isolated("The log: יומן") == '<bdi dir="ltr">The log: יומן</bdi>'


ADDRESSES = [
    "/",
    "/people",
    "/people/ruth",
    "/sources",
    "/sources/log",
    "/chronology",
    "/dossiers",
    "/recordings/hebrew/cite",
    "/recordings/hebrew/cite?t=1,2",
    "/recordings/nowhere",
    "/recordings/hebrew?t=soon",
    *(f"/recordings/{slug}" for slug in tongues.RECORDINGS),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_in_english_from_left_to_right(spoken: FlaskClient, address: str) -> None:
    html = page(spoken, address).one("html")
    assert (html["lang"], html["dir"]) == ("en", "ltr")


@pytest.mark.parametrize(("slug", "direction"), [("hebrew", "rtl"), ("arabic", "rtl"), ("welsh", "ltr")])
def test_what_was_said_says_its_language_wherever_it_stands(spoken: FlaskClient, slug: str, direction: str) -> None:
    language, _, speakers, lines = tongues.RECORDINGS[slug]
    own = {"lang": language, "dir": direction}
    there = page(spoken, f"/recordings/{slug}?q={lines[0].split()[0].strip(',')}")
    holding = [*there.all("span.said", **own), *there.all("p.cue", **own), *there.all("div.line", **own)]
    assert sorted(said(each) for each in holding) == sorted(lines)
    times = there.all("a.time")
    assert {time["lang"] for time in times} == ({""} if there.all("p.translated") else {"en"})
    names = [each.text for turn in there.all("p.turn") for each in turn.all("bdi", **own)]
    assert names == [*speakers, *speakers[:1]][: len(names)]
    assert [each.text for each in there.one("section#about").all("bdi", **own)] == list(speakers)
    found = there.one("section.found").all("span", **own)
    assert [each.text for each in found] == [lines[0]]
    assert there.one("pointed-moment").all("span.words", **own)
    greeting = there.one("aside#note-greeting").one("div.body")
    assert greeting.one("span", **own).text in lines[0]
    assert there.one("header.title").one("p.standfirst").one("span", **own).text == lines[0]
    cited = page(spoken, "/sources/log")
    assert [each.text for each in cited.all("span", **own)] == list(lines)


def test_a_translation_says_its_own_language_and_direction(spoken: FlaskClient) -> None:
    there = page(spoken, "/recordings/hebrew")
    assert {(each["lang"], each["dir"]) for each in there.all("p.translated")} == {("en", "ltr"), ("ar", "rtl")}
    named = there.one("fieldset.language").all("bdi")
    assert {(each["lang"], each.text) for each in named} == {("en", "English"), ("ar", "العربية")}
    there = page(spoken, "/recordings/welsh")
    assert {(each["lang"], each["dir"]) for each in there.all("p.translated")} == {("he", "rtl")}


def test_what_is_in_english_among_words_from_right_to_left_says_so(spoken: FlaskClient) -> None:
    transcript = page(spoken, "/recordings/hebrew").one("section.transcript")
    assert transcript["dir"] == "rtl"
    about = page(spoken, f"/recordings/hebrew/lines/{transcript.all('.cue')[0]['id'][4:]}").one("dl.about-line")
    for around in (transcript.all("aside.note"), transcript.all("div.translator"), [about]):
        assert {each["dir"] for each in around} == {"ltr"}


def test_notes_in_another_language_run_as_that_does(spoken: FlaskClient) -> None:
    note = page(spoken, "/recordings/hebrew").one("aside#note-place")
    assert note.one("a.own").one("bdi")["dir"] == "rtl"
    paragraph, listed = note.one("div.body").one("p"), note.one("div.body").one("ul")
    assert (paragraph["dir"], listed["dir"]) == ("rtl", "")


def test_in_an_english_archive_nothing_says_what_the_page_says(client: FlaskClient) -> None:
    there = page(client, "/recordings/tones")
    assert not [
        each for each in there.one("html").all() if {"lang", "dir"} & set(each.attributes) and each.tag != "input"
    ]
