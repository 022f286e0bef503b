"""Asks a server at every address that the application has, in every way that an address can be asked.

The addresses come from the application's own rules. One that is new, with a name in it or an endpoint for which nothing
is said here, is given by ``unknown``, and a test fails on it until somebody says here how it is asked.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from itertools import product
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from closed_archive import secrets
from closed_looking import plain
from closed_plan import FORMERLY, HIDDEN, LINES, PRIVATE, SHOWN, WITHDRAWN, rare
from closed_versions import GONE
from drawing import IS_WHOLE, SEED, covering, drawn
from holding import LIMIT

from player.audio.formats import FORMATS
from player.publish import bibliography
from player.publish.transcripts.forms import FORMS as FORMS_OF_WORDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from werkzeug.routing import Map, Rule
    from werkzeug.test import Client as Within

#: Passages of recordings of twelve seconds: within what is closed or without it, into it, out of it, around it, all.
PASSAGES: Final = ("0,2", "2,4", "4,6", "5,7", "3,5", "7,9", "8,10", "10,12", "0,12")
_FEW: Final = ("4,6", "3,5")
#: Beside what is closed and into it, by the recording's own frames, which have something of what is beside them.
_COPIES: Final = tuple(f"?t={passage}&format=copy" for passage in ("0,2", "6,8", "5,7", "0,1.5", "8,10", "6.5,9"))
_FORMATS: Final = tuple(suffix.removeprefix(".") for suffix in FORMATS)
_SLUGS: Final = (*(each.slug for each in (*SHOWN, *HIDDEN)), *FORMERLY.values())
#: One word of each thing that is closed: what stands beside it must not come with it.
WORDS: Final = (
    *("quay closed line", "quay closed timed", "quay note closed title", "quay note over body", "quay Spanish 3"),
    *("slip line 2", "draft title", "draft line 3", "draft tag", "embargoed note at title", "embargoed summary"),
    *("withdrawn line 2", "broken line 2", "private first", "private voice", "private also", "dock note at title"),
    *("buoy line 1", "pier closed line", "draft tie", "draft set text", "quay closed set"),
)
#: What each name in an address stands for; ``slug`` is that of a recording, but for some endpoints.
_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "slug": (*_SLUGS, "nothing"),
    "ext": (*_FORMATS, "exe"),
    "ending": (*(ending for _, ending, _, _ in bibliography.FORMATS), "exe"),
    "language": ("es", "fr"),
    "version_asked": ("0",),
}
#: Lines by what they are called, whether they are shown, closed, gone, or stand for others.
_LINE_IDS: Final = (
    *(f"L{number}" for number in range(1, LINES + 1)),
    *(f"c{number}" for number in range(1, LINES + 1)),
    *(GONE, "closed-2000", "closed-4000", "closed-8000", "closed-10000", "nothing"),
)
_OTHERWISE: Final[Mapping[tuple[str, str], Sequence[str]]] = {
    ("context.dossier", "slug"): ("levels", "depths", "nothing"),
    ("feed.sound", "ending"): ("mp3", "m4a", "wav", "flac", "exe"),
    ("sets.page", "slug"): ("tides", "nothing"),
    ("context.person", "name"): ("ada", "cora", PRIVATE, "nothing"),
    ("context.source", "name"): ("log", "tidebook", "hushbook", "nothing"),
    ("lines.line", "name"): _LINE_IDS,
    ("api.cue", "cue"): _LINE_IDS,
    ("static", "name"): ("none.css",),
    ("book.send", "name"): ("epub", "es.epub", "exe"),
    ("basket.send", "ext"): ("zip", "csv", "wav", "exe"),
    ("downloads.send", "name"): (
        *(form.ending for form in FORMS_OF_WORDS.values() if form.module),
        *(f"es.{form.ending}" for form in FORMS_OF_WORDS.values() if form.module),
        *("fr.srt", "exe"),
    ),
}
_AT: Final = tuple(f"?t={passage}" for passage in PASSAGES)
#: The version before that of today, as it stood on a day, one that is none.
_BEFORE: Final = ("?as-of=0", "?as-of=2026-11-19", "?as-of=1", "?as-of=9", "?as-of=x")
#: Passages of one recording after another, by times and by lines, and of all that are shown or hidden together.
_BASKETS: Final = (
    *(f"?p={slug}@4,6&p={slug}@0,2&p={slug}@L1..L6&p={slug}@0,12" for slug in _SLUGS),
    *(f"?p={slug}@closed-4000&p={slug}@c3&p={slug}@nothing&p={slug}@{GONE}" for slug in _SLUGS),
    f"?{'&'.join(f'p={slug}@0,2' for slug in _SLUGS if slug != WITHDRAWN.slug)}",
    f"?p={_SLUGS[0]}@0,2&p={_SLUGS[0]}@7,9&up=2",
    f"?p={_SLUGS[0]}@0,2&add=x",
)
#: Each alone: of one that cannot be had, nothing is.
_PACKED: Final = (
    *(f"?as=wav&p={slug}@{passage}" for slug in _SLUGS for passage in ("4,6", "L1..L6")),
    *(f"?as=wav{one}&{'&'.join(f'p={each.slug}@10,12' for each in SHOWN)}" for one in ("", "&one")),
    *(f"?as=wav&one&p={slug}@4,6" for slug in _SLUGS),
)
_LINES: Final = ("?line=L3", "?line=L1..L6", "?line=closed-4000", "?line=c3", "?line=nothing")
_FINDS: Final = tuple(f"?q={rare(name)}" for name in WORDS)
_NARROWED: Final = (
    *("?sort=date", "?sort=latest", "?sort=title", "?sort=length", "?sort=added", "?page=2", "?page=x"),
    *(f"?all={name}" for name in ("person", "tag", "decade", "kind", "series")),
    *(f"?tag={rare('draft tag')}", f"?series={rare('embargoed series')}", "?decade=1940", "?kind=reading"),
    *("?tag=tide", "?series=Harbour", "?tag=rope&series=Harbour", f"?all=tag&named={rare('draft tag')[:4]}"),
    *(f"?person={who}" for who in (rare("private first"), rare("draft voice"), "Keeper", PRIVATE, "cora")),
)
_THINGS: Final = (
    *_FINDS,
    "?sort=title",
    "?sort=name",
    "?sort=cited",
    "?sort=date",
    "?page=2",
    "?all=strand",
    "?at=of-draft",
)
#: What is asked of these addresses names the host that is asked.
_BY_ITS_HOST: Final = frozenset({"oai.answer", "oembed.answer"})
_HOST: Final = "archive.example"
#: Methods by which an address can be asked for the same as by GET.
_ALSO: Final[Mapping[str, set[str]]] = {"oai.answer": {"POST"}}
#: What recordings are called for harvesters, by each slug that one had.
_HARVESTED: Final = tuple(f"oai:{_HOST}:{hashlib.sha256(slug.encode()).hexdigest()[:24]}" for slug in _SLUGS)
#: What is asked for beside the plain address, by endpoint: each has to be here.
QUERIES: Final[Mapping[str, Sequence[str]]] = {
    "about.accessibility": (),
    "about.logo": (),
    "about.page": (),
    "api.annotations": (),
    "api.archive": (),
    "api.cue": ("?language=es",),
    "api.cues": (
        *("?from=0&to=2", "?from=3&to=5", "?from=4&to=6", "?from=5&to=7", "?from=6.5", "?to=4", "?at=5", "?at=1"),
        *("?language=es", "?language=es&at=5", "?limit=2", "?after=L3", "?after=closed-4000", f"?after={GONE}"),
    ),
    "api.described": (),
    "api.recording": (),
    "api.recordings": (*(each for each in _NARROWED if "all=" not in each), "?limit=1&page=2"),
    "api.search": (
        *_FINDS,
        *(f"{finds}&in=notes" for finds in _FINDS[:4]),
        *("?q=was&lines=50", "?q=here&sort=date", "?q=here&limit=2&page=2", "?q=means&in=notes", "?q=aqui"),
        *("?q=here&tag=tide", "?q=keeper&in=people", "?q=then&in=chronology", "?q=the&in=sources", '?q="the'),
        *("?q=short&in=dossiers", f"?q={rare('quay closed set')}&in=sets", f"?q={rare('draft tie')}&in=dossiers"),
    ),
    "basket.page": _BASKETS,
    "basket.send": _PACKED,
    "book.send": ("?as-of=0",),
    "cards.picture": (*_AT, "?t=x"),
    "cite.page": ("?as-of=0&line=c3", *_AT, *_LINES, *_BEFORE, f"?as-of=0&line={GONE}"),
    "cite.send": (*_AT[2:5], *_LINES[:2], "?as-of=0"),
    "clips.send": _AT,
    "context.chronology": _THINGS,
    "context.dossier": ("?account=one", "?question=so", "?account=none"),
    "context.dossiers": _THINGS,
    "context.people": _THINGS,
    "context.person": ("?page=2",),
    "context.source": ("?page=2",),
    "context.sources": _THINGS,
    "embed.page": (*_AT, "?t=99", "?t=x"),
    "downloads.described": (),
    "downloads.send": _BEFORE,
    "downloads.send_described": _BEFORE,
    "feed.chapters": (),
    "feed.picture": ("?series=Harbour", f"?series={rare('embargoed series')}"),
    "feed.send": ("?series=Harbour", "?page=1", "?page=2", "?page=-1", f"?series={rare('embargoed series')}"),
    "feed.sound": (),
    "health": (),
    "iiif.captions": _BEFORE,
    "iiif.collection": ("?series=Harbour", f"?series={rare('embargoed series')}", "?page=1", "?page=x"),
    "iiif.manifest": (),
    "invited.link": (f"?token={'x' * 43}", "?token="),
    "lines.line": ("?as-of=0",),
    "oai.answer": (
        *("?verb=Identify", "?verb=ListSets", "?verb=ListMetadataFormats", "?verb=ListRecords&resumptionToken=x"),
        *(f"?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")),
        *(f"?verb=GetRecord&metadataPrefix=oai_dc&identifier={name}" for name in _HARVESTED),
    ),
    "oembed.answer": (
        *(f"?url=http://{_HOST}/recordings/{slug}%23t=3,5" for slug in (*_SLUGS, "nothing")),
        *(f"?format=xml&url=http://{_HOST}/recordings/{slug}/embed" for slug in (*_SLUGS, "nothing")),
        *("?maxwidth=x&url=x", "?url=x"),
    ),
    "recordings.access_copy": (),
    "recordings.listed": _NARROWED,
    "recordings.recording": (
        *_BEFORE[:2],
        *_AT,
        *_BEFORE,
        "?as-of=0&q=was",
        "?as-of=0&t=5",
        *_FINDS[:4],
        "?t=5&q=the",
        "?t=99",
        "?t=x",
        "?q=was",
        *_LINES,
    ),
    "recordings.shelf": _NARROWED,
    "recordings.sound": (),
    "notes.send": (),
    "recordings.transcript": _BEFORE,
    "recordings.translation": (),
    "recordings.wave": (),
    "robots": (),
    "search.page": (
        *_FINDS,
        *(f"{finds}&in=note" for finds in _FINDS[:4]),
        *("?q=was", "?q=here", "?q=was+here", "?q=here&sort=date", "?q=here&page=2", "?q=means&in=note", "?q=about"),
        *("?q=here&all=person", "?q=here&all=tag", "?q=here&tag=tide", "?q=keeper&in=person", '?q="the'),
        *("?q=then&in=entry", "?q=the&in=source", "?q=short&in=dossier", "?q=aqui"),
    ),
    "search.sound": (),
    "sets.listed": _THINGS,
    "sets.page": (),
    "sitemap.answer": ("?page=1", "?page=x"),
    "search_table.send": (*_FINDS, "?q=was", "?q=here&sort=date", "?q=here&tag=tide", '?q="the', "?q=aqui"),
    "static": (),
    "text.page": ("?as-of=0", "?language=es", "?language=fr", *_BEFORE),
}
#: Where what listeners suggest is not to be had, nor taken where nobody has asked for it.
_SUGGESTED: Final = ("edit/suggestions", "lines/c3/suggestions", "suggestions/0123456789abcdef.json", "suggestions")
#: Addresses that are none, but begin as others do.
_NOWHERE: Final = "nowhere"
#: Cut from a sound, which takes long: few of them in every format.
_CUT: Final = "clips.send"
#: Answered with bytes of which parts can be asked for.
_IN_PARTS: Final = frozenset({"recordings.sound", "recordings.access_copy", "clips.send", "basket.send", "feed.sound"})
#: Ranges of bytes: the beginning, the middle of what is closed, everything, the end, several, none.
_RANGES: Final = ("0-", "0-99", "130000-190000", "40000-60000", "-30000", "130000-131000,180000-181000", "9999999-")
#: Every line has links to these, which differ by its times alone.
_ASKED_ANYWAY: Final = frozenset({_CUT, "cite.page", "cite.send", "lines.line", "recordings.recording"})
#: Where all words of a recording are, in its languages and as they were: asked of each, so that each word is there.
_WORDS: Final = frozenset({"recordings.transcript", "recordings.translation"})
_PAGE: Final = "recordings.recording"
#: Each of its questions names several recordings.
_BASKET: Final = "basket.send"
#: In how many other ways an address is asked in one run.
_WAYS: Final = 4
_LINK: Final = re.compile(r"""(?:href|src|action|data-[a-z-]+)="(/[^"#]*)""")


