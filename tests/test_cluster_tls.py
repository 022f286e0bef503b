"""A scheduler at ``tls://``: Dask's own configuration names the certificates, and nobody without one is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme
from clusters import cluster
from ferries import told, write_ferries

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
pytestmark = pytest.mark.long


def certificates(folder: Path) -> dict[str, str]:
    """Make an authority and a certificate; give the configuration that names them, as Dask reads it."""
    folder.mkdir()
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    named = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(folder / "ca.pem")}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        for what in ("CERT", "KEY"):
            named[f"DASK_DISTRIBUTED__COMM__TLS__{who}__{what}"] = str(folder / "own.pem")
    return {**named, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return write_ferries(tmp_path / "ferries", 2)


def test_who_shows_a_certificate_is_served_and_nobody_else(ferries: Path, tmp_path: Path) -> None:
    ours, others = certificates(tmp_path / "ours"), certificates(tmp_path / "others")
    with cluster(tmp_path / "cluster", workers=2, way="tls", **ours) as there:
        assert there.address.startswith("tls://")
        asked = ("fixity", "--update", "--cluster", there.address)
        for wrong in ({}, others):
            code, said, complained = told(ferries, *asked, **wrong)
            assert (code, said) == (1, "")
            assert complained.startswith(f"{there.address}: no scheduler of Dask's answers there (")
            assert "certificates" in complained
            assert len(complained.splitlines()) == 1
            assert not (ferries / "transcripts" / "fixity.sha256").exists()
        code, said, complained = told(ferries, *asked, **ours)
    assert (code, complained) == (0, "")
    assert said.splitlines()[-1].endswith(": all new")
    assert (ferries / "transcripts" / "fixity.sha256").exists()
