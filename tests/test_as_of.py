"""A transcript is read as it stood, and the addresses that its lines had before lead to where their words are."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import pytest
from flask.testing import FlaskClient
from html_elements import parse
from storied_archive import ONE, THREE, write_storied

from player.archive.webvtt.reading import read_transcript
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

PAGE: Final = "/recordings/tones"
FILE: Final = f"{PAGE}/transcript.vtt"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive, whose transcript was changed three times; only to be read."""
    return write_storied(tmp_path_factory.mktemp("storied") / "archive")


@pytest.fixture(scope="module")
def client(read: Path) -> FlaskClient:
    """A client of its application."""
    return create_app(read).test_client()


@pytest.fixture
def storied(read: Path, tmp_path: Path) -> Path:
    """The same archive, this test's own."""
    return shutil.copytree(read, tmp_path / "archive")


def ask(of: Path | FlaskClient, address: str) -> TestResponse:
    return of.get(address) if isinstance(of, FlaskClient) else create_app(of).test_client().get(address)


def said(page: TestResponse) -> str:
    """Give what stands at the head of an earlier version."""
    return parse(page.text).one("p.as-of").text


def test_a_version_is_read_by_its_number_and_by_a_day_and_says_so_at_its_head(client: FlaskClient) -> None:
    page = ask(client, f"{PAGE}?as-of=1")
    assert page.status_code == 200
    assert "One two trees." in page.text
    assert said(page) == (
        "This is an earlier version of the transcript: version 1, of 20 November 2026. It was changed since twice, "
        "by Bo and Ines Keeper, last on 29 November 2026. Notes and translations are those of today, and are on "
        "the page as it is today."
    )
    assert f'<a href="{PAGE}">the page as it is today</a>' in page.text
    for day, text in (("2026-11-19", "three."), ("2026-11-21", "trees."), ("2026-11-22", "b1"), ("2026-12-31", "b1")):
        assert text in ask(client, f"{PAGE}?as-of={day}").text
    first = said(ask(client, f"{PAGE}?as-of=0"))
    assert "version 0, from before the first change on 20 November 2026. It was changed since 3 times" in first
    now = said(ask(client, f"{PAGE}?as-of=3"))
    assert now.startswith("This is version 3, of 29 November 2026, which is the transcript as it is today")


def test_it_is_not_for_search_engines_and_no_clip_of_other_words_is_offered(client: FlaskClient) -> None:
    page = ask(client, f"{PAGE}?as-of=1")
    assert '<meta name="robots" content="noindex">' in page.text
    assert f'<link rel="canonical" href="http://localhost{PAGE}">' in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "clip.mp3" not in page.text
    assert "transcript.vtt" not in page.text
    assert "no clips can be cut" not in page.text
    today = ask(client, PAGE)
    assert "noindex" not in today.text
    assert "clip.mp3" in today.text
    assert 'class="as-of' not in today.text


def test_links_within_it_stay_in_it(client: FlaskClient) -> None:
    page = ask(client, f"{PAGE}?as-of=1&q=trees").text
    assert 'href="?as-of=1&amp;t=2#cue-first"' in page
    assert f"{PAGE}/text?as-of=1" in page
    assert 'data-at="?as-of=1"' in page
    assert '<input type="hidden" name="as-of" value="1">' in page
    assert f"{PAGE}?t=2&amp;q=trees&amp;as-of=1#cue-first" in page
    line = ask(client, f"{PAGE}/lines/first?as-of=1")
    assert "trees." in line.text
    assert f"{PAGE}/lines/opening?as-of=1" in line.text


def test_the_text_alone_is_read_as_it_stood_too(client: FlaskClient) -> None:
    page = ask(client, f"{PAGE}/text?as-of=2026-11-20")
    assert "One two trees." in page.text
    assert "version 1, of 20 November 2026" in said(page)
    assert "A second voice" not in ask(client, f"{PAGE}/text").text


def test_the_file_of_its_words_is_had_as_it_stood_too(client: FlaskClient, tmp_path: Path) -> None:
    file = ask(client, f"{FILE}?as-of=1")
    assert (file.status_code, file.mimetype) == (200, "text/vtt")
    (tmp_path / "was.vtt").write_bytes(file.data)
    (tmp_path / "as.vtt").write_text(ONE, encoding="utf-8")
    was, wanted = (read_transcript(tmp_path / name).lines for name in ("was.vtt", "as.vtt"))
    assert [(line.id, line.text, line.turns) for line in was] == [(line.id, line.text, line.turns) for line in wanted]
    assert ask(client, FILE).data == ask(client, f"{FILE}?as-of=3").data == THREE.encode()


