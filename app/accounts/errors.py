"""What may be wrong with an account, a sign-in, an invitation or a factor."""

from app.errors import Mesure23Error


class SignInRefused(Mesure23Error):
    """Adresse, mot de passe ou code inexact. Vérifiez les trois : un code ne sert qu’une fois,
    attendez le suivant si vous venez de l’utiliser. Après plusieurs codes inexacts, attendez un
    quart d’heure, ou connectez-vous par une clé d’accès.
    """

    # The same for an account that is unknown, disabled or wrong.
    status = 422
    title = "Connexion refusée"
    advice = "Mot de passe ou application perdus ? Demandez une invitation à un administrateur."


class SignInMustWait(Mesure23Error):
    """Trop d’essais inexacts : réessayez dans {wait}."""

    status = 429
    title = "Connexion à retarder"
    advice = "Si vous avez une clé d’accès, servez-vous-en : elle n’attend jamais."


class SignInBusy(Mesure23Error):
    """Beaucoup de personnes se connectent en ce moment."""

    status = 503
    title = "Connexion momentanément impossible"
    advice = "Réessayez dans quelques secondes."


class PasskeyRefused(Mesure23Error):
    """Cette clé d’accès n’a pas été reconnue. Réessayez, choisissez une autre clé, ou
    connectez-vous par mot de passe et code.
    """

    status = 422
    title = "Clé d’accès refusée"
    advice = "Réessayez, ou connectez-vous par mot de passe et code."


class IdentityUnknown(Mesure23Error):
    """Cette identité ProConnect ne mène à aucun compte ouvert. La première fois, ouvrez le lien de
    votre invitation, et choisissez-y ProConnect ; de même si votre fournisseur d’identité a changé.
    """

    # The same for an account that is disabled, or was never linked.
    status = 422
    title = "Compte à relier"
    advice = "Invitation déjà servie ? Demandez-en une autre à un administrateur du service."


class IdentityTaken(Mesure23Error):
    """Cette identité ProConnect est déjà celle d’un autre compte : rien n’est relié."""

    status = 422
    title = "Identité déjà reliée"
    advice = (
        "Déconnectez-vous de ProConnect si ce n’est pas la vôtre, ou choisissez un autre moyen."
    )


class IdentityMoved(Mesure23Error):
    """ProConnect vous dit d’une autre organisation que celle pour laquelle votre accès a été
    approuvé. Les administrateurs du service en sont prévenus, et vous inviteront s’il y a lieu.
    """

    status = 422
    title = "Organisation à confirmer"
    advice = "Si vous en avez plusieurs, recommencez, et choisissez à ProConnect celle d’avant."


class ProfessionalsOnly(Mesure23Error):
    """ProConnect ouvre les comptes de professionnels : celui-ci est d’un membre de l’équipe."""

    status = 422
    title = "ProConnect réservé aux professionnels"
    advice = "Choisissez une clé d’accès, ou un mot de passe et une application de codes."


class FactorMissing(Mesure23Error):
    """ProConnect n’a pas attesté de second facteur, et votre compte n’en a pas ici. Activez-le chez
    votre fournisseur d’identité, ou demandez une nouvelle invitation pour en ajouter un.
    """

    status = 422
    title = "Second facteur manquant"
    advice = "Une invitation se demande à un administrateur du service."


class FactorUnasserted(Mesure23Error):
    """ProConnect n’a pas attesté de second facteur : votre connexion n’est pas ouverte."""

    status = 422
    title = "Second facteur à donner"
    advice = "Continuez par « ProConnect, puis un code d’ici », ci-dessous."


class SignInLeft(Mesure23Error):
    """Cette identification a été interrompue, a déjà servi, ou date de plus de dix minutes : rien
    n’a été fait. Si vous en avez commencé une autre dans un autre onglet, finissez celle-là.
    """

    status = 422
    title = "Identification à recommencer"
    advice = "Recommencez depuis cette page, ou choisissez un autre moyen."


class InvitationEnded(Mesure23Error):
    """Cette invitation a déjà servi, ou date de plus de trois jours. Demandez-en une autre à un
    administrateur du service.
    """

    status = 410
    title = "Invitation terminée"
    advice = "Une invitation ne sert qu’une fois, pour que nul autre ne puisse s’en servir."


