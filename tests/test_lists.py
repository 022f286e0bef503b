"""Lists of recordings, people, sources and entries are narrowed, sorted and paged as their addresses say."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import many_records
import pytest
from html_elements import Element, page

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(scope="module")
def many(engine: str, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:  # noqa: ARG001  # which keeps it
    """A client of the application over the archive with long lists."""
    app = create_app(many_records.write_archive(tmp_path_factory.mktemp("many") / "archive"))
    app.testing = True
    return app.test_client()


def titles(html: Element) -> list[str]:
    return [heading.text for record in html.all("li.record") for heading in record.all("h3")]


def counted(html: Element) -> dict[str, int]:
    """Give the values that narrow the list and their counts."""
    labels = html.one("details.facets").all("label")
    return {label.one("span.name").text: int(label.one("span.count").text) for label in labels}


def test_the_recordings_stand_in_order_of_time_a_page_at_a_time(many: FlaskClient) -> None:
    html = page(many, "/")
    assert html.one("h2#count").text == "60 recordings"
    assert html.one("p.kicker").text == "60 recordings · 1930 to 1989"
    assert not page(many, "/recordings/?q=zebra").all("p.chosen"), "the list looks for no words, and says of none"
    assert titles(html)[:2] == ["zebra", "Äpfel"]
    seen = titles(html)
    for address in ("/recordings/?page=2", "/recordings/?page=3"):
        seen += titles(page(many, address))
    assert len(seen) == len(set(seen)) == many_records.RECORDINGS
    record = html.all("li.record")[1]
    assert (record.one("p.when").text, record.one("p.voices").text) == ("1931", "Voice 1")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("latest", ["Number 59", "Number 58"]),
        ("title", ["Äpfel", "apple", "Banana", "Łódź", "Number 05"]),
        ("no-such-order", ["zebra"]),
    ],
)
def test_the_recordings_can_be_sorted(many: FlaskClient, sort: str, first: list[str]) -> None:
    assert titles(page(many, f"/recordings/?sort={sort}"))[: len(first)] == first


def test_what_is_undated_stands_last_in_no_decade_and_not_among_the_years(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    made = [*(str(1950 + 5 * number) for number in range(10)), "../2026-11-29"]
    for number, date in enumerate(made):
        folder = tmp_path / "transcripts" / f"r{number:02d}"
        folder.mkdir(parents=True)
        record = f'title = "Ferry {number}"\ndate = "{date}"\nstatus = "not held"\n'
        (folder / "recording.toml").write_text(record, encoding="utf-8")
    client = create_app(tmp_path).test_client()
    html = page(client, "/")
    assert html.one("p.kicker").text == "11 recordings · 1950 to 1995"
    assert [value for value in counted(html) if value.endswith("0s")] == ["1950s", "1960s", "1970s", "1980s", "1990s"]
    for sort in ("date", "latest"):
        html = page(client, f"/recordings/?sort={sort}")
        assert titles(html)[-1] == "Ferry 10"
        assert html.all("li.record")[-1].one("p.when").text == "Undated before 29 November 2026"
    assert page(client, "/recordings/r10").one("p.kicker").text == "before 29 November 2026"


def test_values_of_one_facet_widen_the_list_and_facets_narrow_it(many: FlaskClient) -> None:
    html = page(many, "/recordings/?tag=boats&tag=zithers&series=even")
    # 0, 4, 8 ... 56 have boats by their number, and 10, 30, 50 by being tens; zithers are odd.
    assert html.one("h2#count").text == "18 of 60 recordings"
    counts = counted(html)
    # Each facet as if nothing of it were chosen.
    assert (counts["boats"], counts["zithers"]) == (18, 0)
    assert (counts["even"], counts["odd"]) == (18, 6)
    assert [each["value"] for each in html.all("input", type="checkbox") if "checked" in each] == [
        *("boats", "zithers", "even")
    ]
    away = {link.text: link["href"] for link in html.one("p.chosen").all("a")}
    assert away["zithers ×: take away"] == "/recordings/?tag=boats&series=even"


def test_what_no_recording_has_is_shown_as_chosen_with_a_way_to_take_it_away(many: FlaskClient) -> None:
    html = page(many, f"/recordings/?tag={quote('<b>gone')}&decade=1930s")
    assert html.one("h2#count").text == "0 of 60 recordings"
    assert "No recording has all of this." in html.one("main").text
    assert counted(html)["<b>gone"] == 0
    assert html.one("p.chosen").all("a")[0]["href"] == "/recordings/?decade=1930s"


@pytest.mark.parametrize("value", ["' OR 1=1 --", '"', "\\", "%", "\x00", "\ud7ff", "[]", "x" * 5000])
def test_whatever_is_asked_for_is_a_value_and_nothing_else(many: FlaskClient, value: str) -> None:
    for name in ("tag", "person", "series", "kind", "decade"):
        assert "0 of 60 recordings" in page(many, f"/recordings/?{name}={quote(value)}").text
    for address in ("/people?q=", "/sources?q=", "/chronology?q=", "/dossiers?q=", "/recordings/?all=tag&named="):
        assert many.get(address + quote(value)).status_code == 200
    assert many.get(f"/chronology?at={quote(value)}&strand={quote(value)}").status_code == 200


def test_a_page_that_is_not_there_is_told_and_shows_the_last(many: FlaskClient) -> None:
    html = page(many, "/recordings/?page=9", status=404)
    assert "There is no page 9. This is the last page, 3." in html.one("main").text
    assert titles(html)[-1] == "Number 59"
    assert titles(page(many, "/recordings/?page=-1", status=404))[0] == "zebra"


def test_robots_follow_pages_and_nothing_that_is_narrowed_or_sorted(many: FlaskClient) -> None:
    addresses = ("/", "/recordings/?page=2", "/recordings/?tag=boats", "/recordings/?sort=title", "/people?q=a")
    told = {address: many.get(address).headers.get("X-Robots-Tag", "") for address in addresses}
    assert ["noindex" in each for each in told.values()] == [False, False, True, True, True]
    following = [link for link in page(many, "/recordings/?tag=boats").one("main").all("a") if "?" in link["href"]]
    assert following
    assert [link["href"] for link in following if "nofollow" not in link["rel"]] == []


def test_all_values_of_a_facet_are_a_page_that_keeps_what_is_chosen(many: FlaskClient) -> None:
    every = page(many, "/recordings/?decade=1930s&tag=boats").one("a.all")
    assert (every.text, every["href"]) == ("All 10 tags", "/recordings/?tag=boats&decade=1930s&all=tag")
    html = page(many, f"{every['href']}&named=ILL")
    assert [label.text for label in html.one("ul.values").all("label")] == ["mills 1"]
    kept = [(each["name"], each["value"]) for each in html.one("main").all("form")[-1].all("input", type="hidden")]
    assert kept == [("tag", "boats"), ("decade", "1930s")]
    assert "None of them is called so." in page(many, "/recordings/?all=tag&named=nothing").text


def test_a_few_recordings_have_nothing_to_narrow_or_sort(client: FlaskClient) -> None:
    html = page(client, "/")
    assert not html.all("details.facets") + html.all("ul.sort") + html.all("nav.pages")
    assert html.one("li.record").one("a.button").text == "Listen"
    assert page(client, "/recordings/?tag=gone").all("details.facets")


def test_people_are_found_whatever_their_letters_and_sorted(many: FlaskClient) -> None:
    html = page(many, "/people?q=nekdo+miller+13")
    assert html.one("h2#count").text == "4 of 130 people"
    assert {each["id"] for each in html.all("article.person")} == {
        f"person-person-{number}" for number in (13, 17, 113, 117)
    }
    assert "None of them has all of these words." in page(many, "/people?q=nobody").text
    assert page(many, "/people?sort=most").all("article.person")[0].text == "Ada miller no. 0 Named 240 times"
    assert page(many, "/people?sort=listed").all("article.person")[1]["id"] == "person-person-1"
    assert len(page(many, "/people?page=2").all("article.person")) == 30


def test_sources_without_a_date_come_last_whichever_way_they_are_sorted(many: FlaskClient) -> None:
    for sort, first in (("date", "source-129"), ("latest", "source-1")):
        found = [page(many, f"/sources?sort={sort}&page={number}").all("article.source") for number in (1, 2)]
        names = [each["id"] for each in (*found[0], *found[1])]
        assert names[0] == f"source-{first}"
        assert not [each for each in names[65:] if int(each.rpartition("-")[2]) % 2]


def test_the_places_that_name_a_person_have_pages_each_place_once(many: FlaskClient) -> None:
    places: list[str] = []
    for number in (1, 2, 3):
        html = page(many, f"/people/person-0?page={number}").one("main")
        assert "240 places in 60 recordings" in html.text
        places += [link["href"] for part in html.all("ul.places") for link in part.all("a")]
    assert len(places) == len(set(places)) == many_records.RECORDINGS * many_records.NOTES
    assert places[0] == "/recordings/r00#note-n0"
    links = page(many, "/people/person-0?page=2").one("nav.pages").all("a")
    assert [link["href"] for link in links[:2]] == ["/people/person-0#named", "/people/person-0?page=3#named"]


def test_a_recording_whose_places_are_on_two_pages_is_named_on_both(many: FlaskClient) -> None:
    first, second = (page(many, f"/sources/source-0?page={number}").one("main") for number in (1, 2))
    assert first.all("h3")[-1].text.split()[:2] == ["Number", "24"]
    assert second.all("h3")[0].text == "Number 25"


def test_an_entry_of_a_long_chronology_is_linked_with_its_page(many: FlaskClient) -> None:
    note = page(many, "/recordings/r07").one("aside#note-n0")
    assert "/chronology?at=e149#entry-e149" in [link["href"] for link in note.all("a")]
    html = page(many, "/chronology?at=e149")
    assert html.all("li#entry-e149")
    assert html.one("b", aria_current="page").text == "1"
    # Disputed with one that is on the other page.
    other = html.one("li#entry-e149").one("div.disputed").one("a")["href"]
    assert other == "/chronology?at=e1#entry-e1"
    assert page(many, other.partition("#")[0]).all("li#entry-e1")


def test_a_strand_that_goes_on_says_so_and_can_be_had_alone(many: FlaskClient) -> None:
    second = page(many, "/chronology?page=2")
    assert [each.text for each in second.all("h2") if each["id"] != "count"] == ["Early continued"]
    assert "What came first." not in second.text
    strands = second.one("nav.strands").all("a")
    assert [link["href"] for link in strands] == ["/chronology?strand=late", "/chronology?strand=early"]
    alone = page(many, "/chronology?strand=early")
    assert alone.one("h2#count").text == "75 of 150 entries"
    assert alone.all("li.entry")[0]["id"] == "entry-e0"
    by_date = page(many, "/chronology?sort=date").all("li.entry")
    assert [each["id"] for each in by_date[:2]] == ["entry-e0", "entry-e1"]
