"""Gives commands that cut clips the options by which these are signed."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from player.commands.options import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.commands.options import CutOptions

_SIGNING = (
    click.option(
        "--sign",
        "certificate",
        type=FILE,
        metavar="CERT",
        help="Sign the clip with this certificate (PEM, then those that vouch for it): Content Credentials, of C2PA.",
    ),
    click.option("--key", type=FILE, metavar="KEY", help="With --sign: the private key of the certificate (PEM)."),
    click.option(
        "--with-words",
        is_flag=True,
        help="With --sign: sign the words and the names of who speaks too. What is signed cannot be recalled.",
    ),
)


def signing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of signing; it finds who signs, if anybody, in its ``options``, those of cutting."""

    @functools.wraps(command)
    def run(
        *arguments: Any,
        options: CutOptions,
        certificate: Path | None,
        key: Path | None,
        with_words: bool,
        **others: Any,
    ) -> Any:
        if (certificate is None) != (key is None):
            raise click.UsageError("--sign needs --key, and --key needs --sign.")
        if certificate is None or key is None:
            if with_words:
                raise click.UsageError("--with-words needs --sign.")
            return command(*arguments, options=options, **others)
        if others.get("bare"):
            raise click.UsageError("--bare excludes --sign: what is signed says where the clip comes from.")
        from player.clips.signer import check_format, read_signer

        # Before anything is read or cut.
        if options.suffix is not None:
            check_format(options.suffix, f"--format {options.suffix.removeprefix('.')}")
        signer = read_signer(certificate, key, with_words=with_words)
        for remark in signer.remarks:
            click.echo(remark, err=True)
        return command(*arguments, options=replace(options, signer=signer), **others)

    for option in reversed(_SIGNING):
        run = option(run)
    return run
