"""The desk of a made recording in a browser: noise with two silences, four timed lines, and four that are not."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import wave
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from browser.player_page import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Page

SECONDS: Final = 30
#: Where nobody speaks, in milliseconds; the noise beside them is a hundred times as loud as that in them.
SILENCES: Final = ((7_600, 8_050), (10_000, 10_400))
#: The lines that have times, and where words of the second begin.
LINES: Final = {"a": (2_000, 4_000), "b": (4_000, 6_500), "c": (6_800, 7_700), "d": (8_100, 9_900)}
WORDS: Final = (4_000, 4_700, 5_400)
UNTIMED: Final = ("u1", "u2", "u3", "u4")

_LISTEN: Final = """
window.told = { operations: [], heard: [], playing: [], tells: [], sounded: [], answers: 0 };
const LISTS = { operation: "operations", heard: "heard", playing: "playing", tell: "tells" };
for (const [type, list] of Object.entries(LISTS)) {
  document.addEventListener(`desk:${type}`, ({ detail }) => told[list].push(detail.operation ?? detail.text ?? detail));
}
for (const type of ["desk:done", "desk:refused"]) {
  document.addEventListener(type, ({ detail }) => (told.answers += detail.operation.do === "times"));
}
const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when, offset, duration) {
  const { sampleRate } = this.buffer;
  const [first, count] = [Math.round(offset * sampleRate), Math.round(duration * sampleRate)];
  const data = new Float32Array(this.buffer.getChannelData(0).slice(first, first + count));
  told.sounded.push({ rate: sampleRate, data: btoa(String.fromCharCode(...new Uint8Array(data.buffer))) });
  return start.call(this, when, offset, duration);
};
"""


def noise(rate: int) -> NDArray[np.int16]:
    """Make the samples of the recording."""
    chance = np.random.default_rng(16)
    loud = np.full(SECONDS * rate, 0.3)
    for begin, end in SILENCES:
        loud[begin * rate // 1000 : end * rate // 1000] = 0.003
    found: NDArray[np.int16] = (chance.uniform(-1, 1, loud.size) * loud * 32_767).astype("<i2")
    return found


def write_archive(root: Path, slugs: Sequence[str], rate: int, suffix: str = ".wav") -> Path:
    """Write an archive of recordings of that sound, each with the same lines; the sound is a WAV in any case."""
    (root / "media").mkdir(parents=True)
    with wave.open(str(root / "media" / "noise.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(noise(rate).tobytes())
    for slug in slugs:
        folder = root / "transcripts" / slug
        folder.mkdir(parents=True)
        folder.joinpath("recording.toml").write_text(
            f'title = "Noise over the harbour"\ndate = "1963-11-05"\nmedia = "noise{suffix}"\n'
            '[[speaker]]\nname = "Ada"\nkind = "unidentified"\n',
            encoding="utf-8",
        )
        folder.joinpath("transcript.vtt").write_text(_transcript(), encoding="utf-8")
    return root


def _transcript() -> str:
    words = " ".join(f"<{_stamp(at)}>{word}" for at, word in zip(WORDS, ("two", "ferries", "lay"), strict=True))
    said = {
        "a": "One ferry came.",
        "b": words.replace(f"<{_stamp(WORDS[0])}>", ""),
        "c": "Then three.",
        "d": "And a barge.",
    }
    blocks = [
        f"{name}\n{_stamp(start)} --> {_stamp(end)}\n<v Ada>{said[name]}\n" for name, (start, end) in LINES.items()
    ]
    blocks += [f"NOTE untimed {name}\n<v Ada>Allotment number {name[1]}.\n" for name in UNTIMED]
    return "WEBVTT\n\n" + "\n".join(blocks)


def _stamp(moment: int) -> str:
    return f"00:{moment // 1000:02}.{moment % 1000:03}"


@contextmanager
def serving_desk(root: Path, cache: Path, **variables: str) -> Iterator[tuple[str, str]]:
    """Serve the archive at which it is edited, in a process of its own; give the address, and the query to enter by."""
    command = [
        sys.executable,
        "-m",
        "player",
        "serve",
        "--edit",
        "--by",
        "Ines Keeper",
        "--port",
        "0",
        "--archive",
        str(root),
    ]
    environment = {**os.environ, "PLAYER_CACHE": str(cache), "PLAYER_COPY_MEGABYTES": "0", **variables}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"(http://\S+)/(\?token=\S+)", process.stdout.readline())
            assert found
            yield found[1], found[2]
        finally:
            process.terminate()


class SoundDesk:
    """The desk in a browser, as one who corrects by ear uses it."""

    def __init__(self, page: Page, site: tuple[str, str]) -> None:
        self.page = page
        self.site, self._query = site
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.add_init_script(_LISTEN)

    def open(self, slug: str, line: str = "b") -> SoundDesk:
        """Open the desk of a recording, and take a line in hand, whose outline is drawn."""
        self.page.goto(f"{self.site}/{self._query}")
        self.page.goto(f"{self.site}/recordings/{slug}/edit")
        self.until("audio.readyState >= 1 && document.querySelector('.hand:not([hidden]) .wave path')")
        self.take(line)
        return self

    def take(self, line: str) -> None:
        self.page.evaluate("id => document.dispatchEvent(new CustomEvent('desk:take', { detail: { id } }))", line)
        start = LINES.get(line, (None, None))[0]
        shown = "'not timed'" if start is None else f"'0:{start // 1000:02}.{start % 1000:03}'"
        self.until(f"document.querySelector('[data-edge=start] output').textContent === {shown}")
        self.until("document.querySelector('.wave path').getAttribute('d').length > 100")

    def until(self, expression: str, then: str = "") -> None:
        until(self.page, expression, then)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def told(self, what: str) -> list[Any]:
        found: list[Any] = self.page.evaluate(f"told.{what}")
        return found

    @property
    def operations(self) -> list[tuple[str, int, int]]:
        """The times that were asked for, by line."""
        return [(each["id"], each["start"], each["end"]) for each in self.told("operations") if each["do"] == "times"]

    def saved(self, line: str) -> tuple[int, int]:
        """The times that the server has of a line, once all that was asked for is done."""
        self.until("told.answers === told.operations.length")
        state = self.page.evaluate("fetch(`${location.pathname}/state`).then(answer => answer.json())")
        found = next(each for each in state["lines"] if each["id"] == line)
        return found["start"], found["end"]

    @property
    def now(self) -> int:
        return int(self.page.evaluate("Math.round(document.querySelector('audio').currentTime * 1000)"))

    def sounded(self, number: int) -> tuple[int, NDArray[np.float32]]:
        """What was played beside the audio, the so-manieth time: its rate, and its samples."""
        self.until(f"told.sounded.length > {number}")
        found = self.told("sounded")[number]
        return found["rate"], np.frombuffer(base64.b64decode(found["data"]), "<f4")

    def grip(self, edge: str) -> dict[str, Any]:
        """What an edge's slider says, and where its line is in the window."""
        found: dict[str, Any] = self.page.evaluate(
            """edge => {
              const grip = document.querySelector(`.grip[data-edge=${edge}]`);
              const box = grip.querySelector("path").getBoundingClientRect();
              const drawing = document.querySelector(".outline > svg").getBoundingClientRect();
              return { now: Number(grip.getAttribute("aria-valuenow")), text: grip.getAttribute("aria-valuetext"),
                least: Number(grip.getAttribute("aria-valuemin")), most: Number(grip.getAttribute("aria-valuemax")),
                x: box.x + box.width / 2, y: box.y + box.height / 2, width: drawing.width };
            }""",
            edge,
        )
        return found
