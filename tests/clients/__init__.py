"""Real clients, not ours, walk the whole way through the emulator's HTTP endpoint, as they would at
Amazon Cognito.
"""
