"""The accessibility tree of a page as Chromium gives it to a screen reader: what is read, in order, a line for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

# What holds others and says nothing itself.
_HOLDERS = {"generic", "none", "InlineTextBox", "LayoutTable", "LayoutTableRow", "LineBreak", "ListMarker"}
_TEXT = "StaticText"
# What a screen reader says of an element beside its role and its name.
_SAID = ("level", "checked", "pressed", "expanded", "disabled", "invalid", "required", "readonly", "hasPopup", "live")
# What goes without saying.
_PLAIN = {"false", "off"}


def tree(page: Page) -> str:
    """Write the tree of a page: each element that is read under the one that holds it, with role, name and state."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return "\n".join(_lines(by_id, nodes[0], 0)) + "\n"


def _lines(nodes: dict[str, dict[str, Any]], node: dict[str, Any], depth: int) -> Iterator[str]:
    role, name = _value(node, "role"), _value(node, "name")
    children = [nodes[each] for each in node.get("childIds", ()) if each in nodes]
    is_said = not node.get("ignored") and role not in _HOLDERS
    if role == _TEXT and not node.get("ignored"):
        if name.strip():
            yield f"{'  ' * depth}{_quoted(name)}"
        return
    if is_said:
        yield "  " * depth + " ".join(filter(None, [role, _quoted(name), *_states(node)]))
        depth += 1
        # The words of which its name is made are not read again.
        if "".join(_words(nodes, children)) == "".join(name.split()):
            return
    for child in children:
        yield from _lines(nodes, child, depth)


def _words(nodes: dict[str, dict[str, Any]], children: list[dict[str, Any]]) -> Iterator[str]:
    """Give the words in some nodes, without spaces; of one that is more than a text, what no name can be."""
    for child in children:
        role = _value(child, "role")
        if role == _TEXT:
            yield "".join(_value(child, "name").split())
        elif child.get("ignored") or role in _HOLDERS - {"InlineTextBox"}:
            yield from _words(nodes, [nodes[each] for each in child.get("childIds", ()) if each in nodes])
        else:
            yield "\n"


def _states(node: dict[str, Any]) -> Iterator[str]:
    states = {each["name"]: str(each["value"].get("value")).lower() for each in node.get("properties", ())}
    if _value(node, "role") == "listitem":
        del states["level"]  # which no two browsers count alike
    yield from (f"{name}={states[name]}" for name in _SAID if states.get(name, "false") not in _PLAIN)
    if value := states.get("valuetext") or _value(node, "value"):
        yield f"value={_quoted(value)}"
    if description := _value(node, "description"):
        yield f"description={_quoted(description)}"


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False) if text else ""
