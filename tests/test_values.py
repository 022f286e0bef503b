"""Classes of values are what frozen dataclasses are, though their methods are not made for each."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from player.values import value


@value
class Reel:
    """A reel of tape, made up."""

    title: str
    minutes: int = 30
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Like:
    """The same, made by the standard library."""

    title: str
    minutes: int = 30
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


@value
class Box(Reel):
    """A reel in a box."""

    shelf: str = "A"


def test_a_value_does_what_a_frozen_dataclass_does() -> None:
    both: tuple[Any, Any] = (Reel, Like)
    for made in both:
        reel: Any = made("Ferries", notes=["wet"])
        assert (reel.title, reel.minutes, reel.notes) == ("Ferries", 30, ["wet"])
        assert reel == made(title="Ferries") != made("Ferries", 31)
        assert hash(reel) == hash(made("Ferries"))
        assert made("Ferries").notes is not made("Ferries").notes
        assert repr(reel) == f"{made.__name__}(title='Ferries', minutes=30)"
        assert replace(reel, minutes=5) == made("Ferries", 5)
        assert [each.name for each in fields(made)] == ["title", "minutes", "notes"]
        assert pickle.loads(pickle.dumps(reel)) == reel  # noqa: S301  # our own
        with pytest.raises(FrozenInstanceError):
            reel.title = "Harbours"
        with pytest.raises(FrozenInstanceError):
            del reel.title
        with pytest.raises(TypeError):
            made()
        with pytest.raises(TypeError):
            made("a", 1, [], 2)
        with pytest.raises(TypeError):
            made("a", title="b")
        with pytest.raises(TypeError):
            made("a", colour="red")
    assert both[0]("Ferries") != both[1]("Ferries")


def test_a_value_may_be_made_of_another() -> None:
    box = Box("Ferries", shelf="B")
    assert (box.title, box.minutes, box.shelf) == ("Ferries", 30, "B")
    assert box != Reel("Ferries")
    assert box != Box("Ferries")
