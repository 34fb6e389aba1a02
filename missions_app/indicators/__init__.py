"""What a case is measured by: the theme's library, own indicators, baseline and target."""
