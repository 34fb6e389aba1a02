"""Work to be done after the transaction: written in it, done by the worker, safe to do twice."""
