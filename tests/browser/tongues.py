"""An archive whose recordings are not in English: Hebrew and Arabic, from right to left, and Welsh; some translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from small_archive import write_tones

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 40
#: The language of each recording, its title, its speakers, and its lines: four seconds each.
RECORDINGS = {
    "hebrew": (
        "he",
        "A talk about the weather, in Hebrew",
        ("רות כהן", "דוד לוי"),
        (
            "שלום לכולם, היום נדבר על מזג האוויר בירושלים.",
            "אתמול, ב-5 בנובמבר 1963, ירד גשם (20 מ״מ) במשך שעתיים.",
            "“האם זה נורמלי?” שאל אותי BBC London בטלפון.",
            "עניתי: כן! ואחר כך הוספתי שבחורף כזה, אחרי קיץ ארוך ויבש כל כך, איש בעיר אינו מתלונן על הגשם.",
            "תודה.",
        ),
    ),
    "arabic": (
        "ar",
        "حديث عن المطر",
        ("ليلى", "Ada"),
        (
            "صباح الخير، نتحدث اليوم عن المطر.",
            "في عام 1963 سقط 120 ملم من المطر.",
            "قالت BBC إن هذا غير عادي!",
            "شكرا لكم.",
        ),
    ),
    "welsh": (
        "cy",
        "Sgwrs am y tywydd",
        ("Siân", "Dafydd"),
        ("Bore da, sut mae’r tywydd?", "Mae hi’n bwrw glaw ers pum niwrnod.", "Diolch yn fawr."),
    ),
}
#: Of each recording, the languages that it is translated into, with who translated it and the first words.
TRANSLATIONS = {
    "hebrew": {
        "en": ("Ada", ("Hello all; today we talk about the weather in Jerusalem.", "It rained yesterday (20 mm).")),
        "ar": ("ليلى", ("مرحبا بالجميع، نتحدث اليوم عن الطقس في القدس.", "هطل المطر أمس.")),
    },
    "welsh": {"he": ("רות", ("בוקר טוב, מה מזג האוויר?", "יורד גשם כבר 5 ימים (bwrw glaw)."))},
}
_CODES = {"ar": "ara", "cy": "cym", "en": "eng", "he": "heb"}
_QUOTED = {"hebrew": "שלום לכולם", "arabic": "صباح الخير", "welsh": "Bore da"}


def write_archive(root: Path) -> Path:
    """Write the archive."""
    (root / "media").mkdir(parents=True)
    write_tones(root / "media" / "tones.wav", SECONDS, 8000, step=10)
    for slug, (language, title, speakers, lines) in RECORDINGS.items():
        folder = root / "transcripts" / slug
        folder.mkdir(parents=True)
        voices = "".join(f'[[speaker]]\nname = "{name}"\nkind = "unidentified"\n' for name in speakers)
        (folder / "recording.toml").write_text(
            f'title = "{title}"\ndate = "1963-11-05"\nlanguage = "{language}"\nmedia = "tones.wav"\nplace = "ירושלים"\n'
            f'summary = "It begins with “{lines[0]}”"\nsources = ["log"]\n{voices}',
            encoding="utf-8",
        )
        (folder / "transcript.vtt").write_text(_vtt(_CODES[language], lines, speakers), encoding="utf-8")
        (folder / "annotations.toml").write_text(_notes(_QUOTED[slug]), encoding="utf-8")
        for tag, (translator, words) in TRANSLATIONS.get(slug, {}).items():
            header = f"Local Usage Element: [Translated by] {translator}"
            texts = (*words, *("…" for _ in lines[len(words) :]))
            (folder / f"transcript.{tag}.vtt").write_text(_vtt(_CODES[tag], texts, (), header), encoding="utf-8")
    (root / "transcripts" / "sources.toml").write_text(
        '[[source]]\nid = "log"\nkind = "project"\ntitle = "יומן: the log"\nseen = "full"\nrights = "own work"\n',
        encoding="utf-8",
    )
    (root / "transcripts" / "people.toml").write_text(
        '[[person]]\nid = "ruth"\nname = "רות כהן"\nrole = "weather woman"\nalso = ["BBC"]\nsources = ["log"]\n',
        encoding="utf-8",
    )
    return root


def _notes(quoted: str) -> str:
    return (
        '[[annotation]]\nid = "greeting"\nkind = "term"\ntitle = "A greeting"\n'
        f'body = "“{quoted}” is how one begins (1963)."\nsources = ["log, p. 1"]\ncue = "first"\n\n'
        '[[annotation]]\nid = "place"\nkind = "place"\ntitle = "ירושלים, 1963!"\n'
        'body = "ירושלים היא עיר גדולה, ובה ירד גשם.\\n\\n- A list in English (1)\\n- and more."\n'
        'sources = ["log"]\ncue = "c2"\n\n'
        '[[annotation]]\nid = "all"\nkind = "event"\ntitle = "The rain"\nbody = "All of it."\nsources = ["log"]\n'
    )


def _vtt(code: str, lines: tuple[str, ...], speakers: tuple[str, ...], header: str = "") -> str:
    blocks = [f"WEBVTT\nLanguage: {code}\n{header}".rstrip("\n")]
    for number, text in enumerate(lines):
        name = "first" if number == 0 else f"c{number + 1}"
        voice = f"<v {speakers[number // 2 % 2]}>" if speakers else ""
        blocks.append(f"NOTE source: log, p. {number + 1}" if speakers else "NOTE -")
        blocks.append(f"{name}\n00:00:{number * 4:02}.000 --> 00:00:{number * 4 + 4:02}.000\n{voice}{text}")
    return "\n\n".join(blocks) + "\n"
