//! The slices: every operation of the product, one folder each.
