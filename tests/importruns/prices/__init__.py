"""An app whose command imports prices."""
