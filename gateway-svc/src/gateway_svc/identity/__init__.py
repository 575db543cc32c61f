"""Who is calling: tokens verified here, sessions and accounts told over the broker."""
