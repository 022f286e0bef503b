"""Notes: each has a name, an address, a way there and back, and more than its beginning for those who want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import LIMIT, PlayerPage
from playwright.sync_api import expect

from player.archive.annotations import ANNOTATION_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

SLUG = "1963-11-05-attwood-reading"
SIZES = [(1280, 860), (390, 800), (320, 256)]


@pytest.fixture
def reading(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the shipped reading, opened."""
    opened = PlayerPage(context.new_page(), shipped).open(slug=SLUG)
    yield opened
    assert opened.errors == []


@pytest.fixture
def plain(browser: Browser, shipped: str) -> Iterator[Page]:
    """The same in a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 860})
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{shipped}/recordings/{SLUG}")
    yield page
    context.close()


def is_whole(page: Page, note: str) -> bool:
    """Tell whether nothing of a note is cut off."""
    return bool(
        page.locator(f"#note-{note}").evaluate(
            """note => [...note.querySelectorAll('.body, .from')].every((each) =>
                getComputedStyle(each).overflow === 'visible'
                || (each.scrollHeight <= each.clientHeight && each.scrollWidth <= each.clientWidth))"""
        )
    )


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", SIZES)
def test_a_note_says_that_there_is_more_and_shows_it_when_it_is_asked_to(plain: Page, size: tuple[int, int]) -> None:
    plain.set_viewport_size({"width": size[0], "height": size[1]})
    more = plain.locator("#note-lechuga .more")
    expect(more).to_be_visible()
    assert not is_whole(plain, "lechuga")
    more.click()
    plain.wait_for_url(lambda url: url.endswith("#note-lechuga"))
    assert is_whole(plain, "lechuga")
    expect(more).to_be_hidden()
    assert not is_whole(plain, "vallejo")


@pytest.mark.long
def test_more_is_reached_and_opened_by_the_keyboard_and_says_of_what(plain: Page) -> None:
    more = plain.locator("#note-lechuga .more")
    assert more.get_attribute("aria-label") == "more of note 11: Carlos Lechuga"
    plain.locator("#cue-lechuga .time").focus()
    while not plain.locator("#note-lechuga :focus").count():
        plain.keyboard.press("Tab")
    assert is_whole(plain, "lechuga")
    while not more.evaluate("each => each === document.activeElement"):
        plain.keyboard.press("Tab")
    plain.keyboard.press("Enter")
    plain.locator("#cue-howard .time").focus()
    assert is_whole(plain, "lechuga")


@pytest.mark.long
def test_a_mark_is_named_after_its_note_and_leads_there_and_back(plain: Page) -> None:
    mark = plain.get_by_role("link", name="Note 11: Carlos Lechuga", exact=True)
    assert mark.get_attribute("id") == "mark-lechuga"
    mark.click()
    expect(plain.locator("#note-lechuga:target")).to_be_visible()
    back = plain.get_by_role("link", name="Back to the line of note 11", exact=True)
    back.click()
    plain.wait_for_url(lambda url: url.endswith("#mark-lechuga"))
    assert not is_whole(plain, "lechuga")


@pytest.mark.long
def test_a_note_has_an_address_that_opens_it(plain: Page, shipped: str) -> None:
    plain.goto(f"{shipped}/recordings/{SLUG}#note-lechuga")
    assert is_whole(plain, "lechuga")
    assert plain.locator("#note-lechuga .from a").first.get_attribute("href") == "/sources/frus-xi-372"


@pytest.mark.long
def test_the_list_leads_to_a_note_and_opens_it(reading: PlayerPage) -> None:
    reading.page.set_viewport_size({"width": 390, "height": 800})
    # On its title: below it, in the same rows, are the links to its clip and into the basket.
    reading.page.locator(".moments a[data-note=lechuga]").click(position={"x": 80, "y": 12})
    reading.until("!audio.paused")
    reading.ask("pauserequest")
    assert is_whole(reading.page, "lechuga")
    box = reading.page.locator("#note-lechuga").bounding_box()
    assert box
    assert 0 <= box["y"] < 800


@pytest.mark.long
def test_notes_about_the_whole_stand_apart_in_full(plain: Page, shipped: str) -> None:
    plain.goto(f"{shipped}/recordings/1963-11-05-attwood")
    background = plain.get_by_role("region", name="Background")
    notes = background.locator("aside.note")
    assert notes.count() > 1
    assert background.locator(".more").count() == 0
    assert is_whole(plain, (notes.first.get_attribute("id") or "").removeprefix("note-"))


@pytest.mark.long
def test_a_kind_that_is_left_out_is_seen_nowhere(plain: Page) -> None:
    people = plain.locator(".cue [data-kind=person], .moments [data-kind=person]")
    plain.locator(".view > summary").click()
    count = plain.locator(".kinds label", has_text="person").locator(".count").inner_text()
    # The note, its mark, and its place in the list.
    assert people.count() == 3 * int(count) == 15
    plain.locator(".kinds [value=person]").uncheck()
    assert plain.locator("[data-kind=person]:visible").count() == 0
    expect(plain.locator("#note-whose-words")).to_be_visible()
    plain.locator(".kinds [value=person]").check()
    expect(people.first).to_be_visible()


@pytest.mark.long
def test_that_notes_are_left_out_is_told_where_they_can_be_had_again(plain: Page) -> None:
    summary = plain.locator(".view > summary")
    assert summary.inner_text() == "Reading options"
    summary.click()
    plain.locator(".kinds [value=person]").uncheck()
    summary.click()
    assert summary.inner_text() == "Reading options: some notes are hidden"


@pytest.mark.long
def test_a_note_that_an_address_leads_to_is_shown_though_its_kind_is_left_out(plain: Page) -> None:
    plain.locator(".view > summary").click()
    plain.locator(".kinds [value=person]").uncheck()
    expect(plain.locator("#note-bundy")).to_be_hidden()
    plain.evaluate("location.hash = '#note-bundy'")
    expect(plain.locator("#note-bundy")).to_be_visible()
    expect(plain.locator("#note-attwood")).to_be_hidden()


@pytest.mark.long
def test_a_kind_that_is_left_out_is_passed_over_and_has_no_mark_on_the_timeline(reading: PlayerPage) -> None:
    shown = "marks => marks.map((mark) => mark.checkVisibility() && mark.dataset.note).filter(Boolean)"
    before = reading.page.locator(".track .mark").evaluate_all(shown)
    reading.page.locator(".view > summary").click()
    reading.page.locator(".kinds [value=person]").uncheck()
    after = reading.page.locator(".track .mark").evaluate_all(shown)
    assert set(before) - set(after) == {"bundy", "attwood", "howard", "lechuga", "vallejo"}
    reading.seek(25_500)
    reading.settle()
    reading.ask("noterequest", step=1)
    reading.settle()
    # Bundy and Attwood stand between.
    assert reading.now == int(reading.page.locator("#note-whose-words").get_attribute("data-start") or 0) > 50_000
    assert "whose-words" in reading.notes


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a recording that has a note of each kind, and beside each another one that has a time too."""
    root = talk.write_archive(tmp_path_factory.mktemp("kinds") / "archive")
    notes = [
        f'[[annotation]]\nid = "{kind}"\nkind = "{kind}"\ntitle = "Of a kind"\nbody = "About it."\nsources = ["log"]\n'
        f'start = "{10 * (number + 1)}"\nend = "{10 * (number + 1) + 5}"\n'
        for number, kind in enumerate(ANNOTATION_KINDS)
    ]
    (root / "transcripts" / talk.SLUG / "annotations.toml").write_text("\n".join(notes), encoding="utf-8")
    with serving(root, tmp_path_factory.mktemp("kinds") / "cache") as address:
        yield f"{address}/recordings/{talk.SLUG}"


