"""Runs ffmpeg, the one that comes with imageio-ffmpeg, and turns its failures into sentences.

ffmpeg is given files only: no addresses but one of this process, of what lies elsewhere; no playlists, nothing that
makes it open a second file (its options ``protocol_whitelist`` and ``format_whitelist``). It never reads the keyboard,
and never outlives its caller.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import select
import signal
import subprocess
import threading
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from player import elsewhere
from player.audio.formats import DEMUXERS
from player.errors import AudioError, WriteError, reason, shown

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_REMEDIES: Final = {
    "decoded": "replace it with a sound file that plays, such as MP3, WAV, FLAC, Ogg Opus or M4A",
    "written": "check that the disk has free space, or choose another format",
}
_CHUNK: Final = 1 << 20
# What a pipe holds where it may be told to: with the 64 kB of Linux its ends wake each other 16 times as often, a tenth
# of the time that a copy takes. What is larger needs a privilege (pipe(7)).
_PIPE: Final = 1 << 20
# Seconds that a wait lasts before it looks whether Ctrl-C was pressed.
_TURN: Final = 1
_LINES_KEPT: Final = 1000
_LONGEST_LINE: Final = 4096
# "[mp3float @ 0x559440363580] [error] Header missing": who speaks, at which address, how gravely.
_LINE: Final = re.compile(r"(?:\[[^\]]* @ [^\]]*\] )*(?:\[(?P<level>\w+)\] )?(?P<text>.*)")
ELSEWHERE: Final = ("-protocol_whitelist", "http,tcp")  # to an address of this process
FIRST: Final = ("-map", "0:a:0")
_GRAVE: Final = ("error", "fatal", "panic")


def executable() -> str:
    """Give the absolute path of ffmpeg: ``IMAGEIO_FFMPEG_EXE`` where it is set, else the one in imageio-ffmpeg.

    :raise AudioError: where there is none.
    """
    if not (named := os.environ.get("IMAGEIO_FFMPEG_EXE")) and (brought := _brought()):
        return brought
    import shutil  # noqa: PLC0415  # 2 ms, with all kinds of archives

    named = named or _elsewhere()
    return shutil.which(named) or named


@lru_cache(maxsize=1)
def _brought() -> str | None:
    """Find the program in imageio-ffmpeg; that package would be imported, and run it to see what it says, in 30 ms."""
    spec = importlib.util.find_spec("imageio_ffmpeg")
    folders = spec.submodule_search_locations if spec is not None else None
    found = [path for folder in folders or () for path in Path(folder, "binaries").glob("ffmpeg-*")]
    return str(found[0]) if len(found) == 1 and os.access(found[0], os.X_OK) else None


def _elsewhere() -> str:
    import imageio_ffmpeg  # noqa: PLC0415  # where the package has brought none, it looks for others

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise AudioError(_missing("none was found")) from None


def from_file(path: Path) -> list[str]:
    """Give the arguments that make the first sound in the file at ``path`` the input."""
    return [*_input(path, ",".join(DEMUXERS)), *FIRST]


def from_part(path: Path, container: str, start: int, end: int) -> list[str]:
    """Give the arguments that make the first sound in the bytes ``[start, end)`` of the file at ``path`` the input."""
    return [*part(path, container, start, end), *FIRST]


def part(path: Path, container: str, start: int, end: int) -> list[str]:
    """Give the arguments that make the bytes ``[start, end)`` of the file at ``path`` an input, read as a container.

    Nothing is copied: ffmpeg's protocol "subfile" shows it the part as if it were the file.
    """
    kind = ["-format_whitelist", container, "-f", container]
    if (way := elsewhere.way_of(path)) is not None:
        return [*ELSEWHERE, *kind, *way.handed(path, start, end)]
    source = f"subfile,,start,{start},end,{end},,:file:{path.absolute()}"
    return ["-protocol_whitelist", "file,subfile", *kind, "-i", source]


def whole(path: Path, container: str) -> list[str]:
    """Give the arguments that make the file at ``path`` an input, if ffmpeg finds that it is such a container."""
    return _input(path, container)


def _input(path: Path, kinds: str) -> list[str]:
    """Give the arguments that make a file the input, or what it stands for, where it is of one of these kinds."""
    if (way := elsewhere.way_of(path)) is not None:
        return [*ELSEWHERE, "-format_whitelist", kinds, *way.handed(path)]
    return ["-protocol_whitelist", "file", "-format_whitelist", kinds, "-i", f"file:{path.absolute()}"]


class _Started:
    """An ffmpeg that was started, its messages being read: unread, they would fill their pipe and it would wait."""

    def __init__(self, arguments: Sequence[str], *, log: str, stdin: int, stdout: int) -> None:
        self.said: list[str] = []
        command = [executable(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", f"level+{log}", *arguments]
        try:
            self.process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
        except OSError as error:
            # Its name without its folder: the sentence may end on a page.
            raise AudioError(_missing(f"{Path(command[0]).name}: {reason(error)}")) from None
        _widen(self.process.stdin)
        _widen(self.process.stdout)
        self._listener = threading.Thread(target=_listen, args=(self.process, self.said), daemon=True)
        self._listener.start()

    def wait(self) -> int:
        """Wait until it has ended, and give its exit code."""
        # By turns: Ctrl-C pressed just before a call that waits is heard only when that call comes back.
        while self._listener.is_alive():
            self._listener.join(_TURN)
        return self.process.wait()

    def end(self) -> None:
        """End it, finished or not, and close its pipes."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            # What is left to write goes nowhere now; before its end, it could have been waited for without end.
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()


