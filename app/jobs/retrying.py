"""When a job that failed is tried again."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError

# Seconds after each try; after the last one the job has failed, and waits for somebody.
WAITS = (10, 60, 600, 3_600)
# The database was not there: that says nothing of the job, which is tried until it is.
AFTER_LOSS = 5


class Patience(BaseRetryStrategy):
    """Waits longer each time, but for a database that is lost."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when the job is tried again, or None."""
        if is_loss(exception):
            return RetryDecision(retry_in={"seconds": AFTER_LOSS})
        if job.attempts >= len(WAITS):
            return None
        # Behind the others of its name, which would wait for it an hour long.
        return RetryDecision(
            retry_in={"seconds": WAITS[job.attempts]}, priority=-(job.attempts + 1)
        )


def is_loss(error: BaseException) -> bool:
    """Say whether the connection to the database was lost, or could not be made."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, OperationalError)
    return isinstance(error, OperationalError | ConnectorException)
