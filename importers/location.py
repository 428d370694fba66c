"""The commune and territory of a line: by INSEE code, else by name and postcode together."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from geo.gazetteer import Gazetteer
from geo.names import normalise
from geo.postal import area_of, clean_postcode
from geo.territories import Commune, Territory

# The Métropole de Lyon left the Rhône in 2015, and lists still speak of both as "69".
_SAME_LIST = {frozenset({"69", "69M"})}

# Of 100: a slip in the name of a commune, among the few of one postcode.
RESEMBLES = 80

_UNKNOWN = (
    "Cette commune n'est pas reconnue. Vérifiez l'orthographe, ou ajoutez une colonne "
    "« Code INSEE »."
)

# (field, message) of each problem.
Reported = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a line is. commune: None where only the territory is known.

    reported: (field, message) of what contradicts it.
    """

    commune: Commune | None
    territory: str | None
    reported: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Clues:
    """What a line says of where it is. hint: an INSEE code that counts where all else fails."""

    insee: str = ""
    city: str = ""
    postcode: str | None = None
    territory: str = ""
    hint: str = ""
    # Four digits that are no postcode of a commune of that name: "7500 Tournai" is in Belgium.
    is_foreign: bool = False


def resolve(clues: Clues, gazetteer: Gazetteer, given: str | None) -> Location:
    """Return the location of a line. given: the territory of the whole list, where it has one."""
    reported: Reported = []
    named = gazetteer.territory_named(clues.territory) if clues.territory else None
    if clues.territory and named is None:
        reported.append(
            ("territory", "Ce département n'est pas reconnu. Écrivez son code ou son nom.")
        )
    commune = _by_code(clues, gazetteer, reported)
    if commune and clues.city and (called := gazetteer.find(clues.city)) and commune not in called:
        reported.append(
            (
                "insee",
                f"Ce code INSEE est celui de {commune.name}, pas de {clues.city}. L'acteur est "
                "rangé d'après le code ; vérifiez les deux.",
            )
        )
    if commune is None and clues.is_foreign and clues.city:
        reported.append(("city", _UNKNOWN))
    elif commune is None and clues.city:
        commune = _by_name(clues, gazetteer, named, given, reported)
    if commune is None and clues.hint:
        commune = gazetteer.by_insee(clues.hint)
        reported = [item for item in reported if item[0] != "city"] if commune else reported
    if commune is None:
        own = named.code if named else given
        return Location(None, _territory(clues, gazetteer, own), tuple(reported))
    for territory, field in ((named.code if named else None, "territory"), (given, "city")):
        if territory and not _same(territory, commune.territory):
            other = gazetteer.territory(commune.territory)
            reported.append((field, _elsewhere(commune, other)))
            break
    return Location(commune, commune.territory, tuple(reported))


def has_lost_zero(
    code: str, clues: Clues, gazetteer: Gazetteer, given: str | None, *, cedex: bool
) -> bool:
    """Return whether four digits, of which code is the postcode, lost its zero in a spreadsheet.

    "1000 Bourg-en-Bresse" did. Neighbouring countries have four digits, with other communes.
    """
    if clues.insee and (commune := gazetteer.by_insee(clues.insee)):
        return area_of(code) in map(area_of, commune.postcodes)
    if not clues.city:
        return given == area_of(code)
    there, named = gazetteer.with_postcode(code), gazetteer.find(clues.city, postcode=code)
    # The codes of CEDEX are no commune's.
    if cedex and not there:
        return any(area_of(code) in map(area_of, c.postcodes) for c in named)
    return any(c in there for c in named) or bool(_resembling(clues.city, there))


def lost_another_digit(code: str, city: str, gazetteer: Gazetteer) -> bool:
    """Return whether four digits are the postcode of a commune of this name without one of them.

    "9300 Bobigny" is a slip of the hand, and no address of another country.
    """
    codes = [each for commune in gazetteer.find(city) for each in commune.postcodes]
    return any(code == each[:n] + each[n + 1 :] for each in codes for n in range(len(each)))


def _by_code(clues: Clues, gazetteer: Gazetteer, reported: Reported) -> Commune | None:
    code = clues.insee.strip().upper()
    if not code:
        return None
    code = code.zfill(5) if code.isdigit() else code
    commune = gazetteer.by_insee(code)
    if commune is None:
        reported.append(
            ("insee", "Ce code INSEE n'existe pas. Vérifiez-le : ce n'est pas le code postal.")
        )
    return commune


