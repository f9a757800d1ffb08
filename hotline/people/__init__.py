"""`hotline people`: who works here, from and into files."""
