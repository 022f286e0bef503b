"""The page as its reader likes it: its language, its size, its lines as paragraphs. It all works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.player_page import LIMIT, PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page

pytestmark = pytest.mark.long

#: Where the last line of some text stands.
LAST_LINE = "each => { const { top, left } = [...each.getClientRects()].at(-1); return [top, left]; }"
SLUG = "1963-11-05-attwood-reading"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(browser: Browser, shipped: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of the shipped reading, wide, in a browser that runs scripts and in one that does not."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 860}, reduced_motion="reduce", java_script_enabled=request.param
    )
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{shipped}/recordings/{SLUG}")
    yield page
    context.close()


@pytest.fixture
def reading(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the shipped reading, opened."""
    opened = PlayerPage(context.new_page(), shipped).open(slug=SLUG)
    yield opened
    assert opened.errors == []


def choose(page: Page, value: str) -> None:
    found = page.locator(f'reading-options input[value="{value}"]')
    if not found.is_visible():
        page.locator(".view > summary").click()
    found.click()


def box(found: Locator) -> FloatRect:
    there = found.bounding_box()
    assert there
    return there


def test_the_original_is_what_is_shown_at_first(page: Page) -> None:
    expect(page.locator("#cue-day .said")).to_be_visible()
    assert not page.locator(".translated:visible, .translator:visible").count()


def test_both_languages_stand_below_each_other_each_marked_as_what_it_is(page: Page) -> None:
    choose(page, "original es")
    said, translated = page.locator("#cue-day .said"), page.locator("#cue-day .translated")
    assert translated.get_attribute("lang") == "es"
    (above, left), (below, also_left) = (each.evaluate(LAST_LINE) for each in (said, translated))
    assert below > above + 8
    assert also_left == left
    size = "each => parseFloat(getComputedStyle(each).fontSize)"
    assert translated.evaluate(size) < said.evaluate(size)
    notice = page.locator(".translator")
    assert notice.locator("p").first.inner_text() == (
        "Translation into Spanish by the tape-player project, with automated tools; not reviewed. "
        "Quotations stay in English, with a gloss in square brackets."
    )
    assert notice.locator("p[lang=es]").inner_text().startswith("Lectura sintética, no la cinta.")


def test_alone_a_translation_stands_in_the_place_of_the_original(page: Page) -> None:
    choose(page, "es")
    said = page.locator("#cue-day .said")
    expect(page.locator("#cue-day .translated")).to_be_visible()
    expect(said).to_be_hidden()
    expect(page.locator(".translator")).to_be_visible()
    assert page.locator(".provenance").inner_text().startswith("Synthetic reading, not the tape.")


def test_beside_a_translation_alone_what_there_is_about_a_line_has_its_original(reading: PlayerPage) -> None:
    choose(reading.page, "es")
    reading.page.locator("#cue-day .this").click()
    words = reading.page.locator("this-line .words")
    words.wait_for()
    assert words.inner_text() == reading.words_of("day")
    choose(reading.page, "original")
    expect(words).to_be_hidden()


def test_as_paragraphs_lines_flow_with_the_notes_beside_them(page: Page) -> None:
    first, second = page.locator("#cue-preface-4 .said"), page.locator("#cue-preface-5 .said")
    assert box(second)["y"] > box(first)["y"] + 8
    choose(page, "reader")
    assert not page.locator(".cue :is(.time, .this):visible").count()
    ends, starts = (
        found.evaluate(f"each => {{ const rects = each.getClientRects(); return rects[{which}].top; }}")
        for found, which in ((first, "rects.length - 1"), (second, "0"))
    )
    assert abs(ends - starts) < 4
    text, note = box(page.locator(".transcript")), box(page.locator("#note-oval-office"))
    assert note["x"] >= text["x"] + text["width"]
    expect(page.locator("#cue-day .note-mark")).to_be_visible()


def test_a_paragraph_begins_where_the_transcript_says_so_and_after_a_long_silence(page: Page) -> None:
    choose(page, "reader")
    begun = page.locator(".cue[data-paragraph]")
    ids = [begun.nth(index).get_attribute("id") for index in range(begun.count())]
    # "day" comes after a second and a half of silence; the others are marked in the transcript.
    assert ids == ["cue-day", "cue-mission", "cue-paper", "cue-vallejo"]
    for name in ("day", "mission"):
        said = page.locator(f"#cue-{name} .said")
        assert said.evaluate("each => each.getClientRects()[0].left") == box(page.locator("#cue-preface-1"))["x"]


@pytest.mark.parametrize(("size", "factor"), [("small", 0.88), ("large", 1.2), ("largest", 1.45)])
def test_the_text_grows_and_the_transport_does_not(page: Page, size: str, factor: float) -> None:
    font = "each => parseFloat(getComputedStyle(each).fontSize)"
    texts = [page.locator(each).first for each in (".said", "aside.note", ".time", "h1")]
    before = [text.evaluate(font) for text in texts]
    transport = box(page.locator(".transport"))["height"]
    choose(page, size)
    assert [text.evaluate(font) / was for text, was in zip(texts, before, strict=True)] == pytest.approx([factor] * 4)
    assert box(page.locator(".transport"))["height"] == transport


