//! Captures in the background, from an upload.
