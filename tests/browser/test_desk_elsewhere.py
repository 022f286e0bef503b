"""A page of another site, open in the browser of whoever edits, changes nothing at the desk."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest
from browser.desk_site import Desk, serving_desk
from browser.player_page import LIMIT
from small_archive import write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

#: In every way in which one page can have a browser send something to another site; each ends, however it ends.
ATTACK: Final = """async ({desk, step}) => {
  const body = JSON.stringify(step)
  const ways = [
    {method: "POST", mode: "no-cors", credentials: "include", headers: {"Content-Type": "text/plain"}, body},
    {method: "POST", mode: "cors", credentials: "include", headers: {"Content-Type": "application/json",
      "X-Desk": "0".repeat(64), "If-Match": '"x"'}, body},
    {method: "POST", mode: "cors", credentials: "include", headers: {"Content-Type": "text/plain"}, body},
    {method: "GET", mode: "cors", credentials: "include"},
    {method: "PUT", mode: "cors", credentials: "include", body},
  ]
  const read = []
  for (const way of ways)
    for (const path of ["steps", "write", "state"]) {
      const answer = await fetch(`${desk}/${path}`, way).catch(() => null)
      if (answer && answer.type !== "opaque") read.push(await answer.text())
    }
  navigator.sendBeacon(`${desk}/steps`, new Blob([body], {type: "text/plain"}))
  navigator.sendBeacon(`${desk}/steps`, body)
  for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const frame = document.createElement("iframe")
    frame.name = `frame-${enctype}`
    document.body.append(frame)
    const form = document.createElement("form")
    Object.assign(form, {method: "post", action: `${desk}/steps`, enctype, target: frame.name})
    const field = document.createElement("input")
    // As text/plain, the field makes JSON of name and value.
    Object.assign(field, {name: body.slice(0, -1) + ',"x":"', value: '"}'})
    form.append(field)
    document.body.append(form)
    const done = new Promise((resolve) => frame.addEventListener("load", resolve))
    form.submit()
    await done
  }
  const framed = document.createElement("iframe")
  framed.src = desk
  document.body.append(framed)
  await new Promise((resolve) => framed.addEventListener("load", resolve))
  let inside = null
  try { inside = framed.contentDocument && framed.contentDocument.body.innerText } catch { inside = null }
  return {read, inside}
}"""


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title><body>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def stranger() -> Iterator[int]:
    """Serve a page at another port, which is another origin, and give that."""
    with HTTPServer(("127.0.0.1", 0), _Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_changes_and_reads_nothing(tmp_path: Path, context: BrowserContext, host: str) -> None:
    """From the same host the browser sends the cookie along, for it looks at no port; from the other it does not."""
    root = tmp_path / "archive"
    write_archive(root)
    path = root / "transcripts/tones/transcript.vtt"
    before = path.read_bytes()
    context.set_default_timeout(LIMIT)
    with serving_desk(root, tmp_path / "cache") as site, stranger() as port:
        desk = Desk(context.new_page(), site).open()
        elsewhere = context.new_page()
        elsewhere.goto(f"http://{host}:{port}/")
        step = {"do": "words", "id": "last", "turn": 0, "text": "A stranger's words."}
        found = elsewhere.evaluate(ATTACK, {"desk": desk.address, "step": step})
        assert found == {"read": [], "inside": None}
        assert path.read_bytes() == before
        assert not (root / "transcripts/tones/working").exists()
        # The desk itself still works.
        desk.press("Enter", "End").type(" Yes").press("Escape")
        desk.unwritten("1 line is not in the archive yet")
