"""Reads the address of a sound that lies elsewhere, and whether the operator lets it be asked for.

A record's author writes the address, and the operator's machine would ask: for its own services too, or for those of
its network. So only what the operator names in ``PLAYER_MEDIA_HOSTS`` is asked.
"""

from __future__ import annotations

import ipaddress
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from player.errors import printable, quoted
from player.values import value

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

#: The operator's list: ``s3://bucket``, ``https://host``, each with a folder if need be, and networks of its own.
ALLOWED: Final = "PLAYER_MEDIA_HOSTS"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_NOT_IN_ONE: Final = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`{|}]")
_LONGEST: Final = 1024
# A name and a password, which no message has.
_USER: Final = re.compile(r"//[^/]*@")
#: Where nobody is in between, so that what comes by http is what was sent.
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Addresses of IPv4 in those of IPv6, by a translator (RFC 6052), and by one of the network's own (RFC 8215).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAT64: Final = ipaddress.ip_network("64:ff9b:1::/48")
#: What is left of a path as a record has it, "%20" with the rest.
AS_IT_IS: Final = "/%:@!$&'()+*,;=~-._"
#: What to write in place of an address that is none.
REMEDY: Final = 'write "s3://bucket/name.flac" or "https://host/name.flac", or the name of a file in media/'


@value
class Address:
    """Where a sound lies: in the bucket ``host`` under the key ``path``, or on a server ``host`` at ``path``."""

    scheme: str
    host: str
    port: int | None
    path: str

    def __str__(self) -> str:
        return f"{self.place}/{self.path}"

    @property
    def place(self) -> str:
        """Where it is, without the path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port is None else f':{self.port}'}"

    @property
    def name(self) -> str:
        """What the sound is called: the last part of its address."""
        last = self.path.rpartition("/")[2]
        return last if self.scheme == "s3" else unquote(last)


def is_address(text: str) -> bool:
    """Tell whether a text is meant as an address, and not as the name of a file."""
    return _SCHEME.match(text) is not None


def name_of(text: str) -> str:
    """Give what a sound is called that a record names so, be that a file or an address."""
    found = parsed(text) if is_address(text) else None
    return text if found is None else found.name


@lru_cache(maxsize=1024)
def parsed(text: str) -> Address | None:
    """Take an address apart; None where it is none of a sound."""
    if not text.isprintable() or _NOT_IN_ONE.search(text) or len(text) > _LONGEST:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
        host.encode("idna")
    except ValueError:
        return None
    is_bucket = parts.scheme == "s3"
    path = parts.path.removeprefix("/")
    plain = [unquote(each) for each in path.split("/")]
    # What is asked of a server ends with the path: a signature would run out, and may be a secret.
    has_more = parts.query or parts.fragment or text.endswith(("?", "#")) or "@" in parts.netloc
    is_reached = parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL)
    if has_more or not host or not (_BUCKET.fullmatch(parts.netloc) if is_bucket else is_reached):
        return None
    # A server may read "..%2Fclosed" as the folder above: what is allowed would not end there.
    if any(each in {"", ".", ".."} or "/" in each or "\\" in each for each in plain) or not _is_name(plain[-1]):
        return None
    return Address(parts.scheme, parts.netloc if is_bucket else host, None if is_bucket else port, path)


def _is_name(text: str) -> bool:
    """Tell whether a text can be the name of a file here, where one stands for the sound."""
    return text.isprintable() and "/" not in text and not text.startswith(".") and len(text.encode()) <= 200  # noqa: PLR2004  # file systems take 255


def refusal(address: Address) -> tuple[str, str] | None:
    """Say why an address is not asked for, and what the operator can do; None where it may be."""
    allowed, wrong = _allowed(os.environ.get(ALLOWED, ""))
    if wrong:
        told = quoted(_USER.sub("//…@", wrong))
        return f"{ALLOWED} has {told}, which is nothing that could be asked", f"correct it; {_EXAMPLE}"
    if any(_is_within(address, each) for each in allowed):
        return None
    where = printable(address.place)
    what = f"the sound lies at {where}, where this archive does not ask for sounds"
    return what, f"if you trust that place, add it to {ALLOWED}: {ALLOWED}={where}"


_EXAMPLE: Final = f"write places and networks with spaces between: {ALLOWED}='s3://tapes https://sounds.example.org'"


def places() -> tuple[Address, ...]:
    """Give the places that the operator lets be asked, as addresses of folders."""
    return _allowed(os.environ.get(ALLOWED, ""))[0]


def is_within_reach(ip: IPv4Address | IPv6Address) -> bool:
    """Tell whether a server may be asked that has this address: a public one, or one in a network of the operator's."""
    plain = _meant(ip)
    # Python takes "::127.0.0.1", which once meant that address, and "fec0::1", one of a network's own, for public ones.
    is_old = isinstance(plain, ipaddress.IPv6Address) and (plain.is_reserved or plain.is_site_local)
    if plain.is_global and not plain.is_multicast and plain not in _LOCAL_NAT64 and not is_old:
        return True
    return any(plain in network for network in _networks(os.environ.get(ALLOWED, "")))


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the address of IPv4 that one of IPv6 stands for, where it does (RFC 4291, 3056, 4380, 6052)."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ip
    translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or translated or ip


@lru_cache(maxsize=16)
def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(found for item in _items(text) if (found := _network(item)) is not None)


@lru_cache(maxsize=16)
def _allowed(text: str) -> tuple[tuple[Address, ...], str | None]:
    """Give the places that a list allows, as addresses of folders, and the first item that is none, nor a network."""
    places = []
    for item in _items(text):
        if _network(item) is None:
            found = _place(item)
            if found is None:
                return (), item
            places.append(found)
    return tuple(places), None


def _items(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def _place(text: str) -> Address | None:
    found = parsed(f"{text.rstrip('/')}/any") if is_address(text) else None
    return None if found is None else Address(found.scheme, found.host, found.port, found.path.removesuffix("any"))


def _is_within(address: Address, place: Address) -> bool:
    return (address.scheme, address.host, address.port) == (place.scheme, place.host, place.port) and (
        address.path.startswith(place.path)
    )
