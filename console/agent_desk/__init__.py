"""What lies before an agent: his state, his call, and the citizen's earlier ones."""
