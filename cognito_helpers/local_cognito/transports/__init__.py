"""The doors of the emulator: each hands requests to `Service.answer` and its answers back, and
knows no operation.
"""
