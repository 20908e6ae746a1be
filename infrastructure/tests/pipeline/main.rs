//! The pipeline over a store in memory whose writes wait, are lost or lose their answers, as the test says.

#[cfg(test)]
mod gate;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod series;
#[cfg(test)]
mod writer;
