"""The tutorial's user pool: settings, IAM policy, template, requirements."""
