"""The catalog of outcomes, a file for each group."""
