"""Firefox as it comes, driven by WebDriver BiDi: over a web socket that it opens by itself."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from browser.others.driven_page import LIMIT, PRESS, DrivenPage, pointer
from browser.others.sound_device import quiet_environment
from programs import program
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

# Driven, it leaves out most of what it asks for by itself; this is the rest. What plays by itself stays as it comes.
_QUIET: dict[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    # In kB: with more, it may have all of a long sound before a test is at it, and then asks the server for no more.
    "media.cache_size": 2048,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class FirefoxPage(DrivenPage):
    """One tab, with a memory of its own."""

    def __init__(self, browser: Firefox) -> None:
        self._browser = browser
        self.downloads = browser.downloads
        self._person = browser.call("browser.createUserContext")["userContext"]
        self._tab = browser.call("browsingContext.create", type="tab", userContext=self._person)["context"]

    def close(self) -> None:
        self._browser.call("browser.removeUserContext", userContext=self._person)

    def go(self, address: str) -> None:
        self._browser.call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def run(self, script: str, *arguments: Any) -> Any:
        value = f"(function () {{ {script} }})(...{json.dumps(arguments)})"
        answer = self._browser.call(
            "script.callFunction",
            functionDeclaration=f"async () => JSON.stringify(await {value}) ?? 'null'",
            target={"context": self._tab},
            awaitPromise=True,
            userActivation=False,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._browser.call("browsingContext.setViewport", context=self._tab, viewport=viewport)

    def photograph(self, file: Path) -> None:
        taken = self._browser.call("browsingContext.captureScreenshot", context=self._tab)
        file.write_bytes(base64.b64decode(taken["data"]))

    @property
    def errors(self) -> list[str]:
        self._browser.call("session.status")  # what was told before its answer has come by then
        mine = [entry for entry in self._browser.told if entry["source"].get("context") == self._tab]
        return [f"{entry['level']}: {entry['text']}" for entry in mine if entry["level"] in {"error", "warn"}]

    def matches(self, selector: str) -> bool:
        """Tell whether anything matches, be the page's scripts off."""
        return bool(self._found(selector))

    def press_at(self, selector: str) -> None:
        """Press the middle of the first element that matches, be the page's scripts off."""
        middle = {"type": "element", "element": {"sharedId": self._found(selector)[0]["sharedId"]}}
        self._perform(pointer({"type": "pointerMove", "x": 0, "y": 0, "origin": middle}, *PRESS))

    def _found(self, selector: str) -> list[dict[str, Any]]:
        locator = {"type": "css", "value": selector}
        found = self._browser.call("browsingContext.locateNodes", context=self._tab, locator=locator)
        nodes: list[dict[str, Any]] = found["nodes"]
        return nodes

    def _perform(self, device: dict[str, Any]) -> None:
        self._browser.call("input.performActions", context=self._tab, actions=[device])


class Firefox:
    """The browser, and the socket to it."""

    def __init__(self, socket: ClientConnection, downloads: Path) -> None:
        self._socket = socket
        self._number = 0
        self.downloads = downloads
        #: What consoles have told.
        self.told: list[dict[str, Any]] = []
        self.version: str = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.call("session.subscribe", events=["log.entryAdded"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command, and wait for its answer; what is refused is raised with the browser's own words."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            said: dict[str, Any] = json.loads(self._socket.recv(timeout=2 * LIMIT / 1000))
            if said.get("method") == "log.entryAdded":
                self.told.append(said["params"])
            elif said.get("id") == self._number:
                break
        if said["type"] == "error":
            raise RuntimeError(f"{method}: {said['error']}: {said['message']}")
        result: dict[str, Any] = said["result"]
        return result

    @contextmanager
    def page(self) -> Iterator[FirefoxPage]:
        """Open a tab that nobody has used."""
        page = FirefoxPage(self)
        yield page
        page.close()


@contextmanager
def firefox(folder: Path, sound: dict[str, str], **preferences: bool | int | str) -> Iterator[Firefox]:
    """Start Firefox with preferences of its own; what it keeps, it keeps in ``folder``, which must be empty."""
    downloads = folder / "Downloads"
    places = {"browser.download.folderList": 2, "browser.download.dir": str(downloads)}
    chosen = {**_QUIET, **places, **preferences}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [str(program("firefox-esr")), "--headless", "--remote-debugging-port=0", "--profile", str(folder)]
    environment = {**quiet_environment(folder), **sound}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        try:
            place = next(filter(None, (re.search(r"ws://\S+", line) for line in process.stderr)))
            with connect(f"{place[0]}/session", max_size=None) as socket:
                yield Firefox(socket, downloads)
        finally:
            process.terminate()
