"""Scripts that stand outside the package: benchmarks and the README's pictures."""

import subprocess
import sys

from huakai.config.env import PROJECT_ROOT
from huakai.config.trouble import Trouble


def run(*, script: str, arguments: list[str]) -> int:
    """Run bench/<script>.py with the rest of the command line."""
    path = PROJECT_ROOT / "bench" / f"{script}.py"
    if not path.is_file():
        raise Trouble(f"{path} is not part of this copy")
    return subprocess.run(
        [sys.executable, "-m", f"bench.{script}", *arguments], cwd=PROJECT_ROOT, check=False
    ).returncode
