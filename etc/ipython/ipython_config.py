c = get_config()  # noqa: F821

# Appended, so that the learner's own IPython profile still loads
c.InteractiveShellApp.extensions.append("cognito_helpers")
