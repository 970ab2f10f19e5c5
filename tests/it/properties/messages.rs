//! Any row of messages leaves a peer as the model of the fuzz target `messages` says, after each of them.

use proptest::collection::vec;
use proptest::prelude::*;

use super::tries;
use crate::fuzzing::bodies;

proptest! {
    #![proptest_config(tries(1500))]

    #[test]
    fn any_messages_leave_the_peer_as_its_model_says(bytes in vec(any::<u8>(), 0..600)) {
        bodies::messages(&bytes);
    }

    #[test]
    fn any_description_is_shown_and_written_without_harm(bytes in vec(any::<u8>(), 0..300)) {
        bodies::describe(&[&[0xFF], &bytes[..]].concat());
    }
}
