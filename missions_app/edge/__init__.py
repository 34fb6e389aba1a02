"""Between the web and the domain: who asks, what they may, and how refusals are said."""
