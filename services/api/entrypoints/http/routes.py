"""Every path of api: what it takes, what serves it, and who may call it."""

from __future__ import annotations

from typing import Final

from services.api.entrypoints.http import (
    accounts,
    artifacts,
    docs,
    events,
    health,
    jobs,
    keys,
    markets,
    models,
    offers,
    openapi,
    orders,
    quotes,
    webhook_secrets,
)
from services.api.entrypoints.http.call import Route, Who

_JOBS: Final = "/v1/music/generations"
_JOB: Final = f"{_JOBS}/{{job_id}}"
_ARTIFACT: Final = "/v1/media/artifacts/{job_id}/{index}"
_SECRET: Final = "/v1/webhooks/secret"  # noqa: S105 - a path
_OFFERS: Final = "/v1/seller/offers"
_ACCOUNTS: Final = "/admin/v1/accounts"

ROUTES: Final = (
    Route("POST", _JOBS, jobs.order_job, Who.BUYER, minimum=True, body=orders.OrderBody, status=202),
    Route("GET", _JOBS, jobs.show_jobs, Who.BUYER, minimum=True),
    Route("GET", _JOB, jobs.show_job, Who.BUYER_OR_TOKEN, minimum=True),
    Route("DELETE", _JOB, jobs.cancel, Who.BUYER_OR_TOKEN, minimum=True),
    Route("GET", f"{_JOB}/events", events.stream_job, Who.BUYER_OR_TOKEN, minimum=True),
    Route("POST", "/v1/music/quotes", quotes.quote, Who.BUYER, minimum=True, body=orders.OrderBody),
    Route("GET", _ARTIFACT, artifacts.download, Who.BUYER_OR_TOKEN),
    Route("HEAD", _ARTIFACT, artifacts.download, Who.BUYER_OR_TOKEN),
    Route("GET", "/v1/models", models.show_models, Who.PUBLIC),
    Route("GET", "/v1/models/{model}", models.show_model, Who.PUBLIC),
    Route("GET", "/api/markets", markets.show_markets, Who.PUBLIC),
    Route("GET", "/api/markets/{model}", markets.show_market, Who.PUBLIC),
    Route("GET", "/v1/buyer/me", accounts.show_me, Who.BUYER),
    Route("GET", "/v1/buyer/keys", keys.show_keys, Who.BUYER),
    Route("POST", "/v1/buyer/keys", keys.create, Who.BUYER, body=keys.KeyBody, status=201),
    Route("DELETE", "/v1/buyer/keys/{key_id}", keys.revoke, Who.BUYER, status=204),
    Route("GET", _SECRET, webhook_secrets.show_secret, Who.BUYER),
    Route("POST", _SECRET, webhook_secrets.rotate, Who.BUYER, body=webhook_secrets.RotationBody, status=201),
    Route("GET", _OFFERS, offers.show_offers, Who.SELLER),
    Route("POST", _OFFERS, offers.create, Who.SELLER, body=offers.OfferBody, status=201),
    Route("GET", f"{_OFFERS}/{{offer_id}}", offers.show_offer, Who.SELLER),
    Route("PATCH", f"{_OFFERS}/{{offer_id}}", offers.change, Who.SELLER, body=offers.OfferChangeBody),
    Route("DELETE", f"{_OFFERS}/{{offer_id}}", offers.withdraw, Who.SELLER, status=204),
    Route("GET", "/v1/seller/keys", keys.show_keys, Who.SELLER),
    Route("POST", "/v1/seller/keys", keys.create, Who.SELLER, body=keys.KeyBody, status=201),
    Route("DELETE", "/v1/seller/keys/{key_id}", keys.revoke, Who.SELLER, status=204),
    Route("POST", _ACCOUNTS, accounts.open_one, Who.ADMIN, body=accounts.AccountBody, status=201),
    Route(
        "POST", f"{_ACCOUNTS}/{{account_id}}/credits", accounts.credit, Who.ADMIN, body=accounts.CreditBody, status=201
    ),
    Route("GET", "/openapi.json", openapi.show_openapi, Who.PUBLIC),
    Route("GET", "/docs", docs.show_docs, Who.PUBLIC),
    Route("GET", "/healthz", health.show_health, Who.PUBLIC),
)
