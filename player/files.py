"""Opens files, reads them as text, and writes them whole or not at all; whatever is not a file is refused.

A file or folder that is being written is locked as long as its maker lives (``flock``, which ends with the process,
however that ends), and has the name by which it is found only once it is locked. So what has that name and can be
locked was left by a process that was killed: the next that writes there removes it. Where a file system knows no locks,
or the system no ``flock``, nothing is removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player import locks
from player.elsewhere import way_of
from player.errors import ArchiveError, Fault, WriteError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import FileIO

# Hidden, and unlike other programs' names: they also lie beside files that people wrote.
_NAME: Final = re.compile(r"\.tape-player-[0-9a-f]{16}\.(?P<state>new|part|cut)")
# How long a file may be new: it is locked, and then renamed, a moment after it is made.
_NEW: Final = 60  # seconds
_swept: set[Path] = set()

_REMEDY: Final = "save the file as UTF-8"
_LINE_END: Final = re.compile(rb"\r\n?|\n")
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# This many bytes show UTF-16 without a mark: in text in Latin letters every other byte is NUL.
_BEGINNING: Final = 64


def opened(path: Path) -> FileIO:
    """Open the file at ``path``, to be read.

    :raise OSError: where there is none, it may not be read, or something else is there.
    """
    if (way := way_of(path)) is not None:
        return way.opened(path)
    # Opening a pipe would wait for somebody to write to it, and opening a device may start it.
    _refuse_others(path, os.stat(path))  # noqa: PTH116  # as os.open below
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        _refuse_others(path, os.fstat(handle))
        return os.fdopen(handle, "rb", buffering=0)
    except BaseException:
        os.close(handle)
        raise


def content(path: Path) -> bytes:
    """Read the whole file at ``path``.

    :raise OSError: as ``opened`` does.
    """
    with opened(path) as file:
        return file.read()


def _refuse_others(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))


@contextlib.contextmanager
def new_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty file beside ``target`` to write to, and put it at ``target`` once the block ends well.

    Where the block ends otherwise, even by Ctrl-C, the file is removed and ``target`` is as it was. What is at
    ``target`` is replaced only with ``force``, also when it came there while the block ran.

    :raise FileExistsError: where ``target`` is there and ``force`` is not given.
    :raise OSError: where the folder cannot be written.
    """
    with new_files([target], force=force) as (beside,):
        yield beside


@contextlib.contextmanager
def new_files(targets: Sequence[Path], *, force: bool = False) -> Iterator[list[Path]]:
    """Do as ``new_file`` does for several files that belong together: all are put in place, in this order, or none.

    :raise FileExistsError: where one is there and ``force`` is not given; its ``filename`` is that target.
    :raise OSError: where a folder cannot be written.
    """
    for target in targets if force else ():
        _refuse_device(target)
    with contextlib.ExitStack() as stack:
        # Not named after the targets: these may be as long as a name can be.
        besides = [stack.enter_context(unfinished_file(_swept_once(target.parent))) for target in targets]
        yield besides
        # Earlier files are removed only after nothing can need them any more.
        before = stack.enter_context(contextlib.ExitStack())
        undo = stack.enter_context(contextlib.ExitStack())
        for beside, target in zip(besides, targets, strict=True):
            if force and target != targets[-1]:
                _replace(beside, target, undo, before)
            elif force:
                beside.replace(target)
            else:
                _place(beside, target)
                undo.callback(target.unlink, missing_ok=True)
        undo.pop_all()


def _refuse_device(target: Path) -> None:
    """Refuse to put a file in the place of a pipe or a device, as root could: ``/dev/null`` would be one for all.

    :raise OSError: where it is one.
    """
    try:
        mode = target.stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(target))


def _swept_once(folder: Path) -> Path:
    if folder not in _swept:
        _swept.add(folder)
        sweep(folder)
    return folder


def _replace(beside: Path, target: Path, undo: contextlib.ExitStack, kept: contextlib.ExitStack) -> None:
    """Replace what is at ``target`` by the file; ``undo`` restores it, and the end of ``kept`` removes it for good."""
    # Nothing sweeps it: if the process is killed now, it may be the only copy of the earlier file.
    before = target.with_name(f".tape-player-{os.urandom(8).hex()}.before")
    try:
        os.link(target, before, follow_symlinks=False)
    except FileNotFoundError:
        undo.callback(target.unlink, missing_ok=True)
    except OSError:
        # Without hard links the earlier file cannot be restored.
        pass
    else:
        kept.callback(before.unlink, missing_ok=True)
        undo.callback(before.replace, target)
    beside.replace(target)


def _place(beside: Path, target: Path) -> None:
    """Put the file at ``target`` unless something is there: a hard link is made by one process, or refused."""
    try:
        os.link(beside, target, follow_symlinks=False)
    except FileExistsError as error:
        raise FileExistsError(error.errno, error.strerror, str(target)) from None
    except OSError:
        # A file system without hard links, such as FAT: the name is taken first, and then given its content.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        with contextlib.ExitStack() as undo:
            undo.callback(target.unlink)
            beside.replace(target)
            undo.pop_all()


