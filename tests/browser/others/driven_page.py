"""A page of the player in a browser that Playwright does not drive: open it, press, ask which line is marked.

WebDriver and WebDriver BiDi write what a reader's hands do in the same way, so that a test is one for all browsers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

#: Milliseconds until a wait is given up; none is measured by it.
LIMIT = 120_000
#: A press of the mouse's button, where the mouse is.
PRESS: tuple[dict[str, Any], ...] = ({"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})
#: Keys that print nothing, by the names that ``KeyboardEvent.key`` has for them, as both protocols write them.
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004"}

# From now on, keep which lines are marked, at once and after each change.
_WATCH = """
window.marked = [];
const note = () =>
  marked.push([...document.querySelectorAll(".cue[aria-current=true]")].map(({ id }) => id).join());
new MutationObserver(note).observe(document, { subtree: true, attributeFilter: ["aria-current"] });
note();
"""
_AUDIO = "const audio = document.querySelector('audio');"


class DrivenPage(ABC):
    """The one page of a browser."""

    #: The folder into which this browser downloads.
    downloads: Path

    @abstractmethod
    def go(self, address: str) -> None:
        """Go to an address, and wait until its page has loaded."""

    @abstractmethod
    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function, whose result may be a promise. It is no gesture of the reader's."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the page so many CSS pixels."""

    @abstractmethod
    def photograph(self, file: Path) -> None:
        """Write what the window shows as PNG."""

    @property
    @abstractmethod
    def errors(self) -> list[str]:
        """What the page has told the console as an error or a warning."""

    @abstractmethod
    def _perform(self, device: dict[str, Any]) -> None:
        """Let one input device do its actions (WebDriver, section 15.7)."""

    def open(self, address: str) -> None:
        """Open the page of a recording, and wait until its sound can be sought."""
        self.go(address)
        self.until("audio.readyState >= 1 && customElements.get('recording-player')")
        self.run(_WATCH)

    def ask(self, expression: str) -> Any:
        """Give the value of something of ``audio`` and the page."""
        return self.run(f"{_AUDIO} return {expression}")

    def until(self, expression: str) -> None:
        """Wait until something is true of ``audio`` and the page."""
        told = self.run(
            f"""{_AUDIO} const given = performance.now() + {LIMIT};
            return new Promise((done) => {{
              const look = () => {{
                if ({expression}) done(null);
                else if (performance.now() < given) setTimeout(look, 10);
                else done([...document.querySelectorAll(".message, .clock")].map((each) => each.innerText).join() +
                  ["currentTime", "duration", "paused", "seeking", "ended", "readyState", "networkState"]
                    .map((name) => `, ${{name}} ${{audio?.[name]}}`).join(""));
              }};
              look();
            }})"""
        )
        assert told is None, f"never true: {expression}; {told}"

    def until_line(self, line: str) -> None:
        """Wait until a line is marked, and no other, or has been since this was last asked: a short one goes by."""
        self.until(f"marked.includes('cue-{line}')")
        self.run("marked.splice(0, marked.length - 1)")

    def request(self, kind: str, **detail: Any) -> None:
        """Ask the player, as its parts do."""
        self.run(
            "const [type, detail] = arguments; document.querySelector('.transport')"
            ".dispatchEvent(new CustomEvent(type, { bubbles: true, detail }))",
            kind,
            detail,
        )

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        presses = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keys", "actions": presses})

    def click(self, selector: str) -> None:
        """Press the middle of the first element that matches, once it is shown and stands still."""
        box = self.box_of(selector)
        self._perform(pointer(_move((box[0] + box[2]) // 2, (box[1] + box[3]) // 2), *PRESS))

    def point(self, x: int, y: int) -> None:
        """Move the mouse to a place in the window."""
        self._perform(pointer(_move(x, y)))

    def drag(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Press at the first place, and let go at the last."""
        down, up = PRESS
        self._perform(pointer(_move(*first), down, _move(*last), up))

    def box_of(self, selector: str) -> tuple[int, int, int, int]:
        """Say where an element is in the window, once it is shown and stands still: left, top, right and bottom."""
        left, top, right, bottom = self.run(
            """const [selector] = arguments;
            return new Promise((done) => {
              let last = "";
              const look = () => {
                const found = document.querySelector(selector);
                const box = found?.checkVisibility() ? found.getBoundingClientRect() : null;
                if (box && (box.top < 0 || box.bottom > innerHeight)) {
                  found.scrollIntoView({ block: "center", behavior: "instant" });
                }
                const place = box && [box.left, box.top, box.right, box.bottom].map(Math.round);
                if (box && last === String(place)) done(place);
                else { last = String(place); setTimeout(look, 50); }
              };
              look();
            })""",
            selector,
        )
        return left, top, right, bottom


def pointer(*actions: dict[str, Any]) -> dict[str, Any]:
    """Give what the mouse does, as both protocols write it."""
    return {"type": "pointer", "id": "mouse", "actions": list(actions)}


def _move(x: int, y: int) -> dict[str, Any]:
    return {"type": "pointerMove", "x": x, "y": y, "duration": 50}
