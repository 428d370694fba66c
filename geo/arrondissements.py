"""Paris, Lyon, Marseille: one commune each, whose addresses carry the codes of arrondissements."""

PARIS, LYON, MARSEILLE = "75056", "69123", "13055"
# How many arrondissements each city has.
DISTRICTS = {"paris": 20, "lyon": 9, "marseille": 16}

# Codes (COG of INSEE) and postcodes (La Poste) of arrondissements. 75116 is a second postcode of
# the 16th, and its INSEE code as well.
_ARRONDISSEMENTS = (
    {f"751{n:02}": (PARIS, f"750{n:02}") for n in range(1, DISTRICTS["paris"] + 1)}
    | {f"6938{n}": (LYON, f"6900{n}") for n in range(1, DISTRICTS["lyon"] + 1)}
    | {f"132{n:02}": (MARSEILLE, f"130{n:02}") for n in range(1, DISTRICTS["marseille"] + 1)}
)
_BY_POSTCODE = {postcode: code for code, (_, postcode) in _ARRONDISSEMENTS.items()}
_BY_POSTCODE["75116"] = "75116"


def whole_commune(code: str) -> str:
    """Return the INSEE code of the commune of an arrondissement; another code as it is."""
    return _ARRONDISSEMENTS[code][0] if code in _ARRONDISSEMENTS else code


def has_arrondissements(code: str) -> bool:
    """Return whether addresses of this commune carry other codes than its own."""
    return code in {PARIS, LYON, MARSEILLE}


def arrondissement_of(postcode: str | None) -> str | None:
    """Return the INSEE code of the arrondissement that has this postcode, else None."""
    return _BY_POSTCODE.get(postcode or "")
