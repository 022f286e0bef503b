"""Makes the Flask application that serves an archive."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined
from jinja2.ext import Extension

from player import roots, timecode
from player.archive import dates
from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.machine import LABEL
from player.audio import cache
from player.audio.waveform_worker import WaveformWorker
from player.errors import printable
from player.folding import fold
from player.index.index import Index
from player.publish import rights
from player.web.current import archive_itself, nav_items
from player.web.pages.embedded import can_be_embedded
from player.web.pages.line_places import place_of
from player.web.pages.prose import direction, in_language, isolated, own_direction, render
from player.web.routes import (
    about,
    admission,
    api,
    book,
    cards,
    cite,
    clips,
    desk,
    desk_sound,
    desk_suggestions,
    downloads,
    embed,
    errors,
    feed,
    health,
    iiif,
    invited,
    notes,
    oai,
    oembed,
    robots,
    search,
    search_table,
    sitemap,
    suggestions,
)
from player.web.routes.basket import basket
from player.web.routes.context import context
from player.web.routes.lines import lines
from player.web.routes.recordings import recordings
from player.web.routes.sets import sets
from player.web.routes.text import text
from player.web.serving import (
    accel,
    access_log,
    copies,
    headers,
    kept_pages,
    kept_passages,
    led,
    other_sites,
    public_address,
)
from player.web.serving import invited as for_the_invited
from player.web.serving.assets import static_files
from player.web.serving.clip_limits import Limits
from player.web.serving.guests import guest_of_request
from player.web.site.whole import whole

if TYPE_CHECKING:
    from pathlib import Path

    from player.web.serving.drafts import Guard


class _Unindented(Extension):
    """Leaves out what templates are indented by: 120 bytes of the shipped page, compressed."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  # Jinja's
        """Give the source of a template without it."""
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


def create_app(
    archive_root: Path,
    audience: Audience = Audience.VISITORS,
    *,
    clip_limits: Limits | None = None,
    site: public_address.Site | None = None,
    log_place: str | None = None,
    guard: Guard | None = None,
    takes_suggestions: bool = False,
    is_copied: bool = False,
) -> Flask:
    """Make the application that serves the archive at ``archive_root`` to an ``audience``.

    ``clip_limits`` bound the clips that it cuts, ``site`` is where it is in public, and ``log_place`` a file for the
    access log, or ``-``; by default each is what the environment says. ``guard`` stands around all that answers, and
    decides who is answered. Where it ``takes_suggestions``, whoever reads a line may suggest other words. Where it
    ``is_copied``, its pages become files that no server answers for, and offer nothing that only one can do.

    :raise ArchiveError: where there is no archive there.
    :raise ServeError: where the environment says something that cannot be.
    :raise ValueError: where others than visitors would be shown it, and nothing guards it.
    """
    if audience is not Audience.VISITORS and guard is None:
        raise ValueError("an application that shows more than visitors may see needs a guard")
    is_inner = audience is Audience.INVITED
    kind = for_the_invited.Invited if is_inner else Flask
    app = kind(__name__, static_folder=None, template_folder=str(roots.TEMPLATES))
    app.extensions["archive"] = Archive(archive_root, audience)
    app.extensions["index"] = Index.of(app.extensions["archive"])
    app.extensions["waveform_worker"] = WaveformWorker()  # its thread starts with the first drawing that is asked for
    _prepare_templates(app)
    app.jinja_env.globals["drafts_shown"] = audience is Audience.EDITORS
    app.jinja_env.globals["desk_shown"] = guard is not None and guard.is_for_editing
    app.jinja_env.globals["takes_suggestions"] = takes_suggestions
    app.jinja_env.globals["is_copied"] = is_copied
    site = site or public_address.Site.from_environment()
    if not is_inner and not is_copied:  # each page is made once
        _keep(app, has_api=guard is None)
    if guard is None and not is_copied:
        for_the_invited.init_app(app, partial(_inner, archive_root, clip_limits, site))
    if guard is not None:
        # Around what is kept, and inside of what says which host and scheme were asked.
        app.wsgi_app = guard.around(app.wsgi_app)  # type: ignore[assignment, method-assign]  # Flask's own way to wrap it
    if not is_inner:
        access_log.init_app(app, log_place)
    public_address.init_app(app, site)
    headers.init_app(app)
    led.init_app(app, site, is_public=audience is Audience.VISITORS and guard is None and not is_copied)
    static_files.init_app(app)
    _answer(app, clip_limits or Limits.from_environment())
    if takes_suggestions:
        suggestions.init_app(app)
    if guard is None:
        (_answer_in_files if is_copied else _answer_other_sites)(app)
    elif guard.is_for_editing:
        desk.init_app(app)
        app.register_blueprint(desk_sound.desk_sound)
        app.register_blueprint(desk_suggestions.desk_suggestions)
    if guard is None or guard.site.proxies:  # else nobody stands in front who could send them
        accel.init_app(app, app.extensions["archive"].media)
    cache.sweep()
    return app


