"""Fields, forms, markup, progress bar, what ticks by itself. Nothing here knows about the lab."""

from . import fields as fields
