"""Run one webhooks process."""

from services.webhooks.settings import Settings
from services.webhooks.wiring import build
from shared.runtime.service import run

run(build, Settings())
