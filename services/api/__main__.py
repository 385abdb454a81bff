"""Run one api."""

from services.api.settings import Settings
from services.api.wiring import build
from shared.runtime.service import run

run(build, Settings())
