"""API calls: recorded, retried, drawn, and written for the AWS CLI and other SDKs."""
