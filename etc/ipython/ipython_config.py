c = get_config()  # noqa: F821

# Appended, so that what learners have in their own IPython profile still loads.
c.InteractiveShellApp.extensions.append("cognito_helpers")
