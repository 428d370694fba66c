"""What is said of an edition of a register: what it would change, and what is in force."""

from collections import Counter
from collections.abc import Mapping

from app.commands.support.summary import several
from app.models import RegisterState
from app.registers.competence_update import Change
from app.registers.updating import Part
from geo.zones import paris_day
from importers.registers.catalogue import Register
from importers.registers.competence import Competences
from importers.registers.edition import OF_CATEGORY, Edition
from importers.text import grouped

# Territories, or communes, that a plan names one by one.
NAMED = 12
ASSUMED = "  ce jour est celui du chargement : ni le fichier ni son nom n'en disent un."


def changed(register: Register, edition: Competences, change: Change) -> list[str]:
    """Return what an edition that says who is competent would change, in lines."""
    lines = [
        f"{register.title}, édition du {edition.day:%d/%m/%Y} : "
        f"{several(len(edition.said), 'communes')}, dont {several(change.added, 'nouvelles')}, "
        f"{several(change.updated, 'modifiées')} ; {several(change.missing, 'disparues')}.",
        *([ASSUMED] if edition.day_assumed else []),
        *_left_out(edition.left_out),
    ]
    if change.nameless:
        codes = ", ".join(change.nameless[:NAMED])
        several_communes = several(len(change.nameless), "communes")
        lines.append(f"  quelqu'un sans fiche dans l'annuaire : {several_communes}, dont {codes}")
    return lines


def planned(register: Register, edition: Edition, parts: list[Part]) -> list[str]:
    """Return what an edition would change, in lines."""
    different = [part for part in parts if part.summary]
    totals = {
        name: sum(getattr(part.summary, name) for part in different if part.summary)
        for name in ("created", "updated", "redated", "rejected", "protected", "doubtful")
    }
    gone, unchanged = sum(part.missing for part in parts), len(parts) - len(different)
    lines = [
        f"{register.title}, édition du {edition.day:%d/%m/%Y} : "
        f"{several(sum(part.lines for part in parts), 'acteurs')} dans "
        f"{several(len(parts), 'territoires')}, dont {unchanged} sans changement.",
        *([ASSUMED] if edition.day_assumed else []),
        f"  {several(totals['created'], 'créés')}, {several(totals['updated'], 'modifiés')}"
        f"{_redated(totals['redated'])}, "
        f"{several(gone, 'disparus')}, {several(totals['rejected'], 'refusés')} ; "
        f"{several(totals['protected'], 'cachés')}, "
        f"{several(totals['doubtful'], 'doublons possibles')} à décider.",
        *_left_out(_in_short(edition.left_out)),
    ]
    most = sorted(different, key=lambda part: -(part.updated + part.missing))[:NAMED]
    lines += [
        f"  {part.territory} : {several(part.updated, 'modifiés')} et "
        f"{several(part.missing, 'disparus')} sur {part.known}"
        for part in most
        if part.updated + part.missing
    ]
    return lines


def _redated(count: int) -> str:
    return f" (dont {grouped(count)} par leur jour seul)" if count else ""


def _in_short(reasons: Mapping[str, int]) -> dict[str, int]:
    """Return reasons with all categories as one."""
    short: Counter[str] = Counter()
    for reason, count in reasons.items():
        short["catégories sans rapport" if reason.startswith(OF_CATEGORY) else reason] += count
    return short


def _left_out(reasons: Mapping[str, int]) -> list[str]:
    most = sorted(reasons.items(), key=lambda pair: -pair[1])
    return [f"  laissés de côté, {reason} : {grouped(count)}" for reason, count in most]


def described(register: Register, state: RegisterState | None, shown: int) -> list[str]:
    """Return what is in force of a register, and why a newer edition is not, in lines.

    shown: public actors that say that they come from it.
    """
    title = f"{register.title} ({register.code}), {register.publisher}, {register.licence}"
    if state is None:
        return [title, "  jamais chargé."]
    lines = [title]
    if state.day and state.applied_at:
        lines.append(
            f"  en place : édition du {state.day:%d/%m/%Y}, chargée le "
            f"{paris_day(state.applied_at):%d/%m/%Y}, "
            f"{several(state.actors, 'acteurs' if register.mapping else 'communes')}."
        )
        if register.mapping:
            lines.append(_shown(shown, state.actors))
        if state.day_assumed:
            lines.append(ASSUMED)
        lines += _left_out(state.left_out) or ["  rien n'a été laissé de côté."]
    if state.failure:
        lines.append(f"  dernier essai, le {paris_day(state.tried_at):%d/%m/%Y} : {state.failure}")
    return lines


def _shown(shown: int, actors: int) -> str:
    if shown >= actors:
        return "  le public les lit tous."
    return (
        f"  le public en lit {grouped(shown)} comme venant de lui ; les autres sont dits par une "
        "liste, nommés comme hôtes, cachés ou archivés."
    )
