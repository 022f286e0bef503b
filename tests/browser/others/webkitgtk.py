"""WebKitGTK's own small browser, on a display of its own: driven by W3C WebDriver over HTTP, or left to itself."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser.others.driven_page import LIMIT, DrivenPage
from browser.others.sound_device import quiet_environment
from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Else the bar above the page keeps the window from being as narrow as a phone's.
_SLIM = "button { padding: 0 }"
# What goes wrong from now on. The browser prints its console nowhere while it is driven.
_WATCH = """
window.wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => wrong.push(`not allowed: ${event.blockedURI}`));
for (const level of ["error", "warn"]) {
  const print = console[level];
  console[level] = (...words) => { wrong.push(words.join(" ")); print.apply(console, words); };
}
"""


class WebKitPage(DrivenPage):
    """The window of the browser."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._session = ""
        self.downloads = folder

    def begin(self, *options: str) -> None:
        """Let the driver start the browser."""
        chosen = {"binary": str(browser()), "args": ["--automation", *options]}
        wanted = {"webkitgtk:browserOptions": chosen, "timeouts": {"script": 2 * LIMIT}}
        self._session = (
            f"/session/{self.call('POST', '/session', {'capabilities': {'alwaysMatch': wanted}})['sessionId']}"
        )

    def end(self) -> None:
        self.call("DELETE", self._session)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one command; what is refused is raised with the driver's own words."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2 * LIMIT / 1000)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            value = json.load(connection.getresponse())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{method} {path}: {value['error']}: {value['message']}")
        return value

    def go(self, address: str) -> None:
        self._do("url", url=address)
        self.run(_WATCH)

    def run(self, script: str, *arguments: Any) -> Any:
        return self._do("execute/sync", script=script, args=arguments)

    def resize(self, width: int, height: int) -> None:
        bars = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self._do("window/rect", width=width + bars[0], height=height + bars[1])
        self.until(f"innerWidth === {width} && innerHeight === {height}")

    def photograph(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.call("GET", f"{self._session}/screenshot")))

    @property
    def errors(self) -> list[str]:
        told: list[str] = self.run("return window.wrong ?? []")
        return told

    def press_at(self, selector: str) -> None:
        """Press the middle of the first element that matches, be the page's scripts off."""
        found = self._do("element", using="css selector", value=selector)
        (reference,) = found.values()
        self._do(f"element/{reference}/click")

    def _perform(self, device: dict[str, Any]) -> None:
        self._do("actions", actions=[device])

    def _do(self, command: str, **body: Any) -> Any:
        return self.call("POST", f"{self._session}/{command}", body)


@contextmanager
def webkitgtk(folder: Path, sound: dict[str, str], *options: str) -> Iterator[WebKitPage]:
    """Start the browser, driven; what it keeps, it keeps in ``folder``, which must be empty."""
    port = _free_port()
    command = [str(program("WebKitWebDriver")), "--host=127.0.0.1", f"--port={port}"]
    with _surroundings(folder, sound) as environment, subprocess.Popen(command, env=environment) as driver:
        try:
            page = WebKitPage(port, folder)
            _await(page)
            page.begin(*options)
            yield page
            page.end()
        finally:
            driver.terminate()


@contextmanager
def console_of(folder: Path, sound: dict[str, str], address: str) -> Iterator[list[str]]:
    """Open an address with nobody at the browser, and give the list of what its console tells, which grows."""
    # In spite of its name, the option writes to standard error.
    command = [str(browser()), "--enable-write-console-messages-to-stdout=true", address]
    told: list[str] = []

    def listen(lines: Iterable[str]) -> None:
        told.extend(line for line in lines if "CONSOLE" in line)

    with (
        _surroundings(folder, sound) as environment,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process,
    ):
        assert process.stderr is not None
        listening = threading.Thread(target=listen, args=[process.stderr])
        listening.start()
        try:
            yield told
        finally:
            process.terminate()
            listening.join()


def browser() -> Path:
    """Give the browser itself, which Debian's driver brings and keeps among the libraries."""
    program("WebKitWebDriver")
    # The newest that there is; the driver is of it.
    return max(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))


@contextmanager
def _surroundings(folder: Path, sound: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give an environment with a display and nothing of the user's."""
    environment = {**quiet_environment(folder), **sound, "NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11"}
    style = Path(environment["XDG_CONFIG_HOME"]) / "gtk-3.0" / "gtk.css"
    style.parent.mkdir(parents=True)
    style.write_text(_SLIM, encoding="utf-8")
    command = [str(program("Xvfb")), "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield {**environment, "DISPLAY": f":{server.stdout.readline().strip()}"}
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(page: WebKitPage) -> None:
    for _ in range(LIMIT // 50):
        try:
            page.call("GET", "/status")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("WebKitWebDriver does not answer")
