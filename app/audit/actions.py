"""What the journal notes, and how its page says it."""

from enum import StrEnum

from app.reference.motives import ADDRESS_MOTIVES, MOTIVES


class Action(StrEnum):
    """Something that a person of the staff did, or that was tried in somebody's name."""

    SIGNED_IN = "signed_in"
    REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    PROVED = "proved_again"
    SESSION_ENDED = "session_ended"
    INVITED = "invited"
    ENROLLED = "enrolled"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    IDENTITY_REMOVED = "identity_removed"
    CODES_RENEWED = "codes_renewed"
    FACTOR_CHANGED = "factor_changed"
    ROLE_CHANGED = "role_changed"
    DISABLED = "disabled"
    CHIEF_CHANGED = "chief_changed"
    CONFIRMATION_ASKED = "confirmation_asked"
    CONFIRMED = "confirmed"
    ACCOUNT_HANDED_OUT = "account_handed_out"
    ACCOUNT_DELETED = "account_deleted"
    ACCESS_APPROVED = "access_approved"
    ACCESS_REFUSED = "access_refused"
    JOURNAL_READ = "journal_read"
    JOB_AGAIN = "job_started_again"
    PRUNED = "pruned"
    OPENED = "actor_opened"
    PERSONS_READ = "persons_read"
    CREATED = "actor_created"
    EDITED = "actor_edited"
    VERIFIED = "actor_verified"
    PUBLISHED = "actor_published"
    ARCHIVED = "actor_archived"
    CLASSIFIED = "actor_classified"
    PROTECTED = "actor_protected"
    HIDDEN_BY_CODE = "actor_hidden_by_code"
    CODE_GIVEN = "operator_invited"
    CODE_SHOWN = "operator_code_shown"
    CODE_REVOKED = "operator_code_revoked"
    CODES_TRIED = "operator_codes_tried"
    HIDING_CONFIRMED = "actor_hiding_confirmed"
    DOUBT_SET_ASIDE = "actor_doubt_set_aside"
    ASKED_TO_SHOW = "actor_asked_to_show"
    REFUSED_TO_SHOW = "actor_refused_to_show"
    SHOWN = "actor_shown"
    PROTECTION_TAKEN_BACK = "protection_taken_back"
    CONTACT_SHOWN = "contact_shown"
    CONTACT_HIDDEN = "contact_hidden"
    CHOICE_WRITTEN = "reveal_choice_written"
    READERS_WRITTEN = "readers_written"
    CONTACT_REVEALED = "contact_revealed"
    CONTACT_ASKED = "contact_asked"
    CONTACT_GIVEN = "contact_given"
    CONTACT_REFUSED = "contact_refused"
    ADDRESS_REVEALED = "address_revealed"
    CONTACT_DENIED = "contact_denied"
    CHOICE_ENDED = "reveal_choice_ended"
    GIVEN_HANDED_OUT = "contacts_given_handed_out"
    POINT_CONFIRMED = "point_confirmed"
    RESTORED = "actor_restored"
    EXPORTED = "actors_exported"
    DECIDED = "proposal_decided"
    REPORT_ANSWERED = "report_answered"
    CALLED = "actor_called"
    MEETING_ADDED = "meeting_added"
    MEETING_REMOVED = "meeting_removed"
    MEETING_CONFIRMED = "meeting_confirmed"
    MEETING_WITHDRAWN = "meeting_withdrawn"
    LOOKUP_REFUSED = "lookup_refused"
    ASSIGNED = "territories_assigned"
    LIST_DEPOSITED = "list_deposited"
    LIST_LEFT = "list_left"
    LINK_MADE = "deposit_link_made"
    LINK_CLOSED = "deposit_link_closed"
    LIST_CANCELLED = "list_cancelled"
    LIST_APPLIED = "list_applied"
    LIST_UNDONE = "list_undone"
    LINE_READ = "line_read"
    LINES_HANDED_OUT = "lines_handed_out"
    LINE_CORRECTED = "line_corrected"
    CELLS_READ = "cells_read"
    BESIDE_READ = "beside_read"
    SOURCE_CHANGED = "source_changed"
    SOURCE_ANSWERED = "source_answered"
    EMBED_MADE = "embed_made"
    EMBED_REVOKED = "embed_revoked"
    RESOURCE_WRITTEN = "resource_written"
    RESOURCE_ASKED = "resource_asked"
    RESOURCE_PUBLISHED = "resource_published"
    RESOURCE_HELD = "resource_held"
    RESOURCE_RELEASED = "resource_released"
    RESOURCE_REFUSED = "resource_refused"
    RESOURCE_RETURNED = "resource_returned"
    RESOURCE_READ = "resource_read"
    RESOURCE_REVIEWED = "resource_reviewed"
    RESOURCE_ARRANGED = "resource_arranged"
    RESOURCE_WITHDRAWN = "resource_withdrawn"
    RESOURCE_ERASED = "resource_erased"
    RESOURCES_IMPORTED = "resources_imported"
    RESOURCES_UNDONE = "resources_undone"
    EVENT_WRITTEN = "event_written"
    EVENT_PROPOSED = "event_proposed"
    EVENT_PUBLISHED = "event_published"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_WITHDRAWN = "event_withdrawn"
    EVENT_TAKEN = "event_taken"
    EVENT_READ = "event_read"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    MEMBER_EXCLUDED = "member_excluded"
    MEMBER_READMITTED = "member_readmitted"
    MEMBER_REPORTED = "member_reported"
    MEMBER_REPORT_DECIDED = "member_report_decided"
    NETWORK_INVITED = "network_invited"
    PROFILE_WRITTEN = "profile_written"
    CLOSED_INVITED = "closed_place_invited"
    CLOSED_ENTERED = "closed_place_entered"
    CLOSED_LEFT = "closed_place_left"
    CLOSED_TAKEN_OUT = "closed_place_taken_out"
    CLOSED_WRITTEN = "closed_place_written"
    CLOSED_ERASED = "closed_place_erased"
    LETTER_WRITTEN = "letter_written"
    LETTER_ASKED = "letter_asked"
    LETTER_APPROVED = "letter_approved"
    LETTER_WITHDRAWN = "letter_withdrawn"
    REPLAYED = "withdrawals_replayed"
    RESTORATION_ACCEPTED = "restoration_accepted"


