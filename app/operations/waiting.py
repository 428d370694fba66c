"""What waits for a person, counted and ordered by the harm of leaving it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import requests
from app.accounts.deciders import Decider
from app.freshness.calls import counting_to_call
from app.lists import asked
from app.lists.conflicts import conflicts, may_dispute
from app.lists.followed import count_late
from app.lists.rest import count_to_apply
from app.models import (
    Actor,
    ErasureDebt,
    Role,
    SourceFile,
    SourceRecord,
    Territory,
    TerritoryCurateur,
)
from app.operations.contact_waits import of_contacts
from app.operations.resource_waits import for_curateurs
from app.operations.service_waits import for_administrateurs
from app.operations.task import Task
from app.platform.database.sessions import among
from app.platform.queue.reading import count_failed
from app.records import doubles, proposals, second_look
from app.records.finding import Finding
from app.records.listing import count_wanted
from app.records.piles import unclassified
from app.records.ungiven import Texts, count_in, ungiven
from app.records.wanted import DOUBTFUL, MINE, Wanted
from app.reports.waiting import count as count_reports
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# Of the actors that several lists name, how many are opened to say whether the lists disagree.
COMPARED = 100


def waiting_in(
    session: Session, vault: Vault, viewer: Viewer, mine: frozenset[str], now: datetime
) -> list[Task]:
    """Return what waits in the territories that somebody looks after, the most harmful first."""
    tasks = _of_actors(session, vault, viewer, now, mine)
    return [task for task in tasks if task.count]


def waiting(
    session: Session,
    vault: Vault,
    role: Role,
    territories: Sequence[str],
    now: datetime,
    *,
    who: str,
    journal_from: datetime | None = None,
) -> list[Task]:
    """Return what waits for somebody, the most harmful first.

    who: as history names them. journal_from: the first moment that the journal is to hold,
    None where nobody asks.
    """
    tasks = []
    if role is Role.ADMINISTRATEUR:
        tasks += for_administrateurs(session, vault, now, journal_from)
    else:
        viewer = Viewer.staff(role, territories)
        if role is Role.CURATEUR:
            tasks += of_contacts(session, vault, now)
            tasks += _of_the_curateur(session, vault, viewer, who)
            tasks += for_curateurs(session, viewer, now)
        if role is Role.REFERENT_DEPARTEMENT:
            why = "Vous en appliquez ce qui est à vous ; un curateur décide du reste."
            tasks += [_of_deposits(session, viewer, why), _of_doubles(session, vault, viewer)]
        tasks += _of_actors(session, vault, viewer, now)
        tasks.append(_of_access(session, Decider(role, territories, now)))
        tasks.append(_of_calls(session, viewer, now))
        if role is not Role.REFERENT_ETAT:
            tasks.append(_of_lists(session, vault, viewer))
            tasks += [_of_sources(session, viewer, now), _of_questions(session, viewer)]
    if role in {Role.ADMINISTRATEUR, Role.CURATEUR}:
        tasks += [_of_jobs(session), _of_territories(session)]
    return [task for task in tasks if task.count]


def _of_deposits(session: Session, viewer: Viewer, why: str) -> Task:
    return Task(
        session.scalars(count_to_apply(viewer)).one(),
        "liste est à appliquer",
        "listes sont à appliquer",
        why,
        page="/gestion/imports",
    )


def _of_doubles(session: Session, vault: Vault, viewer: Viewer) -> Task:
    return Task(
        doubles.count(session, vault, viewer),
        "acteur en double est à décider",
        "acteurs en double sont à décider",
        "Deux fiches sont peut-être un seul acteur.",
        page="/gestion/doublons",
    )


def _of_access(session: Session, decider: Decider) -> Task:
    return Task(
        session.scalars(requests.counting(decider)).one(),
        "demande d’accès attend votre décision",
        "demandes d’accès attendent votre décision",
        "Un professionnel a confirmé son adresse ; vérifiez auprès de son organisation.",
        page="/gestion/demandes",
    )


def _of_calls(session: Session, viewer: Viewer, now: datetime) -> Task:
    return Task(
        session.scalars(counting_to_call(viewer, paris_day(now))).one(),
        "acteur est à appeler",
        "acteurs sont à appeler",
        "Le terme est passé, ou aucun courriel n’arrive.",
        page="/gestion/appels",
    )


def _of_jobs(session: Session) -> Task:
    return Task(
        count_failed(session),
        "travail en arrière-plan a échoué",
        "travaux en arrière-plan ont échoué",
        "Essayés plusieurs fois, ils attendent que quelqu’un les recommence.",
        page="/gestion/travaux",
    )


def _of_sources(session: Session, viewer: Viewer, now: datetime) -> Task:
    return Task(
        count_late(session, viewer, now),
        "liste attendue n’est pas arrivée",
        "listes attendues ne sont pas arrivées",
        "Le service n’a rien envoyé depuis six mois, ou depuis le délai choisi.",
        page="/gestion/sources?etat=attendues",
    )


def _of_questions(session: Session, viewer: Viewer) -> Task:
    return Task(
        sum(asked.count(session, viewer).values()),
        "acteur est à demander à sa source",
        "acteurs sont à demander à leur source",
        "Sa liste ne le nomme plus ; le message à envoyer est prêt.",
        page="/gestion/sources?etat=demandes",
    )


def _of_lists(session: Session, vault: Vault, viewer: Viewer) -> Task:
    """Return of whom lists say otherwise, among the actors that they named last: what they say is
    sealed, and to open all of it would take too long.
    """
    latest = (
        select(SourceRecord.actor_id)
        .join(SourceFile, SourceFile.id == SourceRecord.last_file_id)
        .join(Actor, Actor.id == SourceRecord.actor_id)
        .where(viewer.worked_on(), SourceRecord.missing_since.is_(None), may_dispute())
        .group_by(SourceRecord.actor_id)
        .order_by(func.max(SourceFile.received_at).desc(), SourceRecord.actor_id)
    )
    actors = session.scalars(latest.limit(COMPARED)).all()
    found = conflicts(session, vault, viewer, None, among(Actor.id, actors)) if actors else ()
    return Task(
        len({each.public_id for each in found if not each.is_decided}),
        "acteur dont une liste dit autre chose que la fiche",
        "acteurs dont une liste dit autre chose que la fiche",
        "Une personne choisit la valeur qui reste."
        if len(actors) < COMPARED
        else f"Comptés parmi les {COMPARED} que des listes ont nommés en dernier.",
        page="/gestion/desaccords",
    )


def _of_territories(session: Session) -> Task:
    looked_after = select(TerritoryCurateur.territory_code).where(~TerritoryCurateur.stand_in)
    lacking = select(func.count()).select_from(Territory).where(Territory.code.not_in(looked_after))
    return Task(
        session.scalars(lacking).one(),
        "territoire n’a pas de curateur",
        "territoires n’ont pas de curateur",
        "Personne n’y voit d’abord ce qui attend.",
        page="/gestion/territoires?sans=curateur",
    )


def _of_the_curateur(session: Session, vault: Vault, viewer: Viewer, who: str) -> list[Task]:
    """Return what one for all of France decides: first what may expose a place."""
    proposed = proposals.count(session, vault, viewer)
    answers = "/gestion/propositions"
    return [
        Task(
            session.scalars(select(func.count()).select_from(ErasureDebt)).one(),
            "fiche protégée est encore dans les fichiers de la base",
            "fiches protégées sont encore dans les fichiers de la base",
            "Ce qui en était public peut encore s’y lire.",
            command="mesure23 purge",
        ),
        _of_deposits(
            session, viewer, "Rien n’est écrit avant que quelqu’un ait lu ce qui changerait."
        ),
        Task(
            proposed["closed"],
            "acteur public serait fermé",
            "acteurs publics seraient fermés",
            "L’État le dit ; ils restent publiés jusqu’à ce que quelqu’un en décide.",
            page=answers,
        ),
        _of_doubles(session, vault, viewer),
        Task(
            second_look.count_of(session, vault, who),
            "levée de protection attend un second regard",
            "levées de protection attendent un second regard",
            "Un curateur la demande ; un autre relit la fiche, puis confirme ou refuse.",
            page=answers,
        ),
        Task(
            proposed["consent"],
            "accord d’un opérateur est à vérifier",
            "accords d’opérateurs sont à vérifier",
            "Une liste dit qu’il accepte d’être publié.",
            page=answers,
        ),
    ]


def _of_actors(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    now: datetime,
    mine: frozenset[str] = frozenset(),
) -> list[Task]:
    """Return what waits of somebody's own actors, or of the territories that are theirs: what is
    wrong in public, then who is needed.
    """
    finding = Finding(session, vault, viewer, paris_day(now))
    place = MINE if mine else ""
    here = f"&territoire={MINE}" if mine else ""

    def count(**wanted: str) -> int:
        asked = Wanted(territoire=place, mine=mine, **wanted)  # type: ignore[arg-type]
        return count_wanted(finding, asked)

    state = viewer.role is Role.REFERENT_ETAT
    return [
        _of_reports(count_reports(session, viewer, mine)),
        Task(
            count(absent="oui"),
            "acteur n’est plus dans sa liste",
            "acteurs ne sont plus dans leur liste",
            "Il reste publié jusqu’à ce que quelqu’un en décide.",
            page=f"/gestion/acteurs?absent=oui{here}",
        ),
        Task(
            0 if state else len(unclassified(session, vault, viewer, mine)),
            "acteur est à classer",
            "acteurs sont à classer",
            "Personne ne trouve un acteur tant que rien ne dit ce qu’il fait.",
            page="/gestion/a-classer" + here.replace("&", "?"),
        ),
        _by_operators(0 if state else count(masque="oui", cause="operateur", decide="non"), here),
        _of_points(count(point=DOUBTFUL), here),
        Task(
            count(etat="brouillon", protection="aucune"),
            "brouillon n’est pas publié, et rien ne le cache",
            "brouillons ne sont pas publiés, et rien ne les cache",
            "Une personne le relit, puis le publie.",
            page=f"/gestion/acteurs?etat=brouillon&protection=aucune{here}",
        ),
        Task(
            0 if state else count(masque="oui", protection="adresse", decide="non"),
            "acteur est publié sans son adresse",
            "acteurs sont publiés sans leur adresse",
            "Il partage une adresse, ou un mot de sa liste est à lever.",
            page=f"/gestion/masques?protection=adresse{here}",
        ),
        Task(
            count(etat="publie", verifie="ancien"),
            "acteur a été vérifié il y a plus de douze mois",
            "acteurs ont été vérifiés il y a plus de douze mois",
            "Un numéro qui ne répond plus fait perdre un temps précieux.",
            page=f"/gestion/acteurs?etat=publie&verifie=ancien{here}",
        ),
        *_of_texts(session, ungiven(session, vault, viewer), mine, here),
    ]


def _of_reports(waiting: int) -> Task:
    return Task(
        waiting,
        "signalement d’un visiteur attend une réponse",
        "signalements de visiteurs attendent une réponse",
        "Quelqu’un a vu une erreur sur une fiche publique.",
        page="/gestion/signalements",
    )


def _of_texts(session: Session, texts: Texts, mine: frozenset[str], here: str) -> list[Task]:
    return [
        Task(
            count_in(session, texts.unread, mine),
            "fiche publiée ne s’ouvre pas",
            "fiches publiées ne s’ouvrent pas",
            "Ce qui en est scellé a changé, ou sa clé manque : dites-le à qui exploite le service.",
            page=f"/gestion/acteurs?donner=illisible{here}",
        ),
        Task(
            count_in(session, texts.waiting, mine),
            "fiche a un texte à donner aux professionnels",
            "fiches ont un texte à donner aux professionnels",
            "L’équipe seule le lit : relisez-le, puis donnez-le, ou décidez de ne pas le donner.",
            page=f"/gestion/acteurs?donner=oui{here}",
        ),
    ]


def _by_operators(hidden: int, here: str) -> Task:
    return Task(
        hidden,
        "acteur est masqué par son opérateur",
        "acteurs sont masqués par leur opérateur",
        "Appelez-le ; puis gardez-le caché, ou demandez la levée, à deux.",
        page=f"/gestion/masques?cause=operateur{here}",
    )


def _of_points(doubtful: int, here: str) -> Task:
    return Task(
        doubtful,
        "point sur la carte est à vérifier",
        "points sur la carte sont à vérifier",
        "Le géocodeur a douté : un point faux envoie quelqu’un au mauvais endroit.",
        page="/gestion/points" + here.replace("&", "?"),
    )
