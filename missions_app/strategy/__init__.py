"""Strategic documents and their goals, what a case does to them, and signals from outside."""
