"""Fields, forms, markup, the progress bar and what ticks by itself. Nothing here knows about the lab."""
