"""Videos: fetched from links a model wrote, looked at in a process of their own, kept under their ids.

Nothing here imports libav into the server: `inspect` runs as a subprocess.
"""
