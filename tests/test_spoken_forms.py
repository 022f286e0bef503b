"""What is printed is said in words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from player.align import english_abbreviations, spoken_french
from player.align.english_numbers import cardinal, ordinal, year
from player.align.pronouncing import dictionary
from player.align.spoken_forms import MOST_WAYS, spoken, spoken_line

NOTHING = [""]


def said(text: str, language: str = "en") -> list[list[str]]:
    return [[" ".join(way) for way in ways] for ways in spoken_line(text, language)]


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("“Don’t,”", "don't"), ("harbour.", "harbour"), ("'hello'", "hello"), ("‘ferry’?!", "ferry"),
        ("(quay)", "quay"), ("«tide»", "tide"), ("--yes", "yes"), ("don't--", "don't"), ("well…", "well"),
        ("goin’", "goin'"), ("'em", "'em"), ("boats'", "boats'"), ("Café", "café"), ("Łódź", "łódź"), ("A", "a"),
        ("I", "i"), ("b", "b."), ("&", "and"), ("%", "percent"), ("@", "at"), ("mm-hmm", "mm-hm"),
        ("uh-huh", "uh-huh"), ("Mrs.", "missus"), ("Gen.", "general"), ("etc.", "et cetera"), ("U.N.", "u. n."),
        ("U.N.’s", "u. n.'s"), ("C.I.A.,", "c. i. a."), ("J.", "j."), ("p.m.", "p. m."), ("Ph.D.", "p. h. d."),
        ("AT&T", "a. t. and t."), ("B52", "b. fifty two"), ("3D", "three d."), ("60Hz", "sixty hertz"),
        ("U-2", "u. two"), ("fire-boat", "fire boat"), ("co\N{SOFT HYPHEN}sy", "cosy"),
        ("ann@quay.org", "ann at quay dot org"), ("C++", "c. plus plus"), ("end,but", "end but"),
    ],
)  # fmt: skip
def test_a_word_is_said_without_what_is_printed_around_it(token: str, word: str) -> None:
    assert " ".join(spoken(token, "en")[0]) == word


@pytest.mark.parametrize(
    ("token", "ways"),
    [
        ("Dr.", {"doctor", "drive"}),
        ("St.", {"saint", "street"}),
        ("NATO", {"nato", "n. a. t. o."}),
        ("US", {"us", "u. s."}),
        ("BBC", {"b. b. c."}),
        ("MPs", {"m. p.'s"}),
        ("Jan.", {"january"}),
        (
            "1963",
            {"nineteen sixty three", "one thousand nine hundred and sixty three", "nineteen hundred and sixty three"},
        ),
        ("1,963", {"one thousand nine hundred sixty three", "nineteen sixty three"}),
        ("1905", {"nineteen oh five", "nineteen hundred and five"}),
        ("2005", {"two thousand five", "two thousand and five", "twenty oh five"}),
        ("310", {"three hundred ten", "three hundred and ten", "three ten", "three one oh"}),
        ("007", {"oh oh seven", "zero zero seven"}),
        ("'63", {"sixty three"}),
        ("1960s", {"nineteen sixties"}),
        ("'60s", {"sixties"}),
        ("21st", {"twenty first"}),
        ("112th", {"one hundred twelfth", "one hundred and twelfth"}),
        ("3:12", {"three twelve", "twelve past three"}),
        ("7:30pm", {"seven thirty p. m.", "half past seven"}),
        ("2:45", {"two forty five", "quarter to three"}),
        ("3:05", {"three oh five", "five past three"}),
        ("12:00", {"twelve", "twelve o'clock"}),
        ("7pm", {"seven p. m."}),
        ("$5", {"five dollars"}),
        ("$1", {"one dollar", "a dollar"}),
        ("$5.25", {"five dollars and twenty five cents", "five twenty five"}),
        ("£3.50", {"three pounds fifty", "three fifty"}),
        ("$1.5m", {"one point five million dollars"}),
        ("50¢", {"fifty cents"}),
        ("3.5%", {"three point five percent"}),
        ("0.5", {"zero point five", "point five"}),
        ("1/2", {"one half", "a half"}),
        ("3/4", {"three quarters", "three fourths"}),
        ("2½", {"two and a half", "two and one half"}),
        ("555-0123", {"five five five oh one two three", "five five five zero one two three"}),
        ("1961-63", {"nineteen sixty one to sixty three", "nineteen sixty one to nineteen sixty three"}),
        ("1914–1918", {"nineteen fourteen to nineteen eighteen"}),
        ("10-15%", {"ten to fifteen percent"}),
        ("11/5/63", {"november fifth nineteen sixty three", "the eleventh of may nineteen sixty three"}),
        ("1963-11-05", {"november fifth nineteen sixty three", "the fifth of november nineteen sixty three"}),
        ("#5", {"number five"}),
        ("-5", {"minus five", "five"}),
        ("and/or", {"and or", "and slash or"}),
        ("co-operate", {"cooperate", "co operate"}),
        ("ship(s)", {"ships", "ship"}),
        ("th-", {"th-", ""}),
        ("gov--", {"gov-"}),
        ("w-we", {"w- we", "we"}),
    ],
)
def test_what_may_be_said_in_several_ways_is(token: str, ways: set[str]) -> None:
    assert ways <= {" ".join(way) for way in spoken(token, "en")}


@pytest.mark.parametrize(
    ("text", "place", "ways"),
    [
        ("on 5 November", 1, {"five", "fifth", "the fifth", "the fifth of"}),
        ("on November 5, 1963", 2, {"five", "fifth", "the fifth"}),
        ("Jan. 3rd", 1, {"third", "the third"}),
        ("for $5 million", 1, {"five"}),
        ("for $5 million", 2, {"million dollars"}),
        ("Henry VIII", 1, {"the eighth", "eight"}),
        ("World War II", 2, {"the second", "two"}),
        ("at 0800 hours", 1, {"oh eight hundred", "zero eight hundred"}),
        ("some 5 km", 2, {"kilometers"}),
        ("well (he said) then", 1, {"he", ""}),
        ("it is *really* so", 2, {"really", ""}),
    ],
)
def test_what_stands_beside_a_token_tells_how_it_is_said(text: str, place: int, ways: set[str]) -> None:
    assert ways <= set(said(text)[place])


@pytest.mark.parametrize(
    "text",
    [
        "[laughs]",
        "[closed until 2041]",
        "(inaudible)",
        "(laughs)",
        "*coughs*",
        "{sic}",
        "--",
        "—",
        "…",
        "“”",
        "[a (b) c]",
    ],
)
def test_what_nobody_says_has_no_words(text: str) -> None:
    assert said(f"Yes {text} indeed.") == [["yes"], *([NOTHING] * len(text.split())), ["indeed"]]


def test_a_bracket_within_a_word_leaves_the_rest_of_it() -> None:
    assert said("ship[s] sail[ed") == [["ship"], ["sail ed"]]


def test_a_line_in_capital_letters_is_words() -> None:
    assert said("THE TIDE IS IN AT THE BBC") == [
        ["the"],
        ["tide"],
        ["is"],
        ["in"],
        ["at"],
        ["the"],
        ["b. b. c.", "bbc"],
    ]


@pytest.mark.parametrize(
    ("token", "ways"),
    [
        ("l’église", {"l' église"}),
        ("qu'il", {"qu' il"}),
        ("aujourd'hui", {"aujourd'hui"}),
        ("a-t-il", {"a -il"}),
        ("Mme", {"madame"}),
        ("M.", {"monsieur"}),
        ("1963", {"mille neuf cent soixante trois", "dix neuf cent soixante trois"}),
        ("71", {"soixante et onze", "septante et un"}),
        ("80", {"quatre vingt"}),
        ("1er", {"premier"}),
        ("2e", {"deuxième"}),
        ("9e", {"neuvième"}),
        ("3h12", {"trois heures douze"}),
        ("8h30", {"huit heures trente", "huit heures et demie"}),
        ("3,14", {"trois virgule quatorze"}),
        ("5%", {"cinq pour cent"}),
        ("20€", {"vingt euros"}),
        ("10.000", {"dix mille"}),
        ("SNCF", {"s n c f"}),
    ],
)
def test_french_is_said_as_the_french_say_it(token: str, ways: set[str]) -> None:
    assert ways <= {" ".join(way) for way in spoken(token, "fr-CA")}


def test_every_word_of_a_french_number_is_in_the_dictionary() -> None:
    words = {word for number in range(10_000) for way in spoken(str(number), "fr") for word in way}
    assert words - dictionary("fr-fr").keys() == {"septante"}  # which has a pronunciation of its own


def test_every_word_of_an_english_number_is_in_the_dictionary() -> None:
    words = {word for number in range(0, 10_000, 7) for way in spoken(str(number), "en") for word in way}
    words |= {ordinal(cardinal(number))[-1] for number in range(100)} | {
        word for y in range(1100, 2100) for word in year(y)[0]
    }
    assert words - dictionary("en-us").keys() == {"zeroth"}  # which has a pronunciation of its own


def test_what_abbreviations_stand_for_is_in_the_dictionary() -> None:
    english = (english_abbreviations.WITH_STOP, english_abbreviations.WITHOUT_STOP, english_abbreviations.UNITS)
    words = {
        word
        for table in (*english, english_abbreviations.SIGNS)
        for ways in table.values()
        for way in ways
        for word in way
    }
    assert words - dictionary("en-us").keys() <= {"viz", "kilohertz"}
    french = {word for ways in spoken_french.ABBREVIATIONS.values() for way in ways for word in way}
    assert french - dictionary("fr-fr").keys() == {"cetera"}


def test_a_language_of_which_nothing_is_known_is_said_as_it_stands() -> None:
    assert said("Гавань, 1963 — l'port", "cy") == [["гавань"], ["1963"], NOTHING, ["l'port"]]


@pytest.mark.parametrize("language", ["en", "fr", "cy"])
@pytest.mark.parametrize(
    "token",
    [
        "a" * 1_000_000,
        "9" * 10_000,
        "-" * 100_000,
        "a-" * 50_000,
        "[" * 100_000,
        "1/" * 90,
        "1,111" * 40,
        "é'" * 90,
        "9" * 190,
    ],
    ids=lambda token: token[:4],
)
def test_a_hostile_token_is_said_in_few_ways_or_in_none_that_a_dictionary_has(token: str, language: str) -> None:
    (ways,) = spoken_line(token, language)
    assert 1 <= len(ways) <= MOST_WAYS
    assert max(len(word) for way in ways for word in (*way, "")) <= 200


@pytest.mark.long
@given(st.text(max_size=60) | st.text("19:-/.,$%'()[]*ap½IVX \n", max_size=40), st.sampled_from(["en", "fr", "cy"]))
@example("\0 \1 [\0] (\1)", "en")
@example("1/0 0/0 ½¾ ⅟ 0:60 99:99 $0.00 31/31/31 0000-00-00", "en")
@example("\x1c(\x1d)\x85", "en")
@example("ﷺ ² ½½ '", "en")
@example("mot ¹ ²³ ① 1² ²1 l'² ٣", "fr")
def test_every_token_of_any_text_has_a_few_ways(text: str, language: str) -> None:
    line = spoken_line(text, language)
    assert len(line) == len(text.split())
    assert all(1 <= len(ways) <= MOST_WAYS and len(set(ways)) == len(ways) for ways in line)
    assert all(word and not word.isspace() and word == word.lower() for ways in line for way in ways for word in way)
