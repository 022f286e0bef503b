"""Changes several files of an archive as one: all of them, or none, whatever happens meanwhile.

New files are written beside their places. Once all are complete, what is to be done is written down in a journal, in
one step: from then on the change holds. A process that is killed before leaves the archive as it was; of one that is
killed later, the next does the rest, from the journal. So that nothing of it is done twice, each step asks whether it
is still to be done.

The journal is ``transcripts/.tape-player-change.json``; ``transcripts/.tape-player-begun`` lists what is written before
there is one. One process at a time changes an archive: it holds a lock on the folder ``transcripts``, which ends with
it, however it ends.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.audio.ffmpeg import interrupts_held
from player.errors import ArchiveError, Fault, WriteError, reason, shown
from player.files import content

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOURNAL: Final = ".tape-player-change.json"
_BEGUN: Final = ".tape-player-begun"
# Hidden, so that nothing takes it for a part of the archive; unlike the names in ``files``, so that no sweep takes it.
_BESIDE: Final = re.compile(r"\.tape-player-[0-9a-f]{16}-[0-9]+\.(?:new|old)")
_HOMES: Final = ("media", "transcripts")
_VERSION: Final = 1


class Change:
    """What is to be changed in the archive at ``root``. Nothing is, until ``transaction`` ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._token = os.urandom(8).hex()
        self._folder = root / "transcripts"
        self._steps: list[dict[str, str]] = []
        self._after: list[dict[str, str]] = []
        self._count = 0
        #: The files that are to be replaced, each with the digest of what it has now; empty where none may be there.
        self._expected: dict[Path, str] = {}

    def new(self, target: Path) -> Path:
        """Give a path beside ``target`` to write a file or a folder to; at the end it is put in that place.

        The folders above are made. What is put where is decided by the order of these calls, so that what others
        depend on comes first. A file that is at ``target`` is replaced; a folder is not.

        :raise OSError: where a folder cannot be made.
        """
        self._make_folder(target.parent)
        beside = target.with_name(f".tape-player-{self._token}-{self._count}.new")
        self._count += 1
        self._begin(beside)
        self._steps.append({"do": "put", "path": self._relative(beside), "to": self._relative(target)})
        return beside

    def drop(self, beside: Path) -> None:
        """Leave out what was to be put somewhere, and remove what was written of it."""
        self._steps = [step for step in self._steps if step["path"] != self._relative(beside)]
        _remove(beside)

    def write(self, target: Path, after: bytes, *, is_private: bool = False) -> None:
        """Put a file with this content at ``target``, where nothing may be.

        One that ``is_private`` may be read by its owner only.

        :raise OSError: where it cannot be written.
        """
        _fill(self.new(target), after, is_private=is_private)
        self._expected[target] = ""

    def replace(self, target: Path, before: bytes, after: bytes, *, is_private: bool = False) -> None:
        """Put other content into a file that has ``before`` now; the change is refused where it has something else.

        :raise ArchiveError: where a link leads out of the archive.
        :raise OSError: where it cannot be written.
        """
        # A link within the archive stays one.
        place = self._within(target)
        beside = self.new(place)
        _fill(beside, after, is_private=is_private)
        if not is_private:
            import shutil  # noqa: PLC0415  # 2 ms, for all commands that only look whether a change was broken off

            shutil.copymode(place, beside)
        self._expected[place] = hashlib.sha256(before).hexdigest()

    def remove(self, path: Path) -> None:
        """Remove a file or a folder, after all that is new is in its place."""
        self._after.append({"do": "remove", "path": self._relative(path)})

    def move(self, old: Path, new: Path) -> None:
        """Give a file or a folder another name, after all that is new is in its place; nothing may have that name.

        :raise OSError: where a folder above it cannot be made.
        """
        self._make_folder(new.parent)
        self._after.append({"do": "move", "path": self._relative(old), "to": self._relative(new)})

    def commit(self) -> None:
        """Write down what is to be done, and do it.

        :raise ArchiveError: where something has changed meanwhile, or a name is taken.
        :raise OSError: where something cannot be written.
        """
        for target, digest in self._expected.items():
            if (hashlib.sha256(content(target)).hexdigest() if os.path.lexists(target) else "") != digest:
                raise ArchiveError([Fault(target, None, "this was changed at the same time", "do it again")])
        for step in (*self._steps, *self._after):
            to = self._root / step.get("to", "")
            if "to" in step and os.path.lexists(to) and (step["do"] == "move" or to.is_dir()):
                raise ArchiveError([Fault(to, None, "there is something of this name", "give it another name")])
        for step in self._steps:
            _flush(self._root / step["path"])
        if not (self._steps or self._after):
            return
        draft = self._folder / f".tape-player-{self._token}-{self._count}.new"
        self._begin(draft)
        told = {"version": _VERSION, "token": self._token, "steps": [*self._steps, *self._after]}
        draft.write_text(json.dumps(told), encoding="utf-8")
        _flush(draft)
        # Ctrl-C comes before all of it or after, so that nobody finds a part.
        with interrupts_held():
            draft.replace(self._folder / _JOURNAL)
            _sync(self._folder)
            _finish(self._root)

    def _begin(self, beside: Path) -> None:
        """Write down that something is going to be written, before it is."""
        with (self._folder / _BEGUN).open("a", encoding="utf-8") as begun:
            begun.write(f"{json.dumps(self._relative(beside))}\n")

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not os.path.lexists(folder):
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            self._begin(each)
            each.mkdir(exist_ok=True)

    def _within(self, target: Path) -> Path:
        """Give where a file lies in the archive, with no link but those that ``media`` and ``transcripts`` may be.

        :raise ArchiveError: where it lies elsewhere.
        """
        real = Path(os.path.realpath(target))
        for home in _HOMES:
            there = Path(os.path.realpath(self._root / home))
            if real.is_relative_to(there):
                return self._root / home / real.relative_to(there)
        raise ArchiveError([Fault(target, None, "this link leads out of the archive", "put the file itself there")])

    def _relative(self, path: Path) -> str:
        return os.path.relpath(path, self._root)


