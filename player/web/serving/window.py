"""Reads or sends the bytes between two offsets of an open file, as if they were a file of their own."""

from __future__ import annotations

import errno
import logging
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket
    from io import FileIO

#: The most bytes of one read.
READ: Final = 256 * 1024

# What sendfile says of a file that its file system cannot send from, by name of the call or of the file.
_CANNOT: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})

_log = logging.getLogger(__name__)


class Window:
    """The bytes of ``file`` from ``span.start`` to ``span.stop``, to be read and sought in like a file of that length.

    It is as long as ``span`` whatever becomes of the file, which is closed with it, or when all was read.
    """

    def __init__(self, file: FileIO, span: range, name: str) -> None:
        self._file = file
        self._span = span
        self._name = name
        self._at = 0

    def read(self, count: int = -1) -> bytes:
        """Give the next bytes: ``count`` or READ of them, whichever is less, and none at the end.

        :raise ConnectionResetError: where the file has none there, since it became shorter; the answer ends with it.
        """
        left = len(self._span) - self._at
        count = min(left, READ, left if count < 0 else count)
        if count <= 0:
            self.close()
            return b""
        found = os.pread(self._file.fileno(), count, self._span.start + self._at)
        self._at += len(found)
        return found or self._cut_off()

    def send(self, to: socket.socket, count: int) -> int:
        """Send the next ``count`` bytes, or fewer; give how many were sent, and stay in place.

        :raise BlockingIOError: where ``to`` takes none now.
        :raise ConnectionResetError: where the file has none there, since it became shorter; the answer ends with it.
        """
        file, place = self._file.fileno(), self._span.start + self._at
        try:
            sent = os.sendfile(to.fileno(), file, place, count)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
            sent = to.send(os.pread(file, min(count, READ), place))
        if not sent:
            self._cut_off()
        return sent

    def seekable(self) -> bool:
        """Say that it can be sought in, which servers ask before they do."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, counted from the start of the window, from here or from its end."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._span)}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        """Give the place of the next byte, counted from the start of the window."""
        return self._at

    def close(self) -> None:
        """Close the file. The server calls this however the answer ends."""
        self._file.close()

    def __del__(self) -> None:
        self.close()  # an answer that is thrown away before it is sent is closed by nobody

    def _cut_off(self) -> bytes:
        if self._name:  # said once, however often the server tries
            _log.warning("%s became shorter while it was sent; the answer was cut off", self._name)
            self._name = ""
        raise ConnectionResetError(errno.ECONNRESET, "the file became shorter")
