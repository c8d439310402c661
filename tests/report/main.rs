//! Reports as people and programs get them: real policies, judged over facts made by hand.

#[cfg(test)]
mod briefly;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod rendering;
