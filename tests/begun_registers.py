"""The registers of what was hidden and erased, as every command begins them."""

from app.operations.erasure_register import register_path
from app.settings import Settings
from app.vault.withdrawals import make_register, withdrawals_path


def begin_registers(settings: Settings) -> None:
    """Begin both beside a complete database."""
    for register in (withdrawals_path(settings), register_path(settings)):
        make_register(register)
