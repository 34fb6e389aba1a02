"""What came out: measurements, test reports, lessons, barriers, statements and the story of what a mission gave."""
