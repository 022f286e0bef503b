"""What is wrong with an archive is told to its visitors without its paths, and without what only its keepers can do."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from clipping import run
from html_elements import parse
from werkzeug.exceptions import NotFound

from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from html_elements import Element

TONES = "transcripts/tones"
ADDRESSES = (
    "/", "/people", "/chronology", "/dossiers", "/sources", "/people/ada", "/dossiers/pitch", "/sources/log", "/sets",
    "/sets/three", "/sets/none", "/feed.xml", "/feed.png", "/feed/tones.mp3", "/recordings/tones/chapters.json",
    "/recordings/tones", "/recordings/tones?t=5", "/recordings/tones?t=99", "/recordings/tones?q=second",
    "/recordings/tones/cite", "/recordings/tones/cite.bib", "/recordings/tones/transcript.vtt",
    "/recordings/tones/transcript.srt", "/recordings/tones/transcript.docx", "/recordings/tones/transcript.es.json",
    "/recordings/tones/transcript.fadgi.vtt", "/recordings/tones/transcript.es.fadgi.vtt",
    "/recordings/tones/annotations.json", "/recordings/tones/recording.epub", "/recordings/tones/recording.exe",
    "/recordings/tones/transcript.exe", "/transcript.schema.json", "/search.csv?q=second", "/search.csv",
    "/recordings/tones/transcript.es.vtt", "/recordings/tones/waveform.svg", "/recordings/tones/clip.mp3?t=2,4",
    "/recordings/tones/clip.wav?t=2,4", "/recordings/tones/clip.wav?t=2,2.001", "/recordings/tones/clip.wav?t=9,99",
    "/recordings/tones/clip.exe?t=2,4", "/recordings/tones/clip.wav", "/recordings/nothing", "/media/tones",
    "/media/tones?v=1-1", "/media/nothing", "/nowhere", "/about", "/logo", "/robots.txt", "/healthz",
    "/media/tones/access", "/recordings/", "/recordings/tones/text", "/recordings/tones/text?language=es",
    "/recordings/tones/lines/first",
    "/recordings/tones/lines/none", "/search/sound/tones", "/accessibility",
    "/basket", "/basket?p=tones@2,4&p=tones@first&p=nothing@2,4&p=tones@9,99", "/basket.zip?p=tones@2,4",
    "/basket.csv?p=tones@2,4", "/basket.mp3?p=tones@2,4&p=tones@first", "/basket.exe", "/search", "/search?q=second",
    "/?tag=none", "/people?q=ada", "/static/0/none.css",
    "/invited/", "/invited/?token=none",
    "/recordings/tones/embed", "/recordings/tones/embed?t=2,4", "/recordings/tones/embed?t=99", "/oembed",
    "/recordings/tones/captions.vtt", "/recordings/tones/captions.es.vtt", "/recordings/tones/manifest.json",
    "/iiif/collection.json", "/iiif/collection.json?series=x",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/api/", "/api/recordings", "/api/recordings/tones", "/api/recordings/tones/cues", "/api/recordings/nothing",
    "/api/recordings/tones/cues?at=3", "/api/recordings/tones/cues/first", "/api/recordings/tones/annotations",
    "/api/search?q=second", "/api/search?q=ada&in=people", "/api/openapi.json",
    "/sitemap.xml", "/recordings/tones/card.png", "/recordings/tones/card.png?t=99",
    "/oembed?url=http://localhost/recordings/tones%23t=2,4", "/oembed?url=http://localhost/recordings/nothing",
)  # fmt: skip
#: A path below an archive, or a file of one by its name; not the address of a clip, as in clip.mp3 and basket.mp3.
PATH = re.compile(r"(?:media|transcripts)/|(?<!\bclip)(?<!\bbasket)\.(?:toml|vtt|wav|mp3)\b")


def written(name: str, text: str) -> Callable[[Path], None]:
    def plant(archive: Path) -> None:
        (archive / name).write_text(text, encoding="latin-1")

    return plant


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(archive: Path) -> None:
        content = (archive / name).read_bytes()
        assert old.encode() in content
        (archive / name).write_bytes(content.replace(old.encode(), new.encode("latin-1")))

    return plant


def removed(*names: str) -> Callable[[Path], None]:
    def plant(archive: Path) -> None:
        for path in (archive / name for name in names):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return plant


def led_out(name: str) -> Callable[[Path], None]:
    def plant(archive: Path) -> None:
        (archive / name).rename(archive.parent / "elsewhere")
        (archive / name).symlink_to(archive.parent / "elsewhere")

    return plant


FAULTS: dict[str, Callable[[Path], None]] = {
    "a record that is not TOML": written(f"{TONES}/recording.toml", "title = \n"),
    "a record with an unknown key": replaced(f"{TONES}/recording.toml", "place =", "plaice ="),
    "a record without what is required": replaced(f"{TONES}/recording.toml", "title =", "place2 ="),
    "a record that is not UTF-8": replaced(f"{TONES}/recording.toml", "Nowhere", "Nowh\xe9re"),
    "a record that leads out": led_out(f"{TONES}/recording.toml"),
    "a transcript that is none": written(f"{TONES}/transcript.vtt", "1\n00:00:01,000 --> 00:00:02,000\nx\n"),
    "a transcript that is not UTF-8": replaced(f"{TONES}/transcript.vtt", "The end", "Th\xe9 end"),
    "a transcript with a lost line": replaced(f"{TONES}/transcript.vtt", "00:00:05.000", "00:00:05,000"),
    "a transcript with much wrong": replaced(f"{TONES}/transcript.vtt", "00:00:02.500", "00:09:02.500"),
    "a transcript of another sound": replaced(f"{TONES}/transcript.vtt", "[Media SHA-256] ", "[Media SHA-256] 0"),
    "a line that ends before it starts": replaced(f"{TONES}/transcript.vtt", "--> 00:00:07.000", "--> 00:00:04.000"),
    "no transcript": removed(f"{TONES}/transcript.vtt"),
    "a translation that is none": written(f"{TONES}/transcript.es.vtt", "x"),
    "a translation of something else": written(
        f"{TONES}/transcript.es.vtt", "WEBVTT\nLanguage: spa\n\nother\n00:01.000 --> 00:02.000\nx\n"
    ),
    "notes that are no TOML": written(f"{TONES}/annotations.toml", "[[annotation]\n"),
    "notes on lines that are not there": replaced(f"{TONES}/annotations.toml", 'cue = "first"', 'cue = "none"'),
    "a bibliography that is no TOML": written("transcripts/sources.toml", "x"),
    "a list of people with an unknown key": replaced("transcripts/people.toml", "role =", "roll ="),
    "a chronology that is not UTF-8": written("transcripts/chronology.toml", "\xff"),
    "a dossier that is no TOML": written("transcripts/dossiers/pitch.toml", "x"),
    "a sound that is not there": removed("media/tones.wav"),
    "a sound that is none": written("media/tones.wav", "This is not sound. " * 500),
    "an empty sound": written("media/tones.wav", ""),
    "a sound that leads out": led_out("media/tones.wav"),
    "what the archive says is no TOML": written("transcripts/archive.toml", "name"),
    "a logo that is none": written("transcripts/archive.toml", 'logo = "logo.svg"\n'),
    "a logo that leads out": written("transcripts/archive.toml", 'logo = "../../logo.svg"\n'),
    "no recording": removed(TONES),
    "nothing around a recording": removed(
        "transcripts/dossiers", "transcripts/people.toml", "transcripts/chronology.toml"
    ),
    "no transcripts": removed("transcripts"),
}
#: One of each kind; the others are left to ``make test-all``.
QUICK = (
    *(
        "a record that is not TOML",
        "a record that leads out",
        "a transcript that is none",
        "a translation that is none",
    ),
    *("a transcript with much wrong", "notes that are no TOML", "a bibliography that is no TOML", "no transcripts"),
    *("a list of people with an unknown key", "a dossier that is no TOML", "a sound that is none", "no recording"),
    "what the archive says is no TOML",
)


def words(page: Element) -> str:
    """Give all that a visitor reads or is read to, but not the addresses of links, nor what is for machines."""
    named = ("aria-label", "title", "alt", "placeholder", "content")
    described = [script.text for script in page.all("script")]
    text = page.text
    for each in described:
        text = text.replace(each, "")
    attributes = [element[name] for element in page.walk() for name in named]
    return " ".join([text, *(each for each in attributes if not each.startswith("http://localhost/"))])


def remedies(archive: Path, caplog: pytest.LogCaptureFixture) -> set[str]:
    """Give what the keepers of an archive are told to do, by ``player check`` and by the server's log."""
    logged = [record.getMessage() for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
    lines = "\n".join([*logged, run(archive, "check").output]).splitlines()
    return {line.rpartition("; ")[2] for line in lines if "; " in line}


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "fault", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in FAULTS]
)
def test_a_fault_is_told_to_visitors_in_their_words(
    context_archive: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    app = create_app(context_archive)
    FAULTS[fault](context_archive)
    caplog.set_level("WARNING")
    pages = {address: app.test_client().get(address, buffered=True) for address in ADDRESSES}
    forbidden = remedies(context_archive, caplog)
    assert forbidden, "nobody is told what to do"
    assert "unexpected error" not in caplog.text
    for address, answer in pages.items():
        assert str(context_archive).encode() not in answer.data, address
        if answer.mimetype != "text/html":
            continue
        html = parse(answer.text)
        assert context_archive.parent.name not in words(html), address
        # Where another form of a transcript is asked for, the forms that there are, are listed; how a basket becomes a
        # set is written for those who keep the archive.
        said = words(html)
        if address.endswith(".exe"):
            said = said.replace("transcript.vtt", "").replace("transcript.fadgi.vtt", "")
        if address.startswith("/basket"):
            said = re.sub(r"transcripts/sets/[\w-]+\.toml", "", said)
        assert PATH.search(said) is None, (address, PATH.search(said))
        assert [each for each in forbidden if each in words(html)] == [], address


def test_every_address_is_walked(context_archive: Path) -> None:
    """An address that is new is walked too, or this fails."""
    urls = create_app(context_archive).url_map
    walked = set()
    for address in ADDRESSES:
        with suppress(NotFound):
            walked.add(urls.bind("localhost").match(address.partition("?")[0])[0])
    assert {rule.endpoint for rule in urls.iter_rules()} - walked == set()


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Prefix"])
def test_what_a_proxy_does_wrong_is_told_to_whoever_runs_it(
    context_archive: Path, caplog: pytest.LogCaptureFixture, header: str
) -> None:
    client = create_app(context_archive, site=Site(proxies=1)).test_client()
    answer = client.get("/", headers={header: "no such thing"})
    assert answer.status_code == 400
    assert header not in answer.text
    assert f"the proxy in front sent {header}" in caplog.text


def test_a_missing_ffmpeg_is_no_business_of_visitors(
    context_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    answer = create_app(context_archive).test_client().get("/recordings/tones/clip.mp3?t=2,4")
    assert answer.status_code == 503
    assert "install the package imageio-ffmpeg" in caplog.text
    assert [word for word in ("install", "imageio", "IMAGEIO", str(tmp_path)) if word in answer.text] == []
