"""A file may have any name; clients are told it in ASCII, and exactly, and never as anything but a name."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from clip_server import real_ffmpeg, serving
from flask import Response
from hypothesis import given
from hypothesis import strategies as st
from programs import program

from player.web.serving.disposition import set_name

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def told(name: str) -> str:
    response = Response()
    set_name(response, "attachment", name)
    return str(response.headers["Content-Disposition"])


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("tape.mp3", "attachment; filename=tape.mp3"),
        ("a tape.mp3", 'attachment; filename="a tape.mp3"'),
        ("Dvořák á.mp3", "attachment; filename=\"Dvorak a.mp3\"; filename*=UTF-8''Dvo%C5%99%C3%A1k%20%C3%A1.mp3"),
        ("録音.mp3", "attachment; filename=__.mp3; filename*=UTF-8''%E9%8C%B2%E9%9F%B3.mp3"),
        ("😀.mp3", "attachment; filename=_.mp3; filename*=UTF-8''%F0%9F%98%80.mp3"),
        ('say "x".mp3', "attachment; filename=\"say _x_.mp3\"; filename*=UTF-8''say%20%22x%22.mp3"),
        ("100%41.mp3", "attachment; filename=100_41.mp3; filename*=UTF-8''100%2541.mp3"),
        ("it's (1).mp3", "attachment; filename=\"it's (1).mp3\""),
        ("a;b=c.mp3", 'attachment; filename="a;b=c.mp3"'),
        ("a\r\nSet-Cookie: b.mp3", 'attachment; filename="a__Set-Cookie: b.mp3"'),
        ("a\0\x7f\x85b.mp3", "attachment; filename=a___b.mp3"),
        ("gpj.\u202e3pm.mp3", "attachment; filename=gpj._3pm.mp3"),
        ("../../etc/passwd", "attachment; filename=passwd"),
        ("C:\\tapes\\x.mp3", "attachment; filename=x.mp3"),
        (".hidden.mp3", "attachment; filename=hidden.mp3"),
        ("caf\udce9.mp3", "attachment; filename=caf_.mp3"),
        ("\u0301\u0301", "attachment; filename=file; filename*=UTF-8''%CC%81%CC%81"),
        ("", "attachment; filename=file"),
        ("..", "attachment; filename=file"),
    ],
)  # fmt: skip
def test_a_name_is_told_so_that_every_client_reads_it(name: str, disposition: str) -> None:
    assert told(name) == disposition


# RFC 9110, section 5.6: a quoted text, here without escapes, or a token.
_QUOTED = r'"[ !#-\[\]-~]+"'
_BARE = r"[\w!#$&'*+.^`|~-]+"


@pytest.mark.long
@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_whatever_a_name_has_in_it_the_header_has_one_name_in_ascii_and_one_that_is_exact(name: str) -> None:
    header = told(name)
    match = re.fullmatch(rf"attachment; filename=({_QUOTED}|{_BARE})(?:; filename\*=UTF-8''(\S+))?", header)
    assert header.isascii()
    assert header.isprintable()
    assert match
    plain = match[1].strip('"')
    assert not set(plain) & set('/\\"%')
    assert not plain.startswith(".")
    if match[2]:
        exact = unquote(match[2], errors="strict")
        assert exact in name or len(exact) == len(name.strip(". ")) or "/" in name or "\\" in name


NAME = "Пётр «Łódź» 録音.wav"


@pytest.fixture
def foreign(archive: Path) -> Path:
    """The small archive, its sound under a name that Latin-1 does not have."""
    record = archive / "transcripts" / "tones" / "recording.toml"
    (archive / "media" / "tones.wav").rename(archive / "media" / NAME)
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", NAME), encoding="utf-8")
    return archive


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize("address", ["/media/tones", "/recordings/tones", "/recordings/tones/clip.mp3?t=2,3"])
def test_a_sound_whose_name_is_not_latin_is_sent(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200


@pytest.mark.long
def test_curl_saves_it_under_a_name_that_can_be_typed(foreign: Path, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    with serving(foreign, tmp_path, real_ffmpeg()) as address:
        command = [str(program("curl")), "--silent", "--show-error", "--fail", "-OJ", f"{address}media/tones"]
        subprocess.run(command, check=True, cwd=tmp_path / "saved")
    (saved,) = (tmp_path / "saved").iterdir()
    assert saved.name.isascii()
    assert saved.suffix == ".wav"
    assert saved.read_bytes() == (foreign / "media" / NAME).read_bytes()
