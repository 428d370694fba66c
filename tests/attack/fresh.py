"""What of a text was not looked at before: pages share most of what they are made of."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

# No secret has one of the signs that end a piece, and two numbers that stand together are nearer
# than a piece is long: whatever is to be found lies in two pieces that follow each other.
PIECES = re.compile(rb"(?s).{100}[^\n<{]*[\n<{]?|.+")
# Further from each other than two numbers of a point are.
APART = b"\n" + b" " * 40 + b"\n"

Pair = tuple[bytes, bytes]
Search = Callable[[bytes], set[str]]


class Fresh:
    """Searches each two pieces that follow each other once, and remembers what is in them."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._known: set[int] = set()
        self._found: dict[int, set[str]] = {}

    def look(self, part: bytes) -> set[str]:
        """Return what a search of all of a part would find."""
        pairs = [*_pairs(part)]
        keys = list(map(hash, pairs))
        # What is new of it alone is searched, with its neighbours.
        new = [key not in self._known for key in keys]
        hits = self._search(APART.join(_runs(pairs, new))) if any(new) else set()
        if hits:
            # Which of them have it is seen of each.
            for key, pair, is_new in zip(keys, pairs, new, strict=True):
                if is_new and (of_pair := self._search(b"".join(pair))):
                    self._found[key] = of_pair
        found = set().union(*(self._found[key] for key in self._found.keys() & keys))
        if hits <= found:
            self._known.update(keys)
        return found | hits


def _pairs(part: bytes) -> Iterator[Pair]:
    # Signs of two bytes end elsewhere.
    pieces = [part] if b"\x00" in part else PIECES.findall(part)
    return pairwise([b"", *pieces])


def _runs(pairs: list[Pair], new: list[bool]) -> Iterator[bytes]:
    """Yield the pieces of pairs that are new as they follow each other."""
    run: list[bytes] = []
    for pair, is_new in zip(pairs, new, strict=True):
        if is_new:
            run += pair[1:] if run else pair
        elif run:
            yield b"".join(run)
            run = []
    yield b"".join(run)
