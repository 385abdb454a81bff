"""Run one router."""

from services.router.settings import Settings
from services.router.wiring import build
from shared.runtime.service import run

run(build, Settings())
