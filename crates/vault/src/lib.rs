//! Keys, envelopes, sealing, blind tokens, key providers.
