"""A basket is in its address: passages of any recordings, in an order, each as visitors may see it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from basketing import FIRST, SECOND, ask, rows, why, words
from closings import write_closed
from html_elements import parse

from player.web.app import create_app
from player.web.pages.basket import LONGEST, MOST

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def test_passages_stand_in_the_order_of_the_address_with_their_words(visitor: FlaskClient) -> None:
    answer = ask(visitor, SECOND, FIRST)
    assert answer.status_code == 200
    first, second = rows(answer)
    assert words(first) == "0:05 Ben A second voice."
    assert words(second) == "0:02 Ada One two three."
    assert [each["href"] for each in second.all("a") if each.text == "A tape of tones"] == ["/recordings/tones?t=2,4.5"]
    assert "2 passages of 2 recordings · 4 seconds" in parse(answer.text).one("p.kicker").text


def test_without_javascript_each_is_heard_by_the_browsers_own_control(visitor: FlaskClient) -> None:
    row = rows(ask(visitor, FIRST))[0]
    source = row.one("noscript").one("source")["src"]
    assert source.startswith("/media/tones?v=")
    assert source.endswith("#t=2,4.5")
    assert visitor.head(source.partition("#")[0]).status_code == 200


def test_a_line_is_a_passage_and_half_of_one_has_the_words_that_are_heard(visitor: FlaskClient) -> None:
    by_line, lines, half = rows(ask(visitor, "tones@first", "tones@first..last", "tones@2.5,3"))
    assert words(by_line) == "0:02 Ada One two three."
    assert by_line.one("span.times").text == "0:02 to 0:04.5"
    assert lines.one("span.times").text == "0:02 to 0:10"
    assert words(half) == "0:02 Ada two"


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
    visitor: FlaskClient, passage: str, says: str, status: int
) -> None:
    answer = ask(visitor, FIRST, passage)
    assert answer.status_code == 200
    good, bad = rows(answer)
    assert words(good)
    assert says in why(bad)
    assert why(bad)
    assert "<b>" not in answer.text
    links = [each["href"] for each in parse(answer.text).one("section.downloads").all("a")]
    assert links
    assert [each for each in links if visitor.head(each).status_code != 200] == []
    assert ask(visitor, FIRST, passage, to="/basket.mp3").status_code == status
    refused = ask(visitor, FIRST, passage, to="/basket.zip")
    assert refused.status_code == status
    main = parse(refused.text).one("main")
    assert "Passage 2" in main.text
    (back,) = [each["href"] for each in main.all("a") if each.text == "Go to this basket"]
    assert [each["data-asked"] for each in rows(visitor.get(back))] == [FIRST, passage]


def test_all_recordings_that_are_there_are_counted_also_where_none_of_them_can_be_cut(visitor: FlaskClient) -> None:
    answer = ask(visitor, FIRST, "quay@500,501", "no-such@1,2")
    assert "3 passages of 2 recordings · 1 of them can be had · 2 seconds" in parse(answer.text).one("p.kicker").text


def test_what_is_no_passage_stands_on_the_page_without_what_turns_text_around(visitor: FlaskClient) -> None:
    row = rows(ask(visitor, "\u202etalk\x00@1"))[0]
    assert r"\u202etalk\x00@1" in row.one("h2").text


def test_a_basket_of_which_nothing_is_there_is_told_as_that(visitor: FlaskClient) -> None:
    assert ask(visitor, "nothing@2,4").status_code == 400


@pytest.mark.parametrize("to", ["/basket", "/basket.zip", "/basket.csv"])
@pytest.mark.parametrize("passages", [[FIRST] * (MOST + 1), [f"tones@{'0' * LONGEST}"]])
def test_a_basket_is_bounded(visitor: FlaskClient, to: str, passages: list[str]) -> None:
    assert ask(visitor, *passages, to=to).status_code == 414


def test_what_is_closed_is_told_as_closed_and_goes_into_no_download(tmp_path: Path) -> None:
    root = write_closed(
        tmp_path / "archive",
        '[[closed]]\nstart = "0:05"\nend = "0:07"\nuntil = "2999"\nreason = "A family asked for it."\n',
    )
    visitor = create_app(root).test_client()
    answer = ask(visitor, "tones@2,4.5", "tones@4.8,8")
    good, bad = rows(answer)
    assert words(good) == "0:02 Ada One two three."
    assert "second voice" not in answer.text
    assert "closed until 2999" in why(bad)
    assert "A family asked for it." in why(bad)
    refused = ask(visitor, "tones@4.8,8", to="/basket.zip")
    assert refused.status_code == 403
    assert "closed until 2999" in refused.text
    assert ask(visitor, "tones@2,4.5", "tones@4.8,8", to="/basket.wav").status_code == 403


def test_a_recording_that_is_hidden_is_not_told_from_one_that_is_not_there(two: Path) -> None:
    visitor = create_app(two).test_client()
    record = two / "transcripts" / "quay" / "recording.toml"
    record.write_text(record.read_text("utf-8") + '\n[access]\nstate = "draft"\n', encoding="utf-8")
    hidden, missing = rows(ask(visitor, "quay@2,4", "quax@2,4"))
    assert why(hidden).replace("quay", "quax") == why(missing)
    assert ask(visitor, "quay@2,4", to="/basket.zip").status_code == 404


def test_the_notice_of_a_reading_and_what_should_be_known_stand_with_its_passage(two: Path) -> None:
    record = two / "transcripts" / "quay" / "recording.toml"
    told = 'kind = "reading"\nnotice = "A reading, not the tape."\nadvice = "It speaks of a storm."\n'
    record.write_text(told + record.read_text("utf-8"), encoding="utf-8")
    visitor = create_app(two).test_client()
    row = rows(ask(visitor, SECOND))[0]
    assert row.one("p.notice").text == "A reading, not the tape."
    assert row.one("p.advice").text == "Before you listen: It speaks of a storm."
    assert "basket-1-passage-reading.mp3" in ask(visitor, SECOND, to="/basket.mp3").headers["Content-Disposition"]
    assert "quay-reading" in "".join(ZipFile(io.BytesIO(ask(visitor, SECOND, to="/basket.zip").data)).namelist())


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


def test_robots_are_asked_to_stay_away(visitor: FlaskClient) -> None:
    for address in ("/basket", f"/basket?p={FIRST}", f"/basket.zip?p={FIRST}"):
        assert "noindex" in visitor.head(address).headers["X-Robots-Tag"]
