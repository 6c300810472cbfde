"""Lists about more than one cut or with a cause: what changed between two cuts."""
