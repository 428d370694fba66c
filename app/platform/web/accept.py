"""What a client takes: the headers Accept and Accept-Encoding, read once for all who ask."""

import re

# RFC 9110, 12.4.2: from 0 to 1, with at most three decimals.
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_SPACES = str.maketrans("", "", " \t")


def weights(header: str) -> dict[str, float]:
    """Return what a header names, in lower case and without parameters, with its weight, 0 to 1.

    What has a weight that is none is left out.
    """
    found: dict[str, float] = {}
    for part in header.lower().translate(_SPACES).split(","):
        name, *parameters = part.split(";")
        given = [each[2:] for each in parameters if each.startswith("q=")] or ["1"]
        if name and _WEIGHT.fullmatch(given[0]):
            found[name] = float(given[0])
    return found


def taken(header: str) -> list[str]:
    """Return what a header names and does not refuse by a weight of 0, in its order."""
    return [name for name, weight in weights(header).items() if weight > 0]
