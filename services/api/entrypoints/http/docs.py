"""A page for people: every path on one screen, with nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from aiohttp import web

from services.api.entrypoints.http.call import Call, Route, Who
from services.api.entrypoints.http.openapi import summary

PAGE: Final = web.AppKey("docs", str)

_WHO: Final = {
    Who.PUBLIC: "anyone",
    Who.BUYER: "a buyer's key",
    Who.BUYER_OR_TOKEN: "a buyer's key, or the job's token",
    Who.SELLER: "a seller's key",
    Who.ADMIN: "the operator",
}
_STYLE: Final = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; vertical-align: top }
code { font-size: .9em; white-space: nowrap }
"""
_FRAME: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Busker</title>
<style>{style}</style>
<h1>Busker</h1>
<p>A market for music that is made to order. <a href="/openapi.json">openapi.json</a> is the same for machines;
<a href="/v1/models">/v1/models</a> lists what can be ordered,
<a href="/api/markets">/api/markets</a> what it costs.</p>
<p>Send <code>Authorization: Bearer …</code>. Amounts are whole micro-USDC in strings, times are Unix seconds.
Paths marked ● also answer under <code>/min0</code> to <code>/min100</code>:
the smallest discount you take, in percent.</p>
<table><tr><th>Path<th>What it does<th>Who may call it
{rows}
</table>
</html>
"""


async def show_docs(call: Call) -> web.Response:
    """This page."""
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return web.Response(text=call.request.app[PAGE], content_type="text/html", headers=headers)


def page(routes: Iterable[Route]) -> str:
    """The page for these routes."""
    return _FRAME.format(style=_STYLE, rows="\n".join(_row(route) for route in routes))


def _row(route: Route) -> str:
    path = f"<code>{route.method} {escape(route.path)}</code>{' ●' if route.minimum else ''}"
    return f"<tr><td>{path}<td>{escape(summary(route)).replace('``', '')}<td>{_WHO[route.who]}"