def test_no_choice_makes_the_page_scroll_sideways(page: Page) -> None:
    for names in (("largest", "original es"), ("es",), ("reader",)):
        for name in names:
            choose(page, name)
        for width, height in [(320, 568), (320, 256), (390, 800), (1100, 700)]:
            page.set_viewport_size({"width": width, "height": height})
            reached = page.locator("html").evaluate("each => Math.max(each.scrollWidth, document.body.scrollWidth)")
            assert reached <= width, (names, width, height)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_language_is_offered_at_once_and_the_rest_is_folded(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    summary, choices = page.locator(".view > summary"), page.locator(".view .choices")
    expect(page.get_by_role("radio", name="Español")).to_be_visible()
    expect(choices).to_be_hidden()
    assert summary.inner_text() == "Reading options"
    summary.focus()
    page.keyboard.press("Enter")
    expect(choices).to_be_visible()
    labels = page.locator("reading-options label:not([hidden])")
    assert min(box(labels.nth(index))["height"] for index in range(labels.count())) >= 24


def test_a_line_that_is_heard_is_marked_and_followed_in_every_view(reading: PlayerPage) -> None:
    for choice in ("es", "original es", "reader", "largest"):
        choose(reading.page, choice)
        for moment, line in ((100_000, "salary"), (230_000, "airfields")):
            reading.button("follow").click() if reading.button("follow").get_attribute(
                "aria-pressed"
            ) == "false" else None
            reading.seek(moment, play=True)
            reading.until_line(line)
            reading.ask("pauserequest")
            reading.until("audio.paused")
            reading.settle()
            top = reading.page.locator(f"#cue-{line}").evaluate("each => each.getClientRects()[0].top")
            assert 0 <= top < 720 - box(reading.page.locator(".transport"))["height"], (choice, line)


def test_what_is_chosen_is_there_at_the_next_visit_and_on_other_pages(reading: PlayerPage) -> None:
    for choice in ("es", "large", "reader", "dispute"):
        choose(reading.page, choice)
    checked = "each => [...each.querySelectorAll('input:checked')].map(({ value }) => value)"
    for _ in range(2):
        found = reading.page.locator("reading-options").evaluate(checked)
        assert found == ["es", "large", "reader", "person", "event", "document", "place", "term", "correction"]
        reading.open(slug=SLUG)
    reading.page.goto(f"{reading.site}/recordings/1963-11-05-attwood")
    assert "large" in reading.page.locator("reading-options").evaluate(checked)
    choose(reading.page, "small")
    reading.open(slug=SLUG)
    found = reading.page.locator("reading-options").evaluate(checked)
    assert found == ["es", "small", "reader", "person", "event", "document", "place", "term", "correction"]


def test_what_this_page_does_not_offer_stays_as_it_was_chosen_on_another(context: BrowserContext, shipped: str) -> None:
    kept = '{"hidden": ["weather", "person"], "language": "fr"}'
    context.add_init_script(f"localStorage['tape-player:view'] ??= '{kept}'")
    reading = PlayerPage(context.new_page(), shipped).open(slug=SLUG)
    choose(reading.page, "dispute")
    now = reading.page.evaluate("JSON.parse(localStorage['tape-player:view'])")
    assert now["hidden"] == ["weather", "person", "dispute"]


def test_what_cannot_be_read_of_what_was_kept_changes_nothing(reading: PlayerPage) -> None:
    wrong = ["", "null", "[1]", '"x"', '{"size": 7, "hidden": "person", "reader": "no"}', "{"]
    for kept in [*wrong, '{"size": "large"}']:
        reading.page.evaluate("kept => localStorage.setItem('tape-player:view', kept)", kept)
        # As where the element is made: it reads what was kept.
        reading.page.locator("reading-options").evaluate("each => each.replaceWith(each.cloneNode(true))")
        values = reading.page.locator("reading-options").evaluate(
            "each => [...each.querySelectorAll('input[type=radio]:checked')].map(({ value }) => value)"
        )
        assert values == ["original", "normal" if kept in wrong else "large"], kept
        assert not reading.page.locator("[name=reader]").is_checked()
        assert reading.page.locator("[name=kind]:not(:checked)").count() == 0


def test_the_arrows_choose_and_do_not_seek(reading: PlayerPage) -> None:
    reading.seek(60_000)
    reading.settle()
    reading.page.locator("[name=language]").first.focus()
    reading.press("ArrowRight")
    assert reading.page.locator("[value=es]").is_checked()
    assert reading.now == 60_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_translation_can_be_read_on_the_page_and_on_the_marked_line(
    browser: Browser, shipped: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    reading = PlayerPage(context.new_page(), shipped).open(slug=SLUG)
    choose(reading.page, "original es")
    contrasts = reading.page.evaluate("""() => {
        const light = (colour) => {
          const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255);
          const [r, g, b] = parts.map((c) => (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4));
          return .2126 * r + .7152 * g + .0722 * b;
        };
        const probe = document.body.appendChild(document.createElement("i"));
        const ink = light(getComputedStyle(document.querySelector(".translated")).color);
        return ["--paper", "--wash"].map((name) => {
          probe.style.color = `var(${name})`;
          const ground = light(getComputedStyle(probe).color);
          return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
        });
    }""")
    context.close()
    assert min(contrasts) >= 4.5
