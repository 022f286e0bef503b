"""The picture of a feed is what apps take, and says whose it is, where that can be written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from closings import another, record_of
from PIL import Image, ImageChops, features

from player.publish import artwork, lettering
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

PAPER = (0xFC, 0xF9, 0xF2)
#: Where letters are.
BELOW = (0, 1560, 3000, 3000)


@pytest.fixture
def fed(archive: Path) -> FlaskClient:
    """A client of an archive that asks for a feed, and has two series."""
    (archive / "transcripts" / "archive.toml").write_text('name = "Harbour"\nfeed = true\n', encoding="utf-8")
    record = record_of(archive)
    record.write_text(f'series = "Piers & more"\n{record.read_text(encoding="utf-8")}', encoding="utf-8")
    another(archive, "shut", 'series = "Drafts"\n[access]\nrecord = "draft"\n', "tones.wav")
    return create_app(archive).test_client()


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (artwork.SIDE, artwork.SIDE))
    image.load()
    return image


def inked(image: Image.Image) -> tuple[int, int, int, int]:
    """Give the smallest part that has all letters of a picture, of what is below the tape."""
    below = image.crop(BELOW)
    box = ImageChops.difference(below, Image.new("RGB", below.size, PAPER)).getbbox()
    assert box
    return box


def test_it_is_square_in_rgb_and_of_a_size_that_apps_take(fed: FlaskClient) -> None:
    answer = fed.get("/feed.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert 1400 <= read(answer.data).width <= 3000
    assert answer.data == artwork.picture("Harbour")
    assert fed.get("/feed.png", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_series_has_its_own_and_its_feed_leads_there(fed: FlaskClient) -> None:
    channel = ET.fromstring(fed.get("/feed.xml?series=Piers%20%26%20more").data)[0]  # noqa: S314  # our own
    address = urlsplit(channel.findtext("image/url") or "")
    answer = fed.get(f"{address.path}?{address.query}")
    assert answer.data == artwork.picture("Harbour", "Piers & more")
    assert len({answer.data, artwork.picture("Harbour"), artwork.picture("Harbour", "Quays")}) == 3


@pytest.mark.parametrize("series", ["none", "Drafts"])
def test_no_series_is_told_of_that_cannot_be_heard(fed: FlaskClient, series: str) -> None:
    assert fed.get(f"/feed.png?series={series}").status_code == 404


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("Harbour", None),
        ("Harbour", "Ferries"),
        ("The archive of the ferry company of the outer harbour " * 4, "All its piers, quays, offices and lamps " * 4),
        ("x" * 5000, "W" * 5000),
    ],
)
def test_a_name_of_any_length_stands_below_the_tape_and_within_the_edges(name: str, series: str | None) -> None:
    left, top, right, bottom = inked(read(artwork.picture(name, series)))
    assert left >= 180
    assert right <= 2820
    assert bottom - top > 100
    assert bottom + BELOW[1] <= 2900


@pytest.mark.parametrize("name", ["", "\ufffe", "\U000f0000"])
def test_what_cannot_be_written_leaves_the_picture_without_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without = artwork.picture(name)
    assert without != artwork.picture("Harbour")
    artwork.picture.cache_clear()
    monkeypatch.setattr(lettering, "find_spec", lambda _: None)
    assert artwork.picture("Harbour") == without
    artwork.picture.cache_clear()


def test_lines_of_scripts_without_spaces_end_anywhere_but_before_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_font_for", lambda _: "")
    for length in range(12):
        text = f"{'码头' * length}船长、谈旧码头、灯塔。"
        lines = lettering.fitted(text, 300, 600, [40])
        assert lines is not None
        assert "".join(lines.lines) == text
        assert all(lines.font.getlength(line) <= 300 and line[0] not in "、。" for line in lines.lines)


@pytest.mark.parametrize("text", ["شلام", "שלום", "क्षि"])
def test_letters_that_are_joined_or_leftwards_are_drawn_only_by_what_lays_them_out(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lettering, "_has", lambda *_: True)
    monkeypatch.setattr(features, "check", lambda _: False)
    assert lettering.fitted(text, 300, 0, [40]) is None
    assert lettering.fitted("Ferry", 300, 0, [40]) is not None
    monkeypatch.setattr(features, "check", lambda _: True)
    found = lettering.fitted(text, 300, 0, [40])
    assert found is not None
    assert found.is_leftwards == (text != "क्षि")
