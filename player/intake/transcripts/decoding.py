"""Makes text of the bytes of a transcript, whatever encoding it is in, and tells what that is taken for."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from pathlib import Path

# The longest first: that of UTF-32 begins as that of UTF-16 does.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
#: How many bytes show which format a file has.
BEGINNING: Final = 8_192
# The share of a transcript that is ASCII, and so has NULs in UTF-16: its digits and spaces alone are more.
_ASCII_OF_UTF_16: Final = 0.05

# What charset-normalizer is asked about, with the name that people know: what transcripts come in. Asked about all that
# Python knows, it takes short texts for encodings that nobody has used for thirty years.
_NAMES: Final = {
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "cp874": "Windows-874",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "mac_roman": "Mac Roman",
    "cp850": "the code page 850",
    "shift_jis": "Shift JIS",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    "cp949": "EUC-KR",
}
# So many bytes of lines that are not ASCII show their encoding.
_SAMPLE: Final = 32_768

# charset-normalizer 3.5.3 takes two lines of French in Windows-1252 for Windows-1257, and English with curly quotation
# marks for Mac Roman. So what is as texts in a western language are is taken for Windows-1252: either there are few
# letters that are not ASCII, or they are those of one language. Texts in other encodings then have letters that no one
# language has together: Czech in Windows-1250 ø, ì and è.
_ALPHABETS: Final = tuple(
    map(
        frozenset,
        (
            "àâæçéèêëîïôœùûüÿ",  # French
            "äöüßéèàç",  # German
            "áéíñóúüçªº",  # Spanish
            "áâãàçéêíóôõúüªº",  # Portuguese
            "àèéìíîòóùúªº",  # Italian
            "áéèëêïíöóüç",  # Dutch
            "åäöéàü",  # Swedish, Finnish
            "æøåéèêóòôäöü",  # Danish, Norwegian
            "àçèéíïòóúü",  # Catalan
            "âêîôûáéíóúäëïöü",  # Irish, Welsh
        ),
    )
)
_LETTERS: Final = frozenset().union(*_ALPHABETS)
_SHARE_OF_ANY: Final = 0.05
_SHARE_OF_ONE: Final = 0.25
_SIGNS: Final = frozenset("“”‘’–—…«»‹›„¿¡°€£§©®™•·´½¼¾×\u00a0\u00ad")  # noqa: RUF001  # as they are written
# Signs do not stand within words: Polish in Windows-1250 would have them there.
_WITHIN_WORDS: Final = re.compile("[^\\W\\d_][“”‘«»‹›„¿¡°€£§©®™•½¼¾×][^\\W\\d_]")  # noqa: RUF001  # as they are written

# Hebrew in Windows-1255 is all in here; Russian, for which charset-normalizer takes it, has capitals before it.
_HEBREW: Final = range(0xE0, 0xFB)
_ENOUGH_HEBREW: Final = 20
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")

_WRONG_BYTE: Final = re.compile("[\udc80-\udcff]")
_FOREIGN: Final = re.compile(r"[^\W\x00-\x7f]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_LINE_END: Final = re.compile("\r\r?\n|\r")
# What no line of a transcript can hold: controls, and what some take for the end of a line.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# In a text, fewer than one sign of these many is one of them.
_FEW: Final = 100
_LONGEST_WORD: Final = 30


def decoded(path: Path, content: bytes) -> tuple[str, tuple[Remark, ...]]:
    """Read bytes as text, without a byte order mark; each line ends in a line feed.

    Of controls, only tabs and form feeds are left.

    The remarks tell which encoding it is taken for, where that is not UTF-8, and what was replaced.

    :raise ArchiveError: where they are no text, or where ``charset-normalizer`` is needed and is not installed.
    """
    text, remarks = _text(path, content)
    if "\r" in text:
        # Some programs write the line end of Windows through one that makes it of "\n": "\r\r\n" is one line end.
        text = _LINE_END.sub("\n", text)
    if _CONTROL.search(text):
        places = [match.start() for match in _CONTROL.finditer(text)]
        if len(places) * _FEW > len(text):
            raise ArchiveError([Fault(path, None, "this is not a text", "name a file that holds a transcript")])
        what = f"{_count(len(places), 'control character')}, for which a space is written"
        remarks.append(Remark(Deed.MENDED, what, lines_at(text, places)))
        text = _CONTROL.sub(" ", text)
    return text, tuple(remarks)


def beginning(content: bytes) -> str:
    """Read the first bytes of a file as text, enough to see which format it has; never raises."""
    first = content[:BEGINNING]
    for mark, encoding, _ in _MARKS:
        if first.startswith(mark):
            return _LINE_END.sub("\n", first[len(mark) :].decode(encoding, "replace"))
    return _LINE_END.sub("\n", first.decode(_utf_16(first) or "utf-8", "replace"))


def lines_at(text: str, places: list[int]) -> tuple[int, ...]:
    """Give the lines, counted from 1, on which ``places`` of a text are, which are in order; each line once."""
    lines: list[int] = []
    line, before = 1, 0
    for place in places:
        line += text.count("\n", before, place)
        before = place
        if not lines or lines[-1] != line:
            lines.append(line)
    return tuple(lines)


def _text(path: Path, content: bytes) -> tuple[str, list[Remark]]:
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], encoding, name)
    sixteen = _utf_16(content[:BEGINNING])
    if sixteen:
        return _marked(content, sixteen, "UTF-16")
    try:
        return content.decode(), []
    except UnicodeDecodeError:
        return _mixed(content.decode("utf-8", "surrogateescape")) or _guessed(path, content)


def _marked(content: bytes, encoding: str, name: str) -> tuple[str, list[Remark]]:
    text = content.decode(encoding, "replace")
    remarks = [] if name == "UTF-8" else [Remark(Deed.MENDED, f"the encoding: {name}, written as UTF-8")]
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        lost = [match.start() for match in re.finditer("\N{REPLACEMENT CHARACTER}", text)]
        what = f"{_count(len(lost), 'character')} that {name} does not have, written as \N{REPLACEMENT CHARACTER}"
        remarks.append(Remark(Deed.MENDED, what, lines_at(text, lost)))
    return text, remarks


def _utf_16(first: bytes) -> str | None:
    """Tell by the NULs of ASCII characters whether bytes without a mark are UTF-16, and which."""
    even, odd = first[::2].count(0), first[1::2].count(0)
    if max(even, odd) < _ASCII_OF_UTF_16 * len(first) / 2 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _mixed(text: str) -> tuple[str, list[Remark]] | None:
    """Take a text for UTF-8 into which bytes of Windows-1252 have got, if it has no more of these than of others."""
    wrong = [match.start() for match in _WRONG_BYTE.finditer(text)]
    others = len(text) - len(wrong) - sum(map(str.isascii, text)) if wrong else 0
    if others < len(wrong):
        return None
    what = f"{_count(len(wrong), 'byte')} not in UTF-8, read as Windows-1252"
    remarks = [Remark(Deed.MENDED, what, lines_at(text, wrong))]
    return _WRONG_BYTE.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), text), remarks


def _guessed(path: Path, content: bytes) -> tuple[str, list[Remark]]:
    lines = (line for line in content.splitlines() if not line.isascii())
    sample = b""
    for line in lines:
        sample += line[:_SAMPLE] + b"\n"
        if len(sample) >= _SAMPLE:
            break
    encoding = "cp1252" if _is_western(sample) else _asked(path, sample)
    text = content.decode(encoding, "replace")
    sign = _FOREIGN.search(text) or _NOT_ASCII.search(text)
    shown = ""
    where: tuple[int, ...] = ()
    if sign is not None:
        before = text[max(0, sign.start() - _LONGEST_WORD) : sign.start()].split(" ")[-1].rpartition("\n")[2]
        after = text[sign.start() : sign.start() + _LONGEST_WORD].split()[:1]
        # Praat's texts, for one, stand between quotation marks.
        word = (before + "".join(after)).strip('"')
        shown = f" (as in {quoted(word)})"
        where = (text.count("\n", 0, sign.start()) + 1,)
    what = f"the encoding: it seems to be {_NAMES.get(encoding, encoding)}{shown}, written as UTF-8"
    return text, [Remark(Deed.MENDED, what, where)]


def _is_western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = [sign for sign in text.lower() if not sign.isascii() and sign not in _SIGNS]
    share = len(foreign) / max(1, sum(map(str.isalpha, text)))
    are_western = (share <= _SHARE_OF_ANY and _LETTERS.issuperset(foreign)) or (
        share <= _SHARE_OF_ONE and any(alphabet.issuperset(foreign) for alphabet in _ALPHABETS)
    )
    return are_western and not _WITHIN_WORDS.search(text)


def _asked(path: Path, sample: bytes) -> str:
    """Ask charset-normalizer, and mend where it was seen to be wrong."""
    try:
        from charset_normalizer import from_bytes  # noqa: PLC0415  # only those who import need it
    except ImportError:
        what = "the file is not UTF-8, and finding out what it is needs charset-normalizer"
        remedy = "save it as UTF-8, or install that: pip install 'tape-player[import]'"
        raise ArchiveError([Fault(path, None, what, remedy)]) from None
    best = from_bytes(sample, cp_isolation=list(_NAMES)).best()
    encoding = "cp1252" if best is None else best.encoding
    high = [byte for byte in sample if byte > 0x7F]  # noqa: PLR2004  # the last of ASCII
    if encoding in {"cp1251", "koi8_r", "koi8_u"} and len(high) >= _ENOUGH_HEBREW:
        is_hebrew = all(byte in _HEBREW for byte in high)
        encoding = "cp1255" if is_hebrew else encoding
    if encoding in {"euc_kr", "cp949"}:
        # Koreans have hardly written with Chinese characters for fifty years.
        text = sample.decode(encoding, "replace")
        encoding = "gb18030" if 5 * len(_HAN.findall(text)) > len(_HANGUL.findall(text)) else encoding
    return encoding


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
