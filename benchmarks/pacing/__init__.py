"""The pacing of predictive campaigns, tried in virtual time."""