class ConfirmationEnded(Mesure23Error):
    """Ce lien a déjà servi, a pris fin, ou n’existe pas : il vaut trois jours, une seule fois."""

    status = 410
    title = "Lien terminé"
    advice = "Attendez le message suivant, ou écrivez à un administrateur du service."


class ChiefIsOneself(Mesure23Error):
    """L’adresse du responsable hiérarchique est celle du compte : nul ne se confirme soi-même."""

    status = 422
    title = "Responsable à corriger"
    advice = "Donnez l’adresse de son responsable, ou aucune."


class PasswordWeak(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Mot de passe à changer"
    advice = "Choisissez-en un autre, puis enregistrez."


class PasswordWrong(Mesure23Error):
    """Ce n’est pas votre mot de passe d’aujourd’hui : rien n’a changé. Perdu, il se remplace par
    une invitation, qu’un administrateur envoie.
    """

    status = 422
    title = "Mot de passe inexact"
    advice = "Donnez le mot de passe par lequel vous êtes connecté, puis recommencez."


class CodeWrong(Mesure23Error):
    """Ce code n’est pas celui que montre l’application : vérifiez l’heure du téléphone, puis donnez
    le code affiché maintenant.
    """

    status = 422
    title = "Code inexact"
    advice = "Attendez le code suivant, puis réessayez."


class MailTaken(Mesure23Error):
    """Un compte existe déjà pour cette adresse. Pour lui rendre l’accès, invitez-le de nouveau."""

    status = 422
    title = "Compte déjà là"
    advice = "Cherchez-le dans la liste des comptes."


class MailMalformed(Mesure23Error):
    """Cette adresse électronique ne peut pas exister : vérifiez-la lettre par lettre."""

    status = 422
    title = "Adresse à corriger"
    advice = "Corrigez l’adresse, puis recommencez."


class NameMissing(Mesure23Error):
    """Donnez le prénom et le nom de la personne, en 120 caractères au plus."""

    status = 422
    title = "Nom à compléter"
    advice = "Complétez le nom, puis recommencez."


class RoleByApproval(Mesure23Error):
    """Un compte de professionnel naît de l’approbation d’une demande, et ne change pas de rôle."""

    status = 422
    title = "Rôle à choisir de nouveau"
    advice = "Choisissez un rôle de l’équipe, ou désactivez ce compte."


class PracticeMissing(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Demande à compléter"
    advice = "Complétez ce qui manque, puis recommencez."


class NobodyListed(Mesure23Error):
    """Aucune adresse de cette liste n’est celle d’un compte de ces organisations : elle ne dit de
    personne qu’il est parti.
    """

    status = 422
    title = "Liste à vérifier"
    advice = "Choisissez son organisation, et collez une liste qui a l’adresse de chacun."


class RequestLinkEnded(Mesure23Error):
    """Ce lien a déjà servi, a pris fin, ou n’existe pas : il vaut trois jours, une seule fois."""

    status = 410
    title = "Lien terminé"
    advice = "Si vous attendez toujours une réponse, refaites votre demande."


class RequestDecided(Mesure23Error):
    """Cette demande ne vous attend plus : quelqu’un en a décidé, ou elle a pris fin."""

    status = 404
    title = "Demande introuvable"
    advice = "Repartez de la page des demandes : elle montre celles qui attendent."


class TerritoriesWrong(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Territoires à corriger"
    advice = "Corrigez les territoires, puis recommencez."


class AccountUnknown(Mesure23Error):
    """Ce compte n’existe pas."""

    status = 404
    title = "Compte introuvable"
    advice = "Repartez de la page des comptes : elle les montre tous."


class NotOneself(Mesure23Error):
    """Ce geste revient à un autre administrateur : nul ne se rend l’accès, ne change son rôle,
    ne se désactive ni ne se supprime soi-même.
    """

    status = 403
    title = "Geste d’un autre administrateur"
    advice = "Demandez-le à un autre administrateur."


class LastAdministrator(Mesure23Error):
    """C’est le dernier compte d’administrateur : invitez-en d’abord un autre."""

    status = 422
    title = "Dernier administrateur"
    advice = "Invitez un autre administrateur, puis recommencez."


class LastFactor(Mesure23Error):
    """C’est votre dernier moyen de vous connecter : ajoutez-en d’abord un autre."""

    status = 422
    title = "Dernier moyen de connexion"
    advice = "Ajoutez une autre clé d’accès, puis recommencez."
