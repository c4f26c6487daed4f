"""Exercises and cases, and how they are checked."""
