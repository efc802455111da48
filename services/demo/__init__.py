"""The demo endpoint: a real OpenAI-compatible server on loopback that renders real little films."""

from services.demo.marks import MARKS
from services.demo.server import DemoServer, serve

__all__ = ["MARKS", "DemoServer", "serve"]
