"""Files and the register of documents: what came in or was drawn up, how long it is kept, who has signed."""
