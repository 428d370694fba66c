"""How many answers a process makes at once, and how long others wait for their turn.

Python makes one page at a time, whatever the number of threads: with forty of them each page took
forty times as long, and so did what was cached. Turns are taken in the order of the requests.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.platform.waiting import at_most
from app.platform.web.errors import TooBusy

# Sheets for paper and tables are made two at a time, each (see pdf and download); others wait
# there, and in no place of a page. So that both are made at once a row of files has four turns,
# and no more than that on a machine with few cores: the desk makes its pages in one.
MADE, FILES = 2, 8
# A message takes some milliseconds, or waits for the database alone.
MESSAGES = 2
# In the scope of a request with a body: what has something done once all of it is read.
ONCE_READ = "mesure23.once read"


class Turn(Enum):
    """What answers wait for: those of one row never wait for those of another.

    CACHED: what is made once for all who ask. ALONE: what is made for one, around a position or of
    words. FILE: what takes seconds. MESSAGE: what somebody has written.
    """

    CACHED = "cached"
    ALONE = "alone"
    FILE = "file"
    MESSAGE = "message"


@dataclass(slots=True)
class Row:
    """Those who have a turn of one kind, those who wait for one, and those who waited too long."""

    most: int
    taken: int = 0
    waiting: int = 0
    refused: int = 0
    free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.most)


class Turns:
    """Turns of one process. connections: of its pool; most: seconds that a turn is waited for."""

    def __init__(self, connections: int, most: float) -> None:
        self._most = most
        # While one page is written another one may be looked for, on each core.
        at_once = len(os.sched_getaffinity(0)) + 1
        pages = max(1, min(at_once, (connections - MADE) // 2))
        files = min(FILES, max(2 * MADE, at_once))
        places = {Turn.CACHED: pages, Turn.ALONE: pages, Turn.FILE: files, Turn.MESSAGE: MESSAGES}
        self.rows = {turn: Row(most) for turn, most in places.items()}

    @asynccontextmanager
    async def take(self, turn: Turn) -> AsyncIterator[None]:
        """Wait for a turn, and have it for as long as the block lasts; raise TooBusy."""
        row = self.rows[turn]
        row.waiting += 1
        try:
            with at_most(self._most) as seconds:
                async with asyncio.timeout(seconds):
                    await row.free.acquire()
        except TimeoutError:
            row.refused += 1
            raise TooBusy from None
        finally:
            row.waiting -= 1
        row.taken += 1
        try:
            yield
        finally:
            row.taken -= 1
            row.free.release()


async def in_turn(request: Request) -> AsyncIterator[None]:
    """Have a turn for what is made, once what was sent is read: the first dependency of routes.

    A route that reads a large body itself waits for it as it reads the last of that, or eight who
    send slowly would have them all.
    """
    turns: Turns = request.app.state.site.turns
    async with AsyncExitStack() as stack:
        take = partial(stack.enter_async_context, turns.take(Turn.FILE))
        once_read = request.scope.get(ONCE_READ)
        await (once_read(take) if once_read else take())
        try:
            yield
        finally:
            # Who reads the rest only to refuse it would have a turn for ever.
            if once_read:
                await once_read(None)


class RouteInTurn(APIRoute):
    """A route whose answers are made in turn. It reads no body: who sends one slowly has none."""

    turn: ClassVar[Turn] = Turn.ALONE

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request once it is its turn."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            turns: Turns = request.app.state.site.turns
            async with turns.take(self.turn):
                return await handle(request)

        return answer


class FileInTurn(RouteInTurn):
    """The same of a file."""

    turn = Turn.FILE


class MessageInTurn(RouteInTurn):
    """The same of a form, once what is sent is read."""

    turn = Turn.MESSAGE

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request once it is there, and its turn."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            # Kept by the request, which is parsed in its turn.
            await request.body()
            return await handle(request)

        return answer
