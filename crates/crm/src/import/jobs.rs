//! Imports in the background, from an upload.
