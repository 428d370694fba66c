"""Whether an error says that a disk is full: that of the database, or of this machine."""

import errno

import psycopg

# By this name pages say it, whatever the error of the driver or of the system is called.
FULL_DISK = "DiskFull"


def is_disk_full(error: BaseException) -> bool:
    """Say whether there was no room to write."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(getattr(error, "orig", error), psycopg.errors.DiskFull)
