"""Long lists in a browser: narrowed by hand without JavaScript, and found by the addresses that they had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import many_records
import pytest
from browser.conftest import serving
from browser.player_page import LIMIT
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over an archive whose lists have several pages."""
    root = many_records.write_archive(tmp_path_factory.mktemp("lists") / "archive")
    with serving(root, tmp_path_factory.mktemp("lists") / "cache") as address:
        yield address


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def plain(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, wide or narrow."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": request.param, "height": 800})
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


def test_a_list_is_narrowed_and_widened_by_hand_without_javascript(plain: Page, many: str) -> None:
    plain.goto(f"{many}/recordings/?sort=title")
    if plain.get_by_text("Narrow the list").is_visible():
        plain.get_by_text("Narrow the list").click()
    plain.get_by_label("boats").check()
    plain.get_by_label("even").check()
    plain.get_by_role("button", name="Show").last.click()
    plain.wait_for_url(lambda url: url.endswith("/recordings/?sort=title&tag=boats&series=even"))
    expect(plain.get_by_role("heading", level=2, name="18 of 60 recordings")).to_be_visible()
    assert plain.locator("li.record h3").first.inner_text() == "Łódź"
    plain.get_by_role("link", name="boats").click()
    expect(plain.get_by_role("heading", level=2, name="30 of 60 recordings")).to_be_visible()
    plain.get_by_role("link", name="Next").click()
    expect(plain.get_by_text("21 to 30 of 30")).to_be_visible()


def test_all_values_can_be_looked_through_and_chosen_without_javascript(plain: Page, many: str) -> None:
    plain.goto(f"{many}/recordings/?series=odd&all=tag")
    plain.get_by_role("searchbox", name="Find one of these tags").fill("SONG")
    plain.get_by_role("button", name="Find").click()
    plain.get_by_label("songs").check()
    plain.get_by_role("button", name="Show the recordings").last.click()
    plain.get_by_role("heading", level=2, name="6 of 60 recordings").wait_for()


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("/chronology#entry-e60", "/chronology?at=e60#entry-e60"),
        ("/people#person-person-1", "/people?at=person-1#person-person-1"),
        ("/sources#source-source-125", "/sources?at=source-125#source-source-125"),
        ("/sources#source-nobody", "/sources?at=nobody#source-nobody"),
        ("/chronology#entry-e149", "/chronology#entry-e149"),
    ],
)
def test_an_address_from_before_there_were_pages_leads_to_its_own(
    browser: Browser, many: str, old: str, now: str
) -> None:
    page = browser.new_page()
    page.goto(many + old, wait_until="networkidle")
    page.wait_for_url(many + now, timeout=LIMIT)
    name = now.partition("#")[2]
    there = page.evaluate("name => document.getElementById(name)?.matches(':target') ?? null", name)
    assert there is (None if "nobody" in name else True)
    page.close()
