"""A basket is had as one file, as files in a ZIP, as they are held, or as the commands that make them."""

from __future__ import annotations

import io
import json
import shlex
import sys
import wave
from typing import TYPE_CHECKING
from urllib.request import urlopen
from zipfile import ZIP_STORED, ZipFile

import mutagen
import numpy as np
import pytest
from basketing import FIRST, SECOND, ask
from clip_server import LIMIT
from clipping import pitches, run
from html_elements import parse
from started import started
from tones import ffmpeg, pitch

from player.web.app import create_app
from player.web.serving.clip_limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def test_more_than_a_download_may_be_is_refused_and_not_offered(two: Path) -> None:
    visitor = create_app(two, clip_limits=Limits(decoded=1)).test_client()
    # 8,000 samples of two bytes: a megabyte is 62 seconds.
    passages = ["tones@0,10"] * 7
    answer = ask(visitor, *passages)
    assert "basket.zip" not in answer.text
    assert "One download can be at most" in answer.text
    assert parse(answer.text).all("pre")
    assert ask(visitor, *passages, to="/basket.zip").status_code == 413
    assert ask(visitor, *passages[:6], to="/basket.zip").status_code == 200


def test_the_zip_has_each_clip_its_words_its_account_and_the_rights(
    visitor: FlaskClient, two: Path, tmp_path: Path
) -> None:
    answer = ask(visitor, SECOND, FIRST, to="/basket.zip", **{"as": "wav"})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "basket-2-passages.zip" in answer.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(answer.data)) as packed:
        assert {each.compress_type for each in packed.infolist()} == {ZIP_STORED}
        packed.extractall(tmp_path)
        names = packed.namelist()
    clips = ["01_quay_0m05s000-0m07s000.wav", "02_tones_0m02s000-0m04s500.wav"]
    assert names == [*(f"{clip}{end}" for clip in clips for end in ("", ".json", ".vtt")), "sources-and-rights.txt"]
    assert pitches(tmp_path / clips[0]) == [450, 500]
    assert pitches(tmp_path / clips[1]) == [300, 350]
    assert json.loads((tmp_path / f"{clips[0]}.json").read_text("utf-8"))["recording"] == "quay"
    about = (tmp_path / "sources-and-rights.txt").read_text("utf-8")
    assert [about.count(text) for text in (*clips, "Rights: not stated", "The log of the tones, p. 2")] == [1, 1, 2, 1]
    for clip in clips:
        checked = run(two, "verify", str(tmp_path / clip))
        assert checked.exit_code == 0, checked.output


def test_one_file_has_all_passages_one_after_another_with_silence_between(visitor: FlaskClient, tmp_path: Path) -> None:
    answer = ask(visitor, SECOND, FIRST, "tones@8,9", to="/basket.wav")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert "basket-3-passages.wav" in answer.headers["Content-Disposition"]
    with wave.open(io.BytesIO(answer.data)) as file:
        rate, heard = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert heard.size == rate * (2 + 0.5 + 2.5 + 0.5 + 1)
    at = [int(rate * moment) for moment in (0.1, 1.1, 2.6, 3.6, 5.6)]
    assert [round(pitch(heard[place : place + 6000], rate), -1) for place in at] == [450, 500, 300, 350, 600]
    assert not heard[2 * rate + 50 : int(2.5 * rate) - 50].any()
    (tmp_path / "joined.mp3").write_bytes(ask(visitor, SECOND, FIRST, to="/basket.mp3").data)
    tags = mutagen.File(tmp_path / "joined.mp3").tags
    assert str(tags["TIT2"]) == "2 passages of The quay; A tape of tones"


def test_one_file_comes_with_its_account_and_its_words_in_a_zip(
    visitor: FlaskClient, two: Path, tmp_path: Path
) -> None:
    links = [each["href"] for each in parse(ask(visitor, SECOND, FIRST).text).one("section.downloads").all("a")]
    assert f"/basket.zip?p={SECOND}&p={FIRST}&as=mp3&one=" in links
    answer = ask(visitor, SECOND, FIRST, to="/basket.zip", **{"as": "wav", "one": ""})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "basket-2-passages.zip" in answer.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(answer.data)) as packed:
        packed.extractall(tmp_path)
        one = "basket-2-passages.wav"
        assert packed.namelist() == [one, f"{one}.json", f"{one}.vtt", "sources-and-rights.txt"]
    assert (tmp_path / one).read_bytes() == ask(visitor, SECOND, FIRST, to="/basket.wav").data
    assert [each["recording"] for each in json.loads((tmp_path / f"{one}.json").read_text("utf-8"))["joined"]] == [
        "quay",
        "tones",
    ]
    about = (tmp_path / "sources-and-rights.txt").read_text("utf-8")
    assert [about.count(text) for text in (one, "0:02.5 to 0:05", "Rights: not stated", "Cite as: ")] == [1, 1, 2, 2]
    assert run(two, "verify", str(tmp_path / one)).exit_code == 0


@pytest.fixture
def held(two: Path) -> FlaskClient:
    """The same recordings, of which the sound is held as MP3, of two bitrates."""
    for slug, rate in (("tones", "64k"), ("quay", "48k")):
        media = two / "media" / f"{slug}.mp3"
        ffmpeg("-y", "-i", str(two / "media" / "tones.wav"), "-c:a", "libmp3lame", "-b:a", rate, str(media))
        record = two / "transcripts" / slug / "recording.toml"
        record.write_text(record.read_text("utf-8").replace("tones.wav", f"{slug}.mp3"), encoding="utf-8")
    return create_app(two).test_client()