def test_what_names_no_version_is_told_kindly(client: FlaskClient) -> None:
    wanted = "names no version of a transcript; ask for one by its number, as in ?as-of=12"
    for asked in ("", "x", "-1", "2026-02-30", "1e9", "9" * 5000, "\u0661", "<script>"):
        page = client.get(PAGE, query_string={"as-of": asked})
        assert (page.status_code, asked, wanted in page.text) == (400, asked, True)
        assert "<script>" not in page.text
    for address in (PAGE, f"{PAGE}/text", f"{PAGE}/cite", f"{PAGE}/lines/last", FILE):
        page = ask(client, f"{address}?as-of=4")
        assert page.status_code == 404
        assert "There is no version 4 of the transcript of" in page.text
        assert "the last is 3" in page.text
        assert ask(client, f"{address}?as-of=x").status_code == 400


def test_without_a_history_there_is_no_earlier_version(archive: Path) -> None:
    page = ask(archive, f"{PAGE}?as-of=1")
    assert page.status_code == 404
    assert "No earlier version of the transcript of" in page.text
    today = ask(archive, PAGE).text
    assert not any(each in today for each in ("as-of", "transcript version", 'class="lost"', '<span id="cue-'))


def test_an_old_address_of_a_line_leads_to_its_first_successor(client: FlaskClient) -> None:
    answer = ask(client, f"{PAGE}/lines/first")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{PAGE}/lines/a1")
    page = ask(client, PAGE).text
    line = parse(page).one("#cue-a1")
    assert '<span id="cue-first"></span>0:02' in page
    assert line.text.startswith("0:02 One two")
    assert page.count('id="cue-first"') == 1
    cited = ask(client, f"{PAGE}/cite?line=first")
    assert "?as-of=3#t=2,4.5" in cited.text
    assert "?as-of=3#t=0,4.5" in ask(client, f"{PAGE}/cite?line=opening..first").text
    assert ask(client, f"{PAGE}/cite?line=c3").status_code == 404
    assert "cite?t=2,3" in ask(client, f"{PAGE}?line=first").text


def test_a_line_that_is_gone_says_so_and_where_it_can_be_read(client: FlaskClient) -> None:
    answer = ask(client, f"{PAGE}/lines/c3")
    assert answer.status_code == 410
    assert "The line “c3” is no longer in the transcript of “A tape of tones”" in answer.text.replace(
        "<bdi>", ""
    ).replace("</bdi>", "")
    assert f'href="{PAGE}?as-of=2#cue-c3"' in answer.text
    assert 'id="cue-c3"' in ask(client, f"{PAGE}?as-of=2").text
    page = ask(client, PAGE).text
    assert f'<a id="cue-c3" href="{PAGE}/lines/c3" rel="nofollow">' in page
    assert "no longer in the transcript" in page
    assert ask(client, f"{PAGE}/lines/never").status_code == 404


def test_a_kept_page_is_made_anew_when_the_history_changes(storied: Path) -> None:
    client = create_app(storied).test_client()
    assert 'id="cue-c3"' in client.get(PAGE).text
    place = storied / "transcripts" / "tones" / "history"
    for each in place.iterdir():
        each.unlink()
    place.rmdir()
    assert 'id="cue-c3"' not in client.get(PAGE).text


