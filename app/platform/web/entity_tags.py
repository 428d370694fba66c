"""Entity tags: who names the tag of what would be sent has it already, and gets no copy."""

import re
from hashlib import sha256

from starlette.datastructures import Headers

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(content: bytes) -> str:
    """Return the tag of a content: weak, since it is the same whatever the encoding."""
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def has(headers: Headers, tag: str) -> bool:
    """Say whether the If-None-Match of a request names a tag, in its list or by "*".

    Compared weakly, as RFC 9110 (13.1.2) has it: W/"a" and "a" are the same.
    """
    asked = headers.get("if-none-match")
    if not asked:
        return False
    return asked.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(asked)
