"""Comments on a case, each for a chosen circle of readers."""
