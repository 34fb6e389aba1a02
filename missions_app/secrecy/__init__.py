"""Claims of trade secrets: who sees a field, and how it is masked for everybody else."""
