"""A page of the player, as a test speaks of it: open it, press, ask which line is marked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from browser import talk
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, Route

#: Milliseconds until a wait is given up; none is measured by it.
LIMIT = 120_000

#: Scripts of tests: the one text node of a line's words, and the box of these. Its own element has them where it has
#: translations, else they follow its time.
WORDS = """
window.wordsOf = (id) => {
  const { nextSibling } = document.querySelector(`#cue-${id} .time`);
  return nextSibling.firstChild ?? nextSibling;
};
window.boxOfWords = (id) => {
  const range = new Range();
  range.selectNodeContents(wordsOf(id));
  return range.getBoundingClientRect();
};
"""
# Each change of the marked line, with the audio's clock as it was, and each name that a button has had: observers run
# before anything else can happen.
_WATCH = """
addEventListener("DOMContentLoaded", () => {
  window.marked = [];
  window.named = [];
  const audio = document.querySelector("audio");
  const note = (records) => {
    for (const { target } of records) {
      if (target.matches(".cue[aria-current]")) {
        window.marked.push({ line: target.id.slice(4), at: audio.currentTime * 1000, hidden: document.hidden });
      }
      if (target.matches(".controls button")) {
        window.named.push(`${target.classList[0]}: ${target.getAttribute("aria-label")}`);
      }
    }
  };
  new MutationObserver(note).observe(document, { subtree: true, attributeFilter: ["aria-current", "aria-label"] });
});
"""


def until(page: Page, expression: str, then: str = "") -> None:
    """Wait until something is true of ``audio`` and the page, and ``then`` do something before anything else happens.

    Playwright's own wait looks again by eval, which the page's policy forbids.
    """
    page.evaluate(f"""() => new Promise((done, fail) => {{
        const giveUp = setTimeout(() => fail(new Error("never true: " + {json.dumps(expression)})), {LIMIT});
        const look = () => {{
          const audio = document.querySelector("audio");
          if (!({expression})) return void setTimeout(look, 10);
          clearTimeout(giveUp);
          {then};
          done();
        }};
        look();
    }})""")


def move(page: Page) -> None:
    """Do what a reader does first, and wait for the parts of the page that this brings."""
    page.evaluate("document.dispatchEvent(new PointerEvent('pointermove', { movementX: 1 }))")
    until(page, "['clip-picker', 'transcript-search'].every((name) => customElements.get(name))")


def start_playing(page: Page) -> None:
    """Play, until a moment has been heard: what is here begins at ten seconds."""
    page.locator(".controls .play").click()
    until(page, "audio.currentTime > 10.1")


def begun(context: BrowserContext, site: str) -> Page:
    """Open the recording of a site that is this test's own, and let it play for a moment."""
    page = context.new_page()
    page.goto(f"{site}/recordings/{talk.SLUG}")
    start_playing(page)
    move(page)
    return page


def ask(page: Page, request: str, **detail: Any) -> None:
    """Ask the player, as its parts do."""
    page.evaluate(
        "([type, detail]) => document.querySelector('.transport')"
        ".dispatchEvent(new CustomEvent(type, { bubbles: true, detail }))",
        [request, detail],
    )


def seek(page: Page, moment: int) -> None:
    """Send the sound to a moment, in milliseconds."""
    ask(page, "seekrequest", ms=moment)


