"""The flow at a prompt, and the check of this computer."""
