"""What every test shares: hypothesis without a clock, since no test here asserts a time."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")
