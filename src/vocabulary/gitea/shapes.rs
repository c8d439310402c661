//! How tokens look: none has a prefix. 40 hexadecimal digits are a commit, too, and a JWT is anybody's.

use crate::text::token_shape::TokenShape;

pub(super) static SHAPES: &[TokenShape] = &[];
