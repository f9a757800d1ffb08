"""Reports as PDF, made here by a process of its own: a hotline room may have no internet."""
