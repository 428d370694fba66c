"""For each role, of how many communes nobody is known, and where: what a terminal shows of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.commands.support.summary import several

NOBODY, DIFFERENT = "personne de connu", "deux sources diffèrent"
# Territories of some communes that are named of each role.
NAMED = 10
MORE = "« --territory 93 » nomme les communes d’un territoire, « --all » celles de toute la France."
# Role, territory, code and name of a commune, why.
Row = tuple[str, str, str, str, str]


def by_role(rows: Sequence[Row], sizes: Mapping[str, int], *, every: bool) -> list[str]:
    """Return for each role how many communes have nobody, and where; sizes: of territories.

    every: each of them by name, but where it is a whole territory.
    """
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for role, territory, commune, name, why in rows:
        found[role, why][territory].append(f"{name} ({commune})")
    lines = []
    for (role, why), places in found.items():
        count = several(sum(map(len, places.values())), "communes")
        said = f"sans {why}" if why == NOBODY else f"où {why}"
        lines.append(f"{role} : {count} {said}")
        whole = [code for code, names in places.items() if len(names) == sizes[code]]
        if whole:
            count = several(len(whole), "territoires entiers")
            lines.append(f"  {count} : {_listed(whole, sizes)}")
        parts = [(code, names) for code, names in places.items() if code not in whole]
        if every:
            lines += [f"  {code} : {', '.join(names)}" for code, names in parts]
        elif parts:
            lines.append(f"  en partie : {_most(parts)}")
    return lines if every else [*lines, MORE]


def _listed(whole: Sequence[str], sizes: Mapping[str, int]) -> str:
    """Return the codes of territories, or those that are left where they are most of all."""
    others = sorted(sizes.keys() - whole)
    if not others:
        return "toute la France"
    return f"tous sauf {', '.join(others)}" if len(others) < len(whole) else ", ".join(whole)


def _most(parts: list[tuple[str, list[str]]]) -> str:
    """Return the territories of most communes, and how many others there are."""
    parts.sort(key=lambda pair: -len(pair[1]))
    named = [f"{code} ({several(len(names), 'communes')})" for code, names in parts[:NAMED]]
    more = len(parts) - NAMED
    return ", ".join([*named, *([f"et {several(more, 'autres')}"] if more > 0 else [])])
