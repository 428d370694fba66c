"""Who runs a command."""

import getpass
import os


def user() -> str:
    """Return who runs the command, for the history: "os:NAME", apart from accounts of the service.

    A container's user may have no name: "os:uid 1000".
    """
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"os:uid {os.getuid()}"
