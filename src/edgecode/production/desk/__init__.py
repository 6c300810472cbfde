"""Small records of the desk: what people say of cuts, versions, models and the production, each about one thing by name."""
