"""Show an account's API keys."""

from services.api.domain.api_key import ApiKey
from services.api.ports import ApiKeys


async def list_keys(account_id: str, *, keys: ApiKeys) -> list[ApiKey]:
    """Those that were not revoked, newest first; only their prefixes tell them apart."""
    return await keys.list_of(account_id)