@pytest.mark.sampled(4)
@pytest.mark.long
@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("kind", ANNOTATION_KINDS)
def test_every_kind_that_a_note_may_have_can_be_left_out(
    browser: Browser, every_kind: str, kind: str, *, has_script: bool
) -> None:
    """A kind that is added to the table needs its lines in static/css/view.css."""
    with browser.new_context(java_script_enabled=has_script, viewport={"width": 1280, "height": 860}) as context:
        page = context.new_page()
        page.goto(every_kind)
        page.locator(".controls" if has_script else "audio").wait_for()
        page.locator(".view > summary").click()
        of_it = page.locator(f".cue [data-kind={kind}], .moments [data-kind={kind}], .track [data-kind={kind}]")
        shown = of_it.locator("visible=true")
        # The note, its mark, its place in the list, and, where there is a script, its mark on the timeline.
        assert shown.count() == (4 if has_script else 3)
        page.locator(f".kinds [value={kind}]").uncheck()
        assert shown.count() == 0
        assert page.locator(".note:visible").count() == len(ANNOTATION_KINDS) - 1
        page.locator(f".kinds [value={kind}]").check()
        assert shown.count() == (4 if has_script else 3)


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES[1:])
def test_in_paragraphs_on_a_narrow_page_a_note_unfolds_when_its_mark_is_pressed(
    plain: Page, size: tuple[int, int]
) -> None:
    plain.set_viewport_size({"width": size[0], "height": size[1]})
    plain.locator(".view > summary").click()
    plain.locator("[name=reader]").check()
    note = plain.locator("#note-lechuga")
    expect(note).to_be_hidden()
    plain.locator("#mark-lechuga").click()
    expect(note).to_be_visible()
    assert is_whole(plain, "lechuga")
    plain.get_by_role("link", name="Back to the line of note 11", exact=True).click()
    expect(note).to_be_hidden()


@pytest.mark.long
def test_in_paragraphs_on_a_narrow_page_the_next_note_leads_to_its_line(reading: PlayerPage) -> None:
    reading.page.set_viewport_size({"width": 390, "height": 800})
    reading.page.locator(".view > summary").click()
    reading.page.locator("[name=reader]").check()
    reading.seek(120_000)
    reading.settle()
    reading.ask("noterequest", step=1)
    reading.settle()
    box = reading.page.locator("#mark-lechuga").bounding_box()
    transport = reading.page.locator(".transport").bounding_box()
    assert box
    assert transport
    assert 0 <= box["y"] < transport["y"]


@pytest.mark.long
def test_a_note_begins_beside_the_beginning_of_its_line_unless_another_is_in_its_way(plain: Page) -> None:
    places: list[tuple[float, float, float]] = plain.locator(".cue > .note").evaluate_all(
        """notes => notes.map((note) => [
            note.closest(".cue").querySelector(".said").getBoundingClientRect().top,
            note.getBoundingClientRect().top,
            note.getBoundingClientRect().bottom,
        ])"""
    )
    free = [
        abs(top - said)
        for (said, top, _), (_, _, before) in zip(places[1:], places, strict=False)
        if before + 24 < said
    ]
    assert free  # how many depends on how the fonts that are there make lines and notes wrap
    assert max(free) < 6
