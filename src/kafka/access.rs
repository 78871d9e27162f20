//! What a cluster lets its clients do: the quota in `/config/clients` and the ACLs in `/kafka-acl`. Only the tree of the
//! cluster that was there first has any; a broker knows those of its own cluster, from its metadata.
use super::broker::Broker;
use crate::limits::{CLIENTS_PER_PRODUCER, PRODUCERS};

/// What one tree says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Jobs per second and broker, in thousandths; 0 = no quota.
    pub quota: u32,
    /// `/kafka-acl` names the applications that may write to `jobs`: all but one.
    pub acl: bool,
}

/// A broker's authoriser. [source: AclAuthorizer, allow.everyone.if.no.acl.found]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorizer {
    /// There is none.
    Off,
    /// Where the tree has no ACLs, everybody may write.
    AllowIfNone,
    /// Where the tree has no ACLs, nobody may.
    Deny,
}

/// In the order of the parameter's words.
pub const AUTHORIZERS: [Authorizer; 3] = [Authorizer::Off, Authorizer::AllowIfNone, Authorizer::Deny];

/// Over quota, an answer waits for at most this long. [simplified]
const LONGEST: u64 = 10_000_000;
/// So much of a second's quota may come at once. [simplified]
const BURST: u64 = 1_000_000;

/// One application of a hundred has no permission: the last that runs on the last application server. [simplified]
fn is_permitted(job: u32) -> bool {
    let applications = u32::from(PRODUCERS) * u32::from(CLIENTS_PER_PRODUCER);
    job % applications != applications - 1
}

/// A token bucket: when it would be full again if nothing came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bucket {
    /// The instant at which everything that came has been paid for, µs.
    paid: u64,
    /// Jobs that had to wait.
    pub throttled: u32,
    /// The latest of them waits until then, µs.
    pub until: u64,
}

impl Bucket {
    /// How long a job that comes now has to wait, µs.
    fn take(&mut self, quota: u32, now: u64) -> u64 {
        let each = 1_000_000_000 / u64::from(quota.max(1));
        self.paid = (self.paid.max(now) + each).min(now + BURST.max(each) + LONGEST);
        let wait = self.paid.saturating_sub(now + BURST.max(each));
        if wait > 0 {
            self.throttled += 1;
            self.until = self.until.max(now + wait);
        }
        wait
    }
}

impl Broker {
    /// Is the writer of this job turned away? [source: the topic's existence is looked at after the permission]
    pub(super) fn denies(&self, job: u32) -> bool {
        let acl = || self.metadata.as_ref().is_some_and(|m| m.rules.acl);
        match self.settings.authorizer {
            Authorizer::Off => false,
            Authorizer::AllowIfNone => acl() && !is_permitted(job),
            Authorizer::Deny => !acl() || !is_permitted(job),
        }
    }

    /// How long the quota lets a write wait, µs; never an error. A real broker answers and then mutes the connection, so
    /// that it is the client's next request that waits; here it is the request itself. [simplified: KIP-219]
    pub fn throttle(&mut self, now: u64) -> u64 {
        if !self.settings.quotas {
            return 0; // this is the hot path: do not even look
        }
        let quota = self.metadata.as_ref().map_or(0, |m| m.rules.quota);
        if quota == 0 || !self.is_up() { 0 } else { self.bucket.take(quota, now) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bucket, LONGEST};

    #[test]
    fn a_second_of_quota_may_come_at_once_and_the_rest_at_its_rate() {
        let mut bucket = Bucket::default();
        let waits: Vec<u64> = (0..15).map(|_| bucket.take(10_000, 50)).collect(); // ten jobs a second
        assert_eq!(waits[..10], [0; 10]);
        assert_eq!(waits[10..], [100_000, 200_000, 300_000, 400_000, 500_000]);
        assert_eq!((bucket.throttled, bucket.take(10_000, 5_000_000)), (5, 0), "later it is empty again");
    }

    #[test]
    fn no_answer_waits_for_longer_than_ten_seconds_however_small_the_quota() {
        let mut bucket = Bucket::default();
        let waits: Vec<u64> = (0..100).map(|_| bucket.take(1, 7)).collect();
        assert_eq!((waits[0], waits[1], waits[99]), (0, LONGEST, LONGEST));
    }
}
