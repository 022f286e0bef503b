"""A basket is in its address: passages of any recordings, in an order, each as visitors may see it, and all to have."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import sys
import wave
from typing import TYPE_CHECKING
from urllib.request import urlopen
from zipfile import ZIP_STORED, ZipFile

import mutagen
import numpy as np
import pytest
from clip_server import LIMIT
from clipping import pitches, run
from closings import write_closed
from html_elements import Element, parse
from started import started
from tones import ffmpeg, pitch

from player.web.app import create_app
from player.web.pages.basket import LONGEST, MOST
from player.web.pages.basket_changes import moved, passage_in
from player.web.serving.clip_limits import Limits
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FIRST, SECOND = "tones@2,4.5", "quay@5,7"


@pytest.fixture
def two(archive: Path) -> Path:
    """Two recordings of the same tones."""
    there = archive / "transcripts"
    shutil.copytree(there / "tones", there / "quay")
    record = there / "quay" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace("A tape of tones", "The quay"), encoding="utf-8")
    return archive


@pytest.fixture
def client(two: Path) -> FlaskClient:
    return create_app(two).test_client()


def ask(client: FlaskClient, *passages: str, to: str = "/basket", **more: str) -> TestResponse:
    return client.get(to, query_string=[*(("p", each) for each in passages), *more.items()], buffered=True)


def rows(answer: TestResponse) -> list[Element]:
    return parse(answer.text).all("li.passage")


def words(row: Element) -> str:
    return " ".join(each.text for each in row.all("p.says"))


def why(row: Element) -> str:
    return " ".join(each.text for each in row.all("p.why"))


def test_passages_stand_in_the_order_of_the_address_with_their_words(client: FlaskClient) -> None:
    answer = ask(client, SECOND, FIRST)
    assert answer.status_code == 200
    first, second = rows(answer)
    assert words(first) == "0:05 Ben A second voice."
    assert words(second) == "0:02 Ada One two three."
    assert [each["href"] for each in second.all("a") if each.text == "A tape of tones"] == ["/recordings/tones?t=2,4.5"]
    assert "2 passages of 2 recordings · 4 seconds" in parse(answer.text).one("p.kicker").text


def test_without_javascript_each_is_heard_by_the_browsers_own_control(client: FlaskClient) -> None:
    row = rows(ask(client, FIRST))[0]
    source = row.one("noscript").one("source")["src"]
    assert source.startswith("/media/tones?v=")
    assert source.endswith("#t=2,4.5")
    assert client.head(source.partition("#")[0]).status_code == 200


def test_a_line_is_a_passage_and_half_of_one_has_the_words_that_are_heard(client: FlaskClient) -> None:
    by_line, lines, half = rows(ask(client, "tones@first", "tones@first..last", "tones@2.5,3"))
    assert words(by_line) == "0:02 Ada One two three."
    assert by_line.one("span.times").text == "0:02 to 0:04.5"
    assert lines.one("span.times").text == "0:02 to 0:10"
    assert words(half) == "0:02 Ada two"


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ({"up": "2"}, [SECOND, FIRST]),
        ({"down": "1"}, [SECOND, FIRST]),
        ({"up": "1"}, [FIRST, SECOND]),
        ({"remove": "1"}, [SECOND]),
        ({"remove": "9"}, [FIRST, SECOND]),
        ({"up": "x"}, [FIRST, SECOND]),
        ({"add": "http://localhost/recordings/tones#t=8,9"}, [FIRST, SECOND, "tones@8,9"]),
        ({"add": "quay@0:01,0:02"}, [FIRST, SECOND, "quay@0:01,0:02"]),
    ],
)
def test_what_is_done_without_javascript_leads_to_another_address(
    client: FlaskClient, query: dict[str, str], to: list[str]
) -> None:
    answer = ask(client, FIRST, SECOND, **query)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/basket?{'&'.join(f'p={each}' for each in to)}"


def test_the_last_one_taken_out_leaves_an_empty_basket_that_says_how_to_fill_it(client: FlaskClient) -> None:
    assert ask(client, FIRST, remove="1").headers["Location"] == "/basket"
    answer = ask(client)
    assert answer.status_code == 200
    assert "The basket is empty" in answer.text
    assert "Add to basket" in answer.text


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("https://archive.example/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("http://ARCHIVE.example:80/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("archive.example/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("http://localhost:8000/recordings/ferry#t=25,80", "ferry@25,80"),
        ("localhost:8000/recordings/ferry#t=25,80", "ferry@25,80"),
        ("/recordings/ferry?t=25,80", "ferry@25,80"),
        ("/recordings/ferry/clip.mp3?t=0:25,1:20&v=1-2", "ferry@0:25,1:20"),
        ("/recordings/ferry/lines/c7", "ferry@c7"),
        ("/recordings/ferry?t=25#cue-c7", "ferry@c7"),
        ("/recordings/ferry?line=c7", "ferry@c7"),
        (" ferry@c7..c9 ", "ferry@c7..c9"),
    ],
)
def test_a_link_that_is_pasted_is_read_as_a_passage(archive: Path, text: str, passage: str) -> None:
    app = create_app(archive, site=Site("https://archive.example/tapes"))
    with app.test_request_context(base_url="http://localhost:8000"):
        assert passage_in(text) == passage


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://example.org/recordings/tones#t=1,2", "example.org"),
        ("example.org/recordings/tones#t=1,2", "example.org"),
        ("//example.org:8000/recordings/tones#t=1,2", "example.org:8000"),
        ("http://localhost@example.org/recordings/tones#t=1,2", "localhost@example.org"),
        ("http://localhost:99/recordings/tones#t=1,2", "localhost:99"),
        ("/others/recordings/tones#t=1,2", ""),
    ],
)
def test_a_link_of_another_site_is_told_and_not_taken_for_the_archives_own(
    client: FlaskClient, text: str, named: str
) -> None:
    answer = ask(client, FIRST, add=text)
    assert answer.status_code == 400
    told = parse(answer.text).one("p#add-hint").text
    assert "another site" in told or (not named and "leads to no recording" in told)
    assert named in told
    assert len(rows(answer)) == 1


def test_below_a_path_what_stands_beside_it_is_another_site(archive: Path) -> None:
    client = create_app(archive, site=Site("https://archive.example/tapes", proxies=1)).test_client()
    headers = {"X-Forwarded-Prefix": "/tapes"}
    for path, status in (("/tapes", 303), ("/others", 400), ("", 400)):
        asked = {"add": f"http://localhost{path}/recordings/tones#t=1,2"}
        assert client.get("/basket", query_string=asked, headers=headers).status_code == status


@pytest.mark.parametrize(
    "text", ["ferry", "/recordings/ferry", "http://[", "http://localhost/about", "mailto:somebody@example.org"]
)
def test_what_is_no_passage_is_told_beside_the_field(client: FlaskClient, text: str) -> None:
    answer = ask(client, FIRST, add=text)
    assert answer.status_code == 400
    html = parse(answer.text)
    assert html.one("input#add")["value"] == text
    assert html.one("p#add-hint")["role"] == "alert"
    assert len(rows(answer)) == 1


@pytest.mark.parametrize(
    ("passage", "says", "status"),
    [
        ("nothing@2,4", "nothing", 404),
        ("tones@2", "does not say where the passage ends", 400),
        ("tones@4,2", "no later than it starts", 400),
        ("tones@99,100", "past the end", 400),
        ("tones@5s-line", "is not a time", 400),
        ("tones@nowhere", "has no line", 404),
        ("tones@2,2.0001", "", 400),
        ("tones", "is no passage", 400),
        ("../etc@2,4", "is no passage", 400),
        ("<b>@2,4", "is no passage", 400),
    ],
)
def test_one_that_cannot_be_had_says_why_and_takes_nothing_from_the_others(
    client: FlaskClient, passage: str, says: str, status: int
) -> None:
    answer = ask(client, FIRST, passage)
    assert answer.status_code == 200
    good, bad = rows(answer)
    assert words(good)
    assert says in why(bad)
    assert why(bad)
    assert "<b>" not in answer.text
    links = [each["href"] for each in parse(answer.text).one("section.downloads").all("a")]
    assert links
    assert [each for each in links if client.head(each).status_code != 200] == []
    assert ask(client, FIRST, passage, to="/basket.mp3").status_code == status
    refused = ask(client, FIRST, passage, to="/basket.zip")
    assert refused.status_code == status
    main = parse(refused.text).one("main")
    assert "Passage 2" in main.text
    (back,) = [each["href"] for each in main.all("a") if each.text == "Go to this basket"]
    assert [each["data-asked"] for each in rows(client.get(back))] == [FIRST, passage]


def test_all_recordings_that_are_there_are_counted_also_where_none_of_them_can_be_cut(client: FlaskClient) -> None:
    answer = ask(client, FIRST, "quay@500,501", "no-such@1,2")
    assert "3 passages of 2 recordings · 1 of them can be had · 2 seconds" in parse(answer.text).one("p.kicker").text


def test_what_is_no_passage_stands_on_the_page_without_what_turns_text_around(client: FlaskClient) -> None:
    row = rows(ask(client, "\u202etalk\x00@1"))[0]
    assert r"\u202etalk\x00@1" in row.one("h2").text


def test_a_basket_of_which_nothing_is_there_is_told_as_that(client: FlaskClient) -> None:
    assert ask(client, "nothing@2,4").status_code == 400


@pytest.mark.parametrize("to", ["/basket", "/basket.zip", "/basket.csv"])
@pytest.mark.parametrize("passages", [[FIRST] * (MOST + 1), [f"tones@{'0' * LONGEST}"]])
def test_a_basket_is_bounded(client: FlaskClient, to: str, passages: list[str]) -> None:
    assert ask(client, *passages, to=to).status_code == 414


@pytest.mark.parametrize(
    ("page", "passages"),
    [
        ("/search?q=voice", ["quay@5,7", "tones@5,7"]),
        ("/recordings/tones?q=voice", ["tones@2,4.5", "tones@8.5,10", "tones@c3"]),
        ("/recordings/tones", ["tones@2,4.5", "tones@8.5,10"]),
    ],
)
def test_what_was_found_and_moments_with_notes_lead_to_a_basket(
    client: FlaskClient, page: str, passages: list[str]
) -> None:
    html = parse(client.get(page).text)
    links = [each["href"] for each in html.all("a") if each["class"].split()[-1:] == ["collect"]]
    assert sorted(each["data-asked"] for link in links for each in rows(client.get(link))) == passages
    assert {client.get(link).status_code for link in links} == {200}


def test_more_than_a_download_may_be_is_refused_and_not_offered(two: Path) -> None:
    client = create_app(two, clip_limits=Limits(decoded=1)).test_client()
    # 8,000 samples of two bytes: a megabyte is 62 seconds.
    passages = ["tones@0,10"] * 7
    answer = ask(client, *passages)
    assert "basket.zip" not in answer.text
    assert "One download can be at most" in answer.text
    assert parse(answer.text).all("pre")
    assert ask(client, *passages, to="/basket.zip").status_code == 413
    assert ask(client, *passages[:6], to="/basket.zip").status_code == 200


def test_the_zip_has_each_clip_its_words_its_account_and_the_rights(
    client: FlaskClient, two: Path, tmp_path: Path
) -> None:
    answer = ask(client, SECOND, FIRST, to="/basket.zip", **{"as": "wav"})
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


def test_one_file_has_all_passages_one_after_another_with_silence_between(client: FlaskClient, tmp_path: Path) -> None:
    answer = ask(client, SECOND, FIRST, "tones@8,9", to="/basket.wav")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert "basket-3-passages.wav" in answer.headers["Content-Disposition"]
    with wave.open(io.BytesIO(answer.data)) as file:
        rate, heard = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert heard.size == rate * (2 + 0.5 + 2.5 + 0.5 + 1)
    at = [int(rate * moment) for moment in (0.1, 1.1, 2.6, 3.6, 5.6)]
    assert [round(pitch(heard[place : place + 6000], rate), -1) for place in at] == [450, 500, 300, 350, 600]
    assert not heard[2 * rate + 50 : int(2.5 * rate) - 50].any()
    (tmp_path / "joined.mp3").write_bytes(ask(client, SECOND, FIRST, to="/basket.mp3").data)
    tags = mutagen.File(tmp_path / "joined.mp3").tags
    assert str(tags["TIT2"]) == "2 passages of The quay; A tape of tones"


def test_one_file_comes_with_its_account_and_its_words_in_a_zip(client: FlaskClient, two: Path, tmp_path: Path) -> None:
    links = [each["href"] for each in parse(ask(client, SECOND, FIRST).text).one("section.downloads").all("a")]
    assert f"/basket.zip?p={SECOND}&p={FIRST}&as=mp3&one=" in links
    answer = ask(client, SECOND, FIRST, to="/basket.zip", **{"as": "wav", "one": ""})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "basket-2-passages.zip" in answer.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(answer.data)) as packed:
        packed.extractall(tmp_path)
        one = "basket-2-passages.wav"
        assert packed.namelist() == [one, f"{one}.json", f"{one}.vtt", "sources-and-rights.txt"]
    assert (tmp_path / one).read_bytes() == ask(client, SECOND, FIRST, to="/basket.wav").data
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


def test_the_same_file_is_joined_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(client, FIRST, SECOND, to="/basket.flac")
    monkeypatch.setattr("player.web.serving.kept_baskets.make_joined", None)
    again = ask(client, FIRST, SECOND, to="/basket.flac")
    assert (again.status_code, again.data) == (200, first.data)
    assert client.head(f"/basket.flac?p={SECOND}&p={FIRST}").status_code == 500, "another order is another file"


def test_the_same_zip_is_cut_once_and_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(client, FIRST, to="/basket.zip")
    monkeypatch.setattr("player.web.serving.kept_baskets.zip_clips", None)
    again = ask(client, FIRST, to="/basket.zip")
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    part = client.get(f"/basket.zip?p={FIRST}", headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"PK\x03\x04")


def test_its_commands_cut_the_same_passages(
    client: FlaskClient, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    html = parse(ask(client, SECOND, "tones@first").text)
    for_all, one_by_one, *_ = html.all("pre")
    (tmp_path / "basket.csv").write_bytes(ask(client, SECOND, "tones@first", to="/basket.csv").data)
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
def test_another_kind_of_download_is_none(client: FlaskClient, ext: str) -> None:
    assert ask(client, FIRST, to=f"/basket.{ext}").status_code == 404


def test_clips_of_another_kind_are_none(client: FlaskClient) -> None:
    assert ask(client, FIRST, to="/basket.zip", **{"as": "../mp3"}).status_code == 404
    assert ask(client, to="/basket.zip").status_code == 400


def test_what_is_closed_is_told_as_closed_and_goes_into_no_download(tmp_path: Path) -> None:
    root = write_closed(
        tmp_path / "archive",
        '[[closed]]\nstart = "0:05"\nend = "0:07"\nuntil = "2999"\nreason = "A family asked for it."\n',
    )
    client = create_app(root).test_client()
    answer = ask(client, "tones@2,4.5", "tones@4.8,8")
    good, bad = rows(answer)
    assert words(good) == "0:02 Ada One two three."
    assert "second voice" not in answer.text
    assert "closed until 2999" in why(bad)
    assert "A family asked for it." in why(bad)
    refused = ask(client, "tones@4.8,8", to="/basket.zip")
    assert refused.status_code == 403
    assert "closed until 2999" in refused.text
    assert ask(client, "tones@2,4.5", "tones@4.8,8", to="/basket.wav").status_code == 403


def test_a_recording_that_is_hidden_is_not_told_from_one_that_is_not_there(two: Path) -> None:
    client = create_app(two).test_client()
    record = two / "transcripts" / "quay" / "recording.toml"
    record.write_text(record.read_text("utf-8") + '\n[access]\nstate = "draft"\n', encoding="utf-8")
    hidden, missing = rows(ask(client, "quay@2,4", "quax@2,4"))
    assert why(hidden).replace("quay", "quax") == why(missing)
    assert ask(client, "quay@2,4", to="/basket.zip").status_code == 404


def test_the_notice_of_a_reading_and_what_should_be_known_stand_with_its_passage(two: Path) -> None:
    record = two / "transcripts" / "quay" / "recording.toml"
    told = 'kind = "reading"\nnotice = "A reading, not the tape."\nadvice = "It speaks of a storm."\n'
    record.write_text(told + record.read_text("utf-8"), encoding="utf-8")
    client = create_app(two).test_client()
    row = rows(ask(client, SECOND))[0]
    assert row.one("p.notice").text == "A reading, not the tape."
    assert row.one("p.advice").text == "Before you listen: It speaks of a storm."
    assert "basket-1-passage-reading.mp3" in ask(client, SECOND, to="/basket.mp3").headers["Content-Disposition"]
    assert "quay-reading" in "".join(ZipFile(io.BytesIO(ask(client, SECOND, to="/basket.zip").data)).namelist())


def test_a_former_name_of_a_recording_still_leads_to_its_passage(two: Path) -> None:
    record = two / "transcripts" / "quay" / "recording.toml"
    record.write_text('formerly = ["pier"]\n' + record.read_text("utf-8"), encoding="utf-8")
    row = rows(ask(create_app(two).test_client(), "pier@5,7"))[0]
    assert words(row) == "0:05 Ben A second voice."
    assert row["data-asked"] == "pier@5,7"


def test_a_sound_that_is_not_there_leaves_the_words(two: Path) -> None:
    (two / "media" / "quay.wav").unlink(missing_ok=True)
    record = two / "transcripts" / "quay" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace('media = "tones.wav"', 'media = "quay.wav"'), encoding="utf-8")
    row = rows(ask(create_app(two).test_client(), SECOND))[0]
    assert words(row) == "0:05 Ben A second voice."
    assert "missing at the moment" in why(row)


def test_robots_are_asked_to_stay_away(client: FlaskClient) -> None:
    for address in ("/basket", f"/basket?p={FIRST}", f"/basket.zip?p={FIRST}"):
        assert "noindex" in client.head(address).headers["X-Robots-Tag"]


def test_a_real_server_sends_a_basket(two: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(two)]
    with started(command) as address:
        asked = f"{address}/basket.zip?p={FIRST}&p={SECOND}"
        with urlopen(asked, timeout=LIMIT) as answer:  # noqa: S310  # the server that was just started
            (tmp_path / "basket.zip").write_bytes(answer.read())
    assert ZipFile(tmp_path / "basket.zip").testzip() is None


def test_a_passage_is_moved_by_one_place() -> None:
    assert moved("abc", up=3) == ["a", "c", "b"]
    assert moved("abc", down=3) == ["a", "b", "c"]
    assert moved("abc", down=1) == ["b", "a", "c"]
