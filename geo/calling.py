"""How we call the servers of others: who we say that we are, and how long they let us wait."""

import email.utils
import logging
from datetime import UTC, datetime

import httpx

# Of ASCII, as headers are.
USER_AGENT = "mesure23 (France Enfance Protegee)"
# Why a call has no answer: the network, or a name that no machine can have, as "a..b".
NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
_BOUNDED = frozenset({"", "identity", "gzip", "deflate"})


def retry_after(headers: httpx.Headers, default: float, now: datetime | None = None) -> float:
    """Return the seconds that the header Retry-After asks for, as a number or as a date.

    now: aware; the present where it is not given. The default where the header says nothing.
    """
    value = headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = email.utils.parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return default
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())


def is_bounded(headers: httpx.Headers) -> bool:
    """Say whether each piece of a body stands for some thousand times its bytes at most.

    Of what is packed twice, or by brotli, one piece may be more than the memory holds.
    """
    return headers.get("content-encoding", "").lower() in _BOUNDED


class _WithoutQuery(logging.Filter):
    """httpx logs every address it calls, and a search has its street in the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.copy_with(userinfo=b"", query=None) if isinstance(arg, httpx.URL) else arg
                for arg in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_WithoutQuery())