@contextlib.contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Give an empty file in ``folder`` to write to; it is gone after the block, unless it was put elsewhere.

    :raise OSError: where the folder cannot be written.
    """
    new, part = _names(folder, "part")
    handle = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    try:
        locks.lock(handle)
        new.rename(part)
        yield part
    finally:
        for name in (new, part):
            name.unlink(missing_ok=True)
        locks.let_go(handle)


@contextlib.contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """Give an empty folder in ``parent`` to work in; it is gone after the block, with what is in it.

    :raise OSError: where ``parent`` cannot be written.
    """
    import shutil  # noqa: PLC0415  # 2 ms, with all kinds of archives, where most need no folder

    new, place = _names(parent, "cut")
    new.mkdir(mode=0o700)
    with contextlib.ExitStack() as stack:
        for name in (new, place):
            stack.callback(shutil.rmtree, name, ignore_errors=True)
        handle = os.open(new, os.O_RDONLY)  # not inherited: it ends with this process, not with its ffmpeg
        stack.callback(locks.let_go, handle)
        locks.lock(handle)
        new.rename(place)
        yield place


def sweep(folder: Path) -> None:
    """Remove from ``folder`` what killed processes left there; what is locked, or another user's, stays."""
    if not locks.is_there():
        return
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _NAME.fullmatch(entry.name)]
    except OSError:
        return
    for name in names:
        with contextlib.suppress(OSError):
            _sweep(folder / name)


def _sweep(left: Path) -> None:
    state = left.lstat()
    is_file, is_folder = stat.S_ISREG(state.st_mode), stat.S_ISDIR(state.st_mode)
    if not (is_file or is_folder) or state.st_uid != os.geteuid():
        return
    if left.suffix == ".new" and time.time() - state.st_mtime < _NEW:
        return
    # Over NFS only what is open to be written can be locked.
    how = os.O_RDONLY if is_folder else os.O_RDWR
    handle = os.open(left, how | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not locks.lock(handle):
            return
        if is_folder:
            import shutil  # noqa: PLC0415  # as above

            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()
    finally:
        locks.let_go(handle)


def _names(folder: Path, state: str) -> tuple[Path, Path]:
    name = f".tape-player-{os.urandom(8).hex()}"
    return folder / f"{name}.new", folder / f"{name}.{state}"


@contextlib.contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """Give an empty folder that is removed after the block; ``purpose`` says what it is for, in the message.

    :raise WriteError: where the system has no temporary folder that can be written.
    """
    import tempfile  # noqa: PLC0415  # 3 ms, with shutil and random

    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(unfinished_folder(_swept_once(Path(tempfile.gettempdir()))))
        except OSError as error:
            # If no folder was found, Python's own message lists where it looked.
            why = "none can be written" if isinstance(error, FileNotFoundError) else reason(error)
            raise WriteError(
                f"there is no temporary folder {purpose} ({why}); set TMPDIR to one that can be written"
            ) from None
        yield folder


def read_text(path: Path, most: int) -> str:
    """Read a UTF-8 file of at most ``most`` bytes, its line ends as they are and its byte order mark taken away.

    :raise ArchiveError: where it cannot be read, is too large, or is not UTF-8 (with the line of the first wrong byte).
    """
    text, faults = read_decoded(path, most)
    if faults:
        raise ArchiveError(faults[:1])
    return text


def read_decoded(path: Path, most: int) -> tuple[str, tuple[Fault, ...]]:
    """Read a file as ``read_text`` does, but put U+FFFD where bytes are not UTF-8, and give a fault for each such line.

    That is how browsers decode a transcript (https://encoding.spec.whatwg.org, section 6, UTF-8 decode).

    :raise ArchiveError: where it cannot be read, is too large, or is UTF-16 as a whole.
    """
    content = _content(path, most)
    if _is_utf_16(content):
        raise ArchiveError([Fault(path, 1, "the file is UTF-16, not UTF-8", _REMEDY)])
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        faults = tuple(
            Fault(path, number, f"byte 0x{line[wrong]:02x} is not UTF-8", _REMEDY)
            for number, line in enumerate(_LINE_END.split(content), 1)
            if (wrong := _wrong_byte(line)) is not None
        )
        return content.decode("utf-8-sig", errors="replace"), faults


def _content(path: Path, most: int) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= most and path.is_file() else None
    except OSError as error:
        what = f"the file cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
    if size > most:
        what = f"the file is larger than {most // 1_000_000} MB"
        raise ArchiveError([Fault(path, None, what, "split it, or check what it is")])
    if content is None:
        what = f"the file cannot be read (it is a {'folder' if path.is_dir() else 'device'})"
        raise ArchiveError([Fault(path, None, what, "put a file in its place")])
    return content


def _is_utf_16(content: bytes) -> bool:
    first, second = content[:_BEGINNING:2], content[1:_BEGINNING:2]
    is_half_nul = any(
        one and not one.strip(b"\0") and b"\0" not in other for one, other in ((first, second), (second, first))
    )
    return content[:2] in _UTF_16_MARKS or is_half_nul


def _wrong_byte(line: bytes) -> int | None:
    """Give the place of the first byte in a line that is not UTF-8; no sign of more bytes than one has a line end."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None
