"""Tells the vault that stored files are sealed, too."""

from foundation.files.resealing import reseal
from foundation.vault import columns

columns.elsewhere.append(reseal)
