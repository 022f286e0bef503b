"""Nothing that is closed comes out at any address: no word, no sound, no count, and not when it is closed while served.

The archive is that of ``closed_archive``; what is asked, and how it is looked at, is in ``closed_asking`` and
``closed_looking``. Each search is proven by the same archive with nothing closed, in which everything is found.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest
from clip_server import until
from closed_archive import rewrite, secrets, shown_words, write_archive
from closed_asking import Asked, Client, addresses, conditionally, some_addresses, unknown, walk
from closed_leaks import all_found, contents, found_in, kept, leaks
from closed_looking import held_in, is_flat, probes, tones_in, words_in
from closed_plan import BUOY, FORMERLY, HIDDEN, MOLE, PIER, QUAY, REEF, SHOWN, TONES, WITHDRAWN, Way
from closed_server import serving

from player.archive.gate.shown import Audience
from player.web.app import create_app
from player.web.serving.drafts import TokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from closed_asking import Answer
    from closed_plan import Planted
    from werkzeug.routing import Map

LONG: Final = pytest.mark.long
SAMPLED: Final = pytest.mark.sampled
#: What is asked where little time is to be spent.
QUICK_SLUGS: Final = {"quay", "slip", *(each.slug for each in HIDDEN)}
#: Endpoints that send files from the cache, whose times are those of their making.
MADE: Final = frozenset({"recordings.access_copy", "clips.send", "basket.send", "feed.sound"})
#: Headers that differ between two servers of the same archive.
OF_A_SERVER: Final = frozenset({"allow", "date", "server"})
#: What is found nowhere on the pages of an archive that is open: only recordings that are closed have it.
NEVER: Final = {name for name in secrets() if name.startswith("never ")}
# What the index tells of a recording too; while it is being told of a change, the API asks for a moment's patience.
FROM_THE_INDEX: Final = {"recordings.recording", "api.recording"}
ONLY_CLOSED: Final = {"open reason", "open speaker called", "open withdrawal"}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, to be copied."""
    return write_archive(tmp_path_factory.mktemp("closed") / "archive", Way.CLOSED)


@pytest.fixture
def closed(written: Path, tmp_path: Path) -> Path:
    """The archive with things closed in it, this test's own."""
    return shutil.copytree(written, tmp_path / "closed")


def quick(rules: Map) -> list[Asked]:
    """Give some of the addresses: every endpoint, recordings of each kind, and what is asked of them most."""
    seen: dict[tuple[str, str], int] = {}
    chosen = []
    for asked in addresses(rules):
        path, _, query = asked.path.partition("?")
        parts = path.removeprefix("/api").split("/")
        if len(parts) > 2 and parts[1] in {"recordings", "media"} and parts[2] and parts[2] not in QUICK_SLUGS:
            continue
        if asked.endpoint == "basket.send" and "quay" not in query and query:
            continue
        if asked.endpoint == "clips.send" and (query not in {"t=4,6", "t=3,5"} or not path.endswith("wav")):
            continue
        count = seen[asked.endpoint, path] = seen.get((asked.endpoint, path), 0) + 1
        if count <= (12 if asked.endpoint in {"search.page", "recordings.listed"} else 3):
            chosen.append(asked)
    return chosen


def test_every_address_can_be_asked(written: Path) -> None:
    """An address that is new is asked too, or this fails."""
    assert unknown(create_app(written).url_map) == []


def test_what_is_closed_does_not_come(closed: Path) -> None:
    app = create_app(closed)
    answers = walk(Client(within=app.test_client()), app.url_map, quick(app.url_map), in_all_ways=False, follows=False)
    assert leaks(answers, probes(closed)) == []
    there = all_found(answers, {})
    assert {"open quay line 1", "open quay line 5", "open quay variant", "open reason", "open speaker called"} <= there
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {asked.endpoint for asked in answers} == set()