def _keep(app: Flask, *, has_api: bool) -> None:
    """Let ``app`` keep what it sends again."""
    kept_pages.init_app(app, app.extensions["index"])
    if has_api:
        kept_passages.init_app(app)


def _answer_other_sites(app: Flask) -> None:
    """Let an application for visitors answer who comes from elsewhere: invited, for a frame, to list or read it."""
    invited.init_app(app)
    app.register_blueprint(embed.embed)
    app.register_blueprint(oembed.oembed)
    app.register_blueprint(sitemap.sitemap)
    app.register_blueprint(cards.cards)
    iiif.init_app(app)
    app.register_blueprint(oai.oai)
    api.init_app(app)
    other_sites.init_app(app)


def _answer_in_files(app: Flask) -> None:
    """Let an application that is copied into files answer with the pages that only these have, and for other sites."""
    for blueprint in (whole, embed.embed, oembed.oembed, sitemap.sitemap, cards.cards, iiif.iiif):
        app.register_blueprint(blueprint)


def _answer(app: Flask, clip_limits: Limits) -> None:
    """Let ``app`` answer at the addresses that each application has."""
    for blueprint in (recordings, context, about.about, text, lines, basket, sets):
        app.register_blueprint(blueprint)
    for each in (
        errors,
        admission,
        health,
        robots,
        cite,
        copies,
        downloads,
        book,
        feed,
        search,
        search_table,
        notes,
    ):
        each.init_app(app)
    clips.init_app(app, clip_limits)


def _inner(archive_root: Path, clip_limits: Limits | None, site: public_address.Site) -> Flask:
    """Make the application that answers who is invited; how many proxies there are, the outer one knows."""
    guard = for_the_invited.InvitedGuard(replace(site, proxies=0))
    return create_app(
        archive_root,
        Audience.INVITED,
        clip_limits=clip_limits,
        site=guard.site,
        guard=guard,
        takes_suggestions=True,
    )


def _prepare_templates(app: Flask) -> None:
    """Let the templates of ``app`` print times, dates and words as all pages do."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension(_Unindented)
    app.jinja_env.filters.update(
        clock=timecode.clock,
        place=place_of,
        display=timecode.display,
        fragment=timecode.fragment,
        lasting=timecode.lasting,
        spoken=timecode.spoken,
    )
    app.jinja_env.filters.update(
        direction=direction, in_language=in_language, isolated=isolated, own_direction=own_direction, prose=render
    )
    app.jinja_env.filters.update(
        date=dates.readable, made=dates.made, html_date=dates.html, folded=fold, number="{:,}".format
    )
    app.jinja_env.filters.update(rights=rights.in_a_line, printable=printable)
    app.jinja_env.globals["machine_label"] = LABEL
    app.jinja_env.globals["can_be_embedded"] = can_be_embedded
    app.context_processor(nav_items)
    app.context_processor(archive_itself)
    app.context_processor(lambda: {"guest": guest_of_request()})
