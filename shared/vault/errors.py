"""Why a sealed value stays closed."""


class CannotOpen(Exception):
    """A sealed value was not opened, and asking again will not open it."""


class VaultKeyMissing(CannotOpen):
    """The key that a value was sealed with is not among the keys we hold."""

    def __init__(self, kid: str) -> None:
        super().__init__(f"vault key {kid!r} is not listed; put it back into VAULT_KEYS until all is resealed")
        self.kid = kid


class Tampered(CannotOpen):
    """What was stored is not what was sealed, or it was sealed for another owner."""

    def __init__(self) -> None:
        super().__init__("the sealed value was changed or belongs to another owner; have its owner enter it again")
