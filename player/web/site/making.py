"""Makes the files of a copy in a process: asks the application for pages, as a visitor would, and writes them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import access, probe, silence, waveform
from player.errors import PlayerError
from player.publish.chapters import chapters_of
from player.publish.transcripts.forms import BOOK
from player.web.app import create_app
from player.web.pages.feed import sound_of
from player.web.pages.sound import is_in_step
from player.web.routes.book import refuse_too_large
from player.web.serving import copies
from player.web.serving.public_address import Site
from player.web.site import words
from player.web.site.addresses import NOWHERE, relative, there
from player.web.site.links import Copied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from werkzeug.test import TestResponse as Response

    from player.archive.archive import Archive
    from player.archive.recording import Record, Recording
    from player.web.site.whole import Told

_PIECE: Final = 1 << 20
_PACKED: Final = (".docx", ".epub", ".zip")
# A recording's own pages, which are made with it.
_OWN: Final = "/recordings/{}/"


@dataclass(frozen=True)
class Plan:
    """What is copied: the archive at ``root`` into ``folder``, to be at ``address``; ``before`` is there now."""

    root: Path
    folder: Path
    before: Path | None = None
    address: str | None = None
    links_sounds: bool = False
    has_books: bool = True


@dataclass
class Made:
    """What came of a batch: files with their sizes and digests, what else has to be made, and what there is not."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    #: The words by which each recording is found.
    words: dict[str, set[str]] = field(default_factory=dict)
    #: Addresses that are not answered with a page, and why.
    refused: list[tuple[str, str]] = field(default_factory=list)
    #: Recordings whose sound is not there as it should be, and why.
    unheard: list[tuple[str, str]] = field(default_factory=list)
    #: Recordings that are not there as a book, and why; None for those that were not asked for.
    unbound: dict[str, str | None] = field(default_factory=dict)