@dataclass(frozen=True)
class Asked:
    """A request: the endpoint that it is for, the method, the address and the headers."""

    endpoint: str
    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Give it as a failure names it."""
        more = "".join(f" {name}: {value}" for name, value in self.headers)
        return f"{self.method} {self.path}{more} ({self.endpoint})"


@dataclass(frozen=True)
class Answer:
    """What came: status, headers by their names in small letters, and the body as it was before it was compressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The type of the body."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Client:
    """Asks a server on one connection, or an application in this process."""

    address: str = ""
    within: Within | None = None
    _connection: list[HTTPConnection] = field(default_factory=list)

    def ask(self, asked: Asked) -> Answer:
        """Ask, and give what comes."""
        if self.within is not None:
            made = self.within.open(asked.path, method=asked.method, headers=list(asked.headers), buffered=True)
            status, headers, body = made.status_code, list(made.headers.items()), made.data
        else:
            if not self._connection:
                self._connection.append(HTTPConnection(urlsplit(self.address).netloc, timeout=LIMIT))
            try:
                got = self._asked(asked)
            except RemoteDisconnected:
                # A server lets go of a connection on which nothing came for a while, such as while the index looks.
                got = self._asked(asked)
            status, headers, body = got.status, got.getheaders(), got.read()
        by_name = {name.lower(): value for name, value in headers}
        return Answer(status, by_name, plain(body, by_name.get("content-encoding")) if body else b"")

    def _asked(self, asked: Asked) -> HTTPResponse:
        self._connection[0].request(asked.method, asked.path, headers=dict(asked.headers))
        return self._connection[0].getresponse()

    def close(self) -> None:
        """Let the connection go."""
        for connection in self._connection:
            connection.close()


