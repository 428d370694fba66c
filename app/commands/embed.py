"""`mesure23 embed …`: maps that a département shows on its own site, under the server's lock."""

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import typer
from sqlalchemy.orm import Session

from app.commands.support.copies import wait_for_copies
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.embeds.code import HEIGHT, frame_title, iframe
from app.embeds.legibility import warnings
from app.embeds.logo import BYTES_MAX
from app.embeds.look import NO, Look, read_look
from app.embeds.registered import WHERE, path_of, read_locked
from app.embeds.registration import Draft, EmbedInvalid, in_words, register, selected
from app.embeds.stored import Registration, read_all, read_registration, reason_of, revoke
from app.gazetteer.territories import canonical_code, read_names
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.search.criteria import DEFAULT_RADIUS, Search
from geo.zones import paris_day

app = typer.Typer(help="Cartes qu'un site montre chez lui.", no_args_is_help=True)

Identifier = Annotated[str, typer.Argument(help="Identifiant de la carte (mesure23 embed list).")]
Colour = Annotated[str, typer.Option(help="Six chiffres hexadécimaux, comme 14508c.")]
Picture = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="PNG, JPEG ou WebP d'au plus 100 ko."),
]
OUTDATED = "Un territoire ou un filtre n'existe plus : retirez cette carte et créez-en une autre."


@app.command("create")
def create_command(
    origin: Annotated[
        list[str],
        typer.Option(help="Origine du site : https://www.exemple.fr. À répéter pour d'autres."),
    ],
    name: Annotated[str, typer.Option(help="Nom affiché : celui du département.")],
    territory: Annotated[
        list[str] | None, typer.Option(help="Code du territoire. À répéter pour plusieurs.")
    ] = None,
    place: Annotated[
        str, typer.Option(help="Ou : autour d'une commune (code INSEE) ou d'un point (lat,lon).")
    ] = "",
    radius: Annotated[
        str, typer.Option(help=f"Rayon autour de --place, en km ; {DEFAULT_RADIUS} sinon.")
    ] = "",
    france: Annotated[bool, typer.Option("--france", help="Ou : toute la France.")] = False,
    filters: Annotated[
        str, typer.Option(help="Filtres imposés, comme dans une adresse : categorie=ase&public=…")
    ] = "",
    subdomains: Annotated[
        bool, typer.Option("--subdomains", help="Accepter https://*.exemple.fr comme origine.")
    ] = False,
    contact: Annotated[
        str | None, typer.Option(help="Qui joindre : courriel, ou adresse https://.")
    ] = None,
    logo: Picture = None,
    colour: Colour = "",
    paper: Colour = "",
    ink: Colour = "",
    corner: Annotated[str, typer.Option(help="Rayon des coins, de 0 à 24 pixels.")] = "",
    no_list: Annotated[bool, typer.Option("--no-list", help="La carte seule.")] = False,
    no_filters: Annotated[
        bool, typer.Option("--no-filters", help="Cacher les filtres et n'en accepter aucun.")
    ] = False,
) -> None:
    """Enregistrer une carte : son territoire et ses filtres ne changeront plus."""
    where = _where(territory or [], place, radius, france=france)
    look = read_look(
        liste=NO if no_list else "",
        filtres=NO if no_filters else "",
        couleur=colour.removeprefix("#"),
        papier=paper.removeprefix("#"),
        encre=ink.removeprefix("#"),
        coins=corner,
    )
    with opened() as runtime:
        with write(runtime.staff) as session:
            draft = Draft(
                search=_locked(session, where, filters),
                look=look,
                origins=tuple(origin),
                subdomains=subdomains,
                name=name,
                contact=contact,
                logo=_logo_of(logo) if logo else None,
            )
            embed_id = register(session, draft, user())
        _print_registered(runtime, embed_id, look)


def _print_registered(runtime: Runtime, embed_id: str, look: Look) -> None:
    with read(runtime.staff) as session:
        embed = read_registration(session, embed_id)
        typer.echo(f"Carte enregistrée : {embed.id}")
        typer.echo(f"Visible sur : {', '.join(embed.origins)}")
        for warning in warnings(look):
            typer.echo(f"Attention : {warning}", err=True)
        _print_code(runtime, session, embed)


