"""A recording's page, its text, its lines and its files say what is closed, and have none of it."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import re
import time
from typing import TYPE_CHECKING

import pytest
from editors import editors_client
from html_elements import Element, parse
from shut_tones import CLOSED_WORDS, CONTACT, PASSAGE, REASON, SILENCE, WORDS, add, settle, translate, write_shut

from player.archive.translation import words_digest
from player.archive.webvtt.reading import parse as read_webvtt
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PAGE = "/recordings/tones"
PEOPLE = """\
[[person]]
id = "ada"
name = "Ada Lovelace"
role = "singer"
sources = ["log"]
"""
LINE = f"{PAGE}/lines/closed-5000"


def client_of(root: Path) -> FlaskClient:
    return create_app(root).test_client()


def access(**parts: str) -> str:
    return "\n[[access]]\n" + "".join(f'{name} = "{value}"\n' for name, value in parts.items())


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an archive of whose recording a passage is closed, and of another passage the sound."""
    root = write_shut(tmp_path_factory.mktemp("shut") / "archive", SILENCE, PASSAGE)
    translate(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("PLAYER_COPY_MEGABYTES", "10")
        client = client_of(root)
        client.get(PAGE)
        made(client)
        yield client


def made(client: FlaskClient) -> None:
    """Wait until the copy is made that a page asked for."""
    client.application.extensions["access_worker"].join()


@pytest.fixture(scope="module")
def page(shut: FlaskClient) -> Element:
    return parse(shut.get(PAGE).text)


def test_one_line_stands_in_place_of_those_that_are_closed(page: Element) -> None:
    line = page.one("p.shut")
    assert (line["id"], line["data-start"], line["data-end"]) == ("cue-closed-5000", "5000", "7000")
    assert line.text == f"0:05 [closed until 2999] {REASON}"
    assert line.one("a.time")["href"] == "?t=5#cue-closed-5000"
    assert [each.text for each in page.all("p.turn")] == ["Ada", "Ada"]


def test_what_is_closed_of_the_sound_alone_is_said_above_its_first_line(page: Element) -> None:
    texts = [each.text for each in page.one("section.transcript").children if isinstance(each, Element)]
    assert texts.index("Sound closed, 0:02 to 0:03: A bell.") + 1 == next(
        number for number, text in enumerate(texts) if text.startswith("0:02 One two three.")
    )
    assert [each["id"] for each in page.all("div.silent")] == ["cue-first"]


def test_a_list_says_what_is_closed_until_when_why_and_whom_to_ask(page: Element) -> None:
    section = page.one("#closed")
    assert [(each.one("dt").text, each.one("dd").text) for each in section.one("dl").all("div")] == [
        ("0:02 to 0:03", "Sound closed: A bell."),
        ("0:05 to 0:07", f"Sound and words closed until 2999: {REASON}."),
    ]
    assert [each["href"] for each in section.all("a")] == [
        f"{PAGE}?t=2.5",
        f"{PAGE}?t=5#cue-closed-5000",
        f"mailto:{CONTACT}",
    ]
    assert page.one("p.provenance").one("a")["href"] == "#closed"


def test_a_page_of_which_something_is_closed_may_be_found_by_search_engines(shut: FlaskClient) -> None:
    assert "noindex" not in shut.get(PAGE).headers["X-Robots-Tag"]


def test_the_timeline_shows_where_it_is(page: Element) -> None:
    marks = [(each["x"], each["width"]) for each in page.all("rect.shut-span")]
    assert marks == [("25.0000%", "5.0000%"), ("55.0000%", "5.0000%")]
    assert page.one("recording-player")["data-closed"] == "2500-3000 5500-6000"


@pytest.mark.parametrize(
    "address",
    [
        *(f"{PAGE}{rest}" for rest in ("", "?t=5", "?q=sarabande", "/text", "/text?language=es", "/cite?t=5,7")),
        *(f"{PAGE}/{rest}" for rest in ("transcript.vtt", "transcript.es.vtt", "lines/first", "lines/last")),
        LINE,
    ],
)
def test_nothing_of_it_is_anywhere(shut: FlaskClient, address: str) -> None:
    answer = shut.get(address)
    assert answer.status_code == 200
    # What was asked for stands in the field, and in what says that nothing was found.
    shown = answer.text.replace('value="sarabande"', "").replace("“sarabande”", "")
    assert not [word for word in CLOSED_WORDS if word in shown]


def test_its_own_lines_are_not_there(shut: FlaskClient) -> None:
    assert shut.get(f"{PAGE}/lines/c3").status_code == 404
    line = parse(shut.get(LINE).text).one("dl.about-line")
    assert [each.text for each in line.all("dt")] == ["Time", "Words", "Why closed", "Link", "Citation", "Passage"]
    first = parse(shut.get(f"{PAGE}/lines/first").text)
    assert not first.all("a.cut")
    assert parse(shut.get(f"{PAGE}/lines/last").text).all("a.cut")


def test_the_text_says_so_and_who_speaks_is_named_again(shut: FlaskClient) -> None:
    words = parse(shut.get(f"{PAGE}/text?language=es").text).one("div.words")
    assert [each.text for each in words.children if isinstance(each, Element)] == [
        "Ada", "Silencio. Uno dos tres.", f"[closed until 2999] {REASON}", "Ada", "El fin.",
    ]  # fmt: skip
    assert words.one("span")["lang"] == "en"


def test_the_files_are_written_anew_without_it(shut: FlaskClient, tmp_path: Path) -> None:
    said = read_webvtt(tmp_path, shut.get(f"{PAGE}/transcript.vtt").text)
    assert [(cue.id, cue.text, str(*cue.citations)) for cue in said.cues] == [
        ("opening", "Silence & hum.", "log, p. 1"),
        ("first", "One two three.", "log, p. 2"),
        ("closed-5000", "[closed until 2999]", ""),
        ("last", "The end.", ""),
    ]
    assert said.media_sha256
    translated = read_webvtt(tmp_path, shut.get(f"{PAGE}/transcript.es.vtt").text)
    assert [cue.text for cue in translated.cues] == ["Silencio.", "Uno dos tres.", "[closed until 2999]", "El fin."]
    # The digest of the whole words would let anybody try what the closed ones are.
    assert translated.header == (
        ("Language", "spa"),
        ("Local Usage Element", f"[Translated by] Eve; [Transcript words SHA-256] {words_digest(said.cues)}"),
    )


def test_a_file_is_written_of_whatever_the_names_are(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "archive")
    folder = root / "transcripts" / "tones"
    for name, old, new in (
        ("transcript.vtt", "<v Ada>The end.", "<v Ada>The <i>end</i>.</v> <v Ben>The end."),
        ("recording.toml", 'name = "Ada"', 'name = "Ada"\ndisplay_name = " A  <singer>\\n"'),
        ("recording.toml", 'name = "Ben"', 'name = "Ben"\ndisplay_name = "A <singer>"'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    answer = client_of(root).get(f"{PAGE}/transcript.vtt")
    assert answer.status_code == 200
    last = read_webvtt(tmp_path, answer.text).cues[-1]
    assert [(turn.speaker, turn.text) for turn in last.turns] == [("A <singer>", "The end. The end.")]


def test_who_has_a_file_from_before_is_not_told_that_it_is_right_still(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "archive")
    client = client_of(root)
    before = client.get(f"{PAGE}/transcript.vtt")
    assert before.data == (root / "transcripts" / "tones" / "transcript.vtt").read_bytes()
    tag = {"If-None-Match": before.headers["ETag"]}
    assert client.get(f"{PAGE}/transcript.vtt", headers=tag).status_code == 304
    add(root / "transcripts" / "tones" / "recording.toml", PASSAGE)
    after = client.get(f"{PAGE}/transcript.vtt", headers=tag)
    assert (after.status_code, "sarabande" in after.text) == (200, False)


def test_until_there_is_a_copy_without_what_is_closed_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = client_of(write_shut(tmp_path / "never", PASSAGE))
    assert parse(never.get(PAGE).text).one("p.withheld").text == (
        "The sound cannot be played at the moment. There is no copy yet that is silent where it is closed. "
        f"The transcript and the notes can be read. Contact: {CONTACT}"
    )
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "10")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    client = client_of(write_shut(tmp_path / "archive", PASSAGE))
    before = client.get(PAGE).text
    assert parse(before).one("p.withheld").text.startswith("The sound will be here when its copy is made:")
    for page in (before, never.get(PAGE).text):
        assert not parse(page).all("audio")
        assert "not held" not in page
        assert "If nothing plays" not in page
    made(client)
    after = parse(client.get(PAGE).text)
    assert len(after.all("audio")) == 1
    assert not after.all("p.withheld")


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (access(sound="closed", until="2999", reason="Sealed"), "The sound is closed until 2999: Sealed."),
        (access(sound="on request"), "The sound can be heard on request."),
        (access(sound="closed", reason="Ask first!"), "The sound is closed: Ask first!"),
        (access(sound="draft"), "The sound is not published yet."),
    ],
)
def test_a_sound_that_is_withheld_is_never_said_to_be_missing(tmp_path: Path, what: str, sentence: str) -> None:
    client = client_of(write_shut(tmp_path / "archive", what))
    page = parse(client.get(PAGE).text)
    head = page.one("header.title")
    assert head.one("p.withheld").text == (f"{sentence} The transcript and the notes can be read. Contact: {CONTACT}")
    assert "not held" not in page.text
    assert not page.all("audio")
    assert not page.all("section.transport")
    for address in ("/media/tones", "/media/tones/access", f"{PAGE}/waveform.svg"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype, answer.headers["X-Robots-Tag"]) == (
            403, "text/html", "noindex, noai, noimageai",
        )  # fmt: skip
        assert "The sound of &#34;A tape of tones&#34;" in answer.text


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"sound": "closed"}, "Read the transcript"),
        ({"sound": "closed", "transcript": "closed", "notes": "closed"}, "Read the record"),
    ],
)
def test_the_list_says_what_can_be_read_where_nothing_can_be_heard(
    tmp_path: Path, what: dict[str, str], told: str
) -> None:
    client = client_of(write_shut(tmp_path / "archive", access(until="2999", **what)))
    card = parse(client.get("/").text).one("li.record")
    assert card.one("p.action").text == told
    assert "closed until 2999" in card.one("p.mark").text


