"""Fields, forms, markup and the progress bar. Nothing here knows about the lab."""
