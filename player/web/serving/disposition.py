"""Says in ``Content-Disposition`` what a client that saves an answer should call the file (RFC 6266, RFC 8187).

Werkzeug quotes a name, and leaves to its caller what no header can carry; its own use of that, in ``send_file``, fails
at a name with a line's end, or with bytes that are no letters, and sends signs in ``filename`` that clients read
otherwise (RFC 6266, appendix D: percent signs, and what has to be escaped). So the name is made plain first.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from typing import Literal

    from flask import Response

# Control characters, signs that turn the order of the text around them, and halves of letters (undecodable bytes).
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNLIKE_ASCII: Final = re.compile(r'[^ !#$&-.0-~]|["\\%]')
# What stands as it is in filename*, beside letters and digits: attr-char of RFC 8187, section 3.2.1.
_AS_THEY_ARE: Final = "!#$&+-.^_`|~"


def set_name(response: Response, kind: Literal["inline", "attachment"], name: str) -> None:
    """Say in ``response`` what the file is called: in ASCII for every client, and exactly for those that read that."""
    name = _plain(name)
    ascii_name = _in_ascii(name)
    exact = {} if ascii_name == name else {"filename*": f"UTF-8''{quote(name, safe=_AS_THEY_ARE)}"}
    response.headers.set("Content-Disposition", kind, filename=ascii_name, **exact)


def _plain(name: str) -> str:
    """Give the name without folders, and without what nobody sees."""
    return _UNSEEN.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ") or "file"


def _in_ascii(name: str) -> str:
    """Give the name as ASCII has it: letters without their accents, and a low line for what it does not have."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _UNLIKE_ASCII.sub("_", letters).strip(". ") or "file"
