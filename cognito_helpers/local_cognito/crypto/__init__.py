"""Randomness, signatures and the arithmetic of SRP."""
