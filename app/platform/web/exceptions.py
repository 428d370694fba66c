"""Which exception is which error; what nobody foresaw is answered as well, without its text."""

import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Mesure23Error, OperatorError, PageUnknown, RequestInvalid
from app.platform.database.full_disk import is_disk_full
from app.platform.database.slow import query_of
from app.platform.web.errors import (
    AnswerTooSlow,
    BodyTooLarge,
    DatabaseUnreachable,
    DiskFull,
    MethodUnknown,
    OutOfOrder,
    Unexpected,
)
from app.platform.web.problems import answer
from app.settings import ROOT

# What the limits of the login say of one statement: its time, its wait for a lock, its files.
TOO_MUCH = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.ConfigurationLimitExceeded,
)

log = structlog.get_logger(__name__)


def register(app: FastAPI, others: Mapping[type[Exception], type[Mesure23Error]]) -> None:
    """Teach an application which exception is which error.

    others: exceptions of packages that know nothing of the web -> the error that says their
    sentence as its problem.
    """

    def known(make: Callable[[Exception], Mesure23Error]) -> Callable[..., Awaitable[Response]]:
        async def handle(request: Request, exception: Exception) -> Response:
            # A refused method says which are not (Allow).
            return answer(request, make(exception), getattr(exception, "headers", None))

        return handle

    app.add_exception_handler(Mesure23Error, known(_as_it_is))
    app.add_exception_handler(HTTPException, known(_of_http))
    app.add_exception_handler(RequestValidationError, known(of_validation))
    for unreachable in (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError):
        app.add_exception_handler(unreachable, known(_of_database))
    app.add_exception_handler(DBAPIError, known(_of_statement))
    app.add_exception_handler(OSError, known(_of_system))
    for foreign, error in others.items():
        app.add_exception_handler(foreign, known(_in_its_words(error)))


def _as_it_is(exception: Exception) -> Mesure23Error:
    if isinstance(exception, OperatorError):
        log.error("out of order", exception=type(exception).__name__)
        return OutOfOrder()
    return exception if isinstance(exception, Mesure23Error) else _unexpected(exception)


def _in_its_words(error: type[Mesure23Error]) -> Callable[[Exception], Mesure23Error]:
    return lambda exception: error(problem=str(exception))


def _of_http(exception: Exception) -> Mesure23Error:
    status = getattr(exception, "status_code", 500)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodUnknown()
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return BodyTooLarge()
    if status == HTTPStatus.BAD_REQUEST:
        return RequestInvalid(problem="ce qui est envoyé avec elle ne se lit pas")
    return PageUnknown() if status < 500 else _unexpected(exception)


def of_validation(exception: Exception) -> Mesure23Error:
    """Return what is wrong with a request that FastAPI refuses: the names of its parameters.

    A part of the path that cannot be read is an address at which nothing is.
    """
    problems = exception.errors() if isinstance(exception, RequestValidationError) else ()
    if any(problem["loc"][0] == "path" for problem in problems):
        return PageUnknown()
    names = sorted({str(problem["loc"][-1]) for problem in problems})
    quoted = ", ".join(f"« {name} »" for name in names)
    return RequestInvalid(problem=f"corrigez ou retirez {quoted}")


def _of_system(exception: Exception) -> Mesure23Error:
    return _without_room() if is_disk_full(exception) else _unexpected(exception)


def _without_room() -> Mesure23Error:
    log.error("disk full")
    return DiskFull()


def _of_database(exception: Exception) -> Mesure23Error:
    if is_disk_full(exception):
        return _without_room()
    refused = getattr(exception, "orig", exception)
    if isinstance(refused, TOO_MUCH):
        log.warning(
            "statement took too long",
            why=type(refused).__name__,
            query=query_of(exception.__traceback__),
        )
        return AnswerTooSlow()
    log.warning("database unreachable", exception=type(exception).__name__)
    return DatabaseUnreachable()


def _of_statement(exception: Exception) -> Mesure23Error:
    if isinstance(exception, DBAPIError) and exception.connection_invalidated:
        return _of_database(exception)
    if _is_no_text(exception):
        return RequestInvalid(problem="elle contient un signe qu’aucun texte n’a")
    return _unexpected(exception)


def _is_no_text(exception: Exception) -> bool:
    """Say whether psycopg sent nothing: PostgreSQL takes no NUL, and only who asks can have it."""
    refused = getattr(exception, "orig", None)
    return isinstance(refused, psycopg.DataError) and refused.sqlstate is None


def _unexpected(exception: Exception) -> Mesure23Error:
    # Where, never what: the text of an exception may quote an address.
    frames = traceback.extract_tb(exception.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)]
    places = [f"{frame.filename}:{frame.lineno}" for frame in ours if ".venv" not in frame.filename]
    log.error(
        "unexpected error",
        exception=type(exception).__name__,
        sqlstate=getattr(getattr(exception, "orig", exception), "sqlstate", None),
        where=places[-3:],
    )
    return Unexpected()


class LastResort:
    """Answer any other exception inside the security headers, which FastAPI's own 500 escapes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 500, unless the response has begun: then the connection is cut."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as exception:
            error = _unexpected(exception)
            if begun:
                # Not the exception itself: uvicorn would log what it says.
                raise error from None
            await answer(Request(scope), error)(scope, receive, send)
