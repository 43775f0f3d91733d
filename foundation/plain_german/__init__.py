"""Plain German as rules: what a text is, and which of the T rules it breaks.

`hro_portal.texts_check` asks them about the portal's own texts, the engine's proofing about those of a form.
"""
