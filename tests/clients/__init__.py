"""Real clients, not ours, go through the whole flow at the emulator's HTTP endpoint, as they would
at Amazon Cognito.
"""
