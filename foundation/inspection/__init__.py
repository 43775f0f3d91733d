"""Looking into files that somebody sent: which kind they are, whether they are sound, and what they may carry.

Decoding strangers' files is dangerous work, so `python -m foundation.inspection` does it in a process of its
own, with limits on time and memory, without the portal's secrets. It imports nothing of the portal.
"""
