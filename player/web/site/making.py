"""Makes the files of a copy in a process: asks the application for pages, as a visitor would, and writes them."""

from __future__ import annotations

import gc
import io
import json
import multiprocessing
import sys
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from werkzeug.test import create_environ, run_wsgi_app

from player import arenas, processes
from player.archive.languages import language
from player.archive.statements import Spot
from player.audio import access, probe, silence, waveform
from player.errors import PlayerError
from player.publish.chapters import chapters_of
from player.publish.transcripts.forms import BOOK, FORMS
from player.web.app import create_app
from player.web.pages.feed import sound_of
from player.web.pages.sound import is_in_step
from player.web.pages.surroundings import address
from player.web.routes.book import refuse_too_large
from player.web.serving import copies
from player.web.serving.public_address import Site
from player.web.site import words
from player.web.site.addresses import NOWHERE, There, public, relative, there
from player.web.site.earlier import state
from player.web.site.links import Copied
from player.web.site.made import Made
from player.web.site.placing import Placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record, Recording
    from player.index.index import Index
    from player.web.site.made import Batch, Plan

_PACKED: Final = (".docx", ".epub", ".zip")
# How JSON ends that names what is elsewhere.
_NAMING: Final = ("/annotations.json", "/chapters.json", "/manifest.json")
# A recording's own pages, which are made with it.
_OWN: Final = "/recordings/{}/"


@dataclass(frozen=True)
class _Answer:
    """What the application answers at an address."""

    status: int
    mimetype: str
    robots: str | None
    pieces: Iterable[bytes]

    @property
    def content(self) -> bytes:
        """All that it answers, which can be had once."""
        return b"".join(self.taken())

    def taken(self) -> Iterator[bytes]:
        """Give what it answers, a piece at a time; then it is closed."""
        try:
            yield from self.pieces
        finally:
            getattr(self.pieces, "close", bool)()


