"""The doors of the stand-in: each hands requests to `Service.answer` and its answers back, and
knows no operation.
"""