class PlayerPage:
    """The page of one recording in a browser."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda told: self.errors.append(told.text) if told.type in {"error", "warning"} else None)
        page.add_init_script(WORDS)
        page.add_init_script(_WATCH)

    def open(self, address: str = "", slug: str = talk.SLUG, *, is_moved: bool = True) -> PlayerPage:
        """Open a recording's page, ``address`` being its query and hash, and wait until it can be sought.

        Where the reader has moved, all its parts are there.
        """
        self.page.goto(f"{self.site}/recordings/{slug}{address}")
        self.until("audio.readyState >= 1")
        if is_moved:
            move(self.page)
        return self

    @property
    def line(self) -> str | None:
        """The id of the line that is marked; two would be a fault."""
        marked: list[str] = self.page.eval_on_selector_all(
            '.cue[aria-current="true"]', "lines => lines.map(line => line.id)"
        )
        assert len(marked) <= 1, marked
        return marked[0].removeprefix("cue-") if marked else None

    @property
    def now(self) -> int:
        """Where the audio is, in milliseconds."""
        return int(self.audio("Math.round(audio.currentTime * 1000)"))

    @property
    def is_playing(self) -> bool:
        return bool(self.audio("!audio.paused"))

    @property
    def notes(self) -> set[str]:
        """The ids of the notes that are raised."""
        ids = self.page.eval_on_selector_all("aside.note[data-now]", "notes => notes.map(note => note.id)")
        return {name.removeprefix("note-") for name in ids}

    @property
    def message(self) -> str:
        return self.page.locator(".message").inner_text()

    @property
    def scrolled(self) -> int:
        return int(self.page.evaluate("Math.round(scrollY)"))

    def audio(self, expression: str) -> Any:
        return self.page.evaluate(
            f"(() => {{ const audio = document.querySelector('audio'); return {expression}; }})()"
        )

    def ask(self, request: str, **detail: Any) -> None:
        """Ask the player, as its parts do."""
        ask(self.page, request, **detail)

    def seek(self, moment: int, **detail: Any) -> None:
        self.ask("seekrequest", ms=moment, **detail)

    def settle(self) -> None:
        """Wait until a seek has been done and shown."""
        self.until("!audio.seeking")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.page.locator(f".controls .{name}")

    def unfold(self) -> None:
        """Unfold the transport's further row, which must be folded."""
        self.button("more").click()
        expect(self.page.locator("#closely")).to_be_visible()

    def is_pressed(self, name: str) -> bool:
        return self.button(name).get_attribute("aria-pressed") == "true"

    def watch_seeks(self) -> None:
        """From now on, keep where the audio is sent, for ``sought``; sent where it is, it is not sent."""
        self.page.evaluate("""() => {
            const audio = document.querySelector("audio");
            const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
            window.sought = [];
            Object.defineProperty(audio, "currentTime", {
              get,
              set(seconds) {
                if (Math.abs(get.call(audio) - seconds) > 0.02) sought.push(Math.round(seconds * 1000));
                set.call(audio, seconds);
              },
            });
        }""")

    def sought(self) -> list[int]:
        """Where the audio was sent since ``watch_seeks``, in milliseconds."""
        moments: list[int] = self.page.evaluate("window.sought")
        return moments

    def words_of(self, line: str) -> str:
        """What a line says."""
        return str(self.page.evaluate("(id) => wordsOf(id).data", line))

    def box_of_words(self, line: str) -> FloatRect:
        """Where in the window a line's words are."""
        box: FloatRect = self.page.evaluate("(id) => boxOfWords(id).toJSON()", line)
        return box

    def time_of(self, line: str) -> Locator:
        return self.page.locator(f"#cue-{line} .time")

    def until(self, expression: str, then: str = "") -> None:
        """Wait until something is true of ``audio`` and the page, and ``then`` do something there at that moment."""
        until(self.page, expression, then)

    def until_heard(self, moment: float) -> None:
        """Wait until the sound plays after ``moment``, in seconds, and pause it there."""
        self.until(f"!audio.paused && audio.currentTime > {moment}", "audio.pause()")
        self.until("audio.paused")

    def until_line(self, line: str) -> None:
        """Wait until a line is marked, or has been since ``marked`` was last asked: a short one may have gone by."""
        self.until(
            f"document.querySelector('#cue-{line}[aria-current]') || marked.some((each) => each.line === '{line}')"
        )

    def until_named(self, button: str, name: str) -> None:
        """Wait until a button of the transport is called something, or has been since this was last asked."""
        told = json.dumps(f"{button}: {name}")
        self.until(
            f"document.querySelector('.controls .{button}').getAttribute('aria-label') === {json.dumps(name)}"
            f" || named.includes({told})",
            f"named.splice(0, named.indexOf({told}) + 1)",
        )

    def until_still(self) -> None:
        """Wait until the page has stopped scrolling: Chromium glides after a key or a wheel."""
        self.page.evaluate("""() => new Promise((done) => {
            let last = scrollY, times = 0;
            const look = () => {
              times = scrollY === last ? times + 1 : 0;
              last = scrollY;
              if (times === 12) done(); else requestAnimationFrame(look);
            };
            look();
        })""")

    def marked(self) -> list[dict[str, Any]]:
        """Every line marked since the last time this was asked: {line, at, hidden}."""
        marked: list[dict[str, Any]] = self.page.evaluate("window.marked.splice(0)")
        return marked


def without_aac(route: Route) -> None:
    """Answer with the page as it is for a browser that has no AAC, which skips the source of its type.

    Debian's Chromium has AAC and no switch that takes it away.
    """
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("mp4a.40.2", "none.such"))