def test_words_and_notes_that_are_withheld_are_said_to_be(tmp_path: Path) -> None:
    root = write_shut(
        tmp_path / "archive", access(transcript="closed", until="2999"), access(notes="on request", reason="Unrevised.")
    )
    translate(root)
    client = client_of(root)
    page = parse(client.get(PAGE).text)
    assert page.one("p.absent").text == f"The transcript is closed until 2999. Contact: {CONTACT}"
    assert page.one("header.title").one("p.withheld").text == (
        f"The notes can be read on request: Unrevised. Contact: {CONTACT}"
    )
    assert not page.all(".cue")
    assert not page.all("aside.note")
    for address in ("transcript.vtt", "transcript.es.vtt", "text", "lines/first", "lines/none"):
        answer = client.get(f"{PAGE}/{address}")
        assert (answer.status_code, parse(answer.text).one("h1").text) == (403, "Closed until 2999")
        assert CONTACT in answer.text


def everything(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    return answer.status_code, sorted(answer.headers), answer.text


def below(slug: str) -> list[str]:
    """Give the addresses that a recording has, or might have one day."""
    page = f"/recordings/{slug}"
    return [
        *(page, f"{page}?t=2", f"{page}?t=nonsense", f"{page}?q=hum", f"{page}/", f"{page}/embed", f"{page}/a/b"),
        *(f"{page}/{rest}" for rest in ("transcript.vtt", "transcript.es.vtt", "transcript.xx.vtt", "waveform.svg")),
        *(f"{page}/{rest}" for rest in ("text", "text?language=zz", "lines/first", "lines/none", "cite", "cite.bib")),
        *(f"{page}/{rest}" for rest in ("cite?t=x", "cite.none", "clip.mp3?t=2,4", "clip.wav", "clip.exe?t=x")),
        *(f"/media/{slug}", f"/media/{slug}?v=1-1", f"/media/{slug}/access", f"/media/{slug}/none"),
        *(f"/search/sound/{slug}", f"/search/sound/{slug}?v=1"),
    ]


@pytest.mark.parametrize("why", ["closed", "on request", "draft", "unreadable"])
def test_a_recording_that_is_withheld_is_answered_as_one_that_never_was(tmp_path: Path, why: str) -> None:
    table = "nonsense" if why == "unreadable" else access(record=why, reason="Nobody is told this.")
    root = write_shut(tmp_path / "archive", table)
    client = client_of(root)
    for there, never in zip(below("tones"), below("nones"), strict=True):
        asked, none = (everything(client.get(address)) for address in (there, never))
        assert asked[0] == 404
        assert (asked[0], asked[1], asked[2].replace("tones", "nones")) == none
        headers = {"If-None-Match": "*", "Range": "bytes=0-1"}
        assert everything(client.get(there, headers=headers))[0] == 404
        assert client.head(there).headers == client.get(there).headers
        assert "ETag" not in dict(asked[1])


def test_one_that_was_withdrawn_leaves_a_page_that_says_so_at_every_address(tmp_path: Path) -> None:
    withdrawal = '\n[withdrawal]\ndate = "2026-05-03"\nreason = "At the <narrator\'s> wish."\ndecided_by = "Quillon"\n'
    root = write_shut(tmp_path / "archive", PASSAGE, withdrawal)
    client = client_of(root)
    answers = {address: client.get(address) for address in below("tones")}
    assert {answer.status_code for answer in answers.values()} == {410}
    pages = {answer.text for answer in answers.values()}
    small = answers["/recordings/tones/embed"].text
    assert len(pages - {small}) == 1
    page = parse((pages - {small}).pop())
    assert parse(small).one("main").text == page.one("main").text
    assert [each.text for each in page.one("main").all("p")] == [
        "410",
        "What was at this address was withdrawn on 3 May 2026.",
        "At the <narrator's> wish.",
        f"Contact: {CONTACT}",
        "Go to the recordings",
    ]
    answer = answers["/media/tones"]
    for word in ("tones", "tape", "Quillon", *CLOSED_WORDS):
        assert word not in answer.text.replace(CONTACT, "")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "ETag" not in answer.headers


def test_a_page_that_is_kept_is_not_sent_after_something_was_closed(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "archive")
    settle(root)
    client = client_of(root)
    record = root / "transcripts" / "tones" / "recording.toml"
    packed = {"Accept-Encoding": "gzip"}  # as it is sent again without the application being asked
    assert "sarabande" in client.get(PAGE).text
    tag = {"If-None-Match": client.get(PAGE).headers["ETag"]}
    assert client.get(PAGE, headers=tag).status_code == 304
    assert "sarabande" in [plain(client.get(PAGE, headers=packed)) for _ in range(2)][1]
    add(record, PASSAGE)
    assert "sarabande" not in plain(client.get(PAGE, headers=packed))
    after = client.get(PAGE, headers=tag)
    assert (after.status_code, "sarabande" in after.text) == (200, False)
    settle(root)
    assert "[closed until 2999]" in [plain(client.get(PAGE, headers=packed)) for _ in range(2)][1]
    add(record, '\n[withdrawal]\ndate = "2026-05-03"\n')
    assert client.get(PAGE, headers=packed).status_code == 410
    assert client.get(PAGE, headers=tag).status_code == 410


def plain(answer: TestResponse) -> str:
    return gzip.decompress(answer.data).decode()


def test_a_page_that_is_kept_is_made_anew_when_the_day_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_shut(tmp_path / "archive", WORDS.replace('"2999"', '"2041"\nopens = "by itself"'))
    settle(root)
    today, passed, moment = [dt.date(2041, 12, 31)], [0], time.monotonic
    monkeypatch.setattr("player.archive.gate.clock.Clock.day", lambda _: today[0])
    monkeypatch.setattr("player.web.serving.kept_pages.time.monotonic", lambda: moment() + passed[0])
    app = create_app(root)
    app.extensions["index"].look()
    app.extensions["index"].is_watched = lambda: True  # it sees the other day too
    client = app.test_client()
    shown = []
    for day in (dt.date(2041, 12, 31), dt.date(2042, 1, 1), dt.date(2041, 6, 1)):
        today[0] = day
        passed[0] += 2  # seconds: within one, a page counts as seen
        shown.append("sarabande" in client.get(PAGE).text)
    assert shown == [False, True, False]


def test_a_name_that_becomes_private_is_gone_from_a_page_that_is_kept(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "archive")
    record = root / "transcripts" / "tones" / "recording.toml"
    record.write_text(
        record.read_text(encoding="utf-8").replace('name = "Ada"\n', 'name = "Ada"\nperson = "ada"\n'), encoding="utf-8"
    )
    people = root / "transcripts" / "people.toml"
    people.write_text(PEOPLE, encoding="utf-8")
    settle(root)
    app = create_app(root)
    client = app.test_client()
    assert ">Ada<" in client.get(PAGE).text
    add(people, 'private = true\ndisplay_name = "A <singer>"\n')
    # Without a look of the index, which may be a second and a half away.
    app.extensions["index"].is_watched = lambda: True
    page = parse(client.get(PAGE).text)
    assert [each.text for each in page.all("p.turn")] == ["A <singer>", "Ben", "A <singer>"]
    for address in (PAGE, f"{PAGE}/text", f"{PAGE}/transcript.vtt", f"{PAGE}/lines/first", f"{PAGE}/cite"):
        shown = client.get(address).text.replace("Who Ada is", "")
        assert not re.search(r"\bAda\b|Lovelace", shown), address
    assert "<v A &lt;singer&gt;>One" in client.get(f"{PAGE}/transcript.vtt").text


def test_neither_log_nor_page_has_words_of_a_file_that_is_not_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = write_shut(tmp_path / "archive", PASSAGE)
    folder = root / "transcripts" / "tones"
    add(folder / "annotations.toml", 'sarabande = "zarabanda"\n')
    with caplog.at_level(logging.DEBUG):
        page = client_of(root).get(PAGE)
        add(folder / "recording.toml", '\nQuillon = "Quarrel"\n')
        client_of(root).get(PAGE)
        client_of(root).get("/")
    assert page.status_code == 200
    assert "There are notes, but they cannot be read" in page.text
    assert not [word for word in CLOSED_WORDS if word in caplog.text + page.text]
    assert "recording.toml:" in caplog.text
    assert "annotations.toml:" in caplog.text


def test_a_shared_cache_has_to_ask_before_it_hands_on_a_sound(tmp_path: Path) -> None:
    client = client_of(write_shut(tmp_path / "archive"))
    address = parse(client.get(PAGE).text).one("audio")["src"].partition("#")[0]
    told = client.get(address).headers["Cache-Control"].split(", ")
    assert {"immutable", "max-age=31536000", "s-maxage=0"} <= set(told)


def test_those_who_prepare_it_see_that_it_is_a_draft(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "archive", access(transcript="draft"), access(notes="closed", until="2999"))
    visitors, editors = client_of(root), editors_client(root)
    for address in (PAGE, f"{PAGE}/text", f"{PAGE}/lines/first"):
        seen = parse(editors.get(address).text)
        assert seen.one("p.draft").text == "Draft: transcript"
        assert seen.one("p.drafts").text.startswith("Drafts are shown.")
        assert "Draft" not in visitors.get(address).text
    assert "The notes are closed until 2999." in editors.get(PAGE).text
    seen = parse(visitors.get(PAGE).text)
    assert seen.one("p.absent").text.startswith("The transcript is not published yet.")
    assert next(each.text for each in seen.one("#closed").all("p")) == "The notes are closed until 2999."


@pytest.mark.parametrize(
    ("tables", "mark"),
    [
        ([WORDS], "in step, closed in part"),
        ([access(sound="closed", until="2999")], "sound closed until 2999"),
        ([access(transcript="on request")], "transcript on request"),
        ([access(sound="closed", transcript="closed")], "closed"),
    ],
)
def test_lists_say_it_beside_how_far_it_can_be_followed(tmp_path: Path, tables: list[str], mark: str) -> None:
    shelf = parse(client_of(write_shut(tmp_path / "archive", *tables)).get("/").text)
    assert shelf.one("p.mark").text == mark
    assert shelf.one("p.mark").all("circle" if "in step" in mark else "path")
    assert "not held" not in shelf.text
