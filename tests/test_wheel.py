"""Installed from a wheel, the player serves the archive that ships with it, from any folder."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path

import pytest
from started import port_of, started

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
LIMIT = 120  # seconds until a test is given up; none is measured by it


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the python of a new environment where the wheel is installed; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    installed = folder / "bin" / "python"
    pip("--python", str(installed), "install", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return installed


@pytest.fixture(scope="module")
def port(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start ``player serve`` in an empty folder; give its port."""
    command = [str(python), "-m", "player", "serve", "--port", "0"]
    with started(command, cwd=tmp_path_factory.mktemp("elsewhere"), env=elsewhere()) as address:
        yield port_of(address)


def pip(*told: str) -> None:
    """Run pip without the network: nothing is needed but what is here."""
    subprocess.run(
        [sys.executable, "-m", "pip", *told, "--quiet", "--no-deps", "--no-index"],
        check=True,
        env=elsewhere(),
        timeout=LIMIT,
    )


def elsewhere() -> dict[str, str]:
    """Give the environment of a user who has no checkout and no settings of the player."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PLAYER_"))}


class Page(HTMLParser):
    """What a page leads to: its links, the sheets and scripts it loads, and the sound it plays."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.sound: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if tag in {"link", "script"}:
            self.loads.extend(told[name] for name in ("href", "src") if name in told)
        if tag in {"audio", "source"}:
            self.sound = self.sound or told.get("src")


def get(port: int, path: str, **headers: str) -> tuple[int, str, bytes]:
    """Give status, Content-Range and body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Range", ""), answer.read()
    finally:
        connection.close()


def test_the_wheel_holds_the_pages_and_the_archive(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
    for folder in ("templates", "static", "media", "transcripts"):
        files = {path for path in (ROOT / folder).rglob("*") if path.is_file() and not path.name.startswith(".")}
        wanted = {f"player/{path.relative_to(ROOT).as_posix()}" for path in files}
        assert wanted <= names
    assert "player/web/serving/media.py" in names


def test_an_installed_player_is_not_the_checkout(python: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [python, "-c", "from player import roots; print(roots.SHIPPED_ARCHIVE)"],
        cwd=tmp_path,
        env=elsewhere(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == next(python.parent.parent.glob("lib/python*/site-packages/player")).resolve()


def test_it_serves_every_recording_of_its_archive_and_what_the_pages_load(port: int) -> None:
    status, _, body = get(port, "/")
    assert status == 200
    shelf = Page(body.decode())
    recordings = {link for link in shelf.links if re.fullmatch(r"/recordings/[\w-]+", link)}
    assert recordings
    for path in {*recordings, *shelf.loads}:
        assert get(port, path)[0] == 200, path


def test_the_sound_of_its_reading_is_sent_by_ranges(port: int) -> None:
    shelf = Page(get(port, "/")[2].decode())
    pages = [Page(get(port, link)[2].decode()) for link in shelf.links if link.startswith("/recordings/")]
    sounds = {page.sound for page in pages if page.sound}
    assert sounds
    for sound in sounds:
        status, sent, body = get(port, sound, Range="bytes=100-199")
        assert status == 206
        assert re.fullmatch(r"bytes 100-199/\d+", sent)
        assert len(body) == 100
