"""What runs on the server whatever happens to the page: the engine, the streams, the one writer, the watchdog."""
