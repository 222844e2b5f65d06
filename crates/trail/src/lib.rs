//! App, Actor, Permit, Event, Unit; committer; sequencer; worker.