# How its page calls and says what the detail of an entry holds.
WORDS = {
    "passkey": "clé d’accès",
    "password": "mot de passe et code",
    "proconnect": "ProConnect",
    "chief": "au responsable hiérarchique",
    "administrators": "aux administrateurs",
    "nobody": "personne : aucun serveur n’a pris le message",
    "unconfirmed": "pas confirmé depuis un an",
    "unused": "sans usage depuis six mois",
    "left": "ne travaille plus ici",
    "unlisted": "absent de la liste de son organisation",
    "role": "rôle",
    "ligne": "ligne",
    "entries": "entrées",
    "codes": "codes inexacts après le bon mot de passe",
    "beside": "cachés avec lui",
    "reunir": "un seul acteur",
    "separer": "deux acteurs",
    "plus-tard": "remis à plus tard",
    "archiver": "archivé",
    "refuser": "refusé",
    "prendre": "repris sur la fiche",
    "masquerait": "non repris, la carte en montrerait moins",
    "corrige": "corrigé à la main",
    "defaire": "annulé",
    "right": "tout est juste",
    "corrected": "fiche corrigée",
    "silent": "sans réponse",
    "wrong": "numéro faux",
    "number": "numéro",
    "motive": "motif",
    "account": "compte",
    "choice": "choix",
    "entry": "porte d’entrée",
    "described": "catégorie, âges et missions lus",
    "champ": "champ",
    "lecteurs": "lecteurs",
    "malgre": "malgré le nom de",
    "nom_cache": "un lieu caché",
    "protege": "équipe seule",
    "professionnel": "professionnels",
    "referral": "comment orienter",
    "referrers": "qui peut orienter",
    "duty_hours": "horaires de l’astreinte",
    "direct_lines": "ligne directe",
    "never": "jamais",
    "asked": "sur accord",
    "direct": "directement",
    "on": "dit le",
    "by": "par",
    "operateur": "l’opérateur",
    "gip": "GIP FEP en son nom",
    "operator code": "code de l’opérateur",
    "joined": "réunion de deux fiches",
    "restored": "restauration d’une sauvegarde",
    "again": "cachés de nouveau",
    "unknown": "inconnus de cette base",
    "complete": "registre entier",
    "contacts": "contacts qui n’étaient pas finis",
    "why": "motif",
    "True": "oui",
    "False": "non",
    **MOTIVES,
    **ADDRESS_MOTIVES,
}
# Of a place they say nothing to whose account they are of, but the number that stands for each.
OF_CONTACTS = frozenset(
    {
        *(Action.CHOICE_WRITTEN, Action.CHOICE_ENDED, Action.CONTACT_REVEALED),
        *(Action.CONTACT_ASKED, Action.CONTACT_GIVEN, Action.CONTACT_REFUSED),
        *(Action.ADDRESS_REVEALED, Action.CONTACT_DENIED, Action.GIVEN_HANDED_OUT),
    }
)
LABELS = {
    Action.SIGNED_IN: "Connexion",
    Action.REFUSED: "Connexion refusée",
    Action.SIGNED_OUT: "Déconnexion",
    Action.PROVED: "Identité confirmée de nouveau",
    Action.SESSION_ENDED: "Session fermée à distance",
    Action.INVITED: "Invitation envoyée",
    Action.ENROLLED: "Moyens de connexion choisis",
    Action.PASSKEY_ADDED: "Clé d’accès ajoutée",
    Action.PASSKEY_REMOVED: "Clé d’accès retirée",
    Action.IDENTITY_REMOVED: "ProConnect n’est plus relié",
    Action.CODES_RENEWED: "Codes de secours renouvelés",
    Action.FACTOR_CHANGED: "Mot de passe changé",
    Action.ROLE_CHANGED: "Rôle changé",
    Action.DISABLED: "Compte désactivé",
    Action.CHIEF_CHANGED: "Responsable hiérarchique changé",
    Action.CONFIRMATION_ASKED: "Confirmation d’un compte demandée",
    Action.CONFIRMED: "Compte confirmé",
    Action.ACCOUNT_HANDED_OUT: "Données d’un compte remises",
    Action.ACCOUNT_DELETED: "Compte supprimé",
    Action.ACCESS_APPROVED: "Accès d’un professionnel approuvé",
    Action.ACCESS_REFUSED: "Accès d’un professionnel refusé",
    Action.JOURNAL_READ: "Journal consulté",
    Action.JOB_AGAIN: "Travail recommencé",
    Action.PRUNED: "Journal : mois les plus anciens coupés",
    Action.OPENED: "Fiche protégée ouverte",
    Action.PERSONS_READ: "Personne nommée lue sur une fiche",
    Action.CREATED: "Acteur créé",
    Action.EDITED: "Acteur corrigé",
    Action.VERIFIED: "Acteur vérifié",
    Action.PUBLISHED: "Acteur publié",
    Action.ARCHIVED: "Acteur archivé",
    Action.CLASSIFIED: "Acteur classé",
    Action.PROTECTED: "Acteur protégé",
    Action.HIDDEN_BY_CODE: "Acteur masqué par son opérateur",
    Action.CODE_GIVEN: "Opérateur invité à masquer sa fiche",
    Action.CODE_SHOWN: "Code d’un opérateur montré par son lien",
    Action.CODE_REVOKED: "Code d’un opérateur révoqué",
    Action.CODES_TRIED: "Codes d’opérateur inexacts essayés",
    Action.HIDING_CONFIRMED: "Acteur gardé caché",
    Action.DOUBT_SET_ASIDE: "Doute écarté sur un acteur caché",
    Action.ASKED_TO_SHOW: "Levée d’une protection demandée",
    Action.REFUSED_TO_SHOW: "Levée d’une protection refusée",
    Action.SHOWN: "Protection levée",
    Action.PROTECTION_TAKEN_BACK: "Protection annulée par qui venait de la poser",
    Action.CONTACT_SHOWN: "Contact rendu public",
    Action.CONTACT_HIDDEN: "Contact retiré au public",
    Action.READERS_WRITTEN: "Lecteurs d’un champ changés, pour les professionnels",
    Action.CHOICE_WRITTEN: "Choix de l’opérateur noté, pour les professionnels",
    Action.CONTACT_REVEALED: "Contact d’un lieu donné à un professionnel",
    Action.CONTACT_ASKED: "Contact d’un lieu demandé par un professionnel, sur accord",
    Action.CONTACT_GIVEN: "Contact donné à un professionnel, sur accord",
    Action.CONTACT_REFUSED: "Contact refusé à un professionnel",
    Action.ADDRESS_REVEALED: "Adresse d’un lieu donnée à un professionnel",
    Action.CONTACT_DENIED: "Contact demandé en vain : lieu qui n’en donne pas, ou plus de dix",
    Action.CHOICE_ENDED: "Fin de ce qui était dit d’un lieu aux professionnels",
    Action.GIVEN_HANDED_OUT: "Qui a demandé le contact d’un lieu, remis à son opérateur",
    Action.POINT_CONFIRMED: "Point dit juste",
    Action.RESTORED: "Version antérieure rétablie",
    Action.EXPORTED: "Liste exportée",
    Action.DECIDED: "Proposition décidée",
    Action.REPORT_ANSWERED: "Signalement d’un visiteur décidé",
    Action.CALLED: "Acteur appelé",
    Action.MEETING_ADDED: "Réunion d’une CDLP ajoutée",
    Action.MEETING_REMOVED: "Réunion d’une CDLP retirée",
    Action.MEETING_CONFIRMED: "État des lieux confirmé",
    Action.MEETING_WITHDRAWN: "Confirmation d’un état des lieux annulée",
    Action.LOOKUP_REFUSED: "Adresse non cherchée : elle touche un lieu protégé",
    Action.ASSIGNED: "Territoires attribués",
    Action.LIST_DEPOSITED: "Liste déposée",
    Action.LIST_LEFT: "Reste d’une liste laissé à un curateur",
    Action.LINK_MADE: "Lien de dépôt créé",
    Action.LINK_CLOSED: "Lien de dépôt fermé",
    Action.LIST_CANCELLED: "Liste abandonnée",
    Action.LIST_APPLIED: "Liste appliquée",
    Action.LIST_UNDONE: "Liste annulée après son application",
    Action.LINES_HANDED_OUT: "Lignes inutilisables d’une liste téléchargées",
    Action.LINE_CORRECTED: "Ligne d’une liste corrigée",
    Action.LINE_READ: "Ligne d’une liste ouverte",
    Action.CELLS_READ: "Cellules d’une liste montrées",
    Action.BESIDE_READ: "Voisins qu’une liste masque, montrés par leur nom",
    Action.SOURCE_CHANGED: "Réglages d’une source changés",
    Action.SOURCE_ANSWERED: "Réponse d’une source notée : acteur gardé",
    Action.EMBED_MADE: "Carte d’un site enregistrée",
    Action.EMBED_REVOKED: "Carte d’un site retirée",
    Action.RESOURCE_WRITTEN: "Ressource enregistrée",
    Action.RESOURCE_ASKED: "Publication d’une ressource demandée",
    Action.RESOURCE_PUBLISHED: "Ressource publiée",
    Action.RESOURCE_HELD: "Ressource retenue avant publication",
    Action.RESOURCE_RELEASED: "Accord donné à une ressource retenue",
    Action.RESOURCE_REFUSED: "Ressource retenue, refusée",
    Action.RESOURCE_RETURNED: "Ressource rendue à qui l’écrit",
    Action.RESOURCE_READ: "Ressource qui nomme un lieu caché, ouverte",
    Action.RESOURCE_REVIEWED: "Ressource relue à son terme",
    Action.RESOURCE_ARRANGED: "Collections, situations ou mots des ressources changés",
    Action.RESOURCE_WITHDRAWN: "Ressource retirée",
    Action.RESOURCE_ERASED: "Ressource effacée",
    Action.RESOURCES_IMPORTED: "Catalogue de ressources importé",
    Action.RESOURCES_UNDONE: "Import de ressources annulé",
    Action.EVENT_WRITTEN: "Événement enregistré",
    Action.EVENT_PROPOSED: "Événement proposé",
    Action.EVENT_PUBLISHED: "Événement publié à l’agenda",
    Action.EVENT_CANCELLED: "Événement annulé",
    Action.EVENT_WITHDRAWN: "Événement retiré de l’agenda",
    Action.EVENT_TAKEN: "Événement retiré des lecteurs : il nomme qui est caché",
    Action.EVENT_READ: "Événement qui nomme un lieu caché, ouvert",
    Action.MEMBER_JOINED: "Charte du réseau acceptée",
    Action.MEMBER_LEFT: "Réseau quitté",
    Action.MEMBER_EXCLUDED: "Personne exclue du réseau",
    Action.MEMBER_READMITTED: "Personne admise de nouveau dans le réseau",
    Action.MEMBER_REPORTED: "Membre du réseau signalé par un autre",
    Action.MEMBER_REPORT_DECIDED: "Signalement d’un membre du réseau traité",
    Action.NETWORK_INVITED: "Adresses invitées dans le réseau",
    Action.PROFILE_WRITTEN: "Profil du réseau écrit par son titulaire",
    # Nobody who reads the journal learns of which place: no territory, and nobody else’s number.
    Action.CLOSED_INVITED: "Invitation dans un espace fermé",
    Action.CLOSED_ENTERED: "Entrée dans un espace fermé",
    Action.CLOSED_LEFT: "Espace fermé quitté, ou invitation refusée",
    Action.CLOSED_TAKEN_OUT: "Personne retirée d’un espace fermé",
    Action.CLOSED_WRITTEN: "Texte écrit dans un espace fermé",
    Action.CLOSED_ERASED: "Texte effacé d’un espace fermé",
    Action.LETTER_WRITTEN: "Lettre enregistrée",
    Action.LETTER_ASKED: "Lettre soumise à un second regard",
    Action.LETTER_APPROVED: "Lettre approuvée et envoyée",
    Action.LETTER_WITHDRAWN: "Lettre retirée de ses lecteurs",
    Action.REPLAYED: "Retraits refaits après une restauration",
    Action.RESTORATION_ACCEPTED: "Base restaurée montrée sans son registre des retraits",
}
