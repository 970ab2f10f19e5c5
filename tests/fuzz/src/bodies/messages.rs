//! Messages in any order, to a peer and from it, with handles that were lent and others: after each of them the peer has
//! lent, holds and has given back what a model says, which is too simple to be wrong.
//!
//! The far end of the peer is [`far`], which says and answers what the input tells it to, also in the middle of another
//! message. The near end is made of [`things`], of which the model knows what they answer.

use std::sync::Arc;

use locum_protocol::Peer;

use super::input::Input;

mod far;
mod inward;
mod items;
mod model;
mod outward;
mod steps;
mod things;

use far::Far;
use steps::World;
use things::Near;

/// Plays the messages that some bytes stand for.
pub fn messages(bytes: &[u8]) {
    let world = World::new(Input::new(bytes));
    let limits = world.lock().model.limits.clone();
    let near = Arc::new(Near::new(&world));
    let peer = Peer::new("far", limits, Box::new(Far(world.clone())), near);
    world.connect(&peer);
    while world.goes_on() {
        world.step();
        world.compare(&peer);
    }
    world.end(&peer);
    let weak = peer.downgrade();
    drop(peer);
    assert!(weak.upgrade().is_none(), "something still holds the peer");
    assert_eq!(world.things(), 0, "somebody still holds things");
}
