//! Kinds, fields, classes, purposes, masks: the description of all data; pure.
