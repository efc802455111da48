"""A process of its own that sends prompts: `python -m tests.budgets.sender NAME COUNT`, its settings by environment.

It says "ready", waits for a line, sends all at once from as many threads, and says how many were kept and why not.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from dataclasses import replace

from services.errors import DailiesError
from services.runtime import start
from services.settings import Settings


def main(name: str, count: int) -> None:
    runtime = start(replace(Settings.from_environment(), undo_seconds=0.0, free_floor_bytes=0), executes=False)
    came: Counter[str] = Counter()
    together = threading.Barrier(count)

    def send(number: int) -> None:
        together.wait()
        try:
            runtime.for_person("local").generations.submit(f"{name} {number}", nonce=f"{name}-{number}")
        except DailiesError as error:
            came[error.code] += 1
        else:
            came["kept"] += 1

    try:
        runtime.for_person("local").budgets.standings()  # what is imported on first need is imported now
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        threads = [threading.Thread(target=send, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sys.stdout.write(json.dumps(came))
    finally:
        runtime.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
