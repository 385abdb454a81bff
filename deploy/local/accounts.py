"""A buyer with credit and a seller, opened through the operator's API and kept for the next start."""

from http import HTTPStatus

from deploy.local.http import Refused, call
from deploy.local.state import StateFolder

KEPT = "accounts.json"
FIRST_CREDIT_USDC = "100000000"  # micro-USDC: 100 dollars
WHO_AM_I = {"buyer": "/v1/buyer/me", "seller": "/v1/seller/offers"}


def open_accounts(folder: StateFolder, api_url: str, admin_token: str) -> dict[str, str]:
    """Return the API key of each role; an account is opened when none is kept or its key is not known any more."""
    keys: dict[str, str] = folder.read(KEPT)
    for role in WHO_AM_I:
        if role not in keys or not _is_known(role, keys[role], api_url):
            keys[role] = _open(role, api_url, admin_token)
            folder.save(KEPT, keys)
    return keys


def _is_known(role: str, key: str, api_url: str) -> bool:
    try:
        call("GET", api_url + WHO_AM_I[role], key=key)
    except Refused as refusal:
        if refusal.status != HTTPStatus.UNAUTHORIZED:
            raise
        return False
    return True


def _open(role: str, api_url: str, admin_token: str) -> str:
    wanted = {"role": role, "name": f"local {role}"}
    account = call("POST", f"{api_url}/admin/v1/accounts", key=admin_token, body=wanted)
    if role == "buyer":
        credit = {"amount_usdc": FIRST_CREDIT_USDC, "reference": "first credit"}
        call("POST", f"{api_url}/admin/v1/accounts/{account['id']}/credits", key=admin_token, body=credit)
    return str(account["api_key"])
