"""The sign-in flow without a page: scenario, next step, authenticator, device, tokens."""
