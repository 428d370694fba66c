"""What a command shows of long work: a bar on the terminal, or a line where there is none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

QUIET_SECONDS = 2.0

console = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def late_progress(
    label: str, *, line_when_piped: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr once work has taken more than two seconds; nothing before, or piped.

    line_when_piped: where stderr is no terminal, say label once instead.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(label, total=None)

    def appear() -> None:
        if console.is_terminal:
            bar.start()
        elif line_when_piped:
            console.print(f"{label}…", markup=False)

    def tell(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    # A timer, since work that tells nothing for long is when a bar is missed most.
    timer = threading.Timer(QUIET_SECONDS, appear)
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        timer.join()
        if console.is_terminal:
            bar.stop()
