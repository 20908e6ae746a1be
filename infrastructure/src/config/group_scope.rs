//! What one append may touch.

use clap::ValueEnum;

/// What one append may touch.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum GroupScope {
    /// Many spaces in one commit.
    #[default]
    Cluster,
    /// One space, named outright: for engines that lock rows of one shard only.
    Space,
}
