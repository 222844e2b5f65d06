//! Samples of every view.
