"""The missions platform. Importing this package starts nothing; see missions_app.app."""
