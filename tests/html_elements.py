"""A page's HTML into elements that a test can ask for by tag, class and attribute."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905  # a list would be a column


@dataclass
class Element:
    """One element: its attributes (None for a value that is not there), its children and its text."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name) or ""

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def all(self, selector: str = "", **attributes: str) -> list[Element]:
        """Find ``tag.class#id``, any part of which may be left out, with the given attributes."""
        rest, _, wanted_id = selector.partition("#")
        tag, _, wanted_class = rest.partition(".")
        return [
            element
            for element in self.walk()
            if (not tag or element.tag == tag)
            and (not wanted_class or wanted_class in element["class"].split())
            and (not wanted_id or element["id"] == wanted_id)
            and all(element[name.replace("_", "-")] == value for name, value in attributes.items())
        ]

    def one(self, selector: str = "", **attributes: str) -> Element:
        """Find the one element of that kind; none, or several, is a failure."""
        found = self.all(selector, **attributes)
        assert len(found) == 1, f"{len(found)} of {selector} {attributes}"
        return found[0]

    def walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()  # noqa: SLF001  # its own kind


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def said(line: Element) -> str:
    """Give the words of a line of a transcript: the one text that is in none of its elements but its own."""
    within = line.all("span.said") or line.all("div.line") or [line]
    texts = [each for each in within[0].children if isinstance(each, str) and each.strip()]
    assert len(texts) == 1, texts
    return texts[0]


def parse(html: str) -> Element:
    """Parse a page; an element that is not closed, or closed out of turn, is a failure."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], f"<{builder.open[-1].tag}> is not closed"
    return builder.root


def page(client: FlaskClient, address: str, status: int = 200) -> Element:
    """Ask for a page, which is to be answered with ``status``, and parse it."""
    response = client.get(address)
    assert response.status_code == status, response.text
    assert response.mimetype == "text/html"
    return parse(response.text)
