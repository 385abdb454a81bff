"""Every path of api: what it takes, what serves it, who may call it, and what it answers."""

from __future__ import annotations

from typing import Any, Final

from services.api.entrypoints.http import (
    accounts,
    artifacts,
    deliveries,
    docs,
    events,
    headers,
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
    queries,
    quotes,
    seller_health,
    vault,
    webhook_secrets,
)
from services.api.entrypoints.http.call import Media, Route, Who
from services.api.entrypoints.http.deliveries import DeliveryView
from services.api.entrypoints.http.job_views import AcceptedView, JobView
from services.api.entrypoints.http.offers import OfferView
from services.api.entrypoints.http.own_providers import ProviderView
from services.api.entrypoints.http.shapes import Listed, Page
from shared.market.kinds import MUSIC

_JOBS: Final = jobs.path(MUSIC.name)
_QUOTES: Final = f"/v1/{MUSIC.name}/quotes"
_JOB: Final = f"{_JOBS}/{{job_id}}"
_ARTIFACT: Final = "/v1/media/artifacts/{job_id}/{index}"
_PROVIDERS: Final = "/v1/buyer/providers"
_PROVIDER: Final = f"{_PROVIDERS}/{{provider_id}}"
_SECRET: Final = "/v1/webhooks/secret"  # noqa: S105 - a path
_DELIVERIES: Final = "/v1/webhooks/deliveries"
_OFFERS: Final = "/v1/seller/offers"
_OFFER: Final = f"{_OFFERS}/{{offer_id}}"
_ACCOUNTS: Final = "/admin/v1/accounts"
_CREDITS: Final = f"{_ACCOUNTS}/{{account_id}}/credits"
_LETTERS: Final = "/admin/v1/dead-letters"
_LETTER: Final = f"{_LETTERS}/{{service}}/{{letter_id}}"

_AUDIO: Final = Media(("audio/*", "application/octet-stream"))
_EVENTS: Final = Media(("text/event-stream",))
_PAGE_OF_JOBS: Final = (queries.LIMIT, jobs.BEFORE, jobs.STATUS)
_PAGE_OF_ENTRIES: Final = (queries.LIMIT, ledger.BEFORE)
_PAGE_OF_DELIVERIES: Final = (queries.LIMIT, deliveries.BEFORE, deliveries.JOB_ID)
_LETTERS_OF: Final = (operators.SERVICE, operators.LIMIT)
_NAMED: Final = (headers.IDEMPOTENCY_KEY,)
_PART: Final = (headers.RANGE, headers.IF_RANGE, headers.IF_NONE_MATCH)
_PARTLY: Final = (206, 304)
_FILE: Final = (headers.ETAG, headers.ACCEPT_RANGES, headers.CONTENT_RANGE, headers.DISPOSITION)
_ACCEPTED: Final = (headers.LOCATION, headers.RETRY_AFTER, headers.POLL_AFTER, headers.REPLAYED)
_NO_JOB: Final = ("model_not_found", "unsupported_parameter", "webhook_url_not_allowed")
_NO_ROOM: Final = ("insufficient_balance", "too_many_jobs", "minimum_discount_not_met", "no_healthy_sellers")
_NO_FILE: Final = ("artifact_expired", "range_not_satisfiable")