@contextlib.contextmanager
def _started(arguments: Sequence[str], *, log: str, stdin: int, stdout: int) -> Iterator[_Started]:
    """Start ffmpeg; it ends with the block at the latest.

    :raise AudioError: where there is none.
    """
    with contextlib.ExitStack() as stack:
        # Interrupted between its start and the block, it would be nobody's to end.
        with interrupts_held():
            started = _Started(arguments, log=log, stdin=stdin, stdout=stdout)
            stack.callback(started.end)
        yield started


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends, where it would raise KeyboardInterrupt in it."""
    hears = threading.current_thread() is threading.main_thread()
    if not hears or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    held: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if held:
            signal.raise_signal(signal.SIGINT)


class Running:
    """An ffmpeg at work on ``path``: ``read`` reads its output, ``said`` is what it printed, with its levels."""

    def __init__(self, started: _Started, output: IO[bytes], path: Path, command: Sequence[str]) -> None:
        self.said = started.said
        self._command = command
        self._started = started
        self._output = output
        self._path = path
        self._poll = None
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(output, select.POLLIN)

    def read(self, size: int) -> bytes:
        """Read the next ``size`` bytes of output; fewer only where it ends.

        :raise AudioError: where it ends because ffmpeg failed.
        """
        # By chunks: Python would reserve all of a size that may be far more than there is.
        chunks: list[bytes] = []
        left = size
        while left and (piece := self._next(min(left, _PIPE))):
            chunks.append(piece)
            left -= len(piece)
        if left:
            returncode = self._started.wait()
            elsewhere.over(self._command)  # before what it says: it took what could not be had for the end
            if returncode:
                raise AudioError(f"{shown(self._path)}: {_why(returncode, self.complaints, 'decoded')}")
        return b"".join(chunks)

    def pieces(self, size: int, piece: int) -> Iterator[bytes]:
        """Read the next ``size`` bytes of output, ``piece`` of them at a time; fewer only where it ends.

        :raise AudioError: as ``read`` does.
        """
        left = size
        while left and (samples := self.read(min(left, piece))):
            left -= len(samples)
            yield samples

    def skip(self, size: int) -> int:
        """Skip the next ``size`` bytes of output, and count them; fewer only where it ends.

        :raise AudioError: as ``read`` does.
        """
        passed = 0
        while passed < size and (count := len(self.read(min(_CHUNK, size - passed)))):
            passed += count
        return passed

    @property
    def complaints(self) -> list[str]:
        """What it found wrong until now."""
        return _complaints(self.said)

    def _next(self, size: int) -> bytes:
        """Read what comes next, ``size`` bytes at most; none where the output has ended."""
        # By turns, as _Started.wait; Windows cannot poll a pipe.
        while self._poll is not None and not self._poll.poll(_TURN * 1000):
            pass
        # Past the stream's buffer, of which poll knows nothing.
        return os.read(self._output.fileno(), size)


@contextlib.contextmanager
def decoding(path: Path, *arguments: str, source: Sequence[str] | None = None, log: str = "error") -> Iterator[Running]:
    """Start ffmpeg on the file at ``path``, its output to be read; it ends with the block at the latest.

    ``source`` makes the file the input, ``from_file`` by default; ``arguments`` follow it and end with where the output
    goes, ``pipe:1``; ``log`` is how much ffmpeg is to say.

    :raise AudioError: where there is no such file, or no ffmpeg.
    """
    # A pipe or a device would be waited for without end.
    if not path.is_file():
        raise AudioError(f"{shown(path)}: there is no such file; put it there, or correct the name")
    command = [*(from_file(path) if source is None else source), *arguments]
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with elsewhere.handed(command), _started(command, log=log, stdin=none, stdout=pipe) as started:
        yield Running(started, _pipe(started.process.stdout), path, command)


def encode(samples: Iterable[bytes], arguments: Sequence[str]) -> None:
    """Feed ``samples`` to ffmpeg through its standard input, ``pipe:0``, and wait until it has written its output.

    :raise WriteError: where it fails; what it has written until then is the caller's to remove.
    """
    listened(samples, arguments, log="error")


def listened(samples: Iterable[bytes], arguments: Sequence[str], *, log: str = "info") -> list[str]:
    """Feed ``samples`` to ffmpeg, as ``encode`` does, and give what it printed, for instance of what it measured.

    :raise WriteError: where it fails.
    """
    with _started(arguments, log=log, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as started:
        stream = _pipe(started.process.stdin)
        # Where it ended before it had taken all, how it ended says why.
        with contextlib.suppress(BrokenPipeError):
            for piece in samples:
                _feed(stream, piece)
            stream.close()
        returncode = started.wait()
    if returncode:
        raise WriteError(_why(returncode, _complaints(started.said), "written"))
    return started.said


def _feed(stream: IO[bytes], piece: bytes) -> None:
    """Write all of a piece to ffmpeg, however slowly it takes it."""
    # By turns, as _Started.wait; Windows cannot poll a pipe.
    if not hasattr(select, "poll"):
        stream.write(piece)
        return
    os.set_blocking(stream.fileno(), False)
    poll = select.poll()
    poll.register(stream, select.POLLOUT)
    left = memoryview(piece)
    while left:
        if poll.poll(_TURN * 1000):
            # Past the stream's buffer, which would wait for all of it.
            left = left[os.write(stream.fileno(), left) :]


def _listen(process: subprocess.Popen[bytes], said: list[str]) -> None:
    """Read what ffmpeg prints, to its end."""
    with _pipe(process.stderr) as messages:
        for line in iter(partial(messages.readline, _LONGEST_LINE), b""):
            if len(said) < _LINES_KEPT:
                said.append(line.decode(errors="replace").rstrip())


def _missing(why: str) -> str:
    return (
        f"ffmpeg cannot be started ({why}); install the package imageio-ffmpeg again, "
        "or name an ffmpeg in the environment variable IMAGEIO_FFMPEG_EXE"
    )


def _complaints(lines: Sequence[str]) -> list[str]:
    """Pick the lines printed by ffmpeg that say what is wrong, without who says it and where."""
    read = filter(None, map(_LINE.fullmatch, lines))
    return [match["text"] for match in read if match["level"] in _GRAVE]


def _why(returncode: int, complaints: Sequence[str], task: str) -> str:
    """Say why ffmpeg failed, by the signal that ended it or the first thing it found wrong, and what to do."""
    if returncode < 0:
        return f"ffmpeg was stopped before it finished ({signal.strsignal(-returncode)}); try again"
    first = complaints[0].rstrip(".") if complaints else f"ffmpeg ended with exit code {returncode}"
    return f"the sound cannot be {task} ({first}); {_REMEDIES[task]}"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Give the end of a pipe that was asked for when the process was started, and is there."""
    if stream is None:
        raise TypeError("the process was started without this pipe")
    return stream


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold more at a time, where the system can."""
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
