"""Assessing a case on a rubric: panels, declarations of interest, blind scores, consensus."""
