"""One sound in every kind of file that an archive may hold, each a recording with a line for every second.

Second n sounds at 200 + 50 n Hz in seeded noise (tones.py), so that by ear each is told from the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tones import ffmpeg, write_tones

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 24
#: By the recording's slug: the suffix of its sound, and what ffmpeg is told before and after it is given the WAV.
FORMATS: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "wav": (".wav", (), ("-c:a", "pcm_s16le")),
    "wav-24-bits-96-khz": (".wav", (), ("-ar", "96000", "-c:a", "pcm_s24le")),
    "wav-adpcm": (".wav", (), ("-c:a", "adpcm_ms")),
    "rf64": (".wav", (), ("-c:a", "pcm_s16le", "-rf64", "always")),
    "w64": (".w64", (), ("-c:a", "pcm_s16le")),
    "aiff": (".aiff", (), ("-c:a", "pcm_s16be")),
    "flac": (".flac", (), ("-c:a", "flac")),
    "alac": (".m4a", (), ("-c:a", "alac")),
    "mp3-constant": (".mp3", (), ("-c:a", "libmp3lame", "-b:a", "64k")),
    "mp3-variable": (".mp3", (), ("-c:a", "libmp3lame", "-q:a", "5")),
    "m4a": (".m4a", (), ("-c:a", "aac", "-b:a", "64k")),
    "m4a-no-edit-list": (".m4a", (), ("-c:a", "aac", "-b:a", "64k", "-use_editlist", "0")),
    "m4a-empty-first-edit": (".m4a", ("-itsoffset", "1"), ("-c:a", "aac", "-b:a", "64k")),
    "adts": (".aac", (), ("-c:a", "aac", "-b:a", "64k")),
    "opus": (".opus", (), ("-c:a", "libopus", "-b:a", "48k")),
    "vorbis": (".ogg", (), ("-c:a", "libvorbis")),
    "wma": (".wma", (), ("-c:a", "wmav2")),
    "amr": (".amr", (), ("-ar", "8000", "-c:a", "libopencore_amrnb", "-b:a", "12.2k")),
}


def pitch_at(second: int) -> int:
    """Give the pitch of a second, in Hz."""
    return 200 + 50 * second


def write_archive(root: Path) -> Path:
    """Write the archive at ``root``, which must not be there."""
    (root / "media").mkdir(parents=True)
    source = write_tones(root / "source.wav", seconds=SECONDS)
    for slug, (suffix, before, after) in FORMATS.items():
        sound = root / "media" / f"{slug}{suffix}"
        ffmpeg(*before, "-i", str(source), *after, "-bitexact", str(sound))
        folder = root / "transcripts" / slug
        folder.mkdir(parents=True)
        (folder / "recording.toml").write_text(
            f'title = "Tones as {slug}"\ndate = "1963-11-05"\nmedia = "{sound.name}"\n'
            '[[speaker]]\nname = "Ada"\nkind = "unidentified"\n',
            encoding="utf-8",
        )
        (folder / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(map(_cue, range(SECONDS))), encoding="utf-8")
    source.unlink()
    return root


def _cue(second: int) -> str:
    return f"s{second}\n00:00:{second:02d}.000 --> 00:00:{second + 1:02d}.000\n<v Ada>This is second {second}.\n"
