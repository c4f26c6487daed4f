"""Where the emulator keeps its state."""
