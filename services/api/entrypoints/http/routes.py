"""Every path of api: what it takes, what serves it, and who may call it."""

from __future__ import annotations

from typing import Final

from services.api.entrypoints.http import (
    accounts,
    artifacts,
    deliveries,
    docs,
    events,
    health,
    jobs,
    keys,
    ledger,
    markets,
    models,
    offers,
    openapi,
    operators,
    orders,
    own_providers,
    quotes,
    seller_health,
    vault,
    webhook_secrets,
)
from services.api.entrypoints.http.call import Route, Who
from shared.market.kinds import MUSIC

_JOBS: Final = jobs.path(MUSIC.name)
_JOB: Final = f"{_JOBS}/{{job_id}}"
_ARTIFACT: Final = "/v1/media/artifacts/{job_id}/{index}"
_PROVIDERS: Final = "/v1/buyer/providers"
_PROVIDER: Final = f"{_PROVIDERS}/{{provider_id}}"
_SECRET: Final = "/v1/webhooks/secret"  # noqa: S105 - a path
_DELIVERIES: Final = "/v1/webhooks/deliveries"
_OFFERS: Final = "/v1/seller/offers"
_ACCOUNTS: Final = "/admin/v1/accounts"
_CREDITS: Final = f"{_ACCOUNTS}/{{account_id}}/credits"
_LETTERS: Final = "/admin/v1/dead-letters"
_LETTER: Final = f"{_LETTERS}/{{service}}/{{letter_id}}"

ROUTES: Final = (
    Route("POST", _JOBS, jobs.order_job, Who.BUYER, minimum=True, body=orders.OrderBody, status=202),
    Route("GET", _JOBS, jobs.show_jobs, Who.BUYER, minimum=True),
    Route("GET", _JOB, jobs.show_job, Who.BUYER_OR_TOKEN, minimum=True),
    Route("DELETE", _JOB, jobs.cancel, Who.BUYER_OR_TOKEN, minimum=True),
    Route("GET", f"{_JOB}/events", events.stream_job, Who.BUYER_OR_TOKEN, minimum=True),
    Route("POST", f"/v1/{MUSIC.name}/quotes", quotes.quote, Who.BUYER, minimum=True, body=orders.OrderBody),
    Route("GET", _ARTIFACT, artifacts.download, Who.BUYER_OR_TOKEN),
    Route("HEAD", _ARTIFACT, artifacts.download, Who.BUYER_OR_TOKEN),
    Route("GET", "/v1/models", models.show_models, Who.PUBLIC),
    Route("GET", "/v1/models/{model}", models.show_model, Who.PUBLIC),
    Route("GET", "/api/markets", markets.show_markets, Who.PUBLIC),
    Route("GET", "/api/markets/feed", markets.show_feed, Who.PUBLIC),
    Route("GET", "/api/markets/{model}", markets.show_market, Who.PUBLIC),
    Route("GET", "/v1/buyer/me", accounts.show_me, Who.BUYER),
    Route("GET", "/v1/buyer/ledger", ledger.show_ledger, Who.BUYER),
    Route("GET", "/v1/buyer/keys", keys.show_keys, Who.BUYER),
    Route("POST", "/v1/buyer/keys", keys.create, Who.BUYER, body=keys.KeyBody, status=201),
    Route("DELETE", "/v1/buyer/keys/{key_id}", keys.revoke, Who.BUYER, status=204),
    Route("GET", _PROVIDERS, own_providers.show_providers, Who.BUYER),
    Route("POST", _PROVIDERS, own_providers.create, Who.BUYER, body=own_providers.ProviderBody, status=201),
    Route("GET", _PROVIDER, own_providers.show_provider, Who.BUYER),
    Route("PATCH", _PROVIDER, own_providers.change, Who.BUYER, body=own_providers.ProviderChangeBody),
    Route("DELETE", _PROVIDER, own_providers.withdraw, Who.BUYER, status=204),
    Route("GET", _SECRET, webhook_secrets.show_secret, Who.BUYER),
    Route("POST", _SECRET, webhook_secrets.rotate, Who.BUYER, body=webhook_secrets.RotationBody, status=201),
    Route("GET", _DELIVERIES, deliveries.show_deliveries, Who.BUYER),
    Route("POST", f"{_DELIVERIES}/{{delivery_id}}/retry", deliveries.retry, Who.BUYER, status=202),
    Route("POST", "/v1/webhooks/test", deliveries.try_out, Who.BUYER, body=deliveries.TryOutBody, status=202),
    Route("GET", _OFFERS, offers.show_offers, Who.SELLER),
    Route("POST", _OFFERS, offers.create, Who.SELLER, body=offers.OfferBody, status=201),
    Route("GET", f"{_OFFERS}/{{offer_id}}", offers.show_offer, Who.SELLER),
    Route("PATCH", f"{_OFFERS}/{{offer_id}}", offers.change, Who.SELLER, body=offers.OfferChangeBody),
    Route("DELETE", f"{_OFFERS}/{{offer_id}}", offers.withdraw, Who.SELLER, status=204),
    Route("GET", "/v1/seller/earnings", ledger.show_earnings, Who.SELLER),
    Route("GET", "/v1/seller/health", seller_health.show_health, Who.SELLER),
    Route("GET", "/v1/seller/keys", keys.show_keys, Who.SELLER),
    Route("POST", "/v1/seller/keys", keys.create, Who.SELLER, body=keys.KeyBody, status=201),
    Route("DELETE", "/v1/seller/keys/{key_id}", keys.revoke, Who.SELLER, status=204),
    Route("POST", _ACCOUNTS, accounts.open_one, Who.ADMIN, body=accounts.AccountBody, status=201),
    Route("POST", _CREDITS, accounts.credit, Who.ADMIN, body=accounts.CreditBody, status=201),
    Route("GET", "/admin/v1/audit", operators.show_audit, Who.ADMIN),
    Route("GET", "/admin/v1/jobs/stuck", operators.show_stuck_jobs, Who.ADMIN),
    Route("GET", "/admin/v1/vault", vault.show_keys, Who.ADMIN),
    Route("POST", "/admin/v1/vault/reseal", vault.reseal_now, Who.ADMIN),
    Route("GET", _LETTERS, operators.show_dead_letters, Who.ADMIN),
    Route("GET", _LETTER, operators.show_dead_letter, Who.ADMIN),
    Route("POST", f"{_LETTER}/replay", operators.replay_dead_letter, Who.ADMIN, status=204),
    Route("DELETE", _LETTER, operators.drop_dead_letter, Who.ADMIN, status=204),
    Route("GET", "/openapi.json", openapi.show_openapi, Who.PUBLIC),
    Route("GET", "/docs", docs.show_docs, Who.PUBLIC),
    Route("GET", "/healthz", health.show_health, Who.PUBLIC),
)
