"""What a page's first view loads, as Chromium counts it: each response with its headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@dataclass
class Loaded:
    """One response: its address, what it is for ("Document", "Script", "Media"...), and bytes over the wire."""

    address: str
    type: str
    status: int
    size: int = 0


def loaded(context: BrowserContext, address: str) -> list[Loaded]:
    """Open a page for the first time, and list what it has asked for once nothing more is asked."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    found: dict[str, Loaded] = {}

    def began(event: dict[str, Any]) -> None:
        answer = event["response"]
        found[event["requestId"]] = Loaded(answer["url"], event["type"], answer["status"])

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] in found:
            found[event["requestId"]].size = event["encodedDataLength"]

    session.on("Network.responseReceived", began)
    session.on("Network.loadingFinished", ended)
    session.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    page.close()
    return [each for each in found.values() if not each.address.startswith("data:")]
