"""What long commands show on stderr while they work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

QUIET_SECONDS = 2.0

console = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def late_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears only when work takes more than two seconds."""
    started = time.monotonic()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, visible=False)

        def tell(done: int, total: int) -> None:
            late = time.monotonic() - started > QUIET_SECONDS
            bar.update(task, completed=done, total=total, visible=late)

        yield tell