@SAMPLED
@LONG
def test_nothing_closed_comes_at_any_address(closed: Path, tmp_path: Path) -> None:
    """What comes is the same, to the byte, as if nothing hidden were there: lists, counts, facets, orders, times."""
    held = probes(closed)
    with serving(closed, tmp_path / "served") as server:
        rules = server.rules
        answers = walk(server.client, rules, some_addresses(rules))
        assert leaks(answers, held) == []
        assert kept(server) == []
    assert shown_words().keys() - all_found(answers, held) == set(), "what is open has to be there"
    led = [answer for asked, answer in answers.items() if f"/{FORMERLY[QUAY.slug]}/transcript.vtt" in asked.path]
    assert {(answer.headers.get("location") or "").partition("?")[0] for answer in led if answer.status == 308} == {
        f"/recordings/{QUAY.slug}/transcript.vtt"
    }
    below = [
        answer.status
        for asked, answer in answers.items()
        if is_of(asked, [WITHDRAWN]) and FORMERLY[WITHDRAWN.slug] not in asked.path
        if not asked.path.startswith("/api") or asked.method in {"GET", "HEAD"}
    ]
    assert set(below) == {410}, "whatever is asked of it"
    for each, start, end in ((QUAY, 4, 8), (PIER, 2, 6), (REEF, 8, 12)):
        drawn = outlines(answers, each.slug)
        assert drawn, each.slug
        assert all(is_flat(outline, start, end) for outline in drawn), each.slug
    assert [*outlines(answers, MOLE.slug), *outlines(answers, BUOY.slug)] == [], "of a sound that is closed"
    rewrite(closed, Way.WITHOUT)
    with serving(closed, tmp_path / "without") as server:
        asking = [asked for asked in answers if asked.endpoint != "linked"]
        without = {asked: server.client.ask(asked) for asked in asking}
    different = [
        f"{asked}: {answers[asked].status}, and without what is hidden {without[asked].status}"
        for asked in asking
        if not is_same(asked, answers[asked], without[asked])
    ]
    assert different == [], "\n".join(different)


def is_same(asked: Asked, one: Answer, other: Answer) -> bool:
    if WITHDRAWN.slug in asked.path.partition("?")[0]:
        # What may be sent to an address of the API is the same for each.
        is_as_ever = asked.endpoint.startswith("api.") and asked.method in {"OPTIONS", "POST"}
        return one.status in {404, 410} or (is_as_ever and one.status == other.status)
    if asked.endpoint.startswith("basket.") and WITHDRAWN.slug in asked.path:
        return (one.status, other.status) in {(400, 400), (404, 404), (410, 404)}
    if asked.endpoint == "oai.answer":
        is_asked_again = any(name.startswith("If-") for name, _ in asked.headers)
        return is_asked_again or harvested(one.body) == harvested(other.body)
    if asked.endpoint == "oembed.answer" and WITHDRAWN.slug in asked.path:
        return (one.status, other.status) == (410, 404)
    if asked.endpoint in MADE and any(name.startswith("If-") for name, _ in asked.headers):
        return True
    apart = OF_A_SERVER | ({"etag", "last-modified"} if asked.endpoint in MADE else set())
    if asked.endpoint == "recordings.recording":  # whether one is kept, with a tag of another kind, is chance
        apart |= {"etag"}
    headers = [{name: value for name, value in each.headers.items() if name not in apart} for each in (one, other)]
    return (one.status, one.body, headers[0]) == (other.status, other.body, headers[1])


def harvested(body: bytes) -> bytes:
    """Give what harvesters are told, but for when it was, and for what they are to drop: that was open before."""
    body = re.sub(rb"<(responseDate|datestamp|earliestDatestamp)>[^<]*</\1>", b"", body)
    body = re.sub(rb"<record><header status=.deleted.>.*?</header></record>", b"", body)
    body = re.sub(rb"<header status=.deleted.>.*?</header>", b"", body)
    return b"" if b"<GetRecord></GetRecord>" in body or b'code="idDoesNotExist"' in body else body


