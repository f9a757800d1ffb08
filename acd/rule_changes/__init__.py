"""Rules and profiles that a shift manager changes while calls wait, and who did it."""