class Maker:
    """Makes the files of a copy, a batch of addresses at a time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.app = create_app(plan.root, site=Site(NOWHERE), is_copied=True)
        self.app.jinja_env.globals["has_book"] = self._has_book
        self._client = self.app.test_client()
        self._archive: Archive = self.app.extensions["archive"]
        self._copied = Copied(plan.address, self._sound)
        self._made = Made()

    def __call__(self, batch: Sequence[str]) -> Made:
        """Make what is at these addresses, and of recordings all of their own pages."""
        self._made = Made()
        waiting, seen = list(reversed(batch)), set(batch)
        while waiting:
            source = waiting.pop()
            self._make(source)
            slug = _slug(source)
            own = [each for each in self._made.sources if slug and each.startswith(_OWN.format(slug))]
            waiting += [each for each in own if each not in seen]
            seen.update(own)
        for each in seen:
            self._made.sources.pop(each, None)
        return self._made

    def told(self, told: Told) -> None:
        """Let the page about the copy say this."""
        self.app.extensions["copy_told"] = told

    def statics(self) -> Made:
        """Write the scripts, the style sheets and the pictures of the player; none of those of the desk."""
        self._made = Made()
        version, there_are = self.app.extensions["static_files"]
        for name, content in there_are.items():
            if "desk" not in name:
                self.write(f"static/{version}/{name}", content)
        return self.taken()

    def taken(self) -> Made:
        """Give what was made since it was taken last."""
        made, self._made = self._made, Made()
        return made

    def _make(self, source: str) -> None:
        slug = _slug(source)
        if slug and source == f"/recordings/{slug}":
            self._prepare(slug)
            self._gather(slug)
        to = there(source)
        if isinstance(to, str):
            self._made.left_out[to] += 1
            return
        # In what is packed, addresses cannot be made those of the copy afterwards.
        self.app.extensions["public_url"] = (self._plan.address or "") if to.file.endswith(_PACKED) else NOWHERE
        response = self._client.get(source)
        if response.status_code == HTTPStatus.ACCEPTED:  # the outline of a sound that was written a moment ago
            self.app.extensions["waveform_worker"].join()
            response = self._client.get(source)
        # An outline that cannot be made is a plain line, with 202.
        if response.status_code not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
            self._made.refused.append((source, f"{response.status_code}"))
            return
        if to.file.endswith(BOOK.ending):
            self._stream(to.file, response.iter_encoded())
            return
        if response.mimetype != "text/html":
            self.write(to.file, self._content(response, source, to.file))
            return
        html, links = self._copied.page(response.text, to.file, response.headers.get("X-Robots-Tag"))
        self._made.sources.update(links.sources)
        self._made.left_out.update(links.left_out)
        self.write(to.file, html.encode())

    def _content(self, response: Response, source: str, name: str) -> bytes:
        """Give what is no page, with the addresses that it has in the copy."""
        content = response.get_data()
        if source.startswith("/search/sound/"):
            named = [(each, self._sound(each["src"])) for each in json.loads(content)]
            played = [{**each, "src": relative(name, file)} for each, file in named if file]
            return json.dumps(played).encode()
        if source.startswith("/oembed?") or source.endswith("/chapters.json"):
            text, links = self._copied.json(content.decode(), name)
            self._made.sources.update(links.sources)
            return text.encode()
        if source == "/feed.xml" or source.startswith("/sitemap.xml"):
            self._made.sources.update(self._copied.sources_in(content.decode()))
        return self._copied.text(content.decode(), name).encode() if NOWHERE.encode() in content else content

    def _gather(self, slug: str) -> None:
        """Write what is searched in a recording."""
        with suppress(PlayerError):
            recording = self._archive.recording(slug)
            text = words.text_of(recording)
            self._made.words[slug] = words.words_of(recording, text)
            self.write(f"{words.FOLDER}/of/{slug}.json", words.as_file(text))
            if chapters_of(recording, is_in_step=is_in_step(recording)):
                self._made.sources[f"/recordings/{slug}/chapters.json"] = None

    def _prepare(self, slug: str) -> None:
        """Have what a server makes while pages are read: the length, the outline, and the copy that is played."""
        with suppress(PlayerError):
            record = self._archive.record(slug)
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
            return self._put(offered.path, f"media/{slug}")
        record = self._archive.record(slug)
        held = record.media
        if held is None or not record.shown.is_listed or record.shown.sound is not None:
            return None
        if not path.endswith("/access"):
            if not record.shown.sends_held:
                return None
            return self._put(held, f"media/{slug}{held.suffix.lower()}")
        with self.app.test_request_context("/"):
            for copy in copies.there_are(record, held):
                version = copies.version(copy)
                if f"v={version}" in asked or not asked:
                    return self._put(copy.path, f"media/{slug}.{version}.{copy.kind}")
        return None

    def _put(self, sound: Path, name: str) -> str:
        target = self._plan.folder / name
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        state = sound.stat()
        before = self._plan.before / name if self._plan.before else None
        is_done = before is not None and _is_same(before, state) and _link(before, target)
        if not (is_done or (self._plan.links_sounds and _link(sound, target))):
            with files.opened(sound) as source, target.open("xb") as written:
                shutil.copyfileobj(source, written, _PIECE)
            os.utime(target, ns=(state.st_mtime_ns, state.st_mtime_ns))
        self._made.files[name] = state.st_size, ""
        return name

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

    def _stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a large file, of which no more than a piece is in memory; one that is as it was keeps its times."""
        target = self._plan.folder / name
        before = self._plan.before / name if self._plan.before else None
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("wb") as written:
            for piece in pieces:
                digest.update(piece)
                written.write(piece)
        size = target.stat().st_size
        if before is not None and _is_alike(before, target):
            target.unlink()
            if not _link(before, target):
                shutil.copy2(before, target)
        self._made.files[name] = size, digest.hexdigest()

    def write(self, name: str, content: bytes) -> None:
        """Write a file, unless the copy before has the same: then it is that one, with its times."""
        target = self._plan.folder / name
        before = self._plan.before / name if self._plan.before else None
        target.parent.mkdir(parents=True, exist_ok=True)
        if before is None or _content(before, len(content)) != content or not _link(before, target):
            target.write_bytes(content)
        self._made.files[name] = len(content), hashlib.sha256(content).hexdigest()


def maker(plan: Plan) -> Maker:
    """Make what makes files, in a process of its own."""
    return Maker(plan)


def batches(sources: Iterable[str], size: int) -> list[list[str]]:
    """Divide addresses into batches."""
    every = list(sources)
    return [every[at : at + size] for at in range(0, len(every), size)]


def _slug(source: str) -> str | None:
    parts = source.partition("?")[0].split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "recordings" and parts[2] else None  # noqa: PLR2004  # /recordings/x


def _is_same(before: Path, state: os.stat_result) -> bool:
    with suppress(OSError):
        there_is = before.lstat()
        return (there_is.st_size, there_is.st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    return False


def _is_alike(before: Path, target: Path) -> bool:
    """Tell whether two files have the same bytes, of which few are in memory."""
    with suppress(OSError):
        if before.lstat().st_size == target.stat().st_size:
            with files.opened(before) as one, files.opened(target) as other:
                pieces = iter(lambda: one.read(_PIECE), b"")
                return all(piece == other.read(len(piece)) for piece in pieces)
    return False


def _content(before: Path, size: int) -> bytes | None:
    """Give what an earlier copy has in a file, if it can be the same."""
    with suppress(OSError):
        if before.lstat().st_size == size:
            return files.content(before)
    return None


def _link(before: Path, target: Path) -> bool:
    """Give the file another name, which keeps its times; tell whether the file system could."""
    with suppress(OSError):
        os.link(before, target, follow_symlinks=False)
        return True
    return False
