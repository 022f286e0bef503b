"""Holds an answer against what its client says that it has, or wants it to be still (RFC 9110, section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app, request
from werkzeug.exceptions import PreconditionFailed

if TYPE_CHECKING:
    from flask import Response

#: Where a request carries what it says of entity tags.
CONDITIONS: Final = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"})
_CHANGED: Final = "What is at this address is not what If-Match asks for, or not any more; ask for it without If-Match."
# What says of an answer's content what that of a refusal is not.
_OF_CONTENT: Final = ("Content-Disposition", "Content-Language", "ETag", "Last-Modified")


def hold_against(response: Response) -> None:
    """Have ``response`` say 304 to who has it already.

    :raise PreconditionFailed: where it is wanted only as it was, and is another.
    """
    refuse_another(response)
    environ = request.environ
    if "HTTP_IF_MATCH" in environ:
        # Werkzeug 3.1 takes ``If-Match: *`` for the tag of another.
        environ = {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    response.make_conditional(environ)


def refuse_another(response: Response) -> None:
    """Refuse what has another entity tag than the request wants it to have, for which a weak one never serves.

    :raise PreconditionFailed: where that is so.
    """
    if "If-Match" not in request.headers or request.method not in {"GET", "HEAD"}:
        return
    tag, is_weak = response.get_etag()
    if not (request.if_match.star_tag or (tag is not None and not is_weak and request.if_match.is_strong(tag))):
        raise PreconditionFailed(_CHANGED)


def refused(response: Response, failed: PreconditionFailed) -> Response:
    """Give ``response`` with what is said of a refusal in place of its content; its other headers hold for both."""
    told = current_app.make_response(current_app.handle_user_exception(failed))
    for name in _OF_CONTENT:
        response.headers.remove(name)
    response.status_code = told.status_code
    response.content_type = told.content_type
    response.set_data(told.get_data())
    return response