def _by_name(
    clues: Clues,
    gazetteer: Gazetteer,
    named: Territory | None,
    given: str | None,
    reported: Reported,
) -> Commune | None:
    found = gazetteer.find(clues.city, postcode=clues.postcode)
    for own in (named.code if named else None, given):
        if len(found) > 1 and own:
            found = [c for c in found if _same(own, c.territory)] or found
    wanted = named.code if named else given
    if not found or _hamlet(found, clues, gazetteer, wanted):
        if there := _there(clues, gazetteer, wanted):
            return _by_postcode(clues, there, reported)
        reported.append(("city", _UNKNOWN))
        return None
    if len(found) > 1:
        where = ", ".join(sorted({c.territory for c in found})[:6])
        reported.append(
            (
                "city",
                f"Plusieurs communes portent ce nom (territoires {where}). Ajoutez le code postal "
                "ou le code INSEE.",
            )
        )
        return None
    commune = found[0]
    code = clean_postcode(clues.postcode)
    if code and commune.postcodes and area_of(code) not in map(area_of, commune.postcodes):
        reported.append(
            ("postcode", f"Ce code postal n'est pas celui de {commune.name}. Vérifiez les deux.")
        )
    return commune


def _there(clues: Clues, gazetteer: Gazetteer, wanted: str | None) -> list[Commune]:
    """Return the communes that have the postcode of a line, of its territory where some are."""
    code = clean_postcode(clues.postcode)
    found = gazetteer.with_postcode(code) if code else []
    return [c for c in found if wanted and _same(wanted, c.territory)] or found


def _hamlet(found: list[Commune], clues: Clues, gazetteer: Gazetteer, wanted: str | None) -> bool:
    """Return whether a name is a hamlet's, though communes have it: all of them are elsewhere.

    "La Plaine, 93210" in a list of Seine-Saint-Denis is not La Plaine of Maine-et-Loire.
    """
    return (
        wanted is not None
        and not any(_same(wanted, c.territory) for c in found)
        and any(_same(wanted, c.territory) for c in _there(clues, gazetteer, wanted))
    )


def _by_postcode(clues: Clues, there: list[Commune], reported: Reported) -> Commune | None:
    """Return the only commune of a postcode, or the one whose name resembles that of the line."""
    near = _resembling(clues.city, there)
    found = near if len(near) == 1 else there
    if len(found) == 1:
        message = f"L'acteur est rangé à {found[0].name}, d'après le code postal ; vérifiez-le."
    else:
        message = (
            "L'acteur est rangé dans son département seul : plusieurs communes ont ce code postal. "
            "Écrivez la commune, ou ajoutez une colonne « Code INSEE »."
        )
    reported.append(("city", f"Ce nom n'est pas celui d'une commune. {message}"))
    return found[0] if len(found) == 1 else None


def _resembling(city: str, there: list[Commune]) -> list[Commune]:
    name = normalise(city)
    return [c for c in there if f" {normalise(c.name)} " in f" {name} "] or [
        c for c in there if fuzz.ratio(name, normalise(c.name)) >= RESEMBLES
    ]


def _territory(clues: Clues, gazetteer: Gazetteer, wanted: str | None) -> str | None:
    """Return the territory of a line whose commune is unknown: its own, else by its postcode."""
    there = _there(clues, gazetteer, wanted)
    found = {c.territory for c in there}
    if wanted and (not found or any(_same(wanted, code) for code in found)):
        return wanted
    if len(found) == 1:
        return found.pop()
    code = clean_postcode(clues.postcode)
    # A place name says that somebody knew where it is: most communes of 01200 are in Ain.
    if not code or not clues.city:
        return wanted
    # The codes of CEDEX are no commune's; 69 is of two territories, and 20 of Corsica.
    area = gazetteer.territory(area_of(code))
    return area.code if area and area.code != "69" else wanted


def _same(one: str, other: str) -> bool:
    return one == other or frozenset({one, other}) in _SAME_LIST


def _elsewhere(commune: Commune, territory: Territory | None) -> str:
    where = f"{territory.name} ({territory.code})" if territory else commune.territory
    return (
        f"{commune.name} est dans un autre territoire : {where}. L'acteur y est rangé ; corrigez "
        "la commune si c'est une erreur."
    )
