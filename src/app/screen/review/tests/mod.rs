//! The review screen on a fake world.

mod arriving;
mod changes;
mod decisions;
mod finding;
mod letters;
mod loading;
mod movement;
