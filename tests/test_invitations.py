"""Who is invited to a recording that is not public hears, reads and suggests there; nobody else learns of it."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from closed_archive import write_archive
from closed_asking import Answer, some_addresses
from closed_leaks import found_in
from closed_looking import plain, probes
from closed_plan import DRAFT as DRAFT_OF_WALK
from closed_plan import Way
from closings import another, record_of, write_closed
from guests import CLIP, DRAFT, PAGE, SOUND, app, guest, invited, root, with_cookie
from html_elements import parse
from small_archive import write_tones

from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

__all__ = ["app", "root"]

LINE: Final = f"{PAGE}/lines/first"
#: All that is of the recording and is a page.
PAGES: Final = (
    *(PAGE, f"{PAGE}?t=2", f"{PAGE}?q=second", f"{PAGE}?t=99", f"{PAGE}/cite", f"{PAGE}/text", LINE),
    *(f"{PAGE}/lines/none", f"{PAGE}/none", f"{PAGE}/cite?line=first"),
)
FILES: Final = (SOUND, CLIP, f"{PAGE}/transcript.vtt", f"{PAGE}/cite.bib", f"{PAGE}/waveform.svg")


def test_the_link_leads_to_the_recording_at_an_address_without_the_secret(app: Flask, root: Path) -> None:
    secret = invited(root)
    answer = app.test_client().get(f"/invited/?token={secret}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    cookie, *said = answer.headers["Set-Cookie"].split("; ")
    assert cookie == f"invited-tones={secret}"
    assert {"HttpOnly", "SameSite=Lax", "Path=/invited/"} <= set(said)
    assert "Secure" not in said
    secure = app.test_client().get(f"/invited/?token={secret}", base_url="https://tapes.example.org")
    assert "; Secure;" in secure.headers["Set-Cookie"]
    for path in (f"/invited/?token={secret}", "/invited/?token=x", "/invited/", PAGE, "/invited/people"):
        told = app.test_client().get(path).headers
        assert told["Cache-Control"] == "private, no-store", path
        assert told["Referrer-Policy"] == "no-referrer", path
        assert told["X-Robots-Tag"] == "noindex, nofollow", path
    head = app.test_client().head(f"/invited/?token={secret}")
    assert (head.status_code, head.data) == (303, b"")


def test_below_a_path_all_of_it_is_below_that(root: Path) -> None:
    secret = invited(root)
    site = Site("https://www.example.org/tapes", proxies=1)
    client = create_app(root, site=site).test_client(use_cookies=False)
    headers = {"X-Forwarded-Prefix": "/tapes", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "www.example.org"}
    answer = client.get(f"/invited/?token={secret}", headers=headers)
    assert (answer.status_code, answer.location) == (303, f"/tapes{PAGE}")
    assert "Path=/tapes/invited/" in answer.headers["Set-Cookie"]
    page = client.get(PAGE, headers={**headers, "Cookie": f"invited-tones={secret}"})
    html = parse(page.text)
    assert (page.status_code, html.one("audio")["src"].partition("?")[0]) == (200, f"/tapes{SOUND}")
    assert html.one("recording-player")["data-address"] == "https://www.example.org/tapes/recordings/tones"
    assert html.one("header.masthead").one("a.home")["href"] == "/tapes/"
    led = client.get("/invited/people?sort=name", headers=headers)
    assert (led.status_code, led.location) == (307, "/tapes/people?sort=name")


def test_every_page_says_that_it_is_not_public_and_nobody_keeps_an_answer(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    for path in (*PAGES, *FILES):
        answer = client.get(path, buffered=True)
        assert answer.status_code in {200, 202, 400, 404}, path
        assert answer.headers["Cache-Control"] == "private, no-store", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", path
        if path in PAGES:
            banner = parse(answer.text).all("aside")[0].text
            assert "This is not public. It is shown to Nora Quill until 1 March 2940." in banner, path


def test_each_guest_reads_their_own_name(app: Flask, root: Path) -> None:
    # Long ago, so that a page of it would be kept.
    for file in root.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    names = ("Nora Quill", "Otto <b>")
    clients = {name: guest(app, invited(root, name=name)) for name in names}
    app.extensions["index"].look()
    app.extensions["index"].is_watched = lambda: True  # as beside a process that looks: it stays as it is
    for name in (*names, *names):
        for path in (PAGE, PAGE, LINE):
            # As browsers ask, whose pages are kept compressed.
            page = clients[name].get(path, headers={"Accept-Encoding": "gzip, br"})
            text = plain(page.data, page.headers.get("Content-Encoding")).decode()
            assert f"It is shown to {name} until" in parse(text).all("aside")[0].text


def test_pages_lead_to_the_recording_below_and_to_all_else_in_public(app: Flask, root: Path) -> None:
    another(root, "other")
    page = parse(guest(app, invited(root)).get(f"{PAGE}?t=2").text)
    links = [each[name] for each in page.walk() for name in ("href", "src", "action") if each[name]]
    own = {each for each in links if "/recordings/tones" in each or "/media/tones" in each}
    assert own
    assert all(each.startswith("/invited/") for each in own), own
    assert not any(each.startswith("/invited") for each in set(links) - own)
    # What is cited is the address that it will have.
    assert page.one("recording-player")["data-address"] == "http://localhost/recordings/tones"


def test_what_is_not_public_is_not_offered_to_a_basket(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    for path in (PAGE, LINE):
        assert "Add to basket" not in client.get(path).text
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(DRAFT, ""), "utf-8")
    public = app.test_client().get(PAGE.removeprefix("/invited")).text
    assert [each["class"] for each in parse(public).all("button") if each.text == "Add to basket"] == ["collect"] * 2


def test_visitors_see_nothing_of_it_whatever_was_asked_before(app: Flask, root: Path) -> None:
    client, secret = guest(app, invited(root)), invited(root, name="Otto")
    app.extensions["index"].look()
    cookie = f"invited-tones={secret}"
    for path in (*PAGES, *FILES):
        shown = client.get(path, buffered=True)
        public = path.removeprefix("/invited")
        for asked in (public, path):
            found = app.test_client().get(asked, buffered=True)
            assert found.status_code == 404, asked
            assert "Set-Cookie" not in found.headers
            assert not {"tones.wav", "One two", "Ada"} & set(re.findall(r"tones\.wav|One two|Ada", found.text))
            conditions = {"If-None-Match": shown.headers.get("ETag", '"x"'), "Range": "bytes=0-99"}
            assert app.test_client().get(asked, headers=conditions).status_code == 404, asked
        # The cookie is worth nothing at a public address, even if it came there.
        assert with_cookie(app, public, cookie).status_code == 404, path
    for path in ("/", "/recordings/", "/search?q=second", "/search?q=tones", "/people", "/sources/log"):
        page = with_cookie(app, path, cookie)
        assert "/recordings/tones" not in page.text, path
        assert "A tape of tones" not in page.text, path


def test_whoever_is_invited_hears_parts_and_is_told_what_has_not_changed(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    part = client.get(SOUND, headers={"Range": "bytes=100-199"}, buffered=True)
    whole = client.get(SOUND, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert whole.data == (root / "media/tones.wav").read_bytes()
    for path in (PAGE, SOUND, CLIP):
        tag = client.get(path, buffered=True).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(CLIP, buffered=True).data[:4] == b"RIFF"


def test_one_invitation_opens_one_recording_and_nothing_else(app: Flask, root: Path) -> None:
    write_tones(root / "media" / "other.wav", seconds=4)
    another(root, "other", DRAFT, media="other.wav")
    another(root, "open")
    (root / "transcripts/other/transcript.vtt").write_text("WEBVTT\n\nfirst\n00:01.000 --> 00:02.000\nX.\n", "utf-8")
    mine = invited(root)
    invited(root, "other", "Otto")
    for cookie in (f"invited-tones={mine}", f"invited-other={mine}", f"invited-other=x; invited-tones={mine}"):
        for path in (
            "recordings/other",
            "media/other",
            "recordings/other/lines/first",
            "recordings/other/clip.wav?t=0,1",
        ):
            assert with_cookie(app, f"/invited/{path}", cookie).status_code == 404
            assert with_cookie(app, f"/{path}", cookie).status_code == 404
    cookie = f"invited-tones={mine}"
    for path in ("edit", "edit/state", "edit/sound", "edit/suggestions", "history", "invitations.toml", "suggestions"):
        assert with_cookie(app, f"{PAGE}/{path}", cookie).status_code == 404, path
    for path in (f"{PAGE}/edit/steps", f"{PAGE}/edit/write", PAGE, "/invited/", "/invited/recordings/open"):
        answer = with_cookie(app, path, cookie, "POST", Sec_Fetch_Site="same-origin")
        assert answer.status_code in {404, 405}, path
    for path in (
        "/invited/recordings/open",
        "/invited/search?q=second",
        "/invited/static/x/none.css",
        "/invited/about",
    ):
        answer = with_cookie(app, path, cookie)
        assert (answer.status_code, answer.location) == (307, path.removeprefix("/invited"))
    for path in ("/invited/../recordings/tones", "/invited//recordings/tones", "/invited/recordings/../tones"):
        assert with_cookie(app, path, "").status_code in {307, 308, 404}


def suggest(client: FlaskClient, line: str, **said: str) -> TestResponse:
    form = parse(client.get(line).text).one("div.suggest").one("form")
    filled = {each["name"]: each["value"] for each in form.all("input") if each["value"]}
    filled |= {each["name"]: each.text for each in form.all("textarea")}
    return client.post(form["action"], data={**filled, **said}, headers={"Sec-Fetch-Site": "same-origin"})


def test_a_guest_suggests_under_the_name_of_the_invitation_and_visitors_do_not(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    page = client.get(LINE).text
    assert "It is kept under the name Nora Quill" in page
    assert 'name="name"' not in page
    answer = suggest(client, LINE, note="Ferry.", name="Otto")
    assert answer.status_code == 303
    assert answer.location == f"{LINE}?suggested=yes#suggested"
    assert "Thank you" in client.get(answer.location).text
    (kept,) = (root / "transcripts/tones/suggestions").iterdir()
    assert json.loads(kept.read_bytes())["name"] == "Nora Quill"
    # Not from elsewhere, not for another recording, not by others.
    said = {"seen": "0" * 16, "turn-0": "x"}
    assert client.post(f"{LINE}/suggestions", data=said, headers={"Origin": "http://evil.example"}).status_code == 403
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(DRAFT, ""), "utf-8")
    public = "/recordings/tones/lines/first"
    assert app.test_client().get(public).status_code == 200
    assert "Suggest a correction" not in app.test_client().get(public).text
    for path in (f"{public}/suggestions", f"{LINE}/suggestions"):
        refused = app.test_client().post(path, data=said, headers={"Sec-Fetch-Site": "same-origin"})
        assert refused.status_code == 404, path
    assert len(list((root / "transcripts/tones/suggestions").iterdir())) == 1


def test_what_the_record_closes_stays_closed_to_a_guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    tables = f'{DRAFT}sound = "on request"\n[[closed]]\nstart = "0:02"\nend = "0:04"\nuntil = "2941"\n'
    people = '[[person]]\nid = "p"\nname = "Ben"\nrole = "x"\nprivate = true\nsources = ["log"]\n'
    root = write_closed(tmp_path / "archive", tables, people=people)
    client = guest(create_app(root), invited(root))
    page = client.get(PAGE).text
    assert "closed until 2941" in page
    for path in (*PAGES, f"{PAGE}/transcript.vtt"):
        text = client.get(path).text
        assert "One two" not in text
        assert "two three" not in text
        assert not re.search(r"\bBen\b", text), path
    assert client.get(SOUND).status_code == 403, "the file itself is not sent, since part of it is silent"
    assert client.get(CLIP).status_code in {403, 503}


def test_a_link_outlasts_another_name_of_its_recording(app: Flask, root: Path) -> None:
    secret = invited(root)
    assert run(root, "rename", "tones", "sounds").exit_code == 0
    client = app.test_client()
    answer = client.get(f"/invited/?token={secret}")
    assert (answer.status_code, answer.location) == (303, "/invited/recordings/sounds")
    assert client.get(answer.location).status_code == 200
    assert client.get(PAGE).status_code == 404


def test_a_recording_that_is_published_meanwhile_is_led_to(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(DRAFT, ""), "utf-8")
    assert client.get(PAGE).status_code == 200
    answer = app.test_client().get(f"{PAGE}?t=2")
    assert (answer.status_code, answer.location) == (307, "/recordings/tones?t=2")


@pytest.mark.sampled
@pytest.mark.long
def test_no_answer_to_a_guest_has_more_that_is_closed_than_the_one_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All addresses of the draft and some of others, below ``/invited/`` and in public, with the cookie."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_archive(tmp_path / "closed", Way.CLOSED)
    slug = DRAFT_OF_WALK.slug
    app = create_app(root)
    app.extensions["index"].look()
    client = app.test_client()
    assert client.get(f"/invited/?token={invited(root, slug)}").location == f"/invited/recordings/{slug}"
    held, asking = probes(root), some_addresses(app.url_map, whole={slug})
    own, wrong = set(), []
    for asked in asking:
        for prefix in ("/invited", ""):
            made = client.get(f"{prefix}{asked.path}", buffered=True)
            headers = {name.lower(): value for name, value in made.headers.items()}
            names = found_in(asked, Answer(made.status_code, headers, made.data), held)
            if prefix and re.match(rf"/(?:recordings|media|search/sound)/{slug}(?:[/?]|$)", asked.path):
                own |= names
                names = {each for each in names if not each.startswith("draft ")}
            wrong += [f"{prefix}{asked.path}: {made.status_code}: {sorted(names)}"] if names else []
            assert made.status_code < 500 or made.status_code == 503, asked.path
    assert wrong == []
    assert {"draft title", "draft line 2", "draft sound"} <= own, own
