"""What an archive says about itself stands on its pages: its name, its logo, its terms, whom to write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checking import faults
from html_elements import Element, parse

from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

ABOUT = """\
name = "Archivo del <Puerto>"
line = "Voces de un puerto."
address = "https://puerto.example/"
logo = "logo.svg"
language = "es"
home = "Un *pueblo* y [su registro](/sources)."
terms = "Libre, con el nombre."
contact = "archivo@puerto.example"
takedown = "Escríbanos, y respondemos en una semana."
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="1" height="1"/></svg>'
ADDRESSES = ("/", "/about", "/people", "/recordings/tones", "/recordings/tones/cite", "/nowhere", "/recordings/none")


@pytest.fixture
def named(context_archive: Path) -> Path:
    """The small archive, with what it says about itself."""
    (context_archive / "transcripts" / "archive.toml").write_text(ABOUT, encoding="utf-8")
    (context_archive / "media" / "logo.svg").write_text(LOGO, encoding="utf-8")
    return context_archive


def told(archive: Path) -> list[str]:
    return [str(fault) for fault in faults(archive)]


def page(archive: Path, address: str, **headers: str) -> Element:
    return parse(create_app(archive).test_client().get(address, headers=headers).text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_its_name_and_how_to_reach_it_are_on_every_page(named: Path, address: str) -> None:
    found = page(named, address)
    home = found.one("a.home")
    assert (home.text, home["lang"]) == ("Archivo del <Puerto>", "es")
    assert home.one("img")["src"].startswith("/logo?v=")
    assert found.one("title").text.endswith("Archivo del <Puerto>")
    assert found.one("meta", property="og:site_name")["content"] == "Archivo del <Puerto>"
    assert [(link.text, link["href"]) for link in found.one("footer").all("a")] == [
        ("About the archive", "/about"),
        ("Accessibility", "/accessibility"),
        ("Terms", "/about#terms"),
        ("Write to us", "mailto:archivo@puerto.example"),
        ("Ask for something to be taken down", "/about#takedown"),
    ]


def test_its_own_words_are_in_their_own_language(named: Path) -> None:
    header = page(named, "/").one("header.of-archive")
    assert header["lang"] == "es"
    assert header.one("em").text == "pueblo"
    about = page(named, "/about").one("main")
    assert [heading["id"] for heading in about.all("h2")] == ["terms", "takedown", "contact"]
    assert about.one("h2#terms").text == "Terms"
    assert "Escríbanos" in about.text


def test_below_a_prefix_its_links_stay_there(named: Path) -> None:
    client = create_app(named, site=Site(proxies=1)).test_client()
    answer = client.get("/about", headers={"X-Forwarded-Prefix": "/tapes", "X-Forwarded-Proto": "https"})
    links = [link["href"] for link in parse(answer.text).all("a") if link["href"].startswith("/")]
    assert links
    assert all(link.startswith("/tapes/") for link in links)


def test_script_in_a_drawing_cannot_run(named: Path) -> None:
    client = create_app(named).test_client()
    answer = client.get(parse(client.get("/").text).one("a.home").one("img")["src"])
    assert (answer.mimetype, answer.text) == ("image/svg+xml", LOGO)
    assert answer.headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "sandbox",
    ]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]


def led_out(logo: Path) -> None:
    (logo.parents[2] / "logo.svg").write_text(LOGO, encoding="utf-8")
    logo.symlink_to(logo.parents[2] / "logo.svg")


def large(logo: Path) -> None:
    logo.write_text(LOGO + " " * 200_000, encoding="utf-8")


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "none": (lambda _: None, 'archive.toml:4: media/ has no image "logo.svg" that can be read'),
    "outside": (led_out, "logo.svg: this link leads out of the archive"),
    "a page": (lambda logo: logo.write_text("<!doctype html><svg>"), '"logo.svg" is no image that browsers show'),
    "large": (large, "every page sends it; make it smaller than 200000 bytes"),
    "a folder": (lambda logo: logo.mkdir(), "it is a folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_logo_of_the_archive_is_not_sent(named: Path, case: str) -> None:
    put, what = WRONG[case]
    logo = named / "media" / "logo.svg"
    logo.unlink()
    put(logo)
    client = create_app(named).test_client()
    answer = client.get("/logo")
    assert answer.status_code == 500
    assert answer.mimetype == "text/html"
    assert not parse(client.get("/").text).one("a.home").all("img")
    assert any(what in fault for fault in told(named)), told(named)


def test_an_archive_that_says_nothing_has_a_name_all_the_same(client: FlaskClient) -> None:
    found = parse(client.get("/recordings/tones").text)
    assert found.one("a.home").text == "The archive"
    assert [link.text for link in found.one("footer").all("a")] == ["About the archive", "Accessibility"]
    assert "has not said anything about itself" in parse(client.get("/about").text).one("main").text


@pytest.mark.parametrize("contact", ["archive@harbour.example", "https://harbour.example/write"])
def test_a_contact_is_an_e_mail_or_a_web_address(archive: Path, contact: str) -> None:
    path = archive / "transcripts" / "archive.toml"
    path.write_text(f'contact = "{contact}"\n', encoding="utf-8")
    assert [fault for fault in told(archive) if "archive.toml" in fault] == []
    for wrong in ("javascript:alert(1)", "a@b", "a b@c.de", f"{'a' * 250}@b.example", "a@b.example?subject=x"):
        path.write_text(f'contact = "{wrong}"\n', encoding="utf-8")
        assert any("neither an e-mail address nor a web address" in fault for fault in told(archive)), wrong


def test_a_link_that_leads_nowhere_is_a_fault(named: Path) -> None:
    path = named / "transcripts" / "archive.toml"
    path.write_text(ABOUT.replace("/sources", "/recordings/none"), encoding="utf-8")
    assert any('no recording is called "none"' in fault for fault in told(named)), told(named)
