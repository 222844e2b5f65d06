//! Backup, restore, key rotation.
