"""Lists the control words of Rich Text on which its reader depends, by what they stand for (specification 1.9.1)."""

from __future__ import annotations

import codecs
import re
from typing import Final

#: Words that stand for a sign.
SIGNS: Final = {
    "tab": "\t",
    "emdash": "—",
    "endash": "\u2013",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
FURNITURE: Final = frozenset(re.findall(r"\S+", "header headerl headerr headerf footer footerl footerr footerf"))
#: The number of a list item, as text for programs that do not count.
NUMBERED: Final = frozenset({"listtext", "pntext"})
#: Groups whose text is not on the page.
SKIPPED: Final = frozenset(
    re.findall(
        r"\S+",
        "pict objdata fldinst colortbl filetbl shprslt nonesttables listtable listoverridetable revtbl rsidtbl "
        "generator xe tc rxe txe bkmkstart bkmkend nonshppict sp themedata datastore latentstyles datafield "
        "formfield private1 upr footnotesep aftnsep ftnsep ftncn aftncn ftnsepc aftnsepc author operator company "
        "keywords comment doccomm subject",
    )
)
#: Groups that programs may pass over, and that are read here.
STARRED: Final = frozenset({"shpinst", "shptxt", "annotation", "cs", "nesttableprops"})
#: The encodings of the character sets of fonts.
ENCODINGS: Final = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}


def encoding_of(word: str, number: int) -> str:
    """Give the encoding that a word at the beginning of a document names; that of Windows where it is unknown."""
    name = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word, f"cp{number}")
    if number == 65001:  # noqa: PLR2004  # what Windows calls UTF-8
        return "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
