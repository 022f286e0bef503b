"""Pages that are kept: sent again while they are right, made anew when anything that they show has changed."""

from __future__ import annotations

import gzip
import os
import threading
import time
from typing import TYPE_CHECKING, Final

import brotli
import pytest
from small_archive import write_tones

from player.web.app import create_app
from player.web.pages.sound import Measured
from player.web.routes import recordings
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from player.web.serving.kept_pages import KeptPages, Made

PAGE: Final = "/recordings/tones"
LONG_AGO: Final = 1_000_000_000


def settle(archive: Path) -> None:
    """Let all files be so old that any further change would show."""
    for path in sorted(archive.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO))


def serve(archive: Path, site: Site | None = None) -> Flask:
    """Make an application whose index looks at the archive once, and again when it is told to."""
    app = create_app(archive, site=site)
    app.extensions["index"].look()
    app.extensions["index"].is_watched = lambda: True
    return app


def kept(app: Flask) -> KeptPages:
    pages: KeptPages = app.extensions["kept_pages"]
    return pages


def get(app: Flask, address: str = PAGE, **headers: str) -> TestResponse:
    return app.test_client().get(address, headers={"Accept-Encoding": "gzip", **headers})


def text_of(answer: TestResponse) -> str:
    coding = answer.headers.get("Content-Encoding")
    data = answer.data
    return (gzip.decompress(data) if coding == "gzip" else brotli.decompress(data) if coding else data).decode()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made since: the name of the recording, each time its page was."""
    done: list[str] = []
    make = recordings._page  # noqa: SLF001  # what is made, and how often, is what is asked here

    def make_and_tell(slug: str) -> Made:
        done.append(slug)
        return make(slug)

    monkeypatch.setattr(recordings, "_page", make_and_tell)
    return done


@pytest.fixture
def settled(context_archive: Path) -> Path:
    settle(context_archive)
    return context_archive


def rewrite(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        path = archive / "transcripts" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        path = archive / "transcripts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return change


#: What a page shows of its own recording: how it is changed, and what the page then has that it had not.
CHANGES: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "the record": (rewrite("tones/recording.toml", "A tape of tones", "Another title"), "Another title"),
    "a line": (rewrite("tones/transcript.vtt", "The end.", "The very end."), "The very end."),
    "a note": (rewrite("tones/annotations.toml", "Near the end.", "Quite near."), "Quite near."),
    "a translation": (
        write(
            "tones/transcript.es.vtt",
            "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Eve\n\n"
            "last\n00:08.000 --> 00:10.000\nEl fin.\n",
        ),
        "El fin.",
    ),
    "the archive's name": (write("archive.toml", 'name = "The tone library"\n'), "The tone library"),
    "the sound": (lambda archive: write_tones(archive / "media" / "tones.wav", seconds=9), "0:09"),
    "the sound, taken away": (lambda archive: (archive / "media" / "tones.wav").unlink(), "The sound is missing"),
}
#: What it shows of others, which is the index's to see.
AROUND: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "a person": (rewrite("people.toml", 'name = "Ada Lovelace"', 'name = "Ada King"'), "Ada King"),
    "a source": (rewrite("sources.toml", "The log of the tones", "The diary of the tones"), "The diary of the tones"),
    "an entry": (rewrite("chronology.toml", "The tape is *made*.", "The tape is *begun*."), "The tape is begun."),
    "a dossier": (rewrite("dossiers/pitch.toml", 'title = "', 'title = "Anew: '), "Anew: "),
}


@pytest.mark.parametrize("what", [*CHANGES, *AROUND])
def test_whatever_it_shows_when_that_changes_it_does(settled: Path, made: list[str], what: str) -> None:
    app = serve(settled)
    before = get(app)
    assert get(app).data == get(app).data == before.data
    assert made == ["tones"]
    change, shown = (CHANGES | AROUND)[what]
    change(settled)
    if what in AROUND:
        app.extensions["index"].look()
    after = text_of(get(app))
    assert made == ["tones", "tones"]
    assert shown in after
    assert shown not in text_of(before)


@pytest.mark.parametrize("what", ["the length is counted", "a copy is there"])
def test_what_becomes_known_of_the_sound_is_shown_within_a_second(
    settled: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    app = serve(settled)
    before = text_of(get(app))
    moment = time.monotonic
    monkeypatch.setattr("player.web.serving.kept_pages.time.monotonic", lambda: moment() + 2)
    if what == "the length is counted":
        told = Measured(is_there=True, is_readable=True, length=7_000, is_counted=True)
        for module in ("routes.recordings", "pages.shown_state"):
            monkeypatch.setattr(f"player.web.{module}.measured", lambda _: told)
        assert "/ 0:07" in text_of(get(app))
    else:
        played = "player.web.pages.sound.access.needed"
        monkeypatch.setattr(played, lambda _: "a jump may be off")
        assert "a jump may be off" in text_of(get(app))
    assert "/ 0:07" not in before
    assert "a jump may be off" not in before


def test_one_that_was_changed_a_moment_ago_is_not_kept(
    context_archive: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long this takes, it is within the tick of the clock in which the transcript was written.
    monkeypatch.setattr("player.stamp._TICK", 3600 * 10**9)
    settle(context_archive)
    rewrite("tones/transcript.vtt", "The end.", "The End.")(context_archive)
    app = serve(context_archive)
    get(app)
    get(app)
    assert (len(kept(app)), made) == (0, ["tones", "tones"])


def test_what_it_carries_is_the_same_when_it_is_sent_again(settled: Path, made: list[str]) -> None:
    app = serve(settled)
    first, again = get(app), get(app)
    assert dict(first.headers) == dict(again.headers)
    assert first.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in first.headers["Vary"]
    assert first.headers["Content-Security-Policy"]
    assert made == ["tones"]


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_it_is_sent_as_its_reader_takes_it(settled: Path, made: list[str], coding: str) -> None:
    app = serve(settled)
    plain = text_of(get(app))
    for _ in range(2):
        answer = get(app, **{"Accept-Encoding": coding})
        assert answer.headers.get("Content-Encoding", "identity") == coding
        assert text_of(answer) == plain
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["ETag"].startswith('W/"' if coding != "identity" else '"')
    assert made == ["tones"]


def test_who_has_it_is_told_so_and_head_has_its_headers(settled: Path, made: list[str]) -> None:
    app = serve(settled)
    first = get(app)
    for coding in ("gzip", "identity"):
        tag = first.headers["ETag"]
        answer = get(app, **{"If-None-Match": tag, "Accept-Encoding": coding})
        assert (answer.status_code, answer.data, answer.headers["ETag"].removeprefix("W/")) == (
            304,
            b"",
            tag.removeprefix("W/"),
        )
    assert get(app, **{"If-None-Match": '"another"'}).status_code == 200
    head = app.test_client().head(PAGE, headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(first.headers)
    assert made == ["tones"]


def test_parts_of_a_query_that_mean_nothing_make_no_other_page(settled: Path, made: list[str]) -> None:
    app = serve(settled)
    pages = {text_of(get(app, f"{PAGE}{query}")) for query in ("", "?a=1", "?a=2", "?fbclid=x", "?q=", "?q=%20", "?")}
    assert (len(pages), made, len(kept(app))) == (1, ["tones"], 1)


@pytest.mark.parametrize("query", ["t=2", "q=voice", "t=2&q=voice", "t=nonsense"])
def test_what_is_asked_for_in_particular_is_not_kept(settled: Path, query: str) -> None:
    app = serve(settled)
    plain = text_of(get(app))
    assert text_of(get(app, f"{PAGE}?{query}")) != plain
    assert len(kept(app)) == 1
    assert text_of(get(app)) == plain


def test_one_with_a_fault_is_not_kept(settled: Path, made: list[str]) -> None:
    (settled / "transcripts" / "tones" / "annotations.toml").write_text("wrong", encoding="utf-8")
    settle(settled)
    app = serve(settled)
    assert get(app).status_code == get(app).status_code == 200
    assert (len(kept(app)), made) == (0, ["tones", "tones"])
    assert get(app, "/recordings/none").status_code == 404
    assert len(kept(app)) == 0


def test_one_that_is_taken_away_is_not_found(settled: Path) -> None:
    app = serve(settled)
    get(app)
    (settled / "transcripts" / "tones").rename(settled / "transcripts" / "other")
    app.extensions["index"].look()
    assert get(app).status_code == 404


def test_none_of_one_address_is_shown_at_another(settled: Path) -> None:
    app = serve(settled, site=Site(proxies=1))
    asked = [
        {"X-Forwarded-Host": host, "X-Forwarded-Prefix": prefix, "X-Forwarded-Proto": scheme}
        for host in ("one.example", "two.example")
        for prefix in ("", "/tapes")
        for scheme in ("http", "https")
    ]
    for _ in range(2):
        for headers in asked:
            text = text_of(get(app, **headers))
            host, prefix, scheme = headers.values()
            assert f'data-address="{scheme}://{host}{prefix}{PAGE}"' in text
            assert f'href="{prefix}/about"' in text
            assert sum(other in text for other in ("one.example", "two.example")) == 1
    assert len(kept(app)) == len(asked)
    assert get(app, **{"X-Forwarded-Host": "a..b"}).status_code == 400


def test_its_bytes_are_bounded_and_who_is_not_asked_for_goes_first(settled: Path, made: list[str]) -> None:
    app = serve(settled)
    size = len(get(app, Host="a.example").data)
    kept(app)._most = size * 7 // 2  # noqa: SLF001  # three of them
    for host in "bcdefg":
        get(app, Host="a.example")
        get(app, Host=f"{host}.example")
        assert kept(app).size <= size * 7 // 2
    assert len(kept(app)) == 3
    count = len(made)
    get(app, Host="a.example")
    assert len(made) == count
    get(app, Host="b.example")
    assert len(made) == count + 1


def test_one_that_is_too_large_to_be_kept_is_sent_all_the_same(settled: Path) -> None:
    app = serve(settled)
    kept(app)._most = 10  # noqa: SLF001  # to fill it with three pages
    assert text_of(get(app)) == text_of(get(app))
    assert (len(kept(app)), kept(app).size) == (0, 0)


def test_one_that_several_ask_for_at_once_is_made_once(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = serve(settled)
    get(app, "/")  # what the first page of all has to do
    make, begun, done = recordings._page, threading.Event(), []  # noqa: SLF001  # what makes a page
    asking = threading.Semaphore(0)

    def slowly(slug: str) -> object:
        begun.set()
        for _ in range(3):  # until the others have asked
            assert asking.acquire(timeout=60)
        done.append(slug)
        return make(slug)

    monkeypatch.setattr(recordings, "_page", slowly)
    answers: list[bytes] = []

    def ask() -> None:
        if begun.is_set():
            asking.release()
        answers.append(get(app).data)

    first = threading.Thread(target=ask)
    first.start()
    assert begun.wait(60)
    others = [threading.Thread(target=ask) for _ in range(3)]
    for each in others:
        each.start()
    for each in (first, *others):
        each.join(60)
    assert (done, len(set(answers)), len(answers)) == (["tones"], 1, 4)