@SAMPLED
@LONG
def test_everything_is_found_where_nothing_is_closed(closed: Path, tmp_path: Path) -> None:
    """The walk is not blind: each word, tone and file that it looks for comes where it is open."""
    rewrite(closed, Way.OPEN)
    held = probes(closed)
    with serving(closed, tmp_path / "served") as server:
        answers = walk(server.client, server.rules, some_addresses(server.rules), in_all_ways=False, follows=False)
        index = contents(server)
        assert "never buoy note cue" in words_in(server.said.read_bytes()), "a log quotes what is open"
    expected = {*secrets(), *shown_words(), *TONES, *held} - NEVER - ONLY_CLOSED
    assert expected - all_found(answers, held) == set()
    assert {name for name in secrets() if name.endswith(" line 2")} <= index
    assert not any(is_flat(outline, 4, 8) for outline in outlines(answers, QUAY.slug))


def outlines(answers: Mapping[Asked, Answer], slug: str) -> list[str]:
    """Give the drawings of a recording's sound that came."""
    path = f"/recordings/{slug}/waveform.svg"
    came = [answer for asked, answer in answers.items() if asked.path.startswith(path) and asked.method == "GET"]
    return [answer.body.decode() for answer in came if answer.status == 200]


@SAMPLED
@LONG
def test_editors_see_drafts_and_nothing_that_is_closed(closed: Path) -> None:
    guard = TokenGuard("127.0.0.1", Site())
    app = create_app(closed, audience=Audience.EDITORS, guard=guard)
    app.extensions["index"].look()
    asking = [
        asked for asked in some_addresses(app.url_map) if "?" not in asked.path or asked.endpoint == "search.page"
    ]
    refused = walk(Client(within=app.test_client()), app.url_map, asking, in_all_ways=False, follows=False)
    assert {(answer.status, answer.body) for answer in refused.values()} == {(403, next(iter(refused.values())).body)}
    within = app.test_client()
    within.get(f"/?token={guard.token}")
    held = probes(closed)
    answers = walk(Client(within=within), app.url_map, asking, follows=False)
    found = {asked: found_in(asked, answer, held) for asked, answer in answers.items()}
    assert {str(asked): names for asked, names in found.items() if any(not is_of_draft(name) for name in names)} == {}
    assert set().union(*found.values()) >= {
        "draft title",
        "draft line 2",
        "draft sound",
        "draft note at title",
        "draft tag",
    }


def is_of_draft(name: str) -> bool:
    return name.startswith("draft ")


@SAMPLED
@LONG
def test_what_is_closed_while_it_is_served_does_not_come_any_more(closed: Path, tmp_path: Path) -> None:
    rewrite(closed, Way.OPEN)
    held = probes(closed)
    with serving(closed, tmp_path / "served") as server:
        asking = [
            asked for asked in some_addresses(server.rules) if asked.endpoint != "clips.send" or "wav" in asked.path
        ]
        before = walk(server.client, server.rules, asking, in_all_ways=False)
        assert all_found(before, held) >= {*TONES, "draft title", "quay closed line", "private first"}
        rewrite(closed, Way.CLOSED)
        # What is read from the recording's own files is closed at once, and the rest when the index has looked.
        own = [asked for asked in before if is_of(asked, HIDDEN)]
        own += [asked for asked in before if is_of(asked, SHOWN) and asked.endpoint not in FROM_THE_INDEX]
        assert leaks({asked: server.client.ask(asked) for asked in own}, held) == []
        server.look()
        again = {asked: server.client.ask(asked) for asked in asked_again(before)}
        assert leaks(again, held) == []
        assert still_current(before, again, held) == []
        # Clips that were cut before are not sent, and stay until there is no room; the log told of what was open.
        assert [each for each in kept(server) if not each.startswith(("clips/", "said"))] == []
        # And when it is opened again, all of it comes.
        rewrite(closed, Way.OPEN)
        server.look()
        after = {asked: server.client.ask(asked) for asked in asking}
        assert {*secrets(), *TONES} - NEVER - all_found(after, held) == set()


