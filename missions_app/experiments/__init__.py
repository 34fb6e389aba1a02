"""Experiments: one planned test of one solution track, at one or more sites."""
