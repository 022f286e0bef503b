"""Templates, static files and the shipped archive are found in a checkout and in an installed wheel."""

from pathlib import Path

from player import roots


def test_in_a_checkout_they_are_one_level_up(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "player").mkdir()
    assert roots.root(tmp_path / "player") == tmp_path


def test_in_a_wheel_they_are_beside_the_modules(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()  # another package's
    (tmp_path / "player" / "templates").mkdir(parents=True)
    assert roots.root(tmp_path / "player") == tmp_path / "player"


def test_each_root_is_there() -> None:
    for folder in (
        roots.TEMPLATES,
        roots.STATIC,
        roots.SHIPPED_ARCHIVE / "media",
        roots.SHIPPED_ARCHIVE / "transcripts",
    ):
        assert folder.is_dir()
