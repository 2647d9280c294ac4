"""Intent classifiers side by side: what ships and what could, on the same sentences in one run."""
