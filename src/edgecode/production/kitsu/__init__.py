"""Following a Kitsu: what was published and said there becomes steps and reviews, and its shots stand beside a cut."""
