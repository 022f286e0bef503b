"""Runs ffmpeg, the one that comes with imageio-ffmpeg, and turns its failures into sentences.

ffmpeg is given files only: no addresses, no playlists, nothing that makes it open a second file (its options
``protocol_whitelist`` and ``format_whitelist``). It never reads the keyboard, and never outlives its caller.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from player.audio.formats import DEMUXERS
from player.errors import AudioError, WriteError, reason, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_REMEDIES: Final = {
    "decoded": "replace it with a sound file that plays, such as MP3, WAV, FLAC, Ogg Opus or M4A",
    "written": "check that the disk has free space, or choose another format",
}
_CHUNK: Final = 1 << 20
_LINES_KEPT: Final = 1000
_LONGEST_LINE: Final = 4096
# "[mp3float @ 0x559440363580] [error] Header missing": who speaks, at which address, how gravely.
_LINE: Final = re.compile(r"(?:\[[^\]]* @ [^\]]*\] )*(?:\[(?P<level>\w+)\] )?(?P<text>.*)")
_GRAVE: Final = ("error", "fatal", "panic")


def executable() -> str:
    """Give the absolute path of ffmpeg: ``IMAGEIO_FFMPEG_EXE`` where it is set, else the one in imageio-ffmpeg.

    :raise AudioError: where there is none.
    """
    import imageio_ffmpeg  # noqa: PLC0415  # 50 ms, which commands that cut nothing need not spend

    try:
        named = str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise AudioError(_missing("none was found")) from None
    return shutil.which(named) or named


def from_file(path: Path) -> list[str]:
    """Give the arguments that make the first sound in the file at ``path`` the input."""
    lists = ["-protocol_whitelist", "file", "-format_whitelist", ",".join(DEMUXERS)]
    return [*lists, "-i", f"file:{path.absolute()}", "-map", "0:a:0"]


def from_part(path: Path, container: str, start: int, end: int) -> list[str]:
    """Give the arguments that make the bytes ``[start, end)`` of the file at ``path`` the input, read as a container.

    Nothing is copied: ffmpeg's protocol "subfile" shows it the part as if it were the file.
    """
    lists = ["-protocol_whitelist", "file,subfile", "-format_whitelist", container, "-f", container]
    return [*lists, "-i", f"subfile,,start,{start},end,{end},,:file:{path.absolute()}", "-map", "0:a:0"]


class Running:
    """An ffmpeg at work on ``path``: ``read`` reads its output, ``said`` is what it printed, with its levels."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path) -> None:
        self.said: list[str] = []
        self._process = process
        self._path = path
        self._output = _pipe(process.stdout)
        # Unread, its messages would fill their pipe and it would wait for ever.
        self._listener = threading.Thread(target=_listen, args=(process, self.said), daemon=True)
        self._listener.start()

    def read(self, size: int) -> bytes:
        """Read the next ``size`` bytes of output; fewer only where it ends.

        :raise AudioError: where it ends because ffmpeg failed.
        """
        # By chunks: Python would reserve all of a size that may be far more than there is.
        chunks: list[bytes] = []
        left = size
        while left and (piece := self._output.read(min(left, _CHUNK))):
            chunks.append(piece)
            left -= len(piece)
        if left:
            self._process.wait()
            self._listener.join()
            if self._process.returncode:
                raise AudioError(f"{shown(self._path)}: {_why(self._process.returncode, self.complaints, 'decoded')}")
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

    def stop(self) -> None:
        """End it, finished or not."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._output.close()


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
    before = from_file(path) if source is None else source
    process = _start([*before, *arguments], log=log, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    running = Running(process, path)
    try:
        yield running
    finally:
        running.stop()


def encode(samples: Iterable[bytes], arguments: Sequence[str]) -> None:
    """Feed ``samples`` to ffmpeg through its standard input, ``pipe:0``, and wait until it has written its output.

    :raise WriteError: where it fails; what it has written until then is the caller's to remove.
    """
    process = _start(arguments, log="error", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(process, said), daemon=True)
    listener.start()
    stream = _pipe(process.stdin)
    try:
        # Where it ended before it had taken all, how it ended says why.
        with contextlib.suppress(BrokenPipeError):
            for piece in samples:
                stream.write(piece)
            stream.close()
        process.wait()
    finally:
        process.kill()
        process.wait()
        listener.join()
        # What is left to write goes nowhere now; before, it could have been waited for without end.
        with contextlib.suppress(BrokenPipeError):
            stream.close()
    if process.returncode:
        raise WriteError(_why(process.returncode, _complaints(said), "written"))


def _start(arguments: Sequence[str], *, log: str, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    command = [executable(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", f"level+{log}", *arguments]
    try:
        return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
    except OSError as error:
        # Its name without its folder: the sentence may end on a page.
        raise AudioError(_missing(f"{Path(command[0]).name}: {reason(error)}")) from None


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
