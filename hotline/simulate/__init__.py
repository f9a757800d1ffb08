"""`hotline simulate`: a day of calls under one plan or more, in virtual time."""
