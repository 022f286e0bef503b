"""Declares the labels by which a community says what it asks of those who use a recording."""

from __future__ import annotations

from player.archive.toml.declared import Table, declared, key, tables


@declared
class LabelTranslation(Table):
    """The label in another language, as its community translated it."""

    language: str = key("text", "the language, as a BCP 47 tag", said=False)
    name: str = key("text", "its name", said=False)
    text: str = key("text", "its text", said=False)


@declared
class Label(Table):
    """A Local Contexts Label or Notice: what a community asks of those who use the recording. It is shown first.

    Its text is the community's own, and is never changed.
    """

    name: str = key("text", "its name", said=False)
    text: str = key("text", "the community's text, exactly as it gives it", said=False)
    language: str = key("text", "the language of both, as a BCP 47 tag; `en` if left out", default="en", said=False)
    community: str | None = key("text", "whose label it is", default=None, said=False)
    address: str | None = key("address", "its page in the Local Contexts Hub", default=None)
    translation: tuple[LabelTranslation, ...] = tables(LabelTranslation, "translation", default=())
