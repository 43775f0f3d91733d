"""Form schemas of the federation (FIM XDatenfelder 2.0 and 3.0) become definitions of this engine."""
