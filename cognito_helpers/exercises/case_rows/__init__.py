"""The cases, grouped by cause."""
