"""`mesure23 proposals`: what lists propose, and a person decides."""

from typing import Annotated
from uuid import UUID

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.platform.database.sessions import read, write
from app.records.hidden import hidden
from app.records.joining import part
from app.records.proposals import Waiting, decide, is_open, waiting
from app.visibility import OPERATOR


def proposals(
    territory: Territory = None,
    refuse: Annotated[
        UUID | None,
        typer.Option(help="Refuser cette proposition : elle ne sera plus faite.", metavar="ID"),
    ] = None,
) -> None:
    """Lister ce que les listes proposent et qu'une personne décide, avec la commande à taper."""
    with opened() as runtime:
        if refuse is not None:
            with write(runtime.staff) as session:
                if is_open(session, refuse, "same"):
                    part(session, runtime.vault, refuse, who=user())
                else:
                    decide(session, refuse, accepted=False, who=user())
            typer.echo("Proposition refusée.")
            return
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            said = waiting(session, runtime.vault, OPERATOR, code)
            found = hidden(session, runtime.vault, OPERATOR, code)
    ended = [each for each in found if each.proposed]
    for each in said:
        typer.echo(_described(each))
    for actor in ended:
        typer.echo(
            f"{actor.record.territory} · {actor.record.name}\n"
            f"     plus rien ne le cache : {' ; '.join(actor.sentences())}\n"
            f"     → mesure23 unprotect {actor.public_id} --reason …"
        )
    count = len(said) + len(ended)
    typer.echo(f"{several(count, 'propositions')}." if count else "Rien n'attend de décision.")
    typer.echo("« mesure23 hidden --contacts » liste les téléphones et les courriels retenus.")


def _described(waits: Waiting) -> str:
    detail, record = waits.detail, waits.record
    head = f"{record.territory} · {record.name}\n"
    refusal = f"     ou mesure23 proposals --refuse {waits.id}"
    if waits.about == "consent":
        line = f", ligne {detail['line']}" if "line" in detail else ""
        return (
            f"{head}     « {detail['said']} » (liste « {detail['source']} »{line}). Avec l'accord"
            " écrit sous les yeux :\n"
            f"     → mesure23 unprotect {waits.public_id} --consent-date JJ/MM/AAAA --reason …\n"
            + refusal
        )
    other = waits.other.name if waits.other else "un autre"
    return (
        f"{head}     serait le même acteur que « {other} » : {detail['because']}\n"
        f"     → mesure23 same {waits.id} --yes (un seul acteur) ou --no (deux acteurs)"
    )
