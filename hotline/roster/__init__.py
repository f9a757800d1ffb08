"""`hotline roster`: who is to work when, from and into files, and built for a week."""
