"""Asks robots to stay away from what is not for them: by ``/robots.txt``, and by a header of every answer.

``/robots.txt`` is as RFC 9309 has it; ``X-Robots-Tag`` as search engines document it, with ``noai`` and ``noimageai``,
which DeviantArt proposed. Neither keeps anybody out: both are requests.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, current_app, request

from player.errors import ArchiveError
from player.web.current import current_about, current_archive
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

#: Where it is asked. No page leads there.
PATH: Final = "/robots.txt"

#: What the crawlers call themselves, or what they look for, that gather texts to train AI systems with, as their makers
#: say: OpenAI, Anthropic, Google, Apple, Common Crawl, Meta, Amazon, ByteDance, Cohere and the Allen Institute for AI.
TRAINERS: Final[tuple[str, ...]] = (
    *("GPTBot", "ClaudeBot", "Google-Extended", "Applebot-Extended", "CCBot", "meta-externalagent", "Amazonbot"),
    *("Bytespider", "cohere-training-data-crawler", "AI2Bot"),
)

#: What messengers and sites call what they send to see how a link is shown as a card: it indexes nothing.
CARDS: Final[tuple[str, ...]] = (
    *("facebookexternalhit", "Twitterbot", "LinkedInBot", "Slackbot-LinkExpanding", "Discordbot", "TelegramBot"),
    *("WhatsApp", "Mastodon", "Iframely"),
)

# What is made on demand, of what stands on other pages: searches, lists narrowed and sorted, baskets, single lines,
# passages.
_MADE: Final = ("/search", "/basket", "/recordings/*/clip.", "/recordings/*/cite", "/recordings/*/lines/")
_CHOSEN: Final = (
    *("q", "person", "tag", "decade", "kind", "series", "strand", "sort", "all", "named", "at"),
    *("account", "question", "t", "as-of"),
)
_IS_MADE: Final = re.compile(r"/search(?:/|$)|/basket(?:\.|$)|/recordings/[^/]+/(?:clip\.|cite|lines/)")


def init_app(app: Flask) -> None:
    """Let ``app`` ask them."""
    app.add_url_rule(PATH, "robots", _answer)
    app.after_request(_tag)


def _answer() -> Response:
    try:
        about = current_archive().about
    except ArchiveError:
        # It may be to ask them to stay away; they do while this fails (RFC 9309, 2.3.1.4).
        return Response("Not now.\n", HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
    closed = list(_closed()) if about.search_engines else [f"{request.script_root}/"]
    groups = [] if about.ai_training else [(TRAINERS, [f"{request.script_root}/"])]
    if about.search_engines:
        groups.append((CARDS, [f"{request.script_root}{path}" for path in _MADE if not path.endswith("/")]))
    text = "\n".join(_group(agents, paths) for agents, paths in [*groups, (("*",), closed)])
    if about.search_engines and "sitemap" in current_app.blueprints:
        text += f"\nSitemap: {public_address('sitemap.answer')}\n"
    return Response(text, mimetype="text/plain")


def _group(agents: tuple[str, ...], paths: list[str]) -> str:
    return "".join(f"User-agent: {agent}\n" for agent in agents) + "".join(f"Disallow: {path}\n" for path in paths)


def _closed() -> Iterator[str]:
    below = request.script_root
    yield from (f"{below}{path}" for path in _MADE)
    for name in _CHOSEN:
        yield f"{below}/*?{name}="
        yield f"{below}/*&{name}="


def _tag(response: Response) -> Response:
    """Say which uses of an answer are not asked for, but not with what nobody would use: 34 bytes of every view."""
    if request.endpoint in {"static", "recordings.wave"} and response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    about = current_about()
    is_gone = response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.GONE}
    is_made = is_gone or _IS_MADE.match(request.path) is not None or any(name in request.args for name in _CHOSEN)
    tags = ["noindex"] if is_made or not about.search_engines else []
    tags += [] if about.ai_training else ["noai", "noimageai"]
    if tags:
        response.headers["X-Robots-Tag"] = ", ".join(tags)
    return response
