"""Looks through what members say of themselves anew, some of them in each transaction."""

from app.network import writing
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime

# Imports wait for one of them at most.
AT_ONCE = 100


def read_members_again(runtime: Runtime) -> None:
    """Take from others what a former release let through, or found less in than this one."""
    with read(runtime.staff) as session:
        accounts = writing.with_profiles(session)
    for start in range(0, len(accounts), AT_ONCE):
        with write(runtime.staff) as session:
            writing.read_again(session, runtime.vault, accounts[start : start + AT_ONCE])
