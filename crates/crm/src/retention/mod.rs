//! How long and why: facts, rules, decisions, the sweep.
