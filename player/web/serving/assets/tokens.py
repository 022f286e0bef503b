"""Reads a script or a style sheet as tokens. Comments become the white space that they stand for; nothing else changes.

The scripts' grammar is ECMA-262's lexical one (section 12), the sheets' that of CSS Syntax Level 3 (section 4), as far
as both are needed to tell a comment from a string, a template or a regular expression that only looks like one. What
cannot be told apart without a parser is refused, never guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = re.compile(
    r"""
    (?P<gap>(?:\s|//[^\n\r\u2028\u2029]*|/\*.*?\*/)+)
    |(?P<word>\#?[\w$]+)
    |(?P<string>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<sign>\+\+|--|=>|\?\.|(?!/\*)[^\\"'])
    """,
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE = re.compile(r"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^\\/\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+/\w*")
# Before a regular expression stands one of these words, or a sign; before a division an operand.
_BEFORE_REGEX = frozenset(
    ("case", "delete", "do", "else", "in", "instanceof", "new", "return", "throw", "typeof", "void")
)
_EITHER = frozenset({"await", "of", "yield"})
_HEADS = frozenset({"for", "if", "while", "with"})
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "${": "}"}

_SHEET = re.compile(
    r"""
    (?P<gap>(?:\s|/\*.*?\*/)+)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?i:url)\(\s*[^"'()\s][^"'()]*\))
    |(?P<word>@?[\w-]+|\\.)
    |(?P<sign>(?!/\*)[^"'\\])
    """,
    re.DOTALL | re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of text: its kind, where it begins, and how many brackets are open around it."""

    kind: str
    text: str
    at: int
    depth: int


class UnclearError(Exception):
    """What cannot be read for certain: where it stands in the text, what it is, and what to write instead."""

    def __init__(self, at: int, what: str, remedy: str) -> None:
        self.at = at
        self.what = what
        self.remedy = remedy
        super().__init__(what)


def of_script(text: str) -> Iterator[Token]:
    """Give the tokens of a JavaScript module. White space and comments are a ``gap``: one space, or one line's end.

    A space that parts nothing is left out. A line's end stays: a statement may end with it.

    :raise UnclearError: where a slash may begin a regular expression or divide, or something is not closed.
    """
    before: Token | None = None
    gap: Token | None = None
    for token in _Script(text).tokens():
        if token.kind == "gap":
            gap = token
            continue
        if gap and (before is None or gap.text == "\n" or _needs_space(before, token)):
            yield gap
        yield token
        before, gap = token, None


def of_sheet(text: str) -> Iterator[Token]:
    """Give the tokens of a style sheet. White space and comments are a ``gap``: one space, or one line's end.

    :raise UnclearError: where a comment joins two words, or something is not closed.
    """
    at = depth = 0
    while at < len(text):
        token = _matched(_SHEET, text, at, depth)
        at += len(token.text)
        if token.kind == "gap":
            if not (token.text[0].isspace() or token.text[-1].isspace() or token.at == 0 or at == len(text)):
                raise UnclearError(
                    token.at, "a comment stands where a space would change the meaning", "put it on a line of its own"
                )
            token = token._replace(text=_space(token.text))
        elif token.text == "{":
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth < 0:
                raise UnclearError(token.at, '"}" closes nothing', "remove it, or open what it closes")
            token = token._replace(depth=depth)
        yield token
    if depth:
        raise UnclearError(at, '"{" is not closed', "close it")


class _Script:
    """One module being read: what is open, and what came last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opened: list[tuple[str, bool]] = []  # each bracket, and whether a condition is in it
        self._has_had_condition = False  # in the brackets that were closed last
        self._last = self._before = Token("", "", 0, 0)

    def tokens(self) -> Iterator[Token]:
        at = 0
        while at < len(self._text):
            token = self._token(at)
            at += len(token.text)
            if token.kind == "gap":
                yield token._replace(text=_space(token.text))
                continue
            self._count(token)
            if token.depth > len(self._opened):
                token = token._replace(depth=len(self._opened))
            self._before, self._last = self._last, token
            yield token
        if self._opened:
            raise UnclearError(at, f'"{self._opened[-1][0]}" is not closed', "close it")

    def _token(self, at: int) -> Token:
        sign, depth = self._text[at], len(self._opened)
        if sign == "`" or (sign == "}" and self._opened and self._opened[-1][0] == "${"):
            return _matched(_TEMPLATE, self._text, at, depth, "template")
        if sign == "/" and self._text[at + 1 : at + 2] not in ("/", "*") and self._is_regex(at):
            return _matched(_REGEX, self._text, at, depth, "regex")
        return _matched(_SCRIPT, self._text, at, depth)

    def _count(self, token: Token) -> None:
        """Take account of the brackets in a token: a template's parts hold such as close and open what is between."""
        if token.kind not in ("sign", "template"):
            return
        if token.text[0] in ")]}":
            opening, self._has_had_condition = self._opened.pop() if self._opened else ("", False)
            if _CLOSED_BY.get(opening) != token.text[0]:
                raise UnclearError(token.at, f'"{token.text}" closes nothing', "remove it, or close what is open")
        if token.text in _CLOSED_BY:
            self._opened.append((token.text, self._last.text in _HEADS and self._before.text != "."))
        elif token.kind == "template" and token.text.endswith("${"):
            self._opened.append(("${", False))

    def _is_regex(self, at: int) -> bool:
        """Tell a regular expression from a division, by what stands before the slash."""
        kind, last = self._last.kind, self._last.text
        is_name = kind == "word" and self._before.text in (".", "?.")
        if last == "}" or (last == ")" and self._has_had_condition) or (last in _EITHER and not is_name):
            remedy = "put parentheses around what is meant"
            raise UnclearError(at, "this slash may be a division or begin a regular expression", remedy)
        if kind == "word":
            return last in _BEFORE_REGEX and not is_name
        return kind in ("", "sign") and last not in (")", "]", "++", "--")


def _matched(pattern: re.Pattern[str], text: str, at: int, depth: int, kind: str = "") -> Token:
    found = pattern.match(text, at)
    if found is None:
        raise UnclearError(at, "a string, a comment or a sign begins here and does not end", "close it")
    return Token(kind or str(found.lastgroup), found[0], at, depth)


def _needs_space(one: Token, other: Token) -> bool:
    """Tell whether two tokens would be others without a space between: names, ``1 .x``, ``a + +b``, ``a / /b/``."""
    if one.kind in ("word", "regex"):
        return other.kind in ("word", "regex") or (one.text[0].isdecimal() and other.text[0] == ".")
    return one.text[-1] in "+-/" and other.text[0] in "+-/"


def _space(gap: str) -> str:
    return "\n" if re.search(r"[\n\r\u2028\u2029]", gap) else " "
