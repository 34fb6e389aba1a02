"""The audit trail: what was done to what, when and by whom, in the transaction that did it."""