ROUTES: Final = (
    Route(
        "POST",
        _JOBS,
        jobs.order_job,
        Who.BUYER,
        minimum=True,
        headers=_NAMED,
        body=orders.OrderBody,
        status=202,
        says=_ACCEPTED,
        answer=AcceptedView,
        refuses=(*_NO_JOB, *_NO_ROOM),
    ),
    Route("GET", _JOBS, jobs.show_jobs, Who.BUYER, minimum=True, query=_PAGE_OF_JOBS, answer=Page[JobView]),
    Route(
        "GET",
        _JOB,
        jobs.show_job,
        Who.BUYER_OR_TOKEN,
        minimum=True,
        query=(jobs.WAIT,),
        headers=(headers.PREFER,),
        says=(headers.POLL_AFTER,),
        answer=JobView,
    ),
    Route("DELETE", _JOB, jobs.cancel, Who.BUYER_OR_TOKEN, minimum=True, answer=JobView),
    Route("GET", f"{_JOB}/events", events.stream_job, Who.BUYER_OR_TOKEN, minimum=True, answer=_EVENTS),
    Route(
        "POST",
        _QUOTES,
        quotes.quote,
        Who.BUYER,
        minimum=True,
        body=orders.OrderBody,
        answer=quotes.QuoteView,
        refuses=_NO_JOB,
    ),
    *(
        Route(
            method,
            _ARTIFACT,
            artifacts.download,
            Who.BUYER_OR_TOKEN,
            headers=_PART,
            also=_PARTLY,
            says=_FILE,
            answer=_AUDIO,
            refuses=_NO_FILE,
        )
        for method in ("GET", "HEAD")
    ),
    Route("GET", "/v1/models", models.show_models, Who.PUBLIC, answer=Listed[models.ModelView]),
    Route("GET", "/v1/models/{model}", models.show_model, Who.PUBLIC, answer=models.ModelView),
    Route("GET", "/api/markets", markets.show_markets, Who.PUBLIC, answer=markets.MarketsView),
    Route("GET", "/api/markets/feed", markets.show_feed, Who.PUBLIC, answer=markets.FeedView),
    Route("GET", "/api/markets/{model}", markets.show_market, Who.PUBLIC, answer=markets.OffersView),
    Route("GET", "/v1/buyer/me", accounts.show_me, Who.BUYER, answer=accounts.MeView),
    Route(
        "GET", "/v1/buyer/ledger", ledger.show_ledger, Who.BUYER, query=_PAGE_OF_ENTRIES, answer=Page[ledger.EntryView]
    ),
    Route("GET", "/v1/buyer/keys", keys.show_keys, Who.BUYER, answer=Listed[keys.KeyView]),
    Route("POST", "/v1/buyer/keys", keys.create, Who.BUYER, body=keys.KeyBody, status=201, answer=keys.MadeKeyView),
    Route("DELETE", "/v1/buyer/keys/{key_id}", keys.revoke, Who.BUYER, status=204),
    Route("GET", _PROVIDERS, own_providers.show_providers, Who.BUYER, answer=Listed[ProviderView]),
    Route(
        "POST",
        _PROVIDERS,
        own_providers.create,
        Who.BUYER,
        body=own_providers.ProviderBody,
        status=201,
        answer=ProviderView,
    ),
    Route("GET", _PROVIDER, own_providers.show_provider, Who.BUYER, answer=ProviderView),
    Route(
        "PATCH", _PROVIDER, own_providers.change, Who.BUYER, body=own_providers.ProviderChangeBody, answer=ProviderView
    ),
    Route("DELETE", _PROVIDER, own_providers.withdraw, Who.BUYER, status=204),
    Route("GET", _SECRET, webhook_secrets.show_secret, Who.BUYER, answer=webhook_secrets.SecretView),
    Route(
        "POST",
        _SECRET,
        webhook_secrets.rotate,
        Who.BUYER,
        body=webhook_secrets.RotationBody,
        status=201,
        answer=webhook_secrets.NewSecretView,
    ),
    Route(
        "GET", _DELIVERIES, deliveries.show_deliveries, Who.BUYER, query=_PAGE_OF_DELIVERIES, answer=Page[DeliveryView]
    ),
    Route("POST", f"{_DELIVERIES}/{{delivery_id}}/retry", deliveries.retry, Who.BUYER, status=202, answer=DeliveryView),
    Route(
        "POST",
        "/v1/webhooks/test",
        deliveries.try_out,
        Who.BUYER,
        body=deliveries.TryOutBody,
        status=202,
        answer=deliveries.TryOutView,
        refuses=("webhook_url_not_allowed",),
    ),
    Route("GET", _OFFERS, offers.show_offers, Who.SELLER, answer=Listed[OfferView]),
    Route(
        "POST",
        _OFFERS,
        offers.create,
        Who.SELLER,
        headers=_NAMED,
        body=offers.OfferBody,
        status=201,
        says=(headers.REPLAYED,),
        answer=OfferView,
        refuses=("model_not_found",),
    ),
    Route("GET", _OFFER, offers.show_offer, Who.SELLER, answer=OfferView),
    Route("PATCH", _OFFER, offers.change, Who.SELLER, body=offers.OfferChangeBody, answer=OfferView),
    Route("DELETE", _OFFER, offers.withdraw, Who.SELLER, status=204),
    Route(
        "GET",
        "/v1/seller/earnings",
        ledger.show_earnings,
        Who.SELLER,
        query=_PAGE_OF_ENTRIES,
        answer=ledger.EarningsView,
    ),
    Route(
        "GET", "/v1/seller/health", seller_health.show_health, Who.SELLER, answer=Listed[seller_health.OfferHealthView]
    ),
    Route("GET", "/v1/seller/keys", keys.show_keys, Who.SELLER, answer=Listed[keys.KeyView]),
    Route("POST", "/v1/seller/keys", keys.create, Who.SELLER, body=keys.KeyBody, status=201, answer=keys.MadeKeyView),
    Route("DELETE", "/v1/seller/keys/{key_id}", keys.revoke, Who.SELLER, status=204),
    Route(
        "POST",
        _ACCOUNTS,
        accounts.open_one,
        Who.ADMIN,
        body=accounts.AccountBody,
        status=201,
        answer=accounts.OpenedView,
    ),
    Route(
        "POST", _CREDITS, accounts.credit, Who.ADMIN, body=accounts.CreditBody, status=201, answer=accounts.CreditedView
    ),
    Route("GET", "/admin/v1/audit", operators.show_audit, Who.ADMIN, answer=operators.AuditView),
    Route("GET", "/admin/v1/jobs/stuck", operators.show_stuck_jobs, Who.ADMIN, answer=Listed[operators.StuckView]),
    Route("GET", "/admin/v1/vault", vault.show_keys, Who.ADMIN, answer=Listed[vault.VaultKeyView]),
    Route("POST", "/admin/v1/vault/reseal", vault.reseal_now, Who.ADMIN, answer=vault.ResealedView),
    Route(
        "GET", _LETTERS, operators.show_dead_letters, Who.ADMIN, query=_LETTERS_OF, answer=Listed[operators.LetterView]
    ),
    Route("GET", _LETTER, operators.show_dead_letter, Who.ADMIN, answer=operators.WholeLetterView),
    Route("POST", f"{_LETTER}/replay", operators.replay_dead_letter, Who.ADMIN, status=204),
    Route("DELETE", _LETTER, operators.drop_dead_letter, Who.ADMIN, status=204),
    Route("GET", "/openapi.json", openapi.show_openapi, Who.PUBLIC, answer=dict[str, Any]),
    Route("GET", "/docs", docs.show_docs, Who.PUBLIC, answer=Media(("text/html",))),
    Route("GET", "/healthz", health.show_health, Who.PUBLIC, answer=health.HealthView),
)
