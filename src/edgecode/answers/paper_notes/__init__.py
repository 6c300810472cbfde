"""What papers about a cut say beside their own matter: releases by legal, changed profiles, narrowed uses."""
