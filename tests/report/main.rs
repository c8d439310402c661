//! Reports as people and programs get them: real policies, judged over facts made by hand.

mod cases;
mod fixture;
mod hostile;
mod rendering;
