"""What the desk does when it is not alone: another window, another person, a text editor, a server that is gone."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
import small_archive
from browser.desk_site import Desk, serving_desk
from browser.player_page import LIMIT
from playwright.sync_api import expect
from started import port_of

from player.archive.doubts import doubts
from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser.desk_site import DeskSite
    from playwright.sync_api import Browser, BrowserContext, Page

    from player.archive.transcript import Line

pytestmark = pytest.mark.long

#: What asks for the changes of others, every few seconds.
LOOKS: Final = "**/edit/state?since=*"
AWAY: Final = re.compile("^The server does not answer. What you typed is kept in this browser")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    small_archive.write_archive(root)
    return root


@pytest.fixture
def site(archive: Path, tmp_path: Path) -> Iterator[DeskSite]:
    with serving_desk(archive, tmp_path / "cache") as site:
        yield site


def first(archive: Path) -> Line:
    return read_transcript(archive / "transcripts/tones/transcript.vtt").lines[0]


def unseeing(page: Page) -> Page:
    """Let a window not see what others do."""
    page.route(LOOKS, lambda route: route.fulfill(status=204))
    return page


def append(desk: Desk, text: str) -> None:
    desk.press("Enter", "End").type(text).press("Escape")


@contextmanager
def another(archive: Path, cache: Path, browser: Browser) -> Iterator[Desk]:
    """The desk of another person, with a browser and a server of their own."""
    with serving_desk(archive, cache, by="Otto Ferryman") as site, browser.new_context() as context:
        context.set_default_timeout(LIMIT)
        yield Desk(context.new_page(), site).open()


@pytest.mark.parametrize(
    ("answer", "text"),
    [("1", "Silence & hum. Mine"), ("2", "Silence & hum. Theirs"), ("3", "Silence & hum. Mine")],
)
def test_what_two_windows_typed_in_one_line_waits_for_a_choice(
    site: DeskSite, context: BrowserContext, answer: str, text: str
) -> None:
    one, two = Desk(context.new_page(), site).open(), Desk(unseeing(context.new_page()), site).open()
    append(one, " Theirs")
    one.unwritten("1 line is not in the archive yet")
    append(two, " Mine")
    expect(two.page.get_by_role("heading", name="This line was changed elsewhere 1 of 1")).to_be_focused()
    assert two.hand.locator(".conflict ins").all_inner_texts() == ["Mine", "Theirs"]
    two.unwritten("1 line waits for your choice")
    expect(two.page.get_by_role("button", name="Write to the archive")).to_have_attribute("aria-disabled", "true")
    two.page.unroute(LOOKS)
    two.press(answer)
    expect(two.words).to_have_text(text)
    two.unwritten("1 line is not in the archive yet")
    expect(two.words).to_be_focused()
    if answer == "3":
        expect(two.hand.get_by_role("radio", name="Theirs")).to_have_count(1)
    # It is so on the server, for the other window too.
    one.open()
    expect(one.words).to_have_text(text)


def test_a_window_is_shown_what_another_does_in_other_lines(site: DeskSite, context: BrowserContext) -> None:
    one, two = Desk(context.new_page(), site).open(), Desk(context.new_page(), site).open("#cue-last")
    append(one, " More")
    two.page.bring_to_front()
    expect(two.page.locator(".row p").first).to_contain_text("Silence & hum. More")
    append(two, " Over.")
    two.unwritten("2 lines are not in the archive yet")


@pytest.mark.parametrize(("answer", "text"), [("1", "Hum. Mine"), ("2", "Hum. Theirs"), ("3", "Hum. Mine")])
def test_what_another_person_wrote_is_shown_beside_mine(
    archive: Path, tmp_path: Path, site: DeskSite, browser: Browser, context: BrowserContext, answer: str, text: str
) -> None:
    mine = Desk(unseeing(context.new_page()), site).open()
    mine.press("Enter", "Control+A").type("Hum. Mine").press("Escape")
    mine.unwritten("1 line is not in the archive yet")
    with another(archive, tmp_path / "other", browser) as theirs:
        theirs.press("Enter", "Control+A").type("Hum. Theirs").press("Escape")
        theirs.unwritten("1 line is not in the archive yet")
        theirs.press("Control+Enter").says(".state", re.compile("^Written"))
        assert theirs.errors == []
    mine.page.unroute(LOOKS)
    mine.press("Control+Enter")
    expect(mine.page.get_by_role("heading", name=re.compile("^This line was changed elsewhere"))).to_be_visible()
    expect(mine.hand.locator(".conflict")).to_contain_text("Otto Ferryman")
    mine.press(answer)
    expect(mine.words).to_have_text(text)
    if answer != "2":
        mine.press("Control+Enter").says(".state", re.compile("^Written"))
    assert first(archive).text == text
    assert [reading.text for each in doubts(first(archive)) for reading in each.readings] == ["Theirs"] * (
        answer == "3"
    )
    assert mine.errors == []


def test_what_a_text_editor_wrote_comes_in(archive: Path, site: DeskSite, context: BrowserContext) -> None:
    desk = Desk(context.new_page(), site).open("#cue-last")
    path = archive / "transcripts/tones/transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("hum.", "a hum."), encoding="utf-8")
    expect(desk.page.locator(".row p").first).to_contain_text("Silence & a hum.")
    expect(desk.words).to_be_focused()


def test_what_is_typed_while_the_server_is_gone_is_kept_and_sent_when_it_is_back(
    archive: Path, tmp_path: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with serving_desk(archive, tmp_path / "cache") as site:
        desk = Desk(page, site).open()
    append(desk, " Kept")
    desk.says(".state", AWAY)
    expect(desk.words).to_have_text("Silence & hum. Kept")
    desk.press("d").refused("The server does not answer; try again when it does.")
    desk.press(".", ",")
    expect(desk.words).to_have_text("Silence & hum. Kept")
    with serving_desk(archive, tmp_path / "cache", port=port_of(site.address)) as again:
        # This page's token was the other server's.
        desk.refused(re.compile("What you typed is kept|load it again|Reload the page"))
        reloaded = Desk(page, again).open()
        reloaded.unwritten("1 line is not in the archive yet")
        expect(reloaded.words).to_have_text("Silence & hum. Kept")
        assert reloaded.page.evaluate("Object.keys(localStorage).filter((each) => each.includes('desk:'))") == []
    assert desk.errors == []


def test_a_page_that_is_closed_before_anything_was_sent_loses_nothing(site: DeskSite, context: BrowserContext) -> None:
    desk = Desk(context.new_page(), site).open()
    desk.page.route("**/edit/steps", lambda route: route.abort())
    desk.press("Enter", "End").type(" Typed")
    desk.page.close()
    again = Desk(context.new_page(), site).open()
    expect(again.words).to_have_text("Silence & hum. Typed")
    again.unwritten("1 line is not in the archive yet")


def test_what_is_refused_is_said_and_stays_until_it_is_changed(site: DeskSite, context: BrowserContext) -> None:
    desk = Desk(context.new_page(), site).open()
    desk.press("Enter", "Control+A", "Delete", "Escape")
    desk.refused(re.compile("^Not saved: .*at least one word"))
    desk.says(".state", "Line 1 is not saved as it was typed: change it, or undo")
    desk.press("d").told(re.compile("^Doubtful"))
    desk.press("Control+Enter").refused(re.compile("^Nothing was written: a line is not saved as it was typed"))
    desk.press("d").told(re.compile("^Not doubtful"))
    desk.press(".", ",", "Enter").type("Words again").press("Escape")
    desk.unwritten("1 line is not in the archive yet")
    desk.refused("")
    expect(desk.words).to_have_text("Words again")
    # What was refused is later than any step: it goes first.
    desk.press("Enter", "Control+A", "Delete", "Escape")
    desk.refused(re.compile("^Not saved: .*at least one word"))
    desk.press("u").told("Undone.")
    expect(desk.words).to_have_text("Words again")
    desk.refused("")
    desk.says(".state", re.compile("^Saved"))


def test_it_says_that_it_needs_javascript_and_leads_to_the_page(site: DeskSite, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}/{site.query}")
        page.goto(f"{site.address}/recordings/tones/edit")
        expect(page.locator("noscript strong")).to_have_text("The desk needs JavaScript,")
        expect(page.locator("noscript strong")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        page.locator("noscript a").click()
        expect(page.locator("h1")).to_have_text("A tape of tones")


def test_words_have_their_own_language_and_direction(archive: Path, tmp_path: Path, context: BrowserContext) -> None:
    record = archive / "transcripts/tones/recording.toml"
    record.write_text('language = "he"\n' + record.read_text(encoding="utf-8"), encoding="utf-8")
    path = archive / "transcripts/tones/transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("The end.", "סוף הנמל."), encoding="utf-8")
    with serving_desk(archive, tmp_path / "cache") as site:
        desk = Desk(context.new_page(), site).open("#cue-last")
        for shown in (desk.words, desk.page.locator(".row p span[lang]").first):
            assert (shown.get_attribute("lang"), shown.get_attribute("dir")) == ("he", "rtl")
        desk.press("Enter")
        assert desk.field.evaluate("each => getComputedStyle(each).direction") == "rtl"
        assert desk.hand.evaluate("each => getComputedStyle(each).direction") == "ltr"
        desk.press("End").type(" רציף").press("Escape")
        desk.unwritten("1 line is not in the archive yet")
    assert desk.errors == []


def test_a_note_that_has_no_source_to_rest_on_stays_in_its_form_and_says_where_sources_are_written(
    archive: Path, site: DeskSite, context: BrowserContext
) -> None:
    (archive / "transcripts/tones/annotations.toml").unlink()
    (archive / "transcripts/sources.toml").unlink()
    desk = Desk(context.new_page(), site).open().press("n")
    expect(desk.hand.get_by_role("group", name="Sources")).to_contain_text("The archive has no sources yet.")
    desk.hand.get_by_role("combobox", name="Kind").select_option("event")
    desk.hand.get_by_role("textbox", name="Text").fill("It begins.")
    desk.hand.get_by_role("button", name="Keep the note").click()
    desk.refused(re.compile(r"transcripts/sources\.toml"))
    expect(desk.hand.get_by_role("textbox", name="Text")).to_have_value("It begins.")
    # It is kept, though the form is left, until the note is.
    desk.press("Escape")
    desk.open().press("n")
    expect(desk.hand.get_by_role("textbox", name="Text")).to_have_value("It begins.")
    desk.hand.get_by_role("combobox", name="Kind").select_option("segment")
    desk.hand.get_by_role("button", name="Keep the note").click()
    desk.told("The note is kept.")
    desk.press("n")
    expect(desk.hand.get_by_role("textbox", name="Text")).to_have_value("")


def test_where_no_line_is_left_the_first_can_be_put_in(site: DeskSite, context: BrowserContext) -> None:
    desk = Desk(context.new_page(), site).open()
    for left in (3, 2, 1):
        desk.press("Backspace")
        desk.says(".place", re.compile(f" of {left}$"))
    desk.press("Backspace").says(".place", "There are no lines yet")
    expect(desk.page.get_by_role("button", name="Put in the first")).to_be_focused()
    desk.press("Backspace", "w", "a")
    expect(desk.field).to_be_focused()
    desk.type("Pears.").press("Escape")
    expect(desk.words).to_have_text("Pears.")
    expect(desk.words).to_be_focused()
    expect(desk.page.locator(".empty")).to_be_hidden()
    assert desk.errors == []


def test_a_refusal_is_in_view_in_a_narrow_window(site: DeskSite, context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    desk = Desk(page, site).open()
    desk.press("u").refused(re.compile("nothing to take back"))
    expect(page.locator(".fault")).to_be_in_viewport(ratio=1)


def test_another_persons_version_takes_the_focus_from_the_words_that_it_hides(
    archive: Path, tmp_path: Path, site: DeskSite, browser: Browser, context: BrowserContext
) -> None:
    mine = Desk(context.new_page(), site).open()
    append(mine, " Mine")
    mine.unwritten("1 line is not in the archive yet")
    expect(mine.words).to_be_focused()
    with another(archive, tmp_path / "other", browser) as theirs:
        append(theirs, " Theirs")
        theirs.unwritten("1 line is not in the archive yet")
        theirs.press("Control+Enter").says(".state", re.compile("^Written"))
    mine.page.bring_to_front()
    expect(mine.page.get_by_role("heading", name=re.compile("^This line was changed elsewhere"))).to_be_focused()


def test_what_was_typed_before_the_server_was_started_anew_is_sent_where_the_words_are_still_those(
    archive: Path, tmp_path: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with serving_desk(archive, tmp_path / "cache") as site:
        desk = Desk(page, site).open("#cue-last")
    append(desk, " Kept")
    desk.says(".state", AWAY)
    path = archive / "transcripts/tones/transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("hum.", "a hum."), encoding="utf-8")
    with serving_desk(archive, tmp_path / "cache", port=port_of(site.address)) as again:
        desk = Desk(page, again).open("#cue-last")
        desk.unwritten("1 line is not in the archive yet")
        expect(desk.words).to_have_text("The end. Kept")
    with serving_desk(archive, tmp_path / "cache", by="Otto Ferryman", port=port_of(site.address)) as other:
        page.evaluate("localStorage.clear()")
        desk = Desk(page, other).open()
        desk.page.route("**/edit/steps", lambda route: route.abort())
        append(desk, " Otto's")
        desk.says(".state", AWAY)
    # What is kept is its typist's.
    with serving_desk(archive, tmp_path / "cache", port=port_of(site.address)) as again:
        page.unroute("**/edit/steps")
        desk = Desk(page, again).open()
        expect(desk.words).to_have_text("Silence & a hum.")
        desk.unwritten("1 line is not in the archive yet")


def test_of_a_line_that_a_text_editor_removed_while_it_was_typed_in_it_is_chosen(
    archive: Path, site: DeskSite, context: BrowserContext
) -> None:
    desk = Desk(context.new_page(), site).open("#cue-last")
    append(desk, " Mine")
    desk.unwritten("1 line is not in the archive yet")
    path = archive / "transcripts/tones/transcript.vtt"
    blocks = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    assert "The end." in blocks[-1]
    path.write_text("\n\n".join(blocks[:-1]) + "\n", encoding="utf-8")
    expect(desk.page.get_by_role("heading", name=re.compile("^This line was changed elsewhere"))).to_be_focused()
    expect(desk.hand.locator(".conflict")).to_contain_text("The line is removed.")
    desk.press("1").told("Yours is kept.")
    desk.unwritten("1 line is not in the archive yet")
    desk.press("Control+Enter").says(".state", re.compile("^Written"))
    assert "The end. Mine" in path.read_text(encoding="utf-8")
    assert desk.errors == []


def test_a_working_copy_that_is_set_aside_is_told_in_the_open_page(
    context: BrowserContext, site: DeskSite, archive: Path
) -> None:
    desk = Desk(context.new_page(), site).open("#cue-first")
    desk.press("Enter", "End").type(" more").press("Escape")
    desk.unwritten(re.compile("1 line is"))
    (copy,) = (archive / "transcripts/tones/working").iterdir()
    lines = copy.read_bytes()
    beside = copy.with_name("beside")
    beside.write_bytes(lines + b"{not JSON\n")
    beside.replace(copy)
    desk.press(".", "d")
    name = f"{copy.stem}.set-aside-1.jsonl"
    desk.refused(re.compile(re.escape(name)))
    expect(desk.page.locator(".asides")).to_contain_text(name)
    # It stays in view when other things are done.
    desk.press("d").told("Not doubtful any more: A.")
    desk.refused(re.compile(re.escape(name)))
    assert desk.errors == []


def test_undo_goes_on_behind_what_was_written(context: BrowserContext, site: DeskSite) -> None:
    desk = Desk(context.new_page(), site).open("#cue-last")
    desk.press("Enter", "End").type(" again").press("Escape")
    desk.unwritten(re.compile("^1 line is"))
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written to the archive: 1 line, version"))
    desk.press("u")
    offer = desk.page.get_by_role("heading", name=re.compile("^Take back what you wrote on "))
    expect(offer).to_be_visible()
    expect(desk.page.locator(".desk-form")).to_contain_text(re.compile(r"It is version \d+, 1 line\."))
    desk.press("Escape")
    expect(offer).to_have_count(0)
    desk.press("u", "u")
    expect(desk.words).to_have_text("The end.")
    desk.says(
        ".state", re.compile(r"^Taken back: what you wrote as version \d+, 1 line\. It is in the archive once you")
    )
    desk.unwritten(re.compile("^1 line is"))
    desk.press("Shift+U")
    expect(desk.words).to_have_text("The end. again")
    desk.press("u", "Enter")
    expect(desk.words).to_have_text("The end.")
    desk.press("Control+Enter")
    desk.says(".state", re.compile("^Written to the archive: 1 line, version"))
    desk.press("Shift+U")
    expect(desk.page.get_by_role("heading", name=re.compile("^Bring back what you took back on "))).to_be_visible()
    desk.press("Shift+U")
    expect(desk.words).to_have_text("The end. again")
    assert desk.errors == []
