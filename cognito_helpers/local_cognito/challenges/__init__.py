"""The challenges of a sign-in: a module for each kind, `table.py` with all of them, and `order.py`
with their order.
"""
