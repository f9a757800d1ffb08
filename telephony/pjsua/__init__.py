"""The SIP endpoint on PJSIP: the only package that imports pjsua2."""
