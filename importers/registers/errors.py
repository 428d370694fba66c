"""Why a register's file cannot be read. The docstring of each class is what its reader sees."""

from importers.errors import UnreadableList


class RegisterError(UnreadableList):
    """Ce fichier n'est pas celui d'un registre que le service connaît. Vérifiez son nom."""


class TruncatedFile(RegisterError):
    """Le fichier « {filename} » s'arrête avant sa fin : rien n'est changé. Téléchargez-le de nouveau."""  # noqa: E501


class DamagedRegister(RegisterError):
    """Le fichier « {filename} » est abîmé : rien n'est changé. Téléchargez-le de nouveau."""


class OtherRegister(RegisterError):
    """Le fichier « {filename} » n'a pas la forme de « {register} » : rien n'est changé. Vérifiez que c'est le bon fichier."""  # noqa: E501


class RegisterOfAnother(OtherRegister):
    """Le fichier « {filename} » est celui de « {found} », et non de « {register} » : rien n'est changé. Pour le charger, lancez « mesure23 registers update {code} --file » avec ce fichier."""  # noqa: E501


class EmptyRegister(RegisterError):
    """Le fichier « {filename} » ne contient aucune fiche : rien n'est changé. Téléchargez-le de nouveau."""  # noqa: E501


class RegisterTooLarge(RegisterError):
    """Le fichier « {filename} » dépasse {limit} Mo une fois décompressé, bien plus que ce registre : rien n'est changé. Vérifiez que c'est le bon fichier."""  # noqa: E501


class TooManyNamed(RegisterError):
    """Le fichier « {filename} » nomme plus de {limit} acteurs, bien plus que ce registre : rien n'est changé. Vérifiez que c'est le bon fichier."""  # noqa: E501


class TwoForACommune(RegisterError):
    """Le fichier « {filename} » cite deux fois la commune {commune} et y donne deux services compétents : rien n'est changé. Corrigez-le, ou attendez l'édition suivante."""  # noqa: E501
