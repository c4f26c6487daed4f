"""Fields, forms, markup, progress bar, what ticks by itself. Nothing here knows about the lab."""
