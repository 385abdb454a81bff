"""The story: sellers open their offers, a buyer asks for a minute of music, and everybody gets what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.demo.market import Market, Party, Refused
from deploy.demo.receiver import Heard, Receiver
from deploy.demo.recording import Recording, keep
from shared.kernel.money import Money

MODEL = "venice-ace-step-15"
SECONDS = 60
PROMPT = "warm lo-fi hip hop with a mellow piano, vinyl crackle and a slow head-nod groove"
CREDIT = 5_000_000
SELLERS = {"Nadia": 9_500, "Otis": 7_500, "Ravi": 7_000}
"""Who sells, and at how many ten-thousandths of the list price."""
PATIENCE = 180

console = Console(highlight=False)


@dataclass(frozen=True)
class Cast:
    """Who takes part in this telling."""

    buyer: Party
    sellers: dict[str, Party]
    """By the id of their offer."""


async def tell(stack: Mapping[str, str], folder: Path) -> None:
    """Tell the whole story once, on the market that ``stack`` describes; audio is kept in ``folder``."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        market = Market(session, stack["API_URL"], stack["ADMIN_TOKEN"])
        cast = await _assemble(market, f"{stack['SIMULATOR_URL']}/api/v1")
        try:
            await _play(market, cast, folder)
        finally:
            for offer_id, seller in cast.sellers.items():
                await market.delete(f"/v1/seller/offers/{offer_id}", key=seller.key)


async def _play(market: Market, cast: Cast, folder: Path) -> None:
    buyer = cast.buyer
    secret = await market.post("/v1/webhooks/secret", {}, key=buyer.key)
    async with Receiver(secret["secret"]).serving() as receiver:
        order = {"model": MODEL, "prompt": PROMPT, "duration_seconds": SECONDS}
        await _show_quotes(market, cast, order)
        order |= {"webhook_url": receiver.url, "metadata": {"album": "Demo tapes", "track": 1}}
        job = await market.post("/min20/v1/music/generations", order, key=buyer.key)
        _heading("3", "A minute of music is ordered, at least 20 % below the list price")
        console.print(f"   job {job['id']}\n   at most {_usd(job['max_cost_usdc'])} is held, nothing is paid yet")
        ended = await _follow(market, job["id"], buyer)
        heard = await receiver.next(within=30)
    _show_webhook(heard)
    recording = await _download(market, ended, buyer, folder)
    _show_recording(recording)
    await _show_money(market, cast, ended)


async def _assemble(market: Market, provider_url: str) -> Cast:
    _heading("1", "Three sellers offer one model, a buyer has credit")
    buyer = await market.open_account("buyer", "Demo buyer")
    await market.add_credit(buyer, CREDIT)
    sellers = {}
    for name, multiplier_bps in SELLERS.items():
        seller = await market.open_account("seller", name)
        offer = {
            "provider": "venice",
            "base_url": provider_url,
            "api_key": f"sim-{name.lower()}-{uuid4().hex}",
            "model": MODEL,
            "multiplier_bps": multiplier_bps,
        }
        opened = await market.post("/v1/seller/offers", offer, key=seller.key)
        if opened["status"] != "active":
            raise Refused(f"the offer of {name} is {opened['status']}: {opened['reason']}")
        sellers[opened["id"]] = seller
        console.print(f"   {name} sells {MODEL} at {multiplier_bps / 100:g} % of the list price")
    console.print(f"   the buyer has {_usd(str(CREDIT))}")
    return Cast(buyer, sellers)


async def _show_quotes(market: Market, cast: Cast, order: dict[str, Any]) -> None:
    _heading("2", f"What {SECONDS} seconds would cost, asked with a minimum discount of 20 %")
    quotes = await market.post("/min20/v1/music/quotes", order, key=cast.buyer.key)
    table = Table(box=None, padding=(0, 3))
    for column in ("seller", "price", "discount", "can serve"):
        table.add_column(column)
    for candidate in quotes["candidates"]:
        seller = cast.sellers.get(candidate["offer_id"])
        if seller is not None:
            verdict = "yes" if candidate["eligible"] else f"no: {candidate['reason']}"
            cost, discount = candidate["estimated_cost_usdc"], candidate["estimated_discount_pct"]
            table.add_row(seller.name, _usd(cost), f"{discount} %", verdict)
    console.print(table)


async def _follow(market: Market, job_id: str, buyer: Party) -> dict[str, Any]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<10}"),
        BarColumn(40),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(TextColumn("  "), *columns, TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task("queued", total=100)
        async for state in market.follow(job_id, key=buyer.key):
            progress.update(bar, description=state["status"], completed=state["progress"])
    job = await market.get(f"/v1/music/generations/{job_id}", key=buyer.key)
    if job["status"] != "succeeded":
        raise Refused(f"the job ended as {job['status']}: {job.get('error')}")
    return job


def _show_webhook(heard: Heard) -> None:
    _heading("4", "The buyer's own server was told")
    console.print(f"   {heard.body['type']}, verified by the standardwebhooks library")
    console.print(f"   webhook-id {heard.message_id}, metadata {heard.body['data']['metadata']}")


async def _download(market: Market, job: dict[str, Any], buyer: Party, folder: Path) -> Recording:
    result = job["results"][0]
    data = await market.download(result["download_url"], key=buyer.key)
    ending = urlsplit(result["url"]).path.rpartition(".")[2]
    return keep(data, result, folder / f"{job['id']}.{ending}", SECONDS)


def _show_recording(recording: Recording) -> None:
    _heading("5", "The audio is what it claims to be")
    console.print(f"   {recording.path}", soft_wrap=True)
    console.print(
        f"   {recording.seconds:.2f} s, {recording.sample_rate} Hz, {recording.channels} channels, "
        f"SHA-256 as promised, loudness {recording.loudness:.2f}"
    )


async def _show_money(market: Market, cast: Cast, job: dict[str, Any]) -> None:
    _heading("6", "The money")
    ledger = await market.get("/v1/buyer/ledger", key=cast.buyer.key)
    table = Table(box=None, padding=(0, 3))
    for column in ("movement", "from", "to", "amount"):
        table.add_column(column)
    for entry in reversed(ledger["data"]):
        table.add_row(entry["kind"], _account(entry["debit"]), _account(entry["credit"]), _usd(entry["amount_usdc"]))
    console.print(table)
    console.print(f"   the buyer paid {_usd(job['usage']['buyer_cost_usdc'])} ({job['usage']['settlement_status']})")
    for seller in cast.sellers.values():
        earnings = await market.get("/v1/seller/earnings", key=seller.key)
        if earnings["earned_usdc"] != "0":
            console.print(
                f"   {seller.name} earned {_usd(earnings['earned_usdc'])}, being cheapest of those who qualified"
            )
    console.print("\nThe stack goes on running: make status, make logs, make down.\n")


def _heading(number: str, text: str) -> None:
    console.print(f"\n[bold]{number}. {text}[/bold]")


def _account(name: str) -> str:
    return name.partition(":")[0].replace("_", " ")


def _usd(micros: str) -> str:
    return Money.parse(micros).usd()
