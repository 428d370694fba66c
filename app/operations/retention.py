"""How long what was received is kept: one table, which every purge reads and documents print."""

from app.accounts.confirming import LISTED_FOR as ASKED_FOR
from app.accounts.requests import UNCONFIRMED_FOR, UNDECIDED_FOR
from app.freshness.asking import LINK_FOR
from app.lists.links import VALID_FOR
from app.network.committees import INVITED_FOR
from app.network.inviting import INVITED_FOR as CONTACT_FOR
from app.network.messages import RECEIVED_FOR, TEXT_FOR, WAITS_FOR
from app.operations.forgetting import IMPORTS_FOR
from app.operations.letter_periods import LETTERS
from app.operations.period import Period
from app.reports.receiving import UNREADABLE_FOR
from app.revealing.asking import NOTED_FOR
from app.statistics.folding import FLOOR
from app.statistics.folding import MONTHS as VIEWS_MONTHS

LINES = Period(
    "les lignes et les octets d'une liste importée, lignes refusées comprises, la page de son dépôt"
    " (scellés), et à qui ses lignes menaient avant elle (empreintes)",
    "savoir ce que chaque source a dit en dernier, comparer avec la fois d'avant, et pouvoir"
    " annuler la liste",
    months=24,
    versions=2,
)
UNUSED = Period(
    "les octets d'un fichier dont rien n'a été importé (illisible, interrompu, abandonné,"
    " annulé), et la page de son dépôt (scellés)",
    "retrouver avec la personne qui l'a envoyé ce qui n'allait pas",
    months=24,
)
BACKUPS = Period(
    "les sauvegardes de la base",
    "repartir après une panne ; elles gardent ce qui a été effacé depuis",
    months=1,
    until=", puis à vous de les détruire : « mesure23 purge » nomme celles qui dépassent",
)
AUDIT = Period(
    "le journal de ce qui est fait au bureau (détail scellé)",
    "dire qui a ouvert ou changé quoi, et le prouver",
    months=12,
    until=" entiers (MESURE23_AUDIT_MONTHS en garde plus) ; « mesure23 audit prune » les coupe",
)
JOBS_DAYS = 30
JOBS = Period(
    "les travaux en arrière-plan (nom du travail, identifiants, états)",
    "voir ce qui attend, ce qui est fait et ce qui a échoué",
    until=f"{JOBS_DAYS} jours une fois faits ; jusqu'à ce qu'ils réussissent s’ils ont échoué",
)
RETENTION = (
    LINES,
    UNUSED,
    Period(
        "les fiches, d'où vient chaque champ (source, rang, jour), leur historique, les"
        " propositions et les points trouvés (scellés)",
        "dire qui a changé quoi, et pouvoir le défaire",
        until="tant que la fiche existe ; « mesure23 erase » y met fin",
    ),
    Period(
        "le contact du service qui envoie une liste (nom, adresse électronique, téléphone ;"
        " scellé)",
        "lui demander sa liste quand elle tarde, ou ce qui n'y va pas",
        until="jusqu'à ce qu'un curateur ou un référent l'efface, ou que la liste ne soit plus"
        " attendue",
    ),
    Period(
        "ce que des personnes ont choisi des colonnes et des mots d'une liste, et leurs choix"
        " d'avant (scellés)",
        "lire la prochaine liste de la même façon, et retrouver ses lignes connues",
        until="tant que la liste existe ; « mesure23 erase » en ôte les titres et les mots effacés",
    ),
    Period(
        "les cellules qu'une personne a corrigées d'une liste, et l'empreinte de leur ligne"
        " (scellées)",
        "lire de même la prochaine liste, sans demander deux fois la même correction",
        until="tant que la source envoie cette ligne telle quelle, puis aussi longtemps que les"
        " lignes de la liste ; « mesure23 erase » ôte celles d'une fiche effacée",
    ),
    Period(
        "de quels acteurs absents d'une liste sa source est à interroger, et qui l'a dit"
        " (identifiants)",
        "demander à qui envoie la liste ce que l'acteur est devenu",
        until="jusqu'à la réponse, puis aussi longtemps que les lignes de la liste ;"
        " « mesure23 erase » ôte celle d'une fiche effacée",
    ),
    Period(
        "ce qui était public d'une fiche avant sa protection, ou d'une ressource avant son retrait,"
        " dans les fichiers de la base",
        "personne ne le choisit : PostgreSQL n'écrase pas tout de suite",
        until="jusqu'au prochain « mesure23 purge »",
    ),
    Period(
        "l'empreinte de ce qui a été effacé, le jour, qui, et pourquoi (scellé) ;"
        " le numéro d'un compte supprimé, d'une ressource effacée, de ce qui fut caché ou retiré",
        "une liste ou une sauvegarde ne doit pas le faire revenir",
        until="tant que le service existe",
    ),
    Period(
        "les comptes du bureau (nom, adresse, celle du responsable, moyens de connexion, dont"
        " l'identité ProConnect d'un professionnel ; scellés)",
        "savoir qui peut entrer, et qui a fait quoi",
        until="jusqu'à ce qu'un administrateur les supprime ; désactivés après six mois sans usage,"
        " ou douze sans confirmation",
    ),
    Period(
        "les messages du bureau, en fichiers là où aucun serveur de courrier n'est réglé",
        "les remettre à la main",
        until="trois jours, jusqu'au message suivant",
    ),
    Period(
        "les ressources, leurs versions, ce qui les retient, et qui a fait quoi (scellés) ; ce qui"
        " est publié d'elles, en clair",
        "les corriger, les revoir à leur terme, et revenir à une version",
        until="tant que la ressource existe ; d'une ressource retirée, titre et jour",
    ),
    Period(
        "les liens que des visiteurs proposent au centre de ressources (texte scellé)",
        "les lire, et en faire une ressource",
        until="six mois après la décision",
    ),
    Period(
        "les catalogues de ressources importés (ce qu'ils changent, scellé)",
        "les relire avant de les appliquer, et pouvoir les annuler",
        until=f"{IMPORTS_FOR.days} jours, jusqu'à la nuit suivante",
    ),
    Period(
        "les formulaires du bureau commencés et pas enregistrés (scellés)",
        "ne rien perdre de ce que quelqu'un écrivait quand sa session s'est fermée",
        until="jusqu'à leur enregistrement, et 30 jours au plus",
    ),
    Period(
        "les sessions du bureau (navigateur scellé, empreinte de l'adresse réseau)",
        "les montrer à qui elles sont, et pouvoir les fermer",
        until="30 jours, jusqu'à la nuit suivante ; une session finit après 30 minutes sans"
        " usage, et 12 heures au plus",
    ),
    Period(
        "les essais de connexion inexacts (empreintes du compte et de l'adresse réseau)",
        "faire attendre qui essaie des mots de passe",
        until="un jour, jusqu'à l'essai suivant ou à la nuit",
    ),
    Period(
        "les invitations (empreinte du lien)",
        "laisser chacun choisir comment il se connecte",
        until="jusqu'à la nuit qui suit leur fin ; elles durent trois jours",
    ),
    Period(
        "les demandes de confirmation d'un compte (empreinte du lien, jour)",
        "savoir ce qui a été demandé, et quand le demander de nouveau",
        until=f"{ASKED_FOR.days} jours, jusqu'à la nuit suivante ; un lien dure trois jours",
    ),
    Period(
        "les demandes d'accès de professionnels (nom, adresse, organisation, fonction ; scellés)",
        "laisser un référent ou un curateur en décider",
        until=f"jusqu'à ce qu'il en soit décidé ; {UNCONFIRMED_FOR.days} jours si l'adresse n'est"
        f" pas confirmée, {UNDECIDED_FOR.days} si personne ne décide, jusqu'à la nuit suivante",
    ),
    Period(
        "les courriels envoyés à qui demande un accès (empreintes de l'adresse et du domaine)",
        "n'en envoyer à personne plus que quelques-uns",
        until="un jour, jusqu'à la nuit suivante",
    ),
    Period(
        "ce que l'opérateur d'un lieu laisse dire à un professionnel (en partie scellé), la boîte"
        " qu'il veut prévenue, et ce que chacun en a demandé (numéro, motif, heures)",
        "ne rien dire d'un lieu que son opérateur n'ait choisi, et retrouver ce que chacun lut",
        until="jusqu'à un autre choix, ou tant que la fiche existe ; une demande,"
        f" {NOTED_FOR.days} jours, jusqu'à la nuit suivante",
    ),
    Period(
        "les liens de dépôt d'une liste (empreinte du lien), et le nom des fichiers venus par eux"
        " (scellé)",
        "laisser un service envoyer sa liste sans compte, et lui montrer ce qui est reçu",
        until=f"jusqu'à la nuit qui suit leur fin ; un lien dure {VALID_FOR.days} jours",
    ),
    Period(
        "les codes par lesquels un opérateur masque sa fiche (empreinte), et à qui chacun est donné"
        " (scellé)",
        "laisser un lieu d'accueil se cacher lui-même, jour et nuit",
        until="jusqu'à leur révocation ; un lien que personne n'ouvre, 14 jours",
    ),
    Period(
        "les signalements d'erreurs des visiteurs (texte et adresse électronique ; scellés)",
        "corriger les fiches, et répondre à qui le demande",
        until="six mois après la décision ; l'adresse électronique, jusqu'à la réponse",
    ),
    Period(
        "les questions aux acteurs sur leur propre fiche (empreinte du lien, terme, jour, réponse),"
        " et les appels (jour, qui, ce qu'il en est)",
        "savoir ce qui a été demandé, et qui appeler",
        until=f"trois ans, jusqu'à la nuit suivante ; un lien dure {LINK_FOR.days} jours",
    ),
    Period(
        "les réunions d'une CDLP, et ce qui y fut confirmé (scellé)", "comparer", until="cinq ans"
    ),
    Period(
        "les événements de l'agenda (scellés), et ce qui est publié d'eux",
        "les annoncer, et dire qu'ils ont eu lieu",
        until="deux ans après leur fin, jusqu'à la nuit suivante",
    ),
    Period(
        "les inscriptions aux événements (adresse électronique, scellée)",
        "dire à qui vient où c'est, et si cela change",
        until="trois mois après l'événement ; sans confirmation, trois jours",
    ),
    *LETTERS,
    Period(
        "les membres du réseau (charte acceptée), et ce que chacun dit de soi (scellé)",
        "savoir qui peut former ou aider, et lui écrire",
        until="jusqu'à ce que la personne parte, ou que son compte soit supprimé ; d'une personne"
        " exclue, le jour de l'exclusion, tant que son compte existe",
    ),
    Period(
        "les textes que des membres du réseau s'écrivent (scellés), de qui à qui, et s'ils sont"
        " partis",
        "les transmettre sans donner d'adresse, et laisser répondre ou signaler",
        until=f"le texte, {TEXT_FOR.days} jours après son envoi, ou son refus ({WAITS_FOR.days}"
        f" jours si aucun serveur ne le prend) ; le reste, {RECEIVED_FOR.days} jours, jusqu'à la"
        " nuit suivante",
    ),
    Period(
        "qui a bloqué qui parmi les membres du réseau (identifiants)",
        "ne plus lui transmettre ce que cette personne écrit",
        until="jusqu'à ce que la personne débloque l'autre, ou qu'un des deux comptes soit"
        " supprimé",
    ),
    Period(
        "les signalements de membres du réseau par d'autres (scellés)",
        "regarder ce qui ne va pas, et exclure au besoin",
        until="six mois après la décision, jusqu'à la nuit suivante",
    ),
    Period(
        "les adresses invitées dans le réseau (scellées), d'un tableur qui n'est pas gardé",
        "leur écrire une fois, et pas deux",
        until="l'adresse, jusqu'à l'envoi ; son empreinte,"
        f" {CONTACT_FOR.days} jours, jusqu'à la nuit suivante",
    ),
    Period(
        "les adresses qui ne veulent plus d'invitation dans le réseau (empreintes)",
        "ne plus leur en envoyer",
        until="tant que le service existe",
    ),
    Period(
        "les membres de l'espace fermé d'une CDLP et les invitations (adresse, fonction ;"
        " scellées)",
        "savoir qui y lit, et l'inviter",
        until="jusqu'à ce que la personne parte, soit retirée ou perde son compte ; une invitation,"
        f" {INVITED_FOR.days} jours, jusqu'à la nuit suivante",
    ),
    Period(
        "ce qui est dit des réunions d'une CDLP et ses décisions, sans aucun enfant (scellés)",
        "préparer ses réunions, et retrouver ce qu'elle a décidé",
        until="cinq ans après la réunion, jusqu'à la nuit suivante",
    ),
    Period(
        "les recherches dont des membres sont prévenus (scellées), et leur rythme",
        "leur écrire ce qui est nouveau",
        until="jusqu'à ce que la personne les supprime, quitte le réseau ou en soit exclue",
    ),
    Period(
        "l'adresse du calendrier d'un membre (empreinte), et le jour où elle fut créée",
        "lui donner ses dates dans son propre calendrier",
        until="jusqu'à ce que la personne la change, la supprime, quitte le réseau ou perde son"
        " compte",
    ),
    Period(
        "les messages de la boîte de réception (scellés), et l'empreinte du réseau dont ils"
        " viennent",
        "les remettre au bureau, et résister à trop de messages",
        until="jusqu'à ce que quelqu'un ouvre le bureau ou à la nuit ; ceux que rien n'ouvre,"
        f" {UNREADABLE_FOR.days} jours",
    ),
    Period(
        "les pages vues et les recherches sans résultat, en nombres (jour, sorte de page,"
        " territoire, filtre, carte d'un autre site ; ni réseau, ni navigateur, ni mots cherchés)",
        "savoir ce qui sert, et où l'on cherche en vain",
        months=VIEWS_MONTHS,
        until=f", jusqu'à la nuit suivante ; jour par jour sous {FLOOR}, jusqu'à la fin du mois",
    ),
    JOBS,
    AUDIT,
    Period(
        "les réponses en mémoire et les fichiers téléchargés en cours d'envoi (publics)",
        "répondre vite",
        until="jusqu'à la prochaine modification, et cinq minutes au plus pour un fichier",
    ),
    BACKUPS,
)


def table() -> str:
    """Return the table of retention as Markdown."""
    rows = [f"| {each.what} | {each.how_long} | {each.why} |" for each in RETENTION]
    return "\n".join(("| quoi | combien de temps | pourquoi |", "|---|---|---|", *rows))
