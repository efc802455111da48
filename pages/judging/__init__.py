"""The parts of Compare: players in sync, what differs, the play-off."""
