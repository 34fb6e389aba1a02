"""Settings, logging, method files and regions: what an installation is made of besides code."""