def close(archive: Path, text: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[[closed]]\n{text}\n", encoding="utf-8")


def test_what_is_closed_today_is_closed_in_every_version_and_at_every_old_address(storied: Path) -> None:
    close(storied, 'cue = "b1"')
    for address in (
        f"{PAGE}?as-of=0",
        f"{PAGE}?as-of=1",
        f"{PAGE}/text?as-of=1",
        f"{PAGE}?as-of=2026-11-22",
        f"{FILE}?as-of=1",
    ):
        page = ask(storied, address)
        assert page.status_code == 200
        assert "[closed]" in page.text
        assert not any(word in page.text for word in ("trees", "three", "One two three", "cue-first"))
    # The line that was divided went in part where it is closed: nobody is told that there was one.
    assert ask(storied, f"{PAGE}/lines/first").status_code == 404
    assert ask(storied, f"{PAGE}/lines/first?as-of=1").status_code == 404
    assert ask(storied, f"{PAGE}/lines/b1").status_code == 404
    assert ask(storied, f"{PAGE}/cite?line=first").status_code == 404
    assert "cue-first" not in ask(storied, PAGE).text


def test_a_gone_line_that_lay_where_it_is_closed_now_is_not_there(storied: Path) -> None:
    close(storied, 'start = "0:05"\nend = "0:06"\nwhat = "words"')
    assert ask(storied, f"{PAGE}/lines/c3").status_code == 404
    assert "cue-c3" not in ask(storied, PAGE).text
    assert "second voice" not in ask(storied, f"{PAGE}?as-of=1").text


def test_who_has_changed_it_is_not_named_where_the_name_is_not_shown(storied: Path) -> None:
    people = storied / "transcripts" / "people.toml"
    people.write_text(
        '[[person]]\nid = "ines"\nname = "Ines Keeper"\nrole = "clerk"\nsources = ["log"]\nprivate = true\n',
        encoding="utf-8",
    )
    page = ask(storied, f"{PAGE}?as-of=1")
    assert "by Bo and Name withheld, last on" in said(page)
    assert "Ines" not in page.text


def test_a_transcript_that_is_withheld_has_no_versions(storied: Path) -> None:
    path = storied / "transcripts" / "tones" / "recording.toml"
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[access]\ntranscript = "closed"\n', encoding="utf-8")
    asked = (
        f"{PAGE}?as-of=1",
        f"{PAGE}/text?as-of=1",
        f"{PAGE}/cite?as-of=1",
        f"{FILE}?as-of=1",
        f"{PAGE}/lines/first",
    )
    for address in asked:
        page = ask(storied, address)
        assert page.status_code == 403
        assert "trees" not in page.text
    assert "as-of" not in ask(storied, PAGE).text
    assert "as-of" not in ask(storied, f"{PAGE}/cite").text


def test_a_citation_names_the_version_of_the_words_and_leads_to_it(client: FlaskClient) -> None:
    page = ask(client, f"{PAGE}/cite?t=2,4").text
    assert "0:02–0:04, transcript version of November 29, 2026, accessed" in page
    assert "Transcript version of 29 Nov. 2026. http://localhost/recordings/tones?as-of=3#t=2,4." in page
    assert "Transcript version of November 29, 2026. Retrieved" in page
    assert "transcript version of November 22, 2026" in ask(client, f"{PAGE}/cite?t=2,4&as-of=2").text
    old = ask(client, f"{PAGE}/cite?line=c3&as-of=0").text
    assert "transcript version before 20 November 2026, accessed" in old
    assert "?as-of=0#t=5,7" in old
    (item,) = json.loads(ask(client, f"{PAGE}/cite.json?as-of=1").text)
    assert (item["version"], item["URL"]) == ("20 November 2026", "http://localhost/recordings/tones?as-of=1")
    assert "Transcript version of 20 November 2026." in item["note"]
    assert "transcript version of November 29, 2026" in ask(client, f"{PAGE}/lines/last").text
    assert 'data-version="transcript version of 29 November 2026" data-at="?as-of=3"' in ask(client, PAGE).text
    old = ask(client, f"{PAGE}?as-of=1").text
    assert 'data-cite="/recordings/tones/cite?as-of=1" data-version="transcript version of 20 November 2026">' in old
    assert 'data-address="http://localhost/recordings/tones?as-of=1"' in old


def test_words_changed_by_hand_since_are_of_no_version(storied: Path) -> None:
    path = storied / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(THREE.replace("The end", "An end"), encoding="utf-8")
    assert "transcript version" not in ask(storied, f"{PAGE}/cite?t=2,4").text
    page = ask(storied, f"{PAGE}?as-of=3")
    assert "The end." in page.text
    assert "It was changed since in a way that no version has yet." in said(page)


def test_a_version_that_cannot_be_made_any_more_says_so_without_a_path(storied: Path) -> None:
    for each in (storied / "transcripts" / "tones" / "history").glob("000[012]*"):
        each.unlink()
    page = ask(storied, f"{PAGE}?as-of=1")
    assert page.status_code in {404, 500}
    assert str(storied) not in page.text
    assert ask(storied, PAGE).status_code == 200