class Maker:
    """Makes the files of a copy, a batch of addresses at a time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.app = create_app(plan.root, site=Site(NOWHERE), is_copied=True)
        self.app.jinja_env.globals["has_book"] = self._has_book
        # Annotations are known by their addresses, which have to be whole.
        self.app.jinja_env.globals["has_whole_addresses"] = plan.address is not None
        # Who started this has looked at all files, and looks again in the end.
        self.app.extensions["index"].is_watched = lambda: True
        self._asked = create_environ("/")
        self._archive: Archive = self.app.extensions["archive"]
        self._archive.keep_one()
        self._copied = Copied(plan.address, self._sound)
        self._placed = Placed(plan)
        self._made = Made()

    def prepare(self) -> None:
        """Have the templates, and the modules that pages import, for all processes that are forked of this one.

        Of two that work, one encodes for a book at a time: an ffmpeg takes 30 MB, and a sixth of the time.
        """
        for name in self.app.jinja_env.list_templates(filter_func=lambda name: "desk" not in name):
            self.app.jinja_env.get_template(name)
        for form in FORMS.values():
            if form.module and form.is_there:
                form.load()
        language("en")
        if sys.platform == "linux":
            turns = multiprocessing.get_context("fork").Semaphore(max(1, processes.count() // 2))
            self.app.extensions["book_turns"] = turns

    def __call__(self, batch: Batch) -> Made:
        """Make what is at these addresses, and of recordings all of their own pages."""
        self._made = Made()
        if batch.told is not None:
            self.app.extensions["copy_told"] = batch.told
        waiting, seen = list(reversed(batch.sources)), set(batch.sources)
        while waiting:
            source = waiting.pop()
            found = [each for each in self._make(source) if each not in seen]
            self._made.sources.update(dict.fromkeys(found))
            if (slug := _slug(source)) is not None:
                beginning = _OWN.format(slug)
                own = [each for each in found if each.startswith(beginning)]
                waiting += own
                seen.update(own)
        for each in seen:
            self._made.sources.pop(each, None)
        if batch.statics:
            self._statics()
        if batch.places:
            index: Index = self.app.extensions["index"]
            with self.app.test_request_context("/"):
                self._made.places = {thing: _place(index, *thing) for thing in words.things(index)}
        self._made.files = self._placed.taken()
        made, self._made = self._made, Made()
        return made

    def _statics(self) -> None:
        """Write the scripts, the style sheets and the pictures of the player; none of those of the desk."""
        version, there_are = self.app.extensions["static_files"]
        for name, content in there_are.items():
            if "desk" not in name:
                self._placed.write(f"static/{version}/{name}", content)

    def _make(self, source: str) -> Iterable[str]:
        """Make what is at an address; give what it leads to."""
        slug, beside = _slug(source), list[str]()
        if slug and source == f"/recordings/{slug}":
            _tidy()
            self._prepare(slug)
            beside += self._gather(slug)
        to = there(source)
        if isinstance(to, str):
            self._made.left_out[to] += 1
            return beside
        if to.file.endswith(BOOK.ending):
            _tidy()  # while an ffmpeg may have as much
        # In what is packed, addresses cannot be made those of the copy afterwards.
        self.app.extensions["public_url"] = (self._plan.address or "") if to.file.endswith(_PACKED) else NOWHERE
        answer = self._answer(source)
        if answer.status == HTTPStatus.ACCEPTED:  # the outline of a sound that was written a moment ago
            self.app.extensions["waveform_worker"].join()
            answer = self._answer(source)
        # An outline that cannot be made is a plain line, with 202.
        if answer.status not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
            self._made.refused.append((source, f"{answer.status}"))
            return beside
        if to.file.endswith(BOOK.ending):
            self._placed.stream(to.file, answer.taken())
            return beside
        if answer.mimetype != "text/html":
            return [*beside, *self._other(answer.content, source, to.file)]
        html, links = self._copied.page(answer.content.decode(), to.file, answer.robots)
        self._made.left_out.update(links.left_out)
        self._placed.write(to.file, html.encode())
        return [*beside, *links.sources]

    def _answer(self, source: str) -> _Answer:
        """Ask the application as a server does, once: a client of tests makes more of each request."""
        path, _, asked = source.partition("?")
        environ = {
            **self._asked,
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": asked,
            "wsgi.input": io.BytesIO(),
        }
        pieces, status, headers = run_wsgi_app(self.app, environ)
        kind = headers.get("Content-Type", "").partition(";")[0].strip()
        return _Answer(int(status.split()[0]), kind, headers.get("X-Robots-Tag"), pieces)

    def _other(self, content: bytes, source: str, name: str) -> Iterable[str]:
        """Write what is no page, with the addresses that it has in the copy; give those that have to be there too."""
        sources: Iterable[str] = ()
        if source.startswith("/search/sound/"):
            named = [(each, self._sound(each["src"])) for each in json.loads(content)]
            content = json.dumps([{**each, "src": relative(name, file)} for each, file in named if file]).encode()
        elif source.startswith(("/oembed?", "/iiif/")) or source.endswith(_NAMING):
            text, links = self._copied.json(content.decode(), name)
            sources, content = links.sources, text.encode()
        elif NOWHERE.encode() in content:
            text = content.decode()
            if source.startswith(("/feed.xml", "/sitemap.xml")):
                sources = self._copied.sources_in(text)
            content = self._copied.text(text, name).encode()
        self._placed.write(name, content)
        return sources

    def _gather(self, slug: str) -> Iterable[str]:
        """Write what is searched in a recording; give what no page leads to."""
        with suppress(PlayerError):
            recording = self._archive.recording(slug)
            text = words.text_of(recording)
            self._made.words[slug] = list(words.words_of(recording, text))
            self._placed.write(f"{words.FOLDER}/of/{slug}.json", words.as_file(text))
            if chapters_of(recording, is_in_step=is_in_step(recording)):
                yield f"/recordings/{slug}/chapters.json"

    def _prepare(self, slug: str) -> None:
        """Have what a server makes while pages are read: the length, the outline, and the copy that is played."""
        with suppress(PlayerError):
            record = self._archive.record(slug)
            if record.shown.is_listed:
                self._made.states[slug] = state(record)
            if record.shown.is_everything and not (record.access or record.closed or record.has_machine_draft):
                self._made.open.append(slug)
            held = record.media
            if held is None or record.shown.sound is not None or not held.is_file():
                return
            try:
                probe.probe(held)
                waveform.peaks(held)
                self._copy_sound(record, held)
            except PlayerError as refusal:
                self._made.unheard.append((slug, str(refusal)))

    def _copy_sound(self, record: Record, held: Path) -> None:
        silent, media = record.shown.silenced, self._archive.media
        if not (silent or access.needed(held)):
            return
        if silent:
            silence.refuse_wrong(held, record.slug, record.shown.timed_to)
        access.fault(media, record.slug, held, silent)  # its digest, which a page does not wait for
        if not access.of(media, record.slug, held, silent):
            access.make_cached(held, silent=access.silence_of(media, record.slug, silent))

    def _sound(self, source: str) -> str | None:
        """Put what is played at an address into the copy, and give its file; None where there is none of it."""
        path, _, asked = source.partition("?")
        slug = path.split("/")[2]
        if path.startswith("/feed/"):
            with self.app.test_request_context("/"):
                offered = sound_of(self._archive.record(slug.rpartition(".")[0]))
            return self._placed.put(offered.path, f"media/{slug}")
        record = self._archive.record(slug)
        held = record.media
        if held is None or not record.shown.is_listed or record.shown.sound is not None:
            return None
        if not path.endswith("/access"):
            if not record.shown.sends_held:
                return None
            return self._placed.put(held, f"media/{slug}{held.suffix.lower()}")
        with self.app.test_request_context("/"):
            for copy in copies.there_are(record, held):
                version = copies.version(copy)
                if f"v={version}" in asked or not asked:
                    return self._placed.put(copy.path, f"media/{slug}.{version}.{copy.kind}")
        return None

    def _has_book(self, recording: Recording) -> bool:
        """Tell whether a recording is there as a book too, and remember where it is not."""
        slug = recording.slug
        if not self._plan.has_books:
            self._made.unbound[slug] = None
            return False
        try:
            refuse_too_large(recording)
        except PlayerError as refusal:
            self._made.unbound[slug] = str(refusal)
        return slug not in self._made.unbound


def _tidy() -> None:
    """Free what hangs together in circles, which took up to 5 MB from one recording to the next, and give it back."""
    gc.collect()
    arenas.give_back()


def _place(index: Index, kind: str, name: str) -> str:
    """Give the address in a copy, from its beginning, of a person, a source, an entry, an account or a set."""
    spot = Spot("chronology", part=("entry", name)) if kind == "entry" else Spot(kind, name)
    to = there(address(index, spot))
    return f"{public(to.file)}{to.end}" if isinstance(to, There) else "./"


def _slug(source: str) -> str | None:
    parts = source.partition("?")[0].split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "recordings" and parts[2] else None  # noqa: PLR2004  # /recordings/x
