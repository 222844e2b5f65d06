//! Who may come in: set-up, staff, passwords, sessions, roles, API keys.
