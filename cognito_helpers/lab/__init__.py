"""The lab object, what it created, and the guard that protects everything else."""
