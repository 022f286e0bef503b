"""The pages around the recordings are complete as the server sends them, and lead to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import Element, page

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("engine")

ADDRESSES = ["/people", "/people/ada", "/chronology", "/dossiers", "/dossiers/pitch", "/sources", "/sources/memoir"]


@pytest.fixture
def around(context_archive: Path) -> FlaskClient:
    """A client of the application over the small archive with all that is around its recording."""
    app = create_app(context_archive)
    app.testing = True
    return app.test_client()


def links(element: Element) -> list[str]:
    return [link["href"] for link in element.all("a")]


def test_the_masthead_leads_to_what_the_archive_has(around: FlaskClient) -> None:
    nav = page(around, "/").one("nav", aria_label="Archive")
    assert [link.text for link in nav.all("a")] == [
        *("Recordings", "People", "Chronology", "Accounts compared", "Sources", "Basket")
    ]
    assert [page(around, address).one("h1").text for address in links(nav)[1:]] == [
        *("People", "Chronology", "Accounts compared", "Sources", "Basket")
    ]


def test_the_masthead_leaves_out_what_the_archive_has_not(client: FlaskClient) -> None:
    nav = page(client, "/").one("nav", aria_label="Archive")
    assert [link.text for link in nav.all("a")] == ["Recordings", "Sources", "Basket"]


@pytest.mark.parametrize("address", ["/people", "/chronology", "/dossiers"])
def test_a_page_of_what_is_not_there_says_so(client: FlaskClient, address: str) -> None:
    said = page(client, address).one("main").text
    assert "This archive " in said
    assert "transcripts/" not in said


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/people/eve", 'No person has the id "eve". Go to the list of people'),
        ("/sources/diary", 'No source has the id "diary". Go to the list of sources'),
        ("/dossiers/no", 'No dossier is called "no". Go to the list of dossiers'),
        ("/dossiers/pitch?account=no", 'No account has the id "no"; this dossier has: the-log, the-memoir.'),
        ("/dossiers/pitch?question=<i>", 'No question has the id "<i>"; this dossier has: high, loud.'),
    ],
)
def test_what_is_not_there_is_told_in_words(around: FlaskClient, address: str, words: str) -> None:
    html = page(around, address, status=404)
    assert html.one("h1").text == "Not in this archive"
    assert words in html.one("main").text


def test_a_source_lists_everything_that_cites_it_with_its_moments(around: FlaskClient) -> None:
    html = page(around, "/sources/log").one("main")
    assert [heading.text for heading in html.all("h3")] == [
        *("A tape of tones", "Chronology", "How high was it?", "People")
    ]
    cited = links(html)
    for address in (
        "/recordings/tones#about",
        "/recordings/tones?t=2#note-who",
        "/recordings/tones#note-around",
        "/recordings/tones?t=8#note-claims",
        "/recordings/tones?t=0#cue-opening",
        "/recordings/tones?t=2#cue-first",
        "/chronology#entry-made",
        "/dossiers/pitch",
        "/dossiers/pitch#account-the-log",
        "/dossiers/pitch#answer-high-the-log",
        "/dossiers/pitch#aside-noise",
        "/dossiers/pitch#ties",
        "/people/ada",
    ):
        assert cited.count(address) == 1, address
    assert "0:02 One two three.: p. 2" in [each.text for each in html.all("li")]
    # The answer has the question's words beside its own; an answer that is silent cites nothing.
    assert not [address for address in cited if "#question-" in address or "#answer-loud" in address]


def test_a_source_shows_what_is_known_of_it_and_whom_it_names(around: FlaskClient) -> None:
    html = page(around, "/sources/memoir").one("main")
    assert "In excerpts" in html.one("dl.facts").text
    assert "Translated by nobody" in html.one("dl.facts").text
    assert links(html.one("dl.facts")) == ["/people/ben"]
    assert html.one("blockquote").text == "It was a low hum, no more, and soon over."
    assert "/recordings/tones?t=8#note-claims" in links(html)


def test_the_list_of_sources_keeps_its_old_links(around: FlaskClient) -> None:
    article = page(around, "/sources").one("article#source-memoir")
    assert links(article) == ["/sources/memoir"]
    assert article.text.endswith("Cited 7 times")


def test_a_person_has_every_place_that_names_them(around: FlaskClient) -> None:
    html = page(around, "/people/ada").one("main")
    assert html.one("p.standfirst").text == "On 5 November 1963: keeper of the tones"
    assert "10 December 1815 to 1852" in html.one("p.kicker").text
    assert html.one("em").text == "hears"
    named = links(html)
    for address in (
        "/recordings/tones?t=2#note-who",  # "Who Ada is"
        "/recordings/tones?t=8#note-claims",  # by id
        "/chronology#entry-made",  # by id
        "/chronology#entry-planned",  # "Ada plans it."
        "/dossiers/pitch#account-the-log",
    ):
        assert named.count(address) == 1, address
    assert "/chronology#entry-found" not in named
    assert page(around, "/people/ben").one("p.standfirst").text == "In October 1962: another voice"


def test_a_person_is_named_by_an_answers_own_words_and_not_by_its_question(context_archive: Path) -> None:
    path = context_archive / "transcripts" / "dossiers" / "pitch.toml"
    text = path.read_text(encoding="utf-8").replace("Was it high?", "Did Ada hear it?", 1)
    path.write_text(text.replace("It was low.", "It was too low for Ada.", 1), encoding="utf-8")
    named = links(page(create_app(context_archive).test_client(), "/people/ada").one("main"))
    assert "/dossiers/pitch#question-high" in named
    assert "/dossiers/pitch#answer-high-the-memoir" in named
    assert "/dossiers/pitch#answer-high-the-log" not in named


def test_the_chronology_stands_strand_by_strand_with_dates_as_precise_as_is_known(around: FlaskClient) -> None:
    html = page(around, "/chronology")
    assert [strand.one("h2").text for strand in html.all("section.strand")] == [
        *("How the tones came about", "What came later")
    ]
    assert [(entry["id"], entry["data-precision"]) for entry in html.all("li.entry")] == [
        *(("entry-planned", "season"), ("entry-improvised", "month"), ("entry-made", "day"), ("entry-found", "year"))
    ]
    assert [entry.one("p.when").text for entry in html.all("li.entry")] == [
        "Spring 1963 known to the season",
        "November 1963 known to the month",
        "5 November 1963, about noon",
        "about 2003 known to the year",
    ]
    assert [time["datetime"] for time in html.all("time")] == ["1963-11", "1963-11-05"]


def test_the_day_of_the_tape_leads_to_the_player_and_its_moments(around: FlaskClient) -> None:
    entry = page(around, "/chronology").one("li#entry-made")
    assert "heard" in entry["class"].split()
    assert [(link.text, link["href"]) for link in entry.one("p.listen").all("a")] == [
        ("Listen: A tape of tones", "/recordings/tones")
    ]
    ties = links(entry.one("dl.ties"))
    assert ties == [
        "/recordings/tones?t=2#cue-first",
        "/recordings/tones?t=8.5#note-late",
        "/dossiers/pitch",
        "/people/ada",
    ]
    assert entry.one("dl.ties").all("dt")[0].text == "Mentioned at"


def test_a_contradiction_is_shown_at_both_its_ends(around: FlaskClient) -> None:
    html = page(around, "/chronology")
    assert "/chronology#entry-improvised" in links(html.one("li#entry-planned").one("dl.ties"))
    assert "/chronology#entry-planned" in links(html.one("li#entry-improvised").one("dl.ties"))


def test_a_reading_about_the_tape_can_be_heard_where_the_tape_cannot(context_archive: Path) -> None:
    other = context_archive / "transcripts" / "lost"
    other.mkdir()
    (other / "recording.toml").write_text(
        'title = "The lost tape"\ndate = "1963-11-05"\nstatus = "not held"\n', encoding="utf-8"
    )
    record = context_archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    head = 'kind = "reading"\nsurrogate_for = "lost"\nnotice = "Synthetic."\n'
    record.write_text(f"{head}{text}", encoding="utf-8")
    path = context_archive / "transcripts" / "chronology.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('recording = "tones"', 'recording = "lost"'), encoding="utf-8"
    )
    entry = page(create_app(context_archive).test_client(), "/chronology").one("li#entry-made")
    assert [link.text for link in entry.one("p.listen").all("a")] == [
        *("Play the synthetic reading: A tape of tones", "The record: The lost tape")
    ]
    assert "Synthetic." in [each.text for each in entry.all("strong")]


def test_a_dossier_shows_every_verdict_as_a_shape_and_a_word(around: FlaskClient) -> None:
    html = page(around, "/dossiers/pitch")
    rows = html.one("table.glance").one("tbody").all("tr")
    assert [[cell.text for cell in row.all("td")] for row in rows] == [
        ["affirms", "denies"],
        ["silent", "not seen"],
    ]
    assert all(len(cell.all("svg")) == 1 for row in rows for cell in row.all("td"))
    assert html.one("ul").all("a")  # ties


def test_an_answer_has_our_words_its_own_and_their_source(around: FlaskClient) -> None:
    row = page(around, "/dossiers/pitch").one("tr#answer-high-the-memoir")
    assert [cell.text for cell in row.all("td")] == [
        "denies",
        "It was low. disputed with The log",
        "a low hum, no moreMemoir of Ben, p. 8",
    ]
    assert row.one("q").text == "a low hum, no more"
    assert row.one("td.words").one("a")["href"] == "/sources/memoir"
    assert row.one("td.says").one("a")["href"] == "/dossiers/pitch?account=the-log#answer-high-the-log"


def test_accounts_that_have_nothing_to_read_are_named_together(around: FlaskClient) -> None:
    quiet = page(around, "/dossiers/pitch").one("section#question-loud").all("p.quiet")
    assert [each.text for each in quiet] == ["silent: The log", "not seen: The memoir"]


def test_what_is_withheld_is_shown_as_withheld(around: FlaskClient) -> None:
    account = page(around, "/dossiers/pitch").one("details#account-the-log")
    assert "words withheld" in account.one("summary").text
    assert account.one("div.withheld").text == "Withheld Two lines are whited out."
    assert "/people/ada" in links(account)


def test_changes_motives_and_asides_have_their_sources(around: FlaskClient) -> None:
    html = page(around, "/dossiers/pitch")
    assert "The log → The memoir" in html.one("section#change-1").text
    for part in ("section#change-1", "section#motives", "section#aside-noise", "section#ties"):
        assert any(address.startswith("/sources/") for address in links(html.one(part))), part


def test_one_account_or_one_question_is_shown_by_its_address(around: FlaskClient) -> None:
    html = page(around, "/dossiers/pitch?account=the-log")
    assert [row["id"] for row in html.one("table.answers").one("tbody").all("tr")] == [
        *("answer-high-the-log", "answer-loud-the-log")
    ]
    assert not html.all("table.glance")
    assert [each["value"] for each in html.all("option", selected="") if "selected" in each] == ["the-log", ""][:1]
    html = page(around, "/dossiers/pitch?question=high")
    assert [section["id"] for section in html.all("section.question")] == ["question-high"]
    html = page(around, "/dossiers/pitch?question=high&account=the-memoir")
    assert [row["id"] for row in html.one("table.answers").one("tbody").all("tr")] == ["answer-high-the-memoir"]
    html = page(around, "/dossiers/pitch?question=&account=")
    assert html.one("table.glance").all("td")


def test_a_note_shows_its_claims_and_leads_to_what_is_around_it(around: FlaskClient) -> None:
    note = page(around, "/recordings/tones").one("aside#note-claims")
    low, none = note.one("ul.claims").all("li")
    assert low.text == "It was “a low hum, no more”. reported Memoir of Ben, p. 8 disputed with “All around”"
    assert none.text == "There was none. unknown The log of the tones"
    assert [(each.one("dt").text, links(each)) for each in note.one("dl.ties").all("div")] == [
        ("Disputed with", ["/recordings/tones?t=8.5#note-late"]),
        ("Accounts compared", ["/dossiers/pitch", "/dossiers/pitch#question-high"]),
        ("Chronology", ["/chronology#entry-made"]),
        ("People", ["/people/ada"]),
        ("See also", ["/recordings/tones?t=2#cue-first", "/recordings/tones?t=2#note-who"]),
    ]
    assert "note 3, “Something late”" in note.one("dl.ties").text


def test_what_a_note_contradicts_says_so_too(around: FlaskClient) -> None:
    html = page(around, "/recordings/tones")
    assert html.one("aside#note-late").one("dl.ties").text == "Disputed with note 2, “What is claimed”"
    assert links(html.one("aside#note-around").one("dl.ties")) == ["/recordings/tones?t=8#claim-claims.low"]


def test_a_recording_lists_what_points_at_its_moments(around: FlaskClient) -> None:
    elsewhere = page(around, "/recordings/tones").one("section#elsewhere")
    assert links(elsewhere) == [
        "/dossiers/pitch",
        "/recordings/tones?t=2#cue-first",
        "/chronology#entry-made",
        "/recordings/tones?t=2#cue-first",
        "/recordings/tones?t=8.5#note-late",
    ]
    assert "How high was it?: 0:02" in elsewhere.text


def test_every_link_between_the_pages_leads_somewhere(around: FlaskClient) -> None:
    for start in (*ADDRESSES, "/recordings/tones", "/dossiers/pitch?account=the-log", "/dossiers/pitch?question=high"):
        for address in links(page(around, start)):
            where, _, anchor = address.partition("#")
            if where.startswith("/") and not where.startswith("/recordings/tones/"):
                html = page(around, where)
                assert not anchor or html.all(f"#{anchor}"), (start, address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_inline_and_no_other_host_is_asked(around: FlaskClient, address: str) -> None:
    html = page(around, address)
    assert not html.all("style") + html.all("img")
    (script,) = html.all("script")
    assert (script["src"] or "").startswith("/static/")
    assert not script.text.strip()
    assert not [each for each in html.walk() if any(name == "style" or name[:2] == "on" for name in each.attributes)]
    assert len({each["id"] for each in html.walk() if each["id"]}) == len([1 for each in html.walk() if each["id"]])


@pytest.mark.parametrize(
    ("name", "old", "address"),
    [
        ("people.toml", "Ada Lovelace", "/people/ada"),
        ("people.toml", "keeper of the tones", "/people"),
        ("people.toml", "She *hears* them.", "/people/ada"),
        ("chronology.toml", "The tape is *made*.", "/chronology"),
        ("chronology.toml", "about noon", "/chronology"),
        ("dossiers/pitch.toml", "How high was it?", "/dossiers"),
        ("dossiers/pitch.toml", "Two accounts of one *pitch*.", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "The memoir", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "Was it high?", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "It was low.", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "a low hum, no more", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "A friend", "/dossiers/pitch"),
        ("dossiers/pitch.toml", "How high was it?", "/recordings/tones"),
        ("sources.toml", "Memoir of Ben", "/sources/memoir"),
        ("sources.toml", "It was a low hum, no more, and soon over.", "/sources/memoir"),
        ("tones/annotations.toml", "There was *none*.", "/recordings/tones"),
    ],
)
def test_hostile_text_stays_text(context_archive: Path, name: str, old: str, address: str) -> None:
    path = context_archive / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert)"
    path.write_text(text.replace(old, hostile, 1), encoding="utf-8")
    html = page(create_app(context_archive).test_client(), address)
    assert [script["type"] for script in html.all("script") if script["type"] != "application/ld+json"] in (
        [],
        ["module"],
    )
    assert not html.all("img")
    assert not [link for link in html.all("a") if link["href"].startswith("javascript")]
    assert "<script>alert(1)</script>" in html.one("body").text


def test_a_dossier_that_is_wrong_is_told_in_the_list_and_takes_nothing_from_the_others(context_archive: Path) -> None:
    folder = context_archive / "transcripts" / "dossiers"
    (folder / "another.toml").write_text("x y\n", encoding="utf-8")
    text = (folder / "pitch.toml").read_text(encoding="utf-8")
    text = text.replace("How high was it?", "What came first").replace('date = "1963-11-05"', 'date = "1962"', 1)
    (folder / "second.toml").write_text(text, encoding="utf-8")
    client = create_app(context_archive).test_client()
    html = page(client, "/dossiers").one("main")
    assert [each.text for each in html.all("h2")] == [
        *("What came first", "How high was it?", "A dossier that cannot be read")
    ]
    assert [each.text for each in html.all("p") if 'There is a fault in the dossier "another"' in each.text]
    assert str(context_archive) not in html.text
    page(client, "/dossiers/pitch")
    assert 'There is a fault in the dossier "another"' in page(client, "/dossiers/another", status=500).one("main").text


@pytest.mark.parametrize("name", ["people.toml", "chronology.toml", "dossiers/pitch.toml", "sources.toml"])
def test_a_file_that_is_wrong_is_told_on_its_own_page_and_spares_the_recording(
    context_archive: Path, name: str
) -> None:
    (context_archive / "transcripts" / name).write_text("x y\n", encoding="utf-8")
    client = create_app(context_archive).test_client()
    own = "/" + name.removesuffix(".toml")
    html = page(client, own, status=500)
    assert html.one("h1").text == "A file in the archive has a fault"
    parts = {"dossiers/pitch.toml": 'the dossier "pitch"', "people.toml": "the list of people"}
    part = parts.get(name) or {"chronology.toml": "the chronology", "sources.toml": "the bibliography"}[name]
    assert f"There is a fault in {part}, " in html.one("main").text
    if name != "sources.toml":
        assert page(client, "/recordings/tones").all("aside.note")
