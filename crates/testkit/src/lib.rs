//! Both databases, fixed Env, builders; development only.
