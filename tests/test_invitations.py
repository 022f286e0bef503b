"""Who is invited to a recording that is not public hears, reads and suggests there; nobody else learns of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import select
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, IncompleteRead
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from closed_archive import write_archive
from closed_asking import Answer, some_addresses
from closed_leaks import found_in
from closed_looking import plain, probes
from closed_plan import DRAFT as DRAFT_OF_WALK
from closed_plan import Way
from closings import another, record_of, write_closed
from holding import LIMIT
from html_elements import parse
from small_archive import write_tones
from started import port_of, started
from werkzeug.test import EnvironBuilder

from player.archive.archive import Archive
from player.archive.gate.clock import Clock
from player.intake import inviting
from player.web.app import create_app
from player.web.serving.drafts import ATTEMPTS
from player.web.serving.public_address import Site
from player.web.serving.still_shown import MAY_GO_ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DRAFT: Final = '[access]\nrecord = "draft"\n'
FAR: Final = dt.date(2940, 3, 1)
PAGE: Final = "/invited/recordings/tones"
SOUND: Final = "/invited/media/tones"
CLIP: Final = f"{PAGE}/clip.wav?t=2,4"
LINE: Final = f"{PAGE}/lines/first"
#: All that is of the recording and is a page.
PAGES: Final = (
    *(PAGE, f"{PAGE}?t=2", f"{PAGE}?q=second", f"{PAGE}?t=99", f"{PAGE}/cite", f"{PAGE}/text", LINE),
    *(f"{PAGE}/lines/none", f"{PAGE}/none", f"{PAGE}/cite?line=first"),
)
FILES: Final = (SOUND, CLIP, f"{PAGE}/transcript.vtt", f"{PAGE}/cite.bib", f"{PAGE}/waveform.svg")
NOT_OPENED: Final = "This invitation opens nothing"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return write_closed(tmp_path / "archive", DRAFT)


@pytest.fixture
def app(root: Path) -> Flask:
    return create_app(root)


def invited(root: Path, slug: str = "tones", name: str = "Nora Quill", until: dt.date = FAR) -> str:
    """Invite somebody; give the secret."""
    return inviting.invite(Archive(root), slug, name, until)


def guest(app: Flask, secret: str) -> FlaskClient:
    """Give the browser of somebody who has opened the link."""
    client = app.test_client()
    answer = client.get(f"/invited/?token={secret}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    return client


def with_cookie(app: Flask, path: str, cookie: str, method: str = "GET", **headers: str) -> TestResponse:
    """Ask with a cookie, also where a browser would not send it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = app.test_client(use_cookies=False)
    return client.open(path, method=method, headers={"Cookie": cookie, **named}, buffered=True)


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


def refusals(app: Flask, cookie: str) -> set[tuple[int, str]]:
    return {(each.status_code, each.text) for path in (PAGE, SOUND, CLIP) for each in [with_cookie(app, path, cookie)]}


