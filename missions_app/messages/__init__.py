"""What people are told: a copy of every letter on the platform, and how often each wants them by e-mail."""
