"""The Lambda triggers of a pool: how a function is called, and a module for each kind of trigger.
BEHAVIOR.md, 11.15 and 11.16.
"""
