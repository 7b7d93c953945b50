//! Shared by the tests: the shipped library, and ways to ask it.
