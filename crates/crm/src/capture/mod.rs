//! Messages in: originals first, then what was read from them.
