//! What happened with a person or company, in order.
