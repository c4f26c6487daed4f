"""Helpers for the Amazon Cognito sign-in tutorial."""
