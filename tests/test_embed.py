"""A passage for a frame of another site: what is public of it, as on the recording's page; only it may be framed."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from closings import another, record_of, write_closed
from html_elements import parse
from micawber.providers import Provider, ProviderRegistry
from werkzeug.serving import make_server

from player.archive.gate.shown import Audience
from player.web.app import create_app
from player.web.pages.embedded import HEIGHT, MOST, WIDTH
from player.web.serving.drafts import TokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FRAMED: Final = "frame-ancestors *"
PAGE: Final = "http://localhost/recordings/tones"
READING: Final = 'kind = "reading"\nnotice = "Synthetic <i> & not the tape."\n'


def change(archive: Path, old: str, new: str, name: str = "recording.toml") -> None:
    path = archive / "transcripts" / "tones" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def of(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def lines(answer: TestResponse) -> list[str]:
    return [
        each.children[-1].text for each in parse(answer.text).all("p.cue") if not isinstance(each.children[-1], str)
    ]


def policy(answer: TestResponse) -> str:
    (found,) = answer.headers.getlist("Content-Security-Policy")
    return found


def test_a_passage_has_its_words_its_sound_and_the_way_to_its_page(archive: Path) -> None:
    answer = of(archive).get("/recordings/tones/embed?t=2,7")
    page = parse(answer.text)
    assert lines(answer) == ["One two three.", "A second voice."]
    assert [each.text for each in page.all("p.turn")] == ["Ada", "Ben"]
    assert page.one("audio")["src"].endswith("#t=2,7")
    assert "controls" in page.one("audio")
    assert page.one("h1").one("a")["href"] == "/recordings/tones?t=2,7"
    assert page.one("base")["target"] == "_blank"
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert page.all("form") == []


def test_the_whole_has_all_lines_and_of_very_many_the_first(archive: Path) -> None:
    assert lines(of(archive).get("/recordings/tones/embed")) == [
        *("Silence & hum.", "One two three.", "A second voice.", "The end."),
    ]
    more = "".join(
        f"\n00:00:0{n // 100}.{n % 100:02}0 --> 00:00:0{n // 100}.{n % 100:02}5\nline {n}\n" for n in range(300)
    )
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(f"WEBVTT\n{more}", encoding="utf-8")
    answer = of(archive).get("/recordings/tones/embed")
    assert lines(answer) == [f"line {n}" for n in range(MOST)]
    assert "The rest of the words is on the page of the recording" in parse(answer.text).text


def test_only_it_may_be_framed_whatever_it_answers(archive: Path) -> None:
    client = of(archive)
    for path in ("tones/embed", "tones/embed?t=2,7", "tones/embed?t=99", "tones/embed?t=x", "nothing/embed"):
        assert FRAMED in policy(client.get(f"/recordings/{path}")), path
    others = (
        *("/", "/recordings/tones", "/recordings/tones/cite", "/recordings/tones/text", "/recordings/tones/embed/"),
        *("/media/tones", "/oembed", "/recordings/nothing", "/recordings/tones/lines/first", "/basket"),
    )
    for path in others:
        assert "frame-ancestors 'none'" in policy(client.get(path)), path
    assert not any("X-Frame-Options" in client.get(each).headers for each in ("/recordings/tones/embed", "/"))


def test_a_time_that_is_none_is_told_in_few_words(archive: Path) -> None:
    client = of(archive)
    for asked, why in (("x", "is not a time"), ("99", "1:39 is past the end"), ("11,12", "0:11 is past the end")):
        answer = client.get(f"/recordings/tones/embed?t={asked}")
        assert answer.status_code == 400
        assert why in parse(answer.text).one("main").text
        assert len(answer.data) < 1_500


def test_what_is_not_public_is_answered_as_on_the_page_of_the_recording(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive")
    for slug, state in (("sealed", "closed"), ("begun", "draft"), ("asked", "on request")):
        another(root, slug, f'[access]\nrecord = "{state}"\n', "tones.wav")
    another(root, "gone", '[withdrawal]\ndate = "2026-11-01"\nreason = "At her wish."\n', "tones.wav")
    client = of(root)
    for slug, status in (("sealed", 404), ("begun", 404), ("asked", 404), ("gone", 410), ("nothing", 404)):
        page, small = client.get(f"/recordings/{slug}"), client.get(f"/recordings/{slug}/embed")
        assert page.status_code == small.status_code == status
        assert parse(page.text).one("main").text == parse(small.text).one("main").text
        assert len(small.data) < len(page.data) / 2
        oembed = client.get("/oembed", query_string={"url": f"http://localhost/recordings/{slug}"})
        assert (oembed.status_code, oembed.mimetype) == (status, "application/json")
        assert set(json.loads(oembed.text)) == {"error"}


def test_what_is_closed_of_it_is_not_in_it(tmp_path: Path) -> None:
    closed = '[[closed]]\nstart = "0:02"\nend = "0:04"\nreason = "Asked for."\nuntil = "2941"\n'
    root = write_closed(tmp_path / "archive", closed)
    answer = of(root).get("/recordings/tones/embed?t=1,7")
    assert lines(answer) == ["Silence & hum.", "[closed until 2941]", "A second voice."]
    assert parse(answer.text).all("audio") == [], "a copy in which it is silent is yet to be made"
    assert "What is closed" in answer.text
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(closed, '[access]\nsound = "closed"\n'))
    answer = of(root).get("/recordings/tones/embed?t=1,7")
    assert parse(answer.text).all("audio") == []
    assert "The sound is closed." in parse(answer.text).text
    assert "One two three." in lines(answer)


def test_a_reading_and_a_warning_are_told(archive: Path) -> None:
    change(archive, 'place = "Nowhere"', f'place = "Nowhere"\nadvice = "A loud horn."\n{READING}')
    page = parse(of(archive).get("/recordings/tones/embed").text)
    assert page.one("p.notice").text == "Synthetic <i> & not the tape."
    assert "controls" in page.one("details").one("audio")
    assert "Before you listen: A loud horn." in page.text


def test_who_prepares_an_archive_or_was_invited_has_nothing_for_frames(archive: Path) -> None:
    guard = TokenGuard("a secret for a test", Site())
    app = create_app(archive, Audience.EDITORS, guard=guard)
    assert {"embed.page", "oembed.answer"} & set(app.view_functions) == set()
    assert {"embed.page", "oembed.answer"} < set(create_app(archive).view_functions)


def test_its_script_and_sheet_keep_nothing_in_the_browser(archive: Path) -> None:
    client = of(archive)
    page = parse(client.get("/recordings/tones/embed").text)
    script = client.get(page.one("script")["src"]).text
    assert "customElements.define" in script
    assert not any(each in script for each in ("localStorage", "sessionStorage", "indexedDB", "cookie"))


def described(archive: Path, url: str = PAGE, status: int = 200, **more: str) -> dict[str, Any]:
    answer = of(archive).get("/oembed", query_string={"url": url, **more})
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


@pytest.mark.parametrize(
    ("url", "t"),
    [
        (PAGE, None),
        (f"{PAGE}#t=2,7", "2,7"),
        (f"{PAGE}?t=2,7#cue-first", "2,7"),
        (f"{PAGE}?t=1#t=0:02,7", "2,7"),
        (f"{PAGE}/embed?t=2", "2"),
        ("https://LOCALHOST:443/recordings/tones/text", None),
        (f"{PAGE}#t=2,99", "2,10"),
    ],
)
def test_an_address_of_the_archive_is_described(archive: Path, url: str, t: str | None) -> None:
    found = described(archive, url)
    frame = parse(found["html"]).one("iframe")
    assert frame["src"] == f"{PAGE}/embed" + (f"?t={t}" if t else "")
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", "A tape of tones")
    assert (found["width"], found["height"]) == (WIDTH, HEIGHT)
    assert (frame["width"], frame["height"]) == (str(WIDTH), str(HEIGHT))


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 400),
        ("http://elsewhere.example/recordings/tones", 404),
        ("http://localhost@elsewhere.example/recordings/tones", 404),
        ("http://localhost:81/recordings/tones", 404),
        ("ftp://localhost/recordings/tones", 404),
        ("http://[::1/recordings/tones", 404),
        ("javascript:alert(1)", 404),
        ("/recordings/tones", 404),
        ("http://localhost/", 404),
        ("http://localhost/recordings/tones/cite", 404),
        ("http://localhost/recordings/%2e%2e", 404),
        (f"{PAGE}#t=11,12", 400),
        (f"{PAGE}?t=x", 400),
    ],
)
def test_any_other_address_is_refused_in_json(archive: Path, url: str, status: int) -> None:
    assert set(described(archive, url, status)) == {"error"}


def test_a_frame_is_no_larger_than_is_asked_for(archive: Path) -> None:
    found = described(archive, maxwidth="320", maxheight="200")
    assert (found["width"], found["height"]) == (320, 200)
    assert parse(found["html"]).one("iframe")["width"] == "320"
    assert described(archive, maxwidth="5000")["width"] == WIDTH
    for wrong in ("0", "-1", "x", "", "1e3", "٣"):
        assert set(described(archive, status=400, maxwidth=wrong)) == {"error"}


def test_what_a_title_says_ends_no_attribute_and_no_element(archive: Path) -> None:
    change(archive, '"A tape of tones"', '"\\"><script>x</script> & \\ufffe \'y\'"')
    title = "\"><script>x</script> & \ufffe 'y'"
    frame = parse(described(archive)["html"])
    assert frame.one("iframe")["title"] == title
    assert frame.all("script") == []
    answer = of(archive).get("/oembed", query_string={"url": PAGE, "format": "xml"})
    assert answer.mimetype == "text/xml"
    document = ET.fromstring(answer.text)  # noqa: S314  # of our own
    assert document.findtext("title") == title.replace("\ufffe", "")
    assert parse(document.findtext("html") or "").one("iframe")["src"] == f"{PAGE}/embed"
    other = of(archive).get("/oembed", query_string={"url": PAGE, "format": "exe"})
    assert (other.status_code, other.mimetype) == (501, "text/plain")


def test_the_page_says_where_it_is_described_and_an_earlier_version_does_not(archive: Path) -> None:
    client = of(archive)
    for query, asked in (("", PAGE), ("?t=2,7", f"{PAGE}?t=2,7")):
        (link,) = parse(client.get(f"/recordings/tones{query}").text).all("link", type="application/json+oembed")
        assert json.loads(client.get(link["href"]).text) == described(archive, asked)


def test_a_former_name_leads_to_the_recording(archive: Path) -> None:
    change(archive, 'date = "1963', 'formerly = ["pitches"]\ndate = "1963')
    assert (
        described(archive, "http://localhost/recordings/pitches#t=2,7")["html"].count("/recordings/tones/embed?t=2,7")
        == 1
    )
    answer = of(archive).get("/recordings/pitches/embed?t=2,7")
    assert answer.headers["Location"] == "/recordings/tones/embed?t=2,7"
    assert FRAMED in policy(answer)


def test_below_a_path_and_at_its_public_address_it_is_found(archive: Path) -> None:
    app = create_app(archive, site=Site("https://example.org/tapes"))
    client = app.test_client()
    found = json.loads(client.get("/oembed?url=" + quote("http://example.org/tapes/recordings/tones")).text)
    assert parse(found["html"]).one("iframe")["src"] == "https://example.org/tapes/recordings/tones/embed"
    assert client.get("/oembed?url=" + quote("http://example.org/recordings/tones")).status_code == 404


@pytest.fixture
def served(archive: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(archive), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_micawber_finds_a_passage_in_what_somebody_writes_and_shows_its_frame(served: str) -> None:
    """micawber is what Django's and Flask's users read oEmbed with (0.8.0)."""
    registry = ProviderRegistry()
    registry.register(rf"{served}/recordings/\S+", Provider(f"{served}/oembed"))
    found = registry.request(f"{served}/recordings/tones#t=2,7", maxwidth=400)
    assert (found["type"], found["title"], found["width"]) == ("rich", "A tape of tones", 400)
    written = registry.parse_text(f"Listen:\n{served}/recordings/tones#t=2,7\n")
    assert f'<iframe src="{served}/recordings/tones/embed?t=2,7"' in written
