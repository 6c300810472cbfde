"""The door for asset managers: what it is asked, what its names refer to, and the publish gate for what is in no cut."""
