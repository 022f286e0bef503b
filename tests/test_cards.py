"""The picture beside a link shows what is heard and which passage is meant, and nothing that is closed."""

from __future__ import annotations

import io
import struct
import time
from typing import TYPE_CHECKING, Final

import pytest
from closings import another, record_of, write_closed
from holding import LIMIT
from html_elements import parse
from PIL import Image

from player.publish import card, lettering
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

CARD: Final = "/recordings/tones/card.png"
ACCENT: Final = (138, 28, 28)
PAPER: Final = (251, 248, 241)
#: Where the outline is.
LEFT, RIGHT, TOP, BOTTOM = 72, 1128, 415, 585


def drawn(client: FlaskClient, address: str = CARD) -> Image.Image:
    """Give a picture, once its outline is made."""
    end = time.monotonic() + LIMIT
    while "no-store" in (answer := client.get(address)).headers["Cache-Control"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    return read(answer.data)


def read(data: bytes) -> Image.Image:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    return Image.open(io.BytesIO(data)).convert("RGB")


def bars(image: Image.Image, second: float, seconds: int = 10) -> Iterator[tuple[int, int, int]]:
    """Give the colours at a moment of a sound, above the line on which the outline lies."""
    at = round(LEFT + second / seconds * (RIGHT - LEFT))
    colours = {image.getpixel((at + beside, y)) for beside in range(-6, 7) for y in range(TOP + 15, 490)}
    yield from (colour for colour in colours if isinstance(colour, tuple) and len(colour) == 3)


def is_near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 40


def has(image: Image.Image, second: float, colour: tuple[int, int, int]) -> bool:
    return any(is_near(each, colour) for each in bars(image, second))


def test_a_passage_is_in_colour_and_the_rest_is_not(archive: Path) -> None:
    client = create_app(archive).test_client()
    image = drawn(client, f"{CARD}?t=2,4.5")
    assert [second for second in (1, 3, 4, 6, 9) if has(image, second, ACCENT)] == [3, 4]
    whole = drawn(client)
    assert not any(has(whole, second, ACCENT) for second in range(1, 10))
    assert all(any(not is_near(each, PAPER) for each in bars(whole, second)) for second in range(1, 10))


def test_where_a_passage_is_closed_the_outline_is_flat(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[[closed]]\nstart = "0:04"\nend = "0:06"\n')
    image = drawn(create_app(root).test_client())
    flat = [second for second in range(1, 10) if all(is_near(each, PAPER) for each in bars(image, second))]
    assert flat == [5]


def test_what_is_not_public_has_no_picture(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[access]\nsound = "closed"\n')
    another(root, "begun", '[access]\nrecord = "draft"\n', "tones.wav")
    another(root, "gone", '[withdrawal]\ndate = "2026-11-01"\n', "tones.wav")
    client = create_app(root).test_client()
    for slug, status in (("begun", 404), ("gone", 410), ("nothing", 404)):
        assert client.get(f"/recordings/{slug}/card.png").status_code == status
    image = drawn(client, f"{CARD}?t=2,4")
    assert all(is_near(each, PAPER) for second in range(1, 10) for each in bars(image, second))


def test_a_time_that_is_none_is_told_in_words(archive: Path) -> None:
    answer = create_app(archive).test_client().get(f"{CARD}?t=99")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")


def test_the_page_names_it_and_without_the_extra_there_is_none(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(archive).test_client()

    def named() -> dict[str, str]:
        page = parse(client.get("/recordings/tones?t=2,7").text)
        return {each["property"] or each["name"]: each["content"] for each in page.all("meta")}

    assert named()["og:image"] == f"http://localhost{CARD}?t=2,7"
    assert named()["twitter:card"] == "summary_large_image"
    shown = client.get("/oembed?url=http://localhost/recordings/tones%23t=2,7").get_json()
    assert (shown["thumbnail_url"], shown["thumbnail_width"]) == (f"http://localhost{CARD}?t=2,7", 1200)
    small = client.get("/oembed?maxwidth=400&url=http://localhost/recordings/tones").get_json()
    assert "thumbnail_url" not in small
    monkeypatch.setattr(lettering, "find_spec", lambda _: None)
    assert not {"og:image", "twitter:card"} & named().keys()
    assert client.get(CARD).status_code == 404


def test_letters_that_no_font_has_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_FONTS", ("",))
    nothing = read(card.draw(card.Card("", "", "")))
    assert read(card.draw(card.Card("", "Гавань", ""))).tobytes() == nothing.tobytes()
    assert read(card.draw(card.Card("", "The quay", ""))).tobytes() != nothing.tobytes()
    assert read(card.draw(card.Card("", "A harbour called Гавань", ""))).tobytes() == nothing.tobytes()


@pytest.mark.parametrize(
    "title", ["", "\n", "\x00\x1b[31m", "x" * 5_000, "word " * 2_000, "שלום עולם", "👩‍👩‍👧‍👦", "\ufffe", "i̇̂̃̄̅"], ids=repr
)
def test_any_title_is_drawn_or_left_out(title: str) -> None:
    read(card.draw(card.Card(title, title, title, (title,), (0.5,) * 3, (0.0, 2.0))))


@pytest.mark.parametrize("notice", ["", 'notice = "Read by a machine."\n', 'notice = "\U000f0000"\n'], ids=repr)
def test_the_card_of_a_reading_says_that_it_is_one(archive: Path, monkeypatch: pytest.MonkeyPatch, notice: str) -> None:
    written: list[str] = []

    def fitted(text: str, *_: object) -> None:
        written.append(text)

    record = record_of(archive)
    record.write_text(f'kind = "reading"\n{notice}{record.read_text(encoding="utf-8")}', encoding="utf-8")
    monkeypatch.setattr(lettering, "fitted", fitted)
    assert create_app(archive).test_client().get(f"{CARD}?t=2,7").status_code == 200
    assert "Synthetic reading · made 5 November 1963 · 0:02 to 0:07" in written
    assert (notice[10:-2] or "Synthetic reading, not the tape.") in written
