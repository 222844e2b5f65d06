//! Style sheets and scripts, embedded at build time.
