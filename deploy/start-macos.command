#!/bin/sh
# Double click in Finder: sets Dailies up (once) and starts it. Python 3.11 or newer is needed. Untested on macOS.
cd "$(dirname "$0")/.." || exit 1
exec python3 run.py "$@"
