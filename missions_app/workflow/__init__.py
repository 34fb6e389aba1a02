"""The mission method as data, and the one engine that moves everything along it."""
