"""Real clients, not ours, walk the whole way through the stand-in's HTTP door, as they would at
Amazon Cognito.
"""
