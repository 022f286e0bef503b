"""Takes words out of working copies and suggestions, which are JSON: a value a file, or a value a line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.history.removed_words import Phrases

# What begins a working copy.
_HEAD: Final = "working copy"
# What is no word of people: what identifies something, days, digests, kinds.
_GRAMMAR: Final = frozenset({"id", "after", "line", "cue", "base", "sha256", "at", "begun", "date", "kind"})


def without(data: bytes, phrases: Phrases, digests: Mapping[str, str]) -> bytes:
    """Give a file without the words, and with the digests of what it names as that is now.

    Whose working copy it is, its first line says as before: else it would be nobody's.
    """
    text = data.decode(errors="surrogateescape")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        parts = re.split(r"(\n)", text)
        made = "".join(part if part == "\n" else _line(part, phrases, digests) if part else "" for part in parts)
    else:
        made = _line(text, phrases, digests)
    return made.encode(errors="surrogateescape")


def keeper(data: bytes) -> str:
    """Give whose working copy a file is, by its first line; empty where it is none."""
    try:
        head = json.loads(data.split(b"\n", 1)[0])
    except (ValueError, RecursionError):
        return ""
    return str(head.get("by") or "") if isinstance(head, dict) and _HEAD in head else ""


def _line(text: str, phrases: Phrases, digests: Mapping[str, str]) -> str:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return phrases.taken_out(text)  # such as the last line of a process that was killed
    now = _within(told, "", phrases, digests)
    return text if now == told else json.dumps(now, ensure_ascii=False)


def _within(value: Any, name: str, phrases: Phrases, digests: Mapping[str, str]) -> Any:
    """Give a value, which has a name where it is one of an object."""
    if isinstance(value, list):
        return [_within(each, name, phrases, digests) for each in value]
    if isinstance(value, dict):
        now = {each: _within(it, each, phrases, digests) for each, it in value.items()}
        text, comments = value.get("text"), value.get("comments")
        if isinstance(text, str) and isinstance(comments, list) and all(isinstance(it, str) for it in comments):
            now["comments"] = phrases.taken_out_of_comments(comments, text)
        return now | {"by": value["by"]} if _HEAD in value and "by" in value else now
    if not isinstance(value, str):
        return value
    if name in _GRAMMAR:
        return digests.get(value, value)
    return phrases.taken_out_of_citation(value) if name == "sources" else phrases.taken_out(value)