@contextlib.contextmanager
def transaction(root: Path) -> Iterator[Change]:
    """Change files of the archive at ``root``: what the block says is done at its end, all of it or nothing.

    What a killed process has left is put right before. Where the block ends otherwise, even by Ctrl-C, nothing has
    changed.

    :raise WriteError: where another process changes the archive, or something cannot be written.
    :raise ArchiveError: where a file that is to be replaced was changed meanwhile, or a name is taken.
    """
    root = Path(os.path.realpath(root))
    change: Change | None = None
    try:
        with _locked(root):
            _put_right(root)
            change = Change(root)
            try:
                yield change
                change.commit()
            finally:
                # Where it holds and could not be done to its end, the next does the rest.
                if not os.path.lexists(root / "transcripts" / _JOURNAL):
                    _undo(root)
    except OSError as error:
        place = Path(error.filename2 or error.filename) if isinstance(error.filename, str) else root
        see_to = "check that you may write there and the free space"
        what = f"{shown(place)}: this cannot be written ({reason(error)}); {see_to}"
        if change is not None and os.path.lexists(root / "transcripts" / _JOURNAL):
            rest = "the change holds, so do not make it again: the next command for this archive does the rest of it"
            raise WriteError(f"{what}; {rest}: player check") from None
        raise WriteError(f"{what}, and try again") from None


def recover(root: Path) -> bool:
    """Put right what a killed process has left in the archive at ``root``; tell whether there was anything.

    Nothing is done while another process changes the archive, or where it may not be written.
    """
    try:
        root = Path(os.path.realpath(root))
        if not any(os.path.lexists(root / "transcripts" / name) for name in (_JOURNAL, _BEGUN)):
            return False
        with _locked(root):
            return _put_right(root)
    except (WriteError, OSError):
        return False


def _put_right(root: Path) -> bool:
    """Do the rest of a change that holds, or remove what was written for one that does not."""
    if os.path.lexists(root / "transcripts" / _JOURNAL):
        _finish(root)
        return True
    return _undo(root)


def _finish(root: Path) -> None:
    """Do what the journal says, as far as it is not done yet."""
    journal = root / "transcripts" / _JOURNAL
    token, steps = _read(journal)
    for number, step in enumerate(steps):
        path = root / step["path"]
        if step["do"] == "remove":
            # Out of sight in one step, however much there is to remove.
            old = path.with_name(f".tape-player-{token}-{number}.old")
            if os.path.lexists(path):
                path.replace(old)
            _remove(old)
        elif os.path.lexists(path):
            path.replace(root / step["to"])
    (root / "transcripts" / _BEGUN).unlink(missing_ok=True)
    journal.unlink()


def _undo(root: Path) -> bool:
    """Remove what was written for a change that does not hold; tell whether there was anything."""
    begun = root / "transcripts" / _BEGUN
    try:
        names = content(begun).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return False
    for name in reversed(names):
        with contextlib.suppress(OSError, ValueError):
            path = root / _own(json.loads(name))
            if _BESIDE.fullmatch(path.name):
                _remove(path)
            else:
                path.rmdir()  # a folder that was made for it, and only while it is empty
    begun.unlink()
    return True


def _read(journal: Path) -> tuple[str, list[dict[str, str]]]:
    """Read what is to be done; the journal is a file that anybody may have put there."""
    try:
        told: Any = json.loads(content(journal))
        token, steps = told["token"], told["steps"]
        if told["version"] != _VERSION or not re.fullmatch("[0-9a-f]{16}", token):
            raise ValueError  # noqa: TRY301  # it is one of the ways not to be a journal
        for step in steps:
            if step["do"] not in {"put", "move", "remove"}:
                raise ValueError  # noqa: TRY301  # as above
            _own(step["path"])
            if step["do"] != "remove":
                _own(step["to"])
    except (ValueError, KeyError, TypeError):
        what = "this cannot be read as the journal of a change"
        remedy = "remove it, and look whether the archive is as it should be"
        raise ArchiveError([Fault(journal, None, what, remedy)]) from None
    return token, steps


def _own(path: str) -> str:
    """Give a path within an archive.

    :raise ValueError: where it is none.
    """
    parts = Path(path).parts
    if len(parts) < len(("media", "name")) or parts[0] not in _HOMES or ".." in parts:
        raise ValueError
    return path


def _fill(beside: Path, after: bytes, *, is_private: bool) -> None:
    """Write a file that is not there yet; where it ``is_private``, nobody else may read it at any moment."""
    if is_private:
        beside.touch(mode=0o600, exist_ok=False)
    beside.write_bytes(after)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil  # noqa: PLC0415  # as above

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """See to it that a file or folder is on the disk, with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        for each in path.iterdir():
            _flush(each)
    _sync(path)


def _sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep other processes from changing the archive; where the file system knows no locks, nothing keeps them.

    :raise WriteError: where one does.
    """
    handle = os.open(root / "transcripts", os.O_RDONLY)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                    raise WriteError(
                        f"{shown(root)}: another command is changing this archive; try again when it is done"
                    ) from None
        yield
    finally:
        os.close(handle)
