"""The transports of the emulator: each passes requests to `Service.answer` and returns its
responses, and knows no operation.
"""
