"""A page that was opened before its sound was replaced has no other sound under the old times."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from html_elements import parse
from small_archive import write_tones

from player.clips.clip import make
from player.web.serving import kept_clips

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from flask.testing import FlaskClient

PAGE = "/recordings/tones"


@pytest.fixture
def sound(archive: Path) -> Path:
    return archive / "media" / "tones.wav"


def replace(sound: Path, seconds: int = 10) -> None:
    """Put another sound there, as who has a better copy does."""
    write_tones(sound.with_name("new.wav"), seconds, step=60)
    os.utime(sound.with_name("new.wav"), (1, 1))
    sound.with_name("new.wav").replace(sound)


def addresses(client: FlaskClient) -> dict[str, str]:
    """Give the addresses on a page that name its sound, by what they lead to."""
    html = parse(client.get(PAGE).text)
    picker = html.one("clip-picker")
    return {
        "sound": html.one("audio")["src"].partition("#")[0],
        "drawing": html.one("time-line")["data-wave"],
        "line": parse(client.get(f"{PAGE}/lines/first").text).all("a.cut")[0]["href"],
        "moment": html.one("nav#moments").all("a.cut")[0]["href"],
        "picker": f"{picker.one('div.offers').all('a')[0]['data-address']}?t=2,4&v={picker['data-version']}",
        "form": f"{html.one('form.to-cut')['action']}?t=2,4&v={html.one('input', name='v')['value']}",
    }


@pytest.mark.parametrize("what", ["sound", "drawing", "line", "moment", "picker", "form"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_a_page_names_is_there_until_the_sound_is_replaced_and_then_refused(
    client: FlaskClient, sound: Path, what: str, method: str
) -> None:
    named = addresses(client)[what]
    with client.open(named, method=method) as before:
        assert before.status_code in {200, 202}
    replace(sound)
    with client.open(named, method=method, headers={"Range": "bytes=0-9"}) as after:
        assert (after.status_code, after.mimetype) == (409, "text/html")
        assert "max-age" not in after.headers.get("Cache-Control", "")
    assert addresses(client)[what] != named
    with client.open(addresses(client)[what], method=method) as anew:
        assert anew.status_code in {200, 202}


def test_the_refusal_says_what_happened_and_leads_to_the_recording(client: FlaskClient, sound: Path) -> None:
    line = addresses(client)["line"]
    replace(sound)
    main = parse(client.get(line).text).one("main")
    assert main.one("h1").text == "The sound was replaced"
    assert main.all("a")[0]["href"] == PAGE
    assert "its times may no longer fit" in main.text


@pytest.mark.parametrize("what", ["sound", "line"])
def test_a_sound_of_the_same_size_time_beginning_and_end_is_another_one_all_the_same(
    client: FlaskClient, sound: Path, what: str
) -> None:
    """Both begin and end in silence, and a copy that keeps the time of modification puts one over the other."""
    head, samples = sound.read_bytes()[:44], bytearray(sound.read_bytes()[44:])
    samples[: 1 << 15] = samples[-(1 << 15) :] = bytes(1 << 15)
    sound.write_bytes(head + samples)
    os.utime(sound, (1, 1))
    named = addresses(client)[what]
    samples[1 << 15 : -(1 << 15)] = samples[-(1 << 15) - 1 : (1 << 15) - 1 : -1]
    sound.write_bytes(head + samples)
    os.utime(sound, (1, 1))
    assert client.get(named).status_code == 409
    assert addresses(client)[what] != named


@pytest.mark.parametrize(
    "address", ["/media/tones", "/media/tones?v=", f"{PAGE}/clip.wav?t=2,4", f"{PAGE}/waveform.svg"]
)
def test_an_address_without_a_version_has_what_is_there(client: FlaskClient, sound: Path, address: str) -> None:
    for seconds in (10, 8):
        replace(sound, seconds)
        with client.get(address) as answer:
            assert answer.status_code in {200, 202}


@pytest.mark.parametrize("what", ["sound", "drawing", "line", "moment", "picker", "form"])
def test_a_sound_that_was_only_moved_linked_or_given_away_is_the_same_one(
    client: FlaskClient, sound: Path, what: str
) -> None:
    named = addresses(client)[what]
    tag = client.head(f"{PAGE.replace('recordings', 'media')}").headers["ETag"]
    sound.rename(sound.with_name("away"))
    sound.with_name("away").rename(sound)
    sound.with_name("link").hardlink_to(sound)
    sound.chmod(0o640)
    assert client.head(f"{PAGE.replace('recordings', 'media')}").headers["ETag"] != tag
    with client.get(named) as answer:
        assert answer.status_code in {200, 202}


def test_who_has_part_of_it_under_another_tag_is_refused_the_rest(client: FlaskClient, sound: Path) -> None:
    named = addresses(client)["sound"]
    tag = client.head(named).headers["ETag"]
    sound.chmod(0o640)
    rest = {"Range": "bytes=100-", "If-Range": tag}
    assert client.get(named, headers=rest).status_code == 409
    with client.get("/media/tones", headers=rest) as whole:
        assert whole.status_code == 200


def test_a_clip_that_is_kept_is_refused_too(client: FlaskClient, sound: Path) -> None:
    line = addresses(client)["line"]
    with client.get(line) as kept:
        assert kept.status_code == 200
        tag = kept.headers["ETag"]
    replace(sound)
    assert client.get(line, headers={"If-None-Match": tag}).status_code == 409


def test_a_sound_that_is_replaced_while_a_clip_of_it_is_cut_is_not_sent_as_the_old_one(
    client: FlaskClient, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: Any, **named: Any) -> Any:
        replace(sound)
        return make(*arguments, **named)

    line = addresses(client)["line"]
    monkeypatch.setattr(kept_clips, "make", slow)
    assert client.get(line).status_code == 409


def test_a_transcript_that_is_timed_anew_leaves_the_clips_of_an_open_page(client: FlaskClient, archive: Path) -> None:
    """The sound is the same, and the passage is the one that the page names and plays."""
    line = addresses(client)["line"]
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(re.sub(r"00:00:04\.500", "00:00:04.900", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert addresses(client)["line"] != line
    with client.get(line) as answer:
        assert answer.status_code == 200