@app.command("list")
def list_command() -> None:
    """Dire quelles cartes sont enregistrées, celles qui sont retirées en dernier."""
    with opened() as runtime, read(runtime.staff) as session:
        rows = [
            (
                *(embed.id, _state(session, embed), f"{paris_day(embed.created_at):%d/%m/%Y}"),
                *(embed.name, " ".join(embed.origins)),
            )
            for embed in read_all(session)
        ]
    if not rows:
        typer.echo("Aucune carte n'est enregistrée. « mesure23 embed create » en crée une.")
        return
    titles = ("Identifiant", "État", "Créée le", "Nom", "Origines")
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@app.command("show")
def show_command(embed_id: Identifier) -> None:
    """Dire tout d'une carte, avec le code à coller."""
    with opened() as runtime, read(runtime.staff) as session:
        embed = read_registration(session, embed_id)
        search = selected(session, embed)
        logo = f"{embed.logo:,} octets".replace(",", " ") if embed.logo else "aucun"
        shown = in_words(session, search) if search else OUTDATED
        for title, value in (
            ("Carte", embed.id),
            ("Nom", embed.name),
            ("État", _state(session, embed)),
            ("Montre", shown),
            ("Aspect", embed.look or "habituel"),
            ("Origines", " ".join(embed.origins)),
            ("Contact", embed.contact or "aucun"),
            ("Logo", logo),
            ("Créée", f"le {paris_day(embed.created_at):%d/%m/%Y} par {embed.created_by}"),
        ):
            typer.echo(f"{title:<9} {value}")
        if embed.revoked_at:
            why = reason_of(runtime.vault, embed)
            day = f"{paris_day(embed.revoked_at):%d/%m/%Y}"
            typer.echo(f"Retirée   le {day} par {embed.revoked_by} : {why}")
        else:
            _print_code(runtime, session, embed)


@app.command("revoke")
def revoke_command(
    embed_id: Identifier,
    reason: Annotated[str, typer.Option(help="Pourquoi, pour l'historique (scellé).")],
) -> None:
    """Retirer une carte, aussitôt et pour de bon : à sa place, une phrase le dit."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            embed, done = revoke(session, runtime.vault, embed_id, who=user(), why=reason)
        if done:
            typer.echo(f"Retirée : « {embed.name} ». Ses pages le disent dès maintenant.")
        else:
            typer.echo(
                f"« {embed.name} » était déjà retirée, le {paris_day(embed.revoked_at):%d/%m/%Y}."
            )
        wait_for_copies(runtime)


def _where(
    territories: list[str], place: str, radius: str, *, france: bool
) -> list[tuple[str, str]]:
    """Return the parameters that say where; raises EmbedInvalid unless one way of three does."""
    if sum((bool(territories), bool(place), france)) != 1:
        raise EmbedInvalid(problem="indiquez soit --territory, soit --place, soit --france")
    if radius and not place:
        raise EmbedInvalid(problem="--radius ne va qu'avec --place")
    codes = [*dict.fromkeys(map(canonical_code, territories))]
    if len(codes) == 1:
        return [("territoire", codes[0])]
    if codes:
        return [("dans", code) for code in codes]
    return [("lieu", place), *([("rayon", radius)] if radius else [])] if place else []


def _locked(session: Session, where: list[tuple[str, str]], filters: str) -> Search:
    """Return the search to lock; what filters say of where is refused."""
    pairs = parse_qsl(filters, keep_blank_values=True)
    for name, _ in pairs:
        if name in WHERE:
            raise EmbedInvalid(problem=f"« {name} » ne se dit pas dans --filters")
    query = "&".join(filter(None, (urlencode(where), filters)))
    return read_locked(session, query)


def _logo_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BYTES_MAX + 1)


def _state(session: Session, embed: Registration) -> str:
    if embed.revoked_at:
        return "retirée"
    return "active" if selected(session, embed) else "à refaire"


def _print_code(runtime: Runtime, session: Session, embed: Registration) -> None:
    """Print what to paste into the site, or what is missing for it."""
    search = selected(session, embed)
    if search is None:
        return
    base = runtime.settings.public_url
    if base is None:
        typer.echo(
            f"Adresse : {path_of(embed.id)}. Pour le code à coller, indiquez l'adresse du service "
            f"dans MESURE23_PUBLIC_URL, puis exécutez « mesure23 embed show {embed.id} »."
        )
        return
    typer.echo("Code à coller dans la page du site :")
    title = frame_title(search, read_names(session))
    typer.echo(iframe(base + path_of(embed.id), title, HEIGHT))