def unknown(rules: Map) -> list[str]:
    """Give what of the application's rules cannot be asked: endpoints, and names in addresses."""
    found = []
    for rule in rules.iter_rules():
        missing = [name for name in rule.arguments if (rule.endpoint, name) not in _OTHERWISE and name not in _NAMES]
        found += [f"{rule.endpoint}: {rule.rule}: <{name}>" for name in missing]
        if rule.endpoint not in QUERIES:
            found.append(f"{rule.endpoint}: {rule.rule}")
        methods = (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"} - _ALSO.get(rule.endpoint, set())
        found += [f"{rule.endpoint}: {method} {rule.rule}" for method in sorted(methods)]
    return found


def addresses(rules: Map) -> Iterator[Asked]:
    """Give every address, plain and with what may be asked there."""
    for each in _by_rule(rules):
        yield from each


def some_addresses(
    rules: Map, whole: Container[str] | None = None, *, seed: int = SEED, is_whole: bool = IS_WHOLE
) -> list[Asked]:
    """Draw of the addresses of recordings as many as have, for each rule, each recording, name and question once.

    Those of the recordings that ``whole`` names are all there, without it those of one that is drawn; and all others.
    """
    whole = drawn(_SLUGS, 1, seed=seed) if whole is None else whole
    found = []
    for each in _by_rule(rules):
        asking = list(each)
        is_cheap = asking[0].endpoint != _BASKET and not any(values.get("slug") in _SLUGS for values in each.values())
        chosen = set(covering([values.items() for values in each.values()], seed=seed, is_whole=is_whole))
        for place, asked in enumerate(asking):
            is_always = is_cheap or asked.endpoint in _WORDS or (asked.endpoint == _PAGE and "?" not in asked.path)
            if place in chosen or is_always or each[asked].get("slug", "") in whole:
                found.append(asked)
    return found


def _by_rule(rules: Map) -> Iterator[dict[Asked, dict[str, str]]]:
    """Give the addresses of each rule, each with what stands in it: by its name, and what is asked."""
    for rule in sorted(rules.iter_rules(), key=lambda each: each.rule):
        found: dict[Asked, dict[str, str]] = {}
        for path, values in _filled(rule):
            queries: Sequence[str] = QUERIES.get(rule.endpoint, ())
            if rule.endpoint == _CUT and values["ext"] != "wav":
                queries = tuple(f"?t={passage}" for passage in _FEW)
            if rule.endpoint == _CUT and values["ext"] == "mp3":
                queries = (*queries, *_COPIES)
            headers = (("Host", _HOST),) if rule.endpoint in _BY_ITS_HOST else ()
            found[Asked(rule.endpoint, path)] = values
            for query in queries:
                found[Asked(rule.endpoint, f"{path}{_quoted(query)}", headers=headers)] = {**values, "?": query}
        yield found
    found = {}
    for slug in _NAMES["slug"]:
        for path in (f"/recordings/{slug}/", f"/recordings/{slug}/none", f"/media/{slug}/none", f"/{slug}"):
            found[Asked(_NOWHERE, path)] = {"slug": slug, "": path.replace(slug, "")}
        for below in ("edit", "edit/state", "edit/steps", "working/ines-keeper-4a4c0a20.jsonl", *_SUGGESTED):
            found[Asked(_NOWHERE, f"/recordings/{slug}/{below}")] = {"slug": slug, "": below}
    yield found


def in_other_ways(asked: Asked, answer: Answer) -> Iterator[Asked]:
    """Give the same address as it is asked by HEAD, compressed, in parts, and by whoever has its answer already."""
    yield Asked(asked.endpoint, asked.path, "HEAD")
    yield Asked(asked.endpoint, asked.path, "OPTIONS")
    yield Asked(asked.endpoint, asked.path, "POST")
    yield Asked(asked.endpoint, asked.path, headers=(("If-None-Match", "*"),))
    if asked.endpoint not in _IN_PARTS:
        yield Asked(asked.endpoint, asked.path, headers=(("Accept-Encoding", "br, gzip"),))
        yield Asked(asked.endpoint, asked.path, headers=(("Accept-Encoding", "gzip"),))
    else:
        for part in _RANGES:
            yield Asked(asked.endpoint, asked.path, headers=(("Range", f"bytes={part}"),))
    yield from conditionally(asked, answer)


def conditionally(asked: Asked, answer: Answer) -> Iterator[Asked]:
    """Give requests that name the tag and the time of an answer that was had before."""
    if tag := answer.headers.get("etag"):
        yield Asked(asked.endpoint, asked.path, headers=(("If-None-Match", tag),))
        if asked.endpoint in _IN_PARTS:
            yield Asked(asked.endpoint, asked.path, headers=(("If-Range", tag), ("Range", "bytes=130000-190000")))
            yield Asked(asked.endpoint, asked.path, headers=(("If-Match", tag),))
    if moment := answer.headers.get("last-modified"):
        yield Asked(asked.endpoint, asked.path, headers=(("If-Modified-Since", moment),))


def links(answer: Answer) -> list[str]:
    """Give the addresses of this server that a page leads to, but for other places on it."""
    if answer.kind != "text/html":
        return []
    found = _LINK.findall(answer.body.decode())
    return list(OrderedDict.fromkeys(html.unescape(each) for each in found))


def told(asked: Asked) -> set[str]:
    """Give the names of the words that whoever asks has said: an answer may say them again."""
    return {name for name, word in secrets().items() if word in asked.path}


def endpoint_of(rules: Map, path: str) -> str:
    """Give the endpoint that an address belongs to; nothing where it has none."""
    try:
        return str(rules.bind("localhost").match(urlsplit(path).path)[0])
    except Exception:  # noqa: BLE001  # one of Werkzeug's many for an address that leads nowhere
        return ""


def walk(
    client: Client, rules: Map, asking: Iterable[Asked], *, in_all_ways: bool = True, follows: bool = True
) -> dict[Asked, Answer]:
    """Ask everything, also in some other ways, and follow all that pages lead to; give the answers."""
    found: dict[Asked, Answer] = {}
    waiting = list(asking)
    planned = {each.path for each in waiting}
    for asked in waiting:
        answer = found[asked] = client.ask(asked)
        # What these lead to in turn is more of the same.
        more = [path for path in links(answer) if path not in planned] if follows else []
        planned.update(more)
        linked = [Asked(endpoint_of(rules, path) or "linked", path) for path in more]
        linked = [each for each in linked if each.endpoint not in _ASKED_ANYWAY]
        found.update((each, client.ask(each)) for each in linked)
        if in_all_ways:
            further = [each for each in linked if each.endpoint in _IN_PARTS]
            further += [] if "?" in asked.path else [asked]
            for each in further:
                # Of the ways some for each address, so that each way is taken to each kind of address.
                ways = drawn(in_other_ways(each, found[each]), _WAYS, seed=SEED + len(found))
                found.update((other, client.ask(other)) for other in ways)
    return found


def _filled(rule: Rule) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the addresses of a rule, with every value of each name in it."""
    names = sorted(rule.arguments)
    among = [_OTHERWISE.get((rule.endpoint, name)) or _NAMES.get(name, ()) for name in names]
    for values in product(*among):
        chosen: dict[str, Any] = dict(zip(names, values, strict=True))
        path = rule.rule
        for name, value in chosen.items():
            path = re.sub(rf"<(?:[^:>]+:)?{name}>", quote(value), path)
        yield path, chosen


def _quoted(query: str) -> str:
    return quote(query, safe="?=&+,%")
