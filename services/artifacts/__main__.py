"""Run one artifacts process."""

from services.artifacts.settings import Settings
from services.artifacts.wiring import build
from shared.runtime.service import run

run(build, Settings())
