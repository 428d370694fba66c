"""Connections of a pool that the server has closed, as a restart of it does."""

from select import POLLRDHUP, poll

import psycopg
from sqlalchemy.exc import DisconnectionError


def refuse_closed(connection: psycopg.Connection, *_others: object) -> None:
    """Let the pool make another connection where the server has closed this one.

    The socket is asked, not the server: 3 µs, where "SELECT 1" takes a hundred.
    """
    if not connection.closed:
        looks = poll()
        looks.register(connection.fileno(), POLLRDHUP)
        if not looks.poll(0):
            return
    raise DisconnectionError
