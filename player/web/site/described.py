"""Gives what pages tell machines of a recording, as JSON, the addresses that it has in a static copy."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from player.publish.schema_org import as_text
from player.web.site.addresses import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK: Final = re.compile(r'(?P<begin><script type="application/ld\+json">)(?P<said>.*?)(?P<end></script>)', re.DOTALL)
# What needs a host: a template of addresses is none itself, and a picture is there for cards, which name it whole.
_NEEDS_HOST: Final = ("potentialAction", "image")


def in_page(html: str, named: Callable[[str], str | None], *, is_placed: bool) -> str:
    """Give a page whose JSON-LD has the addresses that ``named`` gives for paths of the server.

    Where it is not known where the copy will be, they are relative: a reader of JSON-LD takes them from the page's own.
    """

    def placed(found: re.Match[str]) -> str:
        said = json.loads(found["said"])
        if not is_placed:
            said = {name: value for name, value in said.items() if name not in _NEEDS_HOST}
        return f"{found['begin']}{as_text(_placed(said, named))}{found['end']}"

    return _BLOCK.sub(placed, html)


def in_json(text: str, named: Callable[[str], str | None], within: Callable[[str], str]) -> str:
    """Give JSON whose addresses are those that ``named`` gives; ``within`` gives a text in which some stand."""
    return json.dumps(_placed(json.loads(text), named, within), ensure_ascii=False, separators=(",", ":"))


def _placed(value: Any, named: Callable[[str], str | None], within: Callable[[str], str] = str) -> Any:
    """Give a value with other addresses; what there is not in the copy is not named."""
    match value:
        case str() if value.startswith(NOWHERE):
            return named(value.removeprefix(NOWHERE))
        case str():
            return within(value) if NOWHERE in value else value
        case list():
            return [each for each in (_placed(each, named, within) for each in value) if each is not None]
        case dict():
            found = {name: _placed(each, named, within) for name, each in value.items()}
            return {name: each for name, each in found.items() if each is not None or value[name] is None}
        case _:
            return value
