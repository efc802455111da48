"""Installed size of the runtime requirements against bare Streamlit: `python3 benchmarks/installed_size.py`.

Both are installed by pip into fresh virtual environments of the same Python and measured the same way: the bytes of all
regular files below site-packages before anything is imported (so without pip's own share being special: both have it).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TARGET = 1.5  # times bare Streamlit


def streamlit_pin() -> str:
    """Return the pinned requirement, such as `streamlit==1.67.0`."""
    found = re.search(r"^streamlit==\S+", (PROJECT / "requirements.txt").read_text(), re.MULTILINE)
    assert found is not None
    return found.group()


def installed_bytes(folder: Path, *wanted: str) -> int:
    """Install `wanted` into a fresh virtual environment below `folder`; return the bytes of its site-packages."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True, stderr=subprocess.DEVNULL)
    packages = next(folder.glob("[Ll]ib/**/site-packages"))
    return sum(path.stat().st_size for path in packages.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        bare = installed_bytes(Path(name, "bare"), streamlit_pin())
        ours = installed_bytes(Path(name, "ours"), "-r", str(PROJECT / "requirements.txt"))
    print(f"{'what':<24}{'MB':>8}{'ratio':>8}")
    print(f"{streamlit_pin():<24}{bare / 1e6:>8.0f}{1:>8.2f}")
    print(f"{'requirements.txt':<24}{ours / 1e6:>8.0f}{ours / bare:>8.2f}   target <= {TARGET}")


if __name__ == "__main__":
    main()
