"""From a moment of the tape to its source, to a person, to another moment; into a dossier and back; on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.player_page import LIMIT, PlayerPage
from context_files import add_context
from playwright.sync_api import expect
from small_archive import bind, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.long

PAGES = ("people", "people/ada", "chronology", "dossiers", "dossiers/pitch", "sources", "sources/memoir")


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive with all that is around its recording."""
    root = write_archive(tmp_path_factory.mktemp("context") / "archive")
    bind(root)
    with serving(add_context(root), tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone that runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


def test_from_a_moment_to_its_source_to_a_person_to_another_moment(context: BrowserContext, tones: str) -> None:
    player = PlayerPage(context.new_page(), tones).open("?t=8#note-claims", slug="tones")
    page = player.page
    page.locator("#note-claims .claims a", has_text="Memoir of Ben").click()
    expect(page.locator("h1")).to_have_text("Memoir of Ben")
    page.locator(".facts a", has_text="Ben").click()
    expect(page.locator("h1")).to_have_text("Ben")
    page.locator("a", has_text="Ada plans it.").click()
    page.wait_for_url("**/chronology#entry-planned")
    page.locator("#entry-planned .ties a", has_text="Ada Lovelace").click()
    page.locator(".places a", has_text="Who Ada is").click()
    page.wait_for_url("**/recordings/tones?t=2#note-who")
    player.until("audio.readyState >= 1 && Math.round(audio.currentTime * 1000) === 2000")
    expect(page.locator("#note-who:target")).to_be_visible()
    assert player.errors == []


def test_from_the_tape_to_the_dossier_and_back(context: BrowserContext, tones: str) -> None:
    player = PlayerPage(context.new_page(), tones).open("?t=8#note-claims", slug="tones")
    page = player.page
    page.locator("#note-claims .ties a", has_text="Was it high?").click()
    page.wait_for_url("**/dossiers/pitch#question-high")
    expect(page.locator("#question-high:target")).to_be_in_viewport()
    page.locator("#ties a", has_text="0:02").click()
    page.wait_for_url("**/recordings/tones?t=2#cue-first")
    player.until("audio.readyState >= 1 && Math.round(audio.currentTime * 1000) === 2000")
    page.locator("#elsewhere a", has_text="How high was it?").click()
    page.wait_for_url("**/dossiers/pitch")
    assert player.errors == []


def test_the_day_of_the_tape_leads_from_the_chronology_to_the_player(page: Page, tones: str) -> None:
    page.goto(f"{tones}/chronology")
    page.locator("#entry-made .listen a").click()
    page.wait_for_url("**/recordings/tones")
    assert page.locator("audio").count() == 1


def test_one_account_and_one_question_are_chosen_without_script(plain: Page, tones: str) -> None:
    plain.goto(f"{tones}/dossiers/pitch")
    assert plain.locator(".answers tbody tr").count() == 2
    plain.get_by_label("Account", exact=True).select_option(label="The memoir")
    plain.get_by_role("button", name="Show").click()
    plain.wait_for_url(re.compile(r"account=the-memoir"))
    assert plain.locator(".answers tbody tr").count() == 2
    assert plain.locator(".answers tbody th").all_inner_texts() == ["Was it high?", "Was it loud?"]
    plain.get_by_label("Question", exact=True).select_option(label="Was it high?")
    plain.get_by_role("button", name="Show").click()
    plain.wait_for_url(re.compile(r"account=the-memoir&question=high"))
    assert plain.locator(".answers tbody tr").count() == 1
    assert "a low hum, no more" in plain.locator(".answers").inner_text()
    plain.get_by_role("link", name="Show all").click()
    assert plain.locator(".glance tbody tr").count() == 2


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(page: Page, tones: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in (*PAGES, "dossiers/pitch?account=the-log", "recordings/tones"):
        page.goto(f"{tones}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [320, 1280])
def test_every_account_of_a_question_is_in_sight_at_a_glance(page: Page, tones: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{tones}/dossiers/pitch")
    for cell in page.locator(".glance td .shape").all():
        box = cell.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["width"] >= 8


def test_on_a_phone_an_answer_is_read_from_top_to_bottom(plain: Page, tones: str) -> None:
    plain.goto(f"{tones}/dossiers/pitch")
    row = plain.locator("#answer-high-the-memoir")
    boxes = [row.locator(part).bounding_box() for part in ("th", ".says", ".words")]
    assert all(boxes)
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops))
    assert all(box["width"] > 200 for box in boxes[1:] if box)


def test_in_print_every_account_is_whole_and_nothing_is_to_be_pressed(page: Page, tones: str) -> None:
    page.goto(f"{tones}/dossiers/pitch")
    expect(page.locator("#account-the-log .withheld")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#account-the-log .withheld")).to_be_visible()
    expect(page.locator(".choice")).to_be_hidden()
    page.goto(f"{tones}/recordings/tones?t=8")
    expect(page.locator("#note-claims .claims")).to_be_visible()
    expect(page.locator("#note-claims .ties")).to_be_visible()
    disputes = page.locator("#note-claims .ties .disputed, #note-claims .claims .from").all()
    assert len(disputes) == 3
    # What is clipped to one pixel counts as visible.
    assert min(each.evaluate("each => each.clientHeight") for each in disputes) > 10
    expect(page.get_by_text("See also")).to_be_hidden()


def test_a_note_in_the_margin_shows_all_it_leads_to_when_it_is_opened(page: Page, tones: str) -> None:
    page.goto(f"{tones}/recordings/tones?t=0")
    parts = [page.locator("#note-claims .ties"), page.locator("#note-claims .claims .from").first]
    assert [part.evaluate("each => each.clientHeight") for part in parts] == [1, 1]
    page.locator("#note-claims .own").click()
    assert min(part.evaluate("each => each.clientHeight") for part in parts) > 10


def test_the_keyboard_goes_through_all_that_a_note_leads_to(page: Page, tones: str) -> None:
    page.goto(f"{tones}/recordings/tones?t=0")
    page.locator("#note-claims .own").focus()
    links = page.locator("#note-claims a[href]").count()
    focused = []
    for _ in range(links):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.closest('aside.note')?.id"))
    assert focused.count("note-claims") >= links - 2
