//! A server list and its majority. Every peer counts a majority of the list *it was given*; nothing compares two lists.

/// The voting members of one server list, as bits by host index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Members(pub u64);

impl Members {
    /// How many members vote.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Is nobody on it?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// ⌊m/2⌋ + 1.
    pub fn majority(self) -> u32 {
        self.len() / 2 + 1
    }

    /// Is this host on the list?
    pub fn has(self, ix: u8) -> bool {
        self.0 >> ix & 1 == 1
    }

    /// Are enough of these hosts members? Hosts that are not on the list count for nothing. [source: QuorumMaj]
    pub fn is_quorum(self, hosts: u64) -> bool {
        (hosts & self.0).count_ones() > self.len() / 2
    }

    /// The members, lowest first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        bits(self.0)
    }
}

/// The set bits of `mask`, lowest first.
pub fn bits(mut mask: u64) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let bit = mask.trailing_zeros() as u8;
            mask &= mask - 1;
            bit
        })
    })
}
