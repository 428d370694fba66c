"""Who runs a command."""

import getpass
import os


def user() -> str:
    """Return who runs the command, for the history: a container's account may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
