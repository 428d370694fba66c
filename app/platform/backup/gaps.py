"""What of the journal never came into a repository, by the names of what did.

pgBackRest says once, in the log of the server, that it gave up a segment, and PostgreSQL that all
is archived.
"""

import re
from collections import defaultdict
from pathlib import Path

from app.platform.backup.repository import FOLDER
from app.platform.cluster.config import STANZA

# A segment that has come, or the note by which the server says where a backup begins.
_NAME = re.compile(
    r"(?P<timeline>[0-9A-F]{8})(?P<high>[0-9A-F]{8})000000(?P<low>[0-9A-F]{2})"
    r"(?:-[0-9a-f]{40}(?:\.\w+)?|(?P<begins>\.[0-9A-F]{8}\.backup))"
)


def segments_given_up(place: Path) -> int:
    """Count the segments that are missing since the last backup began, which makes up for those
    before; none where this account may not look.
    """
    came, begins = defaultdict[tuple[int, str], set[int]](set), dict[tuple[int, str], int]()
    for path in (place / FOLDER / "archive" / STANZA).glob("*-*/*/*"):
        if not (named := _NAME.fullmatch(path.name)):
            continue
        # Of each server that had this repository, a restored one goes on with another timeline.
        of = int(path.parent.parent.name.rpartition("-")[2]), named["timeline"]
        number = int(named["high"] + named["low"], 16)
        if named["begins"]:
            begins[of] = max(begins.get(of, 0), number)
        else:
            came[of].add(number)
    if not came:
        return 0
    newest = max(came)
    first = begins.get(newest, min(came[newest]))
    since = {number for number in came[newest] if number >= first}
    return max(since) + 1 - first - len(since) if since else 0
