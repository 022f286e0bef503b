"""Lists English abbreviations and signs, and the words that are said for them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.align.ways import Spoken


def _ways(table: str) -> Mapping[str, tuple[Spoken, ...]]:
    """Read lines of an abbreviation and what is said for it, the likeliest first, with bars between."""
    rows = (line.strip().partition(" ") for line in table.strip().splitlines())
    return MappingProxyType(
        {short: tuple(tuple(way.split()) for way in said.split("|")) for short, _, said in rows if short}
    )


# fmt: off
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)
# fmt: on
#: The names of months, in full and shortened, each with what is said.
MONTHS: Final[Mapping[str, str]] = MappingProxyType(
    {short: month for month in _MONTHS for short in (month, month[:3], *(("sept",) if month == "september" else ()))}
)

#: Abbreviations that are so only with their full stop.
WITH_STOP: Final = _ways(
    """
    adm. admiral
    apt. apartment
    assn. association
    assoc. associate | association
    ave. avenue
    bros. brothers
    c. circa | c.
    ca. circa
    cf. compare | c. f.
    chap. chapter
    co. company | county | c. o.
    dist. district
    ed. edition | editor | ed
    est. established | estimated
    etc. et cetera
    ex. example | ex
    fig. figure
    fri. friday
    gen. general
    hon. honorable
    hr. hour
    ill. illinois | ill
    in. in | inches
    mar. march
    mass. massachusetts | mass
    max. maximum | max
    min. minute | minutes | minimum
    mon. monday
    mt. mount | mountain
    no. number | no
    nos. numbers
    op. opus
    p. page | p.
    pp. pages
    pres. president
    ref. reference
    rep. representative | republican | rep
    rev. reverend
    sat. saturday | sat
    sec. second | seconds | secretary | section
    sen. senator
    ser. series
    sun. sunday | sun
    supp. supplement
    thurs. thursday
    tues. tuesday
    wash. washington | wash
    wed. wednesday
    v. versus | v.
    """
)
#: Abbreviations with or without their full stop.
WITHOUT_STOP: Final = _ways(
    """
    approx approximately
    blvd boulevard
    brig brigadier | brig
    capt captain
    cmdr commander
    col colonel
    corp corporation | corp
    cpl corporal
    dept department
    div division
    dr doctor | drive
    esq esquire
    ft fort | feet | foot
    gov governor
    govt government
    inc incorporated | ink
    jr junior
    lb pounds | pound
    lbs pounds
    lt lieutenant
    ltd limited
    maj major
    messrs messrs.
    mph miles per hour | m. p. h.
    mr mister
    mrs missus
    ms ms | manuscript
    mx mix
    nr near
    oz ounces | ounce
    ph.d p. h. d.
    pfc p. f. c. | private first class
    prof professor
    pvt private
    rd road
    sgt sergeant
    sr senior
    st saint | street
    supt superintendent
    univ university
    viz namely | viz
    vol volume
    vols volumes
    vs versus
    w/ with
    w/o without
    e.g for example | e. g.
    i.e that is | i. e.
    """
)
#: Units that follow a number, or are written to it.
UNITS: Final = _ways(
    """
    am a. m.
    bn billion
    cm centimeters | centimeter | c. m.
    cwt hundredweight
    ft feet | foot
    g grams | gram | g.
    hp horsepower
    hrs hours
    hz hertz
    k thousand | k.
    kg kilograms | kilogram | kilos | kilo
    khz kilohertz
    km kilometers | kilometer
    kph kilometers per hour
    l liters | liter
    lb pounds | pound
    m meters | million | meter | m.
    mhz megahertz
    mi miles | mile
    mm millimeters | millimeter | m. m.
    mph miles per hour
    oz ounces | ounce
    pm p. m.
    x times | x.
    yd yards | yard
    yds yards
    yrs years
    """
)
#: Signs that are said, alone or between words.
SIGNS: Final = _ways(
    """
    & and
    % percent
    @ at
    # number | hash | pound
    + plus | and
    = equals | is
    × times | by
    ÷ divided by
    ° degrees
    § section
    $ dollars | dollar
    £ pounds | pound
    € euros | euro
    ¢ cents
    """
)
#: What money is called by its sign: one, several, the hundredth part, several.
MONEY: Final[Mapping[str, tuple[str, str, str, str]]] = MappingProxyType(
    {
        "$": ("dollar", "dollars", "cent", "cents"),
        "£": ("pound", "pounds", "penny", "pence"),
        "€": ("euro", "euros", "cent", "cents"),
    }
)
#: Words that begin with an apostrophe, which is no quotation mark then.
CLIPPED: Final = frozenset({"'bout", "'cause", "'course", "'em", "'kay", "'n", "'round", "'til", "'tis", "'twas"})
#: Sounds of thinking and agreeing whose hyphen does not part two words, and how the lexicon spells them.
HUMMED: Final[Mapping[str, str]] = MappingProxyType(
    {"mm-hm": "mm-hm", "mm-hmm": "mm-hm", "mhm": "mhm", "uh-huh": "uh-huh", "uh-oh": "uh-oh", "uh-uh": "uh-uh"}
)
#: Beginnings that are one word with what their hyphen joins to them.
PREFIXES: Final = frozenset(
    {"anti", "bi", "co", "de", "e", "inter", "mid", "multi", "non", "pre", "pro", "re", "semi", "sub", "un"}
)
#: What stands in round brackets when nobody says it.
UNSAID: Final = frozenset(
    {
        "applause", "chuckles", "chuckling", "cough", "coughing", "coughs", "crosstalk", "crying", "inaudible",
        "indistinct", "interruption", "laughing", "laughs", "laughter", "music", "overlapping", "pause", "pauses",
        "ph", "phonetic", "sic", "sigh", "sighs", "silence", "sniffs", "sobs", "static", "unclear", "unintelligible",
        "whispering", "whispers",
    }
)  # fmt: skip
#: Initials that are known as such also where all is in capital letters.
WELL_KNOWN: Final = frozenset({"US", "UN", "UK", "EU"})
