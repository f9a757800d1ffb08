"""The pages for people: each router is one page and what its forms do."""
