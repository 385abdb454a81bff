"""Files of ``KEY=value`` lines, and the one that the script beside compose.yaml makes."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[4]


def read_env(path: Path) -> dict[str, str]:
    """The variables of a file, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def make_env(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of ``make-env.sh`` in ``folder``, beside which it writes."""
    script = Path(shutil.copy(ROOT / "deploy" / "make-env.sh", folder))
    return subprocess.run([script, *arguments], capture_output=True, text=True, check=False)
