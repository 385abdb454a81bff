"""Run one poller."""

from services.poller.settings import Settings
from services.poller.wiring import build
from shared.runtime.service import run

run(build, Settings())
