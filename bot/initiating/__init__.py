"""`heard init`: asks what a council must decide, tries what can be tried, and writes the settings."""
