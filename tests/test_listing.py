"""What an address asks of a list is bounded, and every link that leads on asks for the rest of it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import get_template_attribute
from html_elements import parse

from player.web.pages.listing import Asked, Order, Part

if TYPE_CHECKING:
    from flask import Flask

ORDERS = (
    Order("date", "Date", "↑", "earliest first", Order("latest", "Date", "↓", "latest first")),
    Order("title", "Title"),
)


def asked(app: Flask, address: str) -> Asked:
    with app.test_request_context(address):
        return Asked.read(ORDERS, ("person", "tag"))


def test_what_is_asked_is_bounded_in_length_and_number(app: Flask) -> None:
    many = "&".join(f"tag={number}" for number in range(500))
    found = asked(app, f"/recordings/?{many}&person=%20&person={'x' * 9999}&q={'y' * 9999}&sort=<i>&colour=red&all=id")
    assert len(found.chosen["tag"]) == 20
    assert [len(value) for value in found.chosen["person"]] == [200]
    assert (len(found.words), found.sort, found.every) == (200, "date", None)
    assert "colour" not in found.chosen


@pytest.mark.parametrize("page", ["0", "-1", "1e3", "", "٣", "2.0", "9" * 400, "a", "%00", "01"])
def test_what_is_no_number_of_a_page_is_none(app: Flask, page: str) -> None:
    part = Part.of(asked(app, f"/recordings/?page={page}"), 1000, 25)
    assert (part.number, part.start, part.stop, part.is_there) == (1, 0, 25, False)


def test_a_page_that_is_not_there_is_the_last_one_and_says_so(app: Flask) -> None:
    part = Part.of(asked(app, "/recordings/?page=999999999"), 1000, 25)
    assert (part.number, part.start, part.stop, part.is_there) == (40, 975, 1000, False)
    with app.test_request_context():
        said = get_template_attribute("_pages.html", "astray")(part)
    assert parse(said).text == "There is no page 999,999,999. This is the last page, 40."


@pytest.mark.parametrize(
    ("total", "last", "shown"),
    [(0, 1, (0, 0)), (1, 1, (0, 1)), (30, 1, (0, 30)), (31, 2, (25, 31)), (55, 2, (25, 55)), (56, 3, (50, 56))],
)
def test_the_last_page_takes_in_a_few_that_are_left_over(
    app: Flask, total: int, last: int, shown: tuple[int, int]
) -> None:
    part = Part.of(asked(app, f"/recordings/?page={last}"), total, 25)
    assert (part.last, (part.start, part.stop), part.is_there) == (last, shown, True)


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (1, "1 2 3 … 40"),
        (4, "1 2 3 4 5 6 … 40"),
        (5, "1 2 3 4 5 6 7 … 40"),
        (20, "1 … 18 19 20 21 22 … 40"),
        (40, "1 … 38 39 40"),
    ],
)
def test_the_pages_named_are_the_first_the_last_and_those_near(app: Flask, number: int, named: str) -> None:
    part = Part.of(asked(app, f"/recordings/?tag=sea&page={number}"), 1000, 25)
    with app.test_request_context():
        nav = parse(str(get_template_attribute("_pages.html", "pages")(part)))
    assert " ".join(each.text for each in nav.all("li")) == named
    assert nav.one("b", aria_current="page").text == str(number)
    assert {link["href"].partition("tag=sea")[0] for link in nav.all("a")} == {"/recordings/?"}
    assert all("nofollow" in link["rel"] for link in nav.all("a"))


def test_links_keep_what_they_are_not_about_and_leave_out_what_is_usual(app: Flask) -> None:
    with app.test_request_context("/recordings/?tag=sea&tag=ice&person=ada&sort=title&page=3"):
        found = Asked.read(ORDERS, ("person", "tag"))
        assert found.without("tag", "sea") == "/recordings/?person=ada&tag=ice&sort=title"
        assert found.everything == "/recordings/?sort=title"
        assert [(way.order.words, way.address, way.is_current) for way in found.ways] == [
            ("Date", "/recordings/?person=ada&tag=sea&tag=ice", False),
            ("Title", "/recordings/?person=ada&tag=sea&tag=ice&sort=title", True),
        ]


def test_an_order_that_is_chosen_leads_to_its_other_end_and_back(app: Flask) -> None:
    for address, to in (("/recordings/", "/recordings/?sort=latest"), ("/recordings/?sort=latest", "/recordings/")):
        with app.test_request_context(address):
            way = Asked.read(ORDERS).ways[0]
            assert (way.address, way.is_current) == (to, True)


def test_only_the_list_itself_is_for_search_engines(app: Flask) -> None:
    plain = {address: asked(app, address).is_plain for address in ("/", "/?page=2", "/?tag=a", "/?sort=title", "/?q=a")}
    assert plain == {"/": True, "/?page=2": True, "/?tag=a": False, "/?sort=title": False, "/?q=a": False}
