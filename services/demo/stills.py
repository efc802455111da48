"""Draw stills: `python -m services.demo.stills order.json`, a list of prompts with the file each goes to."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

from services.demo.render import still

SIZE = (320, 180)
QUALITY = 60


def main(order: Path) -> None:
    """Draw each, whole or not at all, in the order given."""
    if hasattr(os, "nice"):
        os.nice(10)
    for prompt, target in json.loads(order.read_text(encoding="utf-8")):
        buffer = io.BytesIO()
        still(prompt, SIZE).save(buffer, "JPEG", quality=QUALITY, optimize=True)
        part = Path(f"{target}.{os.getpid()}.part")
        part.write_bytes(buffer.getvalue())
        part.replace(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
