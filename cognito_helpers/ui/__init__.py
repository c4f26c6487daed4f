"""Fields, forms, markup, progress bar, markup that ticks by itself. Nothing here knows about the
lab.
"""

from . import fields as fields
