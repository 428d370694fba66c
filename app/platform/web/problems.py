"""Errors as answers: a page for people, RFC 9457 JSON for programs, nothing of the exception."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.errors import Mesure23Error
from app.platform.web.accept import weights
from app.platform.web.observing import said_of
from app.platform.web.site import Site
from geo.text import curled

RETRY_AFTER = "5"
BESIDE_A_SIGN = re.compile(r"(?<=«) | (?=[»:;?!])")


def answer(
    request: Request,
    error: Mesure23Error,
    more: Mapping[str, str] | None = None,
    template: str | None = None,
    onward: tuple[str, str] | None = None,
    beside: str = "",
) -> Response:
    """Answer an error by Accept: a page, or application/problem+json; more: headers to add.

    template: of the page, where it is not that of the application. onward: the words of a
    link of the desk's page, and where it leads. beside: what that page says and no message may.
    """
    message = str(error)
    headers = {"Vary": "Accept", **(more or {})}
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    if prefers_json(request):
        body = {
            "type": "about:blank",
            "title": error.title,
            "status": error.status,
            "detail": message,
            **{name: value for name, value in error.details.items() if name != "problem"},
            "request_id": request.scope.get("request_id", ""),
        }
        return JSONResponse(body, error.status, headers, "application/problem+json")
    site: Site = request.app.state.site
    page = site.page(
        template or site.problem_page,
        http_status=error.status,
        status=error.status,
        title=error.title,
        message=_typeset(message),
        advice=_typeset(site.advice.get(type(error), error.advice)),
        onward=onward,
        beside=_typeset(beside),
        path=request.url.path,
        request_number=said_of(request.scope),
    )
    page.headers.update(headers)
    return page


def _typeset(sentence: str) -> str:
    """Return a French sentence for a page: no line breaks off what stands alone beside a word."""
    return BESIDE_A_SIGN.sub("\u00a0", curled(sentence))


def prefers_json(request: Request) -> bool:
    """Return what Accept asks for; where it has no opinion, /api/ answers programs."""
    asked = weights(request.headers.get("accept", ""))
    html = asked.get("text/html", 0.0)
    json = max(
        asked.get(media, 0.0)
        for media in ("application/problem+json", "application/json", "application/geo+json")
    )
    if html == json:
        return request.url.path.startswith("/api/")
    return json > html
