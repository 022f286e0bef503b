"""Makes classes of frozen values, as ``dataclass(frozen=True)`` does, in a fifth of the time.

For each dataclass its methods are written and compiled, which takes half a millisecond; a command imports a hundred.
Values share their methods, which take three times as long to run. So they are for what there are few of; what a file
has thousands of stays a dataclass.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, dataclass_transform

_Made = TypeVar("_Made")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(made: type[_Made]) -> type[_Made]:
    """Make a class a dataclass whose fields cannot be set; two are equal that have the same class and fields."""
    install(made)
    return dataclass(init=False, eq=False, repr=False)(made)


def install(made: Any) -> None:
    """Give a class the methods that values share."""
    made.__init__, made.__repr__ = _init, _repr
    made.__eq__, made.__hash__ = _eq, _hash
    made.__setattr__, made.__delattr__ = _setattr, _delattr


@cache
def _fields_of(kind: Any) -> tuple[Field[Any], ...]:
    return fields(kind)


@cache
def _compared_of(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.compare)


def _fields(made: Any) -> tuple[Field[Any], ...]:
    kind: Any = type(made)
    return _fields_of(kind)


def _compared(made: Any) -> tuple[Any, ...]:
    kind: Any = type(made)
    return tuple(getattr(made, name) for name in _compared_of(kind))


def _init(self: Any, *arguments: Any, **given: Any) -> None:
    name, found = type(self).__qualname__, _fields(self)
    values = self.__dict__
    for each, argument in zip((each for each in found if not each.kw_only), arguments, strict=False):
        values[each.name] = argument
    if len(values) < len(arguments) or given.keys() & values.keys():
        raise TypeError(f"{name} is given too much")
    for each in found:
        if each.name in values:
            continue
        if each.name in given:
            values[each.name] = given.pop(each.name)
        elif each.default is not MISSING:
            values[each.name] = each.default
        elif each.default_factory is not MISSING:
            values[each.name] = each.default_factory()
        else:
            raise TypeError(f"{name} needs {each.name}")
    if given:
        raise TypeError(f"{name} has no {', '.join(given)}")


def _repr(self: Any) -> str:
    said = (f"{each.name}={getattr(self, each.name)!r}" for each in _fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(said)})"


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _compared(self) == _compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _setattr(_self: Any, name: str, _value: object) -> None:
    raise FrozenInstanceError(name)


def _delattr(_self: Any, name: str) -> None:
    raise FrozenInstanceError(name)