def test_what_is_wrong_over_or_taken_back_is_refused_in_the_same_words(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.web.serving.drafts.ATTEMPTS", 1000)
    app = create_app(root)
    ended, over, good = invited(root), invited(root, name="Otto"), invited(root, name="Ines")
    path = root / "transcripts/tones/invitations.toml"
    text = path.read_text("utf-8")
    first, second, third = text.split("[[invitation]]")[1:]
    path.write_text("[[invitation]]".join(["", first, second.replace("2940-03-01", "2020-03-01"), third]), "utf-8")
    assert run(root, "invite", "tones", "--revoke", "nora quill").exit_code == 0
    wrong = (
        *("", "x", "x" * 43, ended, over, good[:-1], good[1:], f"{good}x", good.swapcase(), f"{good}\u00e9", " "),
        *(good.encode().hex(), "../" * 9, "%00", f"{good}&token=x"),
    )
    told = set()
    for secret in wrong:
        cookie = f"invited-tones={secret.encode().decode('latin-1')}"
        told |= refusals(app, cookie)
        if secret and "token" not in secret:
            answer = app.test_client().get("/invited/", query_string={"token": secret})
            told.add((answer.status_code, answer.text))
            assert "Set-Cookie" not in answer.headers
    ((status, text),) = told
    assert status == 404
    assert NOT_OPENED in text
    assert refusals(app, f"invited-nothing={good}") == told
    assert with_cookie(app, "/invited/recordings/nothing", f"invited-nothing={good}").text == text
    assert guest(app, good).get(PAGE).status_code == 200


def test_who_is_taken_back_is_refused_at_the_next_request(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    tags = {path: client.get(path, buffered=True).headers["ETag"] for path in (PAGE, SOUND, CLIP)}
    assert run(root, "invite", "tones", "--revoke", "Nora Quill").exit_code == 0
    for path, tag in tags.items():
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 404
        assert client.get(path, headers={"Range": "bytes=0-"}).status_code == 404


class Days:
    """A clock that tests set on, and that nobody has tampered with."""

    def __init__(self, moment: str) -> None:
        self.now = dt.datetime.fromisoformat(moment).timestamp()

    def clock(self, root: Path) -> Clock:
        return Clock(root, lambda: self.now, lambda: self.now)

    def set(self, moment: str) -> None:
        self.now = dt.datetime.fromisoformat(moment).timestamp()


def test_the_last_day_is_over_when_it_is_over_everywhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days("2930-04-30T12:00:00+00:00")
    monkeypatch.setattr("player.archive.archive.Clock", days.clock)
    app, secret = create_app(root), invited(root, until=dt.date(2930, 5, 1))
    client = guest(app, secret)
    days.set("2930-05-01T11:00:00+00:00")
    assert client.get(PAGE).status_code == 200
    days.set("2930-05-02T11:59:00+00:00")
    assert client.get(PAGE).status_code == 200, "at twelve hours west of Greenwich it is 1 May"
    days.set("2930-05-02T12:00:30+00:00")
    for path in (PAGE, SOUND, CLIP):
        assert client.get(path).status_code == 404
    assert app.test_client().get(f"/invited/?token={secret}").status_code == 404


def test_while_the_clock_is_not_trusted_nobody_is_let_in(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    archive = app.extensions["archive"]
    moved = [time.time() - 3 * 86_400]
    archive.clock = Clock(archive.root, lambda: moved[0], time.monotonic)
    assert client.get(PAGE).status_code == 404
    moved[0] = time.time()
    archive.clock.confirm()
    assert client.get(PAGE).status_code == 200


@pytest.mark.long
def test_a_sound_that_is_being_sent_is_asked_for_its_invitation(app: Flask, root: Path) -> None:
    secret = invited(root)
    environ = EnvironBuilder(SOUND, headers=[("Cookie", f"invited-tones={secret}")]).get_environ()
    asked: list[Callable[[], bool]] = []
    statuses: list[str] = []
    environ[MAY_GO_ON] = asked
    start: Any = lambda status, *_: statuses.append(status)  # noqa: E731  # what it writes with is not asked for
    body = app.wsgi_app(environ, start)
    assert statuses == ["200 OK"]
    assert asked
    assert all(ask() for ask in asked)
    run(root, "invite", "tones", "--revoke", "Nora Quill")
    assert not all(ask() for ask in asked)
    getattr(body, "close", lambda: None)()


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


@pytest.mark.parametrize("after", ['[access]\nrecord = "closed"\n', '[withdrawal]\ndate = "2026-01-01"\n', "title ="])
def test_a_recording_that_is_closed_later_is_shown_to_no_guest(app: Flask, root: Path, after: str) -> None:
    secret = invited(root)
    client = guest(app, secret)
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(DRAFT, after), "utf-8")
    for path in (PAGE, SOUND, f"/invited/?token={secret}"):
        answer = client.get(path)
        assert (answer.status_code, NOT_OPENED in answer.text) == (404, True), path


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


@pytest.mark.long
def test_after_too_many_wrong_links_none_is_looked_at_and_who_is_in_stays_in(app: Flask, root: Path) -> None:
    secret = invited(root)
    client = guest(app, secret)
    answers = [app.test_client().get(f"/invited/?token=wrong{number}") for number in range(ATTEMPTS + 1)]
    assert [each.status_code for each in answers] == [404] * ATTEMPTS + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert app.test_client().get(f"/invited/?token={secret}").status_code == 429
    assert client.get(PAGE).status_code == 200
    other = app.test_client().get(f"/invited/?token={secret}", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 303


def test_a_file_that_cannot_be_read_invites_nobody_and_the_log_has_none_of_its_words(
    app: Flask, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = guest(app, invited(root))
    path = root / "transcripts/tones/invitations.toml"
    path.write_text(path.read_text("utf-8").replace("until =", "untill ="), "utf-8")
    assert client.get(PAGE).status_code == 404
    assert "invitations.toml" in caplog.text
    assert "Nora" not in caplog.text
    path.rename(root.parent / "elsewhere.toml")
    path.symlink_to(root.parent / "elsewhere.toml")
    assert client.get(PAGE).status_code == 404


def test_nothing_is_read_for_who_says_no_secret(app: Flask, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invited(root)
    read: list[str] = []
    monkeypatch.setattr("player.web.serving.guests.invitations", lambda _, slug: read.append(slug))
    for path in (PAGE, "/recordings/tones", "/", "/invited/people", "/invited/"):
        app.test_client().get(path)
    assert read == []


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


@pytest.mark.long
def test_at_the_real_server_the_log_has_no_secret_and_a_sound_ends_with_its_invitation(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tones(root / "media" / "tones.wav", seconds=2000)
    log = root.parent / "access.log"
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root), "--access-log", str(log)]
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "player",
            "invite",
            "tones",
            "--for",
            "Nora",
            "--until",
            "2940-01-01",
            "--archive",
            root,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (link,) = re.findall(r"^(/invited/\?token=\S+)$", told, re.MULTILINE)
    with started(command) as address:
        connection = HTTPConnection("127.0.0.1", port_of(address), timeout=LIMIT)
        connection.request("GET", link)
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        connection.request("GET", SOUND, headers={"Cookie": cookie})
        answer = connection.getresponse()
        size = int(answer.getheader("Content-Length") or 0)
        assert (answer.status, size) == (200, (root / "media/tones.wav").stat().st_size)
        answer.read(1000)
        assert run(root, "invite", "tones", "--revoke", "Nora").exit_code == 0
        # It is asked once a second; what is under way by then still comes.
        ended = select.poll()
        ended.register(connection.sock, getattr(select, "POLLRDHUP", 0))
        assert ended.poll(LIMIT * 1000)
        received = 1000
        with suppress(ConnectionError, IncompleteRead):
            while data := answer.read1(1 << 20):
                received += len(data)
        assert received < size
        connection.close()
    written = log.read_text("ascii")
    assert '"GET /invited/ HTTP/1.1" 303' in written
    assert f'"GET {SOUND} HTTP/1.1" 200' in written
    assert link.partition("=")[2] not in written
