"""The timeline: the drawing, what is marked on it, and a passage chosen on it by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.player_page import PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Route

LENGTH = 1000 * talk.SECONDS
#: Milliseconds that a pixel may be off.
PIXEL = 120


def tell(player: PlayerPage, event: str, **detail: Any) -> None:
    """Tell everyone inside the player, as its parts do."""
    player.page.evaluate(
        "([type, detail]) => document.querySelector('recording-player')"
        ".dispatchEvent(new CustomEvent(type, { detail }))",
        [event, detail],
    )


def x_of(player: PlayerPage, moment: int) -> float:
    box = player.page.locator("time-line").bounding_box()
    assert box
    return float(box["x"] + box["width"] * moment / LENGTH)


def middle(player: PlayerPage, selector: str) -> tuple[float, float]:
    box = player.page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def clip(player: PlayerPage) -> tuple[int, int] | None:
    """The times of the clip that is offered, in milliseconds."""
    found: list[int] = player.page.eval_on_selector_all(
        "clip-picker:not([hidden]) [role=spinbutton]",
        "all => all.map(each => Number(each.getAttribute('aria-valuenow')))",
    )
    return (found[0], found[1]) if found else None


def near(*moments: int) -> Any:
    return pytest.approx(moments, abs=PIXEL)


def drag(player: PlayerPage, points: Sequence[tuple[float, float]]) -> None:
    player.page.mouse.move(*points[0])
    player.page.mouse.down()
    for point in points[1:]:
        player.page.mouse.move(*point, steps=3)
    player.page.mouse.up()


def value_text(player: PlayerPage) -> str | None:
    return player.page.locator("input.position").get_attribute("aria-valuetext")


@pytest.mark.long
def test_the_drawing_is_awaited_without_a_fault_and_drawn_when_it_is_there(player: PlayerPage) -> None:
    read = [0.0]

    def answer(route: Route) -> None:
        if read[0] == 1:
            route.continue_()
            return
        read[0] = 0.42 if read[0] else 0.1
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" data-read="{read[0]}"><path d="M0 23h1000v2h-1000z"/></svg>'
        route.fulfill(status=202, content_type="image/svg+xml", body=svg)

    player.page.route("**/waveform.svg*", answer)
    player.open()
    drawn = "document.querySelector('.wave path').getAttribute('d')"
    player.until(
        "!document.querySelector('.drawing').hidden && document.querySelector('.drawing progress').value === 0.42"
    )
    assert player.page.locator(".drawing").inner_text().strip() == "Drawing the waveform"
    assert player.page.evaluate(drawn) == "M0 23h1000v2h-1000z"
    read[0] = 1
    player.until(f"({drawn}).length > 5000")
    player.until("document.querySelector('.drawing').hidden")


@pytest.mark.long
def test_the_drawing_is_asked_for_by_the_version_of_the_sound_and_no_more_once_it_is_there(player: PlayerPage) -> None:
    asked: list[str] = []
    player.open()
    player.until("document.querySelector('.wave path').getAttribute('d')?.length > 5000")
    player.page.on("request", lambda request: asked.append(request.url) if "waveform" in request.url else None)
    player.page.reload()
    player.until("document.querySelector('.wave path').getAttribute('d')?.length > 5000")
    player.seek(30_000)
    player.settle()
    (address,) = asked
    assert address.partition("?")[2] == player.audio("audio.currentSrc").partition("?")[2]


@pytest.mark.long
@pytest.mark.parametrize(
    ("moment", "said"),
    [(12_000, "12 seconds"), (60_000, "1 minute"), (72_300, "1 minute 12"), (119_000, "1 minute 59")],
)
def test_the_position_is_said_in_few_words_with_the_voice(player: PlayerPage, moment: int, said: str) -> None:
    player.open()
    player.seek(moment)
    voice = talk.voice_at(moment)
    assert value_text(player) == f"{said}, {voice}"


@pytest.mark.long
@pytest.mark.parametrize(
    ("moment", "said"), [(3_612_000, "1 hour 12 seconds"), (7_509_000, "2 hours 5 minutes 9"), (0, "0 seconds")]
)
def test_on_a_tape_of_hours_no_number_can_be_taken_for_another(player: PlayerPage, moment: int, said: str) -> None:
    player.open()
    tell(player, "durationchange", ms=36_000_000)
    tell(player, "timechange", ms=moment, heard=moment, playing=False, sought=True)
    assert (value_text(player) or "").partition(",")[0] == said


@pytest.mark.long
def test_what_lies_before_the_substance_is_dimmed_and_reachable(player: PlayerPage) -> None:
    player.open()
    before = player.page.locator(".timeline .before").bounding_box()
    whole = player.page.locator("time-line").bounding_box()
    assert before
    assert whole
    assert before["width"] == pytest.approx(whole["width"] * talk.SUBSTANCE / LENGTH, abs=1)
    player.page.mouse.click(x_of(player, 5_000), before["y"] + 30)
    player.settle()
    assert (player.now,) == near(5_000)


@pytest.mark.long
def test_the_part_that_was_heard_has_a_line_of_its_own(player: PlayerPage) -> None:
    player.open()
    player.seek(30_000)
    assert player.page.locator(".timeline .played").get_attribute("x2") == "25%"


@pytest.mark.long
def test_a_note_of_now_has_another_shape_than_the_others(player: PlayerPage) -> None:
    player.open()
    player.seek(26_000)
    player.settle()
    shapes = player.page.eval_on_selector_all(
        ".timeline .mark",
        "all => all.map(mark => "
        "[mark.dataset.note, ['rx', 'rotate'].map(name => getComputedStyle(mark)[name]).join()])",
    )
    disc, lozenge = "3.4px,none", "0px,45deg"
    assert dict(shapes) == {"first": disc, "second": lozenge, "shared": lozenge, "late": disc}


@pytest.mark.long
def test_what_was_found_is_marked_where_it_is_and_the_current_one_by_its_shape(player: PlayerPage) -> None:
    player.open()
    spans = [{"start": moment, "end": moment + 500} for moment in (6_000, 60_000, 90_000)]
    tell(player, "hitschange", spans=spans, current=1)
    hits = player.page.locator(".timeline .hit")
    assert [each.get_attribute("x1") for each in hits.all()[:3]] == ["5%", "50%", "75%"]
    current = player.page.locator(".timeline .hit.current")
    assert current.get_attribute("x") == "50%"
    assert current.locator("path").count() == 1
    tell(player, "hitschange", spans=spans, current=-1)
    assert hits.count() == 3
    tell(player, "hitschange", spans=[], current=-1)
    assert hits.count() == 0


@pytest.mark.long
def test_thousands_of_hits_are_no_more_marks_than_can_be_told_apart(player: PlayerPage) -> None:
    player.open()
    spans = [{"start": number * 15, "end": number * 15 + 10} for number in range(8_000)]
    tell(player, "hitschange", spans=spans, current=0)
    assert 300 < player.page.locator(".timeline .hit").count() < 700


@pytest.mark.long
def test_grips_stand_at_the_ends_of_a_clip_that_is_open(player: PlayerPage) -> None:
    player.open()
    grips = player.page.locator(".timeline .grip:visible")
    assert grips.count() == 0
    player.ask("cliprequest", start=40_000, end=60_000)
    boxes = [grip.bounding_box() for grip in grips.all()]
    assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
    start, end = boxes
    assert start
    assert end
    assert (start["x"] + start["width"], end["x"]) == pytest.approx((x_of(player, 40_000), x_of(player, 60_000)), abs=1)
    player.page.locator("clip-picker .close").click()
    assert grips.count() == 0


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("edge", "span"), [("start", (20_000, 60_000)), ("end", (40_000, 80_000))])
def test_a_grip_is_dragged_and_nothing_else_moves(player: PlayerPage, edge: str, span: tuple[int, int]) -> None:
    player.open()
    player.seek(50_000)
    player.ask("cliprequest", start=40_000, end=60_000)
    x, y = middle(player, f".grip[data-edge={edge}]")
    step = x_of(player, 20_000) - x_of(player, 0)
    drag(player, [(x, y), (x + (step if edge == "end" else -step), y - 200)])
    assert clip(player) == near(*span)
    assert (40_000 if edge == "end" else 60_000) in (clip(player) or ())
    assert player.now == 50_000
    assert not player.is_playing


@pytest.mark.long
def test_a_grip_stops_at_the_other_and_at_the_ends_of_the_sound(player: PlayerPage) -> None:
    player.open()
    player.ask("cliprequest", start=40_000, end=60_000)
    x, y = middle(player, ".grip[data-edge=start]")
    drag(player, [(x, y), (x_of(player, 100_000), y)])
    assert clip(player) == (59_900, 60_000)
    x, y = middle(player, ".grip[data-edge=start]")
    drag(player, [(x, y), (1, y)])
    assert clip(player) == (0, 60_000)
    x, y = middle(player, ".grip[data-edge=end]")
    drag(player, [(x, y), (1_279, y)])
    assert clip(player) == (0, LENGTH)


@pytest.mark.long
def test_while_a_clip_is_open_the_position_still_seeks(player: PlayerPage) -> None:
    player.open()
    player.ask("cliprequest", start=40_000, end=60_000)
    _, y = middle(player, "time-line")
    player.page.mouse.click(x_of(player, 50_000), y + 10)
    player.settle()
    assert (player.now,) == near(50_000)
    assert clip(player) == (40_000, 60_000)


@pytest.mark.long
def test_a_drag_with_shift_chooses_a_passage_without_seeking(player: PlayerPage) -> None:
    player.open()
    _, y = middle(player, "time-line")
    player.page.keyboard.down("Shift")
    drag(player, [(x_of(player, 90_000), y), (x_of(player, 70_000), y), (x_of(player, 75_000), y)])
    assert clip(player) == near(75_000, 90_000)
    _, y = middle(player, "time-line")  # the clip's bar has opened below it
    drag(player, [(x_of(player, 20_000), y), (x_of(player, 30_000), y)])
    player.page.keyboard.up("Shift")
    assert clip(player) == near(20_000, 30_000)
    assert player.now == talk.SUBSTANCE
    assert not player.page.evaluate("document.activeElement.matches('.position')")


@pytest.mark.long
def test_a_press_with_shift_that_does_not_move_seeks(player: PlayerPage) -> None:
    player.open()
    _, y = middle(player, "time-line")
    player.page.keyboard.down("Shift")
    player.page.mouse.click(x_of(player, 70_000), y)
    player.page.keyboard.up("Shift")
    assert clip(player) is None
    assert (player.now,) == near(70_000)


@pytest.mark.long
def test_a_grip_follows_a_finger_and_the_page_stays(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    player = PlayerPage(context.new_page(), site).open()
    player.ask("cliprequest", start=40_000, end=60_000)
    player.page.locator("clip-picker").wait_for()
    x, y = middle(player, ".grip[data-edge=end]")
    step = x_of(player, 20_000) - x_of(player, 0)
    before = player.scrolled
    finger = context.new_cdp_session(player.page)
    for kind, place in (("touchStart", 0.0), ("touchMove", 0.1), ("touchMove", 0.5), ("touchMove", 1.0)):
        # Up more than along: on anything else the page would scroll.
        points = [{"x": x + place * step, "y": y - 150 * place ** (1 / 2)}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert clip(player) == pytest.approx((40_000, 80_000), abs=3 * PIXEL)
    assert player.scrolled == before
    expect(player.page.locator("pointed-moment")).to_be_hidden()
    assert player.errors == []
    context.close()


@pytest.mark.long
def test_the_pointer_is_told_the_moment_and_the_line_it_is_over(player: PlayerPage) -> None:
    player.open()
    line = talk.LINES[8]
    _, y = middle(player, "time-line")
    height = player.page.evaluate("document.documentElement.scrollHeight")
    player.page.mouse.move(x_of(player, (line.start + line.end) // 2), y)
    label = player.page.locator("pointed-moment")
    assert label.get_attribute("aria-hidden") == "true"
    assert label.locator(".moment").inner_text() == f"0:{(line.start + line.end) // 2000}"
    assert label.locator(".words").inner_text().startswith(" ".join(line.words[:3]))
    player.page.mouse.move(x_of(player, 70_500), y)
    assert label.inner_text().strip() == "1:10"
    for end in (0, LENGTH):
        player.page.mouse.move(x_of(player, end) + (1 if end == 0 else -1), y)
        box = label.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
    assert player.page.evaluate("document.documentElement.scrollHeight") == height
    player.press("Escape")
    player.page.mouse.move(x_of(player, 71_000), y)
    expect(label).to_be_hidden()
    player.page.mouse.move(640, 100)
    player.page.mouse.move(x_of(player, 72_000), y)
    expect(label).to_be_visible()


#: The contrast of WCAG 2.2 between two colours as the page computes them.
CONTRAST = """([one, other]) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
      .map((part) => part / 255).map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return high / low;
}"""


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_of_the_timeline_stand_out_from_what_they_lie_on(browser: Browser, site: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme)
    player = PlayerPage(context.new_page(), site).open()
    tell(player, "hitschange", spans=[{"start": 6_000, "end": 7_000}], current=-1)
    player.ask("cliprequest", start=40_000, end=60_000)

    def colour(selector: str, name: str) -> str:
        found: str = player.page.locator(selector).first.evaluate(f"part => getComputedStyle(part)['{name}']")
        return found

    ground, wave = colour(".transport", "backgroundColor"), colour(".timeline .wave", "fill")
    assert colour(".timeline .ground", "stroke") == ground
    parts = {
        "rail": (colour(".timeline .rail", "stroke"), [ground]),
        "played": (colour(".timeline .played", "stroke"), [ground, wave]),
        "grip": (colour(".timeline .grip", "backgroundColor"), [ground, wave]),
        "mark": (colour(".timeline .mark", "fill"), [ground, wave]),
        "hit": (colour(".timeline .hit", "stroke"), [ground, wave]),
    }
    for name, (part, grounds) in parts.items():
        for under in grounds:
            assert player.page.evaluate(CONTRAST, [part, under]) >= 3, (name, part, under)
    context.close()


@pytest.mark.long
def test_in_forced_colours_everything_is_of_the_readers_own(browser: Browser, site: str) -> None:
    context = browser.new_context(forced_colors="active")
    player = PlayerPage(context.new_page(), site).open()
    tell(player, "hitschange", spans=[{"start": 6_000, "end": 7_000}], current=0)
    player.ask("cliprequest", start=40_000, end=60_000)
    theirs = player.page.evaluate(
        """() => Object.fromEntries(["Canvas", "CanvasText", "GrayText", "Highlight"].map((name) => {
          document.querySelector(".message").style.color = name;
          return [name, getComputedStyle(document.querySelector(".message")).color];
        }))"""
    )
    for selector, name, system in (
        (".wave", "fill", "GrayText"),
        (".rail", "stroke", "CanvasText"),
        (".ground", "stroke", "Canvas"),
        (".before", "fill", "Canvas"),
        (".mark", "fill", "CanvasText"),
        ("line.hit", "stroke", "Highlight"),
        (".hit.current", "fill", "Highlight"),
        (".grip", "backgroundColor", "Highlight"),
        (".clip-span", "stroke", "Highlight"),
    ):
        found = player.page.locator(f".timeline {selector}").first.evaluate(f"part => getComputedStyle(part)['{name}']")
        assert found == theirs[system], selector
    context.close()
