//! Machine formats: what they say, that nothing hostile gets out of them, and how large they may become.

mod data;
mod escapes;
mod golden;
mod html;
mod junit;
mod limits;
mod markdown;
mod prometheus;
mod sarif;
mod schemas;
mod whole;
