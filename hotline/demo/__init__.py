"""`hotline demo`: the real service, with simulated citizens and agents who call it.

Citizens and agents are processes of their own that make real SIP calls with audio. What
they saw and did themselves says what the records must hold; the audit compares.
"""