@pytest.mark.long
def test_all_is_had_as_it_is_held_in_one_file_and_as_files(held: FlaskClient, two: Path, tmp_path: Path) -> None:
    section = parse(ask(held, SECOND, FIRST).text).one("section.downloads")
    links = [each["href"] for each in section.all("a") if each.text.startswith("as held, no re-encoding")]
    assert links == [f"/basket.{each}" for each in (
        f"mp3?p={SECOND}&p={FIRST}&format=copy",
        f"zip?p={SECOND}&p={FIRST}&as=copy&one=",
        f"zip?p={SECOND}&p={FIRST}&as=copy",
    )]  # fmt: skip
    assert "a little of the sound around each passage is heard too" in section.text
    one, zipped_one, zipped = (held.get(each, buffered=True) for each in links)
    assert "basket-2-passages_copy.mp3" in one.headers["Content-Disposition"]
    for number, answer in enumerate((zipped_one, zipped)):
        folder = tmp_path / str(number)
        with ZipFile(io.BytesIO(answer.data)) as packed:
            packed.extractall(folder)
        for clip in sorted(folder.glob("*.mp3")):
            assert json.loads(clip.with_name(f"{clip.name}.json").read_text("utf-8"))["settings"]["format"] == "copy"
            checked = run(two, "verify", str(clip))
            assert (checked.exit_code, "byte for byte" in checked.stdout) == (0, True), checked.output
    assert (tmp_path / "0" / "basket-2-passages.mp3").read_bytes() == one.data
    assert held.get(links[0]).data == one.data


@pytest.mark.long
def test_what_cannot_be_had_as_it_is_held_is_not_offered_so(held: FlaskClient, two: Path) -> None:
    media = two / "media" / "quay.mp3"
    ffmpeg("-y", "-i", str(two / "media" / "tones.wav"), "-ac", "2", "-c:a", "libmp3lame", str(media))
    text = ask(held, SECOND, FIRST).text
    assert text.count("format=copy") == 2, "one by one"
    assert "as=copy" in text
    assert "one=&amp;as=copy" not in text
    for to, more, status in (
        ("/basket.mp3", {"format": "copy"}, 400),
        ("/basket.zip", {"as": "copy", "one": ""}, 400),
        ("/basket.zip", {"as": "copy"}, 200),
        ("/basket.mp3", {"format": "other"}, 400),
        ("/basket.wav", {"format": "copy"}, 400),
    ):
        assert ask(held, SECOND, FIRST, to=to, **more).status_code == status, (to, more)
    # Too short for a copy: encoded, and told.
    zipped = ask(held, "tones@2,2.02", FIRST, to="/basket.zip", **{"as": "copy"})
    with ZipFile(io.BytesIO(zipped.data)) as packed:
        assert packed.read("sources-and-rights.txt").count(b"Encoded, not copied: the passage lies within") == 1
    assert "_copy" not in zipped.headers["Content-Disposition"]
    assert (
        "_copy" not in ask(held, "tones@2,2.02", FIRST, to="/basket.mp3", format="copy").headers["Content-Disposition"]
    )


def test_the_same_file_is_joined_once(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(visitor, FIRST, SECOND, to="/basket.flac")
    monkeypatch.setattr("player.web.serving.kept_baskets.make_joined", None)
    again = ask(visitor, FIRST, SECOND, to="/basket.flac")
    assert (again.status_code, again.data) == (200, first.data)
    assert visitor.head(f"/basket.flac?p={SECOND}&p={FIRST}").status_code == 500, "another order is another file"


def test_the_same_zip_is_cut_once_and_in_parts(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(visitor, FIRST, to="/basket.zip")
    monkeypatch.setattr("player.web.serving.kept_baskets.zip_clips", None)
    again = ask(visitor, FIRST, to="/basket.zip")
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    part = visitor.get(f"/basket.zip?p={FIRST}", headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"PK\x03\x04")


def test_its_commands_cut_the_same_passages(
    visitor: FlaskClient, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    html = parse(ask(visitor, SECOND, "tones@first").text)
    for_all, one_by_one, *_ = html.all("pre")
    (tmp_path / "basket.csv").write_bytes(ask(visitor, SECOND, "tones@first", to="/basket.csv").data)
    lines = one_by_one.one("code").children[0]
    assert isinstance(lines, str)
    all_at_once = for_all.one("code").children[0]
    assert isinstance(all_at_once, str)
    for command in [*all_at_once.splitlines(), *lines.splitlines()]:
        program, *arguments = shlex.split(command)
        assert program == "player"
        done = run(two, *arguments)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "basket.mp3").is_file()
    assert len(list((tmp_path / "basket").glob("*.mp3"))) == len(list(tmp_path.glob("*_*.mp3"))) == 2


@pytest.mark.parametrize("ext", ["exe", "zip.exe", ""])
def test_another_kind_of_download_is_none(visitor: FlaskClient, ext: str) -> None:
    assert ask(visitor, FIRST, to=f"/basket.{ext}").status_code == 404


def test_clips_of_another_kind_are_none(visitor: FlaskClient) -> None:
    assert ask(visitor, FIRST, to="/basket.zip", **{"as": "../mp3"}).status_code == 404
    assert ask(visitor, to="/basket.zip").status_code == 400


@pytest.mark.long
def test_a_real_server_sends_a_basket(two: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(two)]
    with started(command) as address:
        asked = f"{address}/basket.zip?p={FIRST}&p={SECOND}"
        with urlopen(asked, timeout=LIMIT) as answer:  # noqa: S310  # the server that was just started
            (tmp_path / "basket.zip").write_bytes(answer.read())
    assert ZipFile(tmp_path / "basket.zip").testzip() is None
