"""An address that somebody wrote into one field, as the form of the desk has it in several."""

from collections.abc import Mapping

from app.records.entered import Entered
from geo.address import read_address
from geo.text import fold


def whole_address(base: Entered, right: str) -> Mapping[str, str] | None:
    """Return a number and a way with their town, None of anything else: all of it is published."""
    parts, street = parts_of(base, right), read_address(right).street
    return parts if parts["city"] and _is_way(parts["address"], street or "") else None


def parts_of(base: Entered, right: str) -> Mapping[str, str]:
    """Return an address in the fields of the form; without a postcode it is in the town that the
    form said before, whatever else stands behind the way.
    """
    read = read_address(right)
    *lines, last = read.lines or ("",)
    if read.postcode:
        city = last.removeprefix(read.postcode).strip()
        return {"address": "\n".join(lines), "postcode": read.postcode, "city": city}
    same = read.city and fold(read.city) == fold(base["city"])
    text = "\n".join(lines if same else (*lines, last))
    return {"address": text, "postcode": base["postcode"], "city": base["city"]}


def _is_way(text: str, street: str) -> bool:
    """Say whether a text is a number and a way alone, of which "av." may stand for "avenue"."""
    written, read = fold(text).split(), fold(street).split()
    if not read or not read[0].isdigit() or len(written) != len(read):
        return False
    return sum(one != other for one, other in zip(written, read, strict=True)) <= 1
