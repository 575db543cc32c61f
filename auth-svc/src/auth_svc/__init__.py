"""Identities, tokens and signing keys in the Supabase Auth wire format."""
