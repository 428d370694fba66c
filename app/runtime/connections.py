"""How many connections the processes of the service open with the logins of public pages."""

from app.settings import Settings

# One reads the versions of territories, apart from those of the pool.
APART = 1
OF_INBOX = 2


def needed(settings: Settings) -> dict[str, int]:
    """Return how many each login needs, once the desk serves beside the public processes."""
    processes = settings.processes + 1
    return {
        "public": processes * (settings.pool_size + APART),
        "inbox": processes * OF_INBOX,
    }
