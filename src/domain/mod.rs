//! (domain)
