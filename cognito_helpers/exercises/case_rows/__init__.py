"""The cases, by what their causes are about."""
