"""The fifteen-minute loop: forecast, requirement, gap, proposal, decision, effect."""
