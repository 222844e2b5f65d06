//! Records of every kind: created, read, changed, with versions and links.
