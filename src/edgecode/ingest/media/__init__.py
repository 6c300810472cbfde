"""Small readers of media headers: standard library only, bounded, one module for each kind of container."""
