"""What responses and errors mean, and the IPython extension that prints it."""
