"""Says where a browser may read a sound itself that lies elsewhere, and which places these can be.

In S3 that is a signed address: of this one object, to be read, for ten minutes. On another server it is the address
that the record names. What is asked of this machine alone (``http://``) leads nowhere for anybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from player.storage.addresses import AS_IT_IS, places
from player.storage.faults import StorageError
from player.storage.stand_ins import address_of

if TYPE_CHECKING:
    from pathlib import Path

    from player.storage.addresses import Address

#: Seconds for which a signed address is good.
LIVES: Final = 600


def led_to(path: Path) -> str | None:
    """Give the address at which a browser may read what a file stands for; None where there is none.

    :raise StorageError: where it cannot be signed.
    """
    address = address_of(path)
    if address.scheme == "s3":
        from player.storage import s3  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

        return s3.signed(address, LIVES)
    return _named(address) if address.scheme == "https" else None


def origins() -> tuple[str, ...]:
    """Give the places to which any of the addresses may lead, as a content security policy has them.

    :raise StorageError: where there is no way to tell, or nobody may be told.
    """
    return tuple(dict.fromkeys(origin for each in places() if (origin := _origin(each)) is not None))


def _origin(place: Address) -> str | None:
    if place.scheme == "s3":
        from player.storage import s3  # noqa: PLC0415  # likewise

        found = urlsplit(s3.as_signed(place))
    elif place.scheme == "https":
        found = urlsplit(_named(place))
    else:
        return None
    if "@" in found.netloc:
        raise StorageError("the endpoint of the storage has a name or a password, which every listener would be told")
    return f"{found.scheme}://{found.netloc}"


def _named(address: Address) -> str:
    """Give an address in the letters that a header may have."""
    host = f"[{address.host}]" if ":" in address.host else address.host.encode("idna").decode()
    port = "" if address.port is None else f":{address.port}"
    return f"{address.scheme}://{host}{port}/{quote(address.path, safe=AS_IT_IS)}"
