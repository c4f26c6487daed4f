"""What must never happen, tried over and over: a token without proof, a lost change, a request that
breaks something, a secret in the wrong place.

Each test has an everyday size, and a full one with `--thorough` (`make soak`); its figures are at
the end of pytest's report.
"""