def is_of(asked: Asked, recordings: Sequence[Planted]) -> bool:
    """Tell whether an address is that of one of some recordings."""
    parts = asked.path.partition("?")[0].removeprefix("/api").split("/")
    names = {each.slug for each in recordings}
    names |= {former for slug, former in FORMERLY.items() if slug in names}
    return len(parts) > 2 and parts[1] in {"recordings", "media"} and parts[2] in names


def asked_again(before: Mapping[Asked, Answer]) -> list[Asked]:
    """Give all that was asked, and the same by somebody who kept the answers."""
    found = dict.fromkeys(asked for asked in before if asked.endpoint != "linked")
    for asked, answer in before.items():
        if asked.method == "GET" and not asked.headers and asked.endpoint != "linked":
            found.update(dict.fromkeys(conditionally(asked, answer)))
    return list(found)


def still_current(
    before: Mapping[Asked, Answer], again: Mapping[Asked, Answer], held: Mapping[str, list[bytes]]
) -> list[str]:
    """Give what somebody was told to go on showing, though something in it is closed now."""
    plain = {asked.path: found_in(asked, answer, held) for asked, answer in before.items() if not asked.headers}
    told = [
        asked for asked, answer in again.items() if answer.status == 304 and ("If-None-Match", "*") not in asked.headers
    ]
    return [f"{asked}: 304" for asked in told if plain.get(asked.path)]


@SAMPLED
@LONG
def test_copies_that_a_server_makes_are_silent(closed: Path, tmp_path: Path) -> None:
    held = probes(closed)
    with serving(closed, tmp_path / "served", has_copies=False, PLAYER_COPY_MEGABYTES="100") as server:
        for each in (QUAY, PIER, REEF):
            path = f"/media/{each.slug}/access"
            answer = until_there(server.client, each.slug, path)
            assert tones_in(answer.body) == {"open sound"}, each.slug
            assert held_in(answer.body, held) == set()
        asking = [asked for asked in some_addresses(server.rules) if asked.path.startswith("/media")]
        assert leaks(walk(server.client, server.rules, asking), held) == []
        assert kept(server) == []


def until_there(client: Client, slug: str, path: str) -> Answer:
    """Open the page, and ask for the copy that it plays, until there is one."""
    last: list[Answer] = []

    def is_there() -> bool:
        client.ask(Asked("recordings.recording", f"/recordings/{slug}"))
        last[:] = [client.ask(Asked("recordings.access_copy", path))]
        return last[0].status == 200

    until(is_there)
    return last[0]


@SAMPLED
@LONG
def test_nginx_is_sent_to_no_file_with_what_is_closed(closed: Path, tmp_path: Path) -> None:
    """With PLAYER_ACCEL the server names a file, and nginx sends it: what it names is what is looked at."""
    held = probes(closed)
    found = []
    with serving(closed, tmp_path / "served", PLAYER_ACCEL="/sounds") as server:
        asking = [asked for asked in some_addresses(server.rules) if asked.endpoint in {"recordings.sound", *MADE}]
        named = {asked: server.client.ask(asked).headers.get("x-accel-redirect") for asked in asking}
    for asked, path in named.items():
        if path is not None:
            name = path.removeprefix("/sounds/")
            files = [each for root in (closed / "media", server.cache) for each in root.rglob(name) if each.is_file()]
            assert files, (asked, path)
            found += [f"{asked}: {path}: {name}" for each in files if (tones_in(each.read_bytes()) & TONES.keys())]
            found += [f"{asked}: {path}: {names}" for each in files if (names := held_in(each.read_bytes(), held))]
    assert any(named.values())
    assert found == []
