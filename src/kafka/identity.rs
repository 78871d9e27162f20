//! Which cluster a broker belongs to: the cluster id guard, and what a broker forgets when it enters another cluster.
use super::broker::{Broker, Next};
use crate::ensemble::znode::Txn;
use crate::event::What;
use crate::sim::outbox::Outbox;

impl Broker {
    /// The guard: `/cluster/id` against meta.properties, before it registers. A tree without an id is given a new one, so
    /// it never is the one on disk. [source: KafkaServer.startup since 2.4, InconsistentClusterIdException]
    pub fn compare_cluster(&mut self, found: Option<u8>, out: &mut Outbox) {
        match (self.home, found) {
            (_, None) => {
                let cluster = out.new_cluster();
                self.request(Txn::NameCluster { cluster }, out);
            }
            (Some(mine), Some(found)) if mine != found => {
                out.emit(self.actor(), What::ClusterRefused { mine, found });
                self.halt(true, Next::Stay, out);
            }
            _ => self.register(out),
        }
    }

    /// It is registered. In another cluster than before its session expired, everything but its logs is void, as after a
    /// restart of the process.
    pub fn enter_cluster(&mut self, found: Option<u8>, out: &mut Outbox) {
        if let (Some(from), Some(to)) = (self.cluster, found)
            && from != to
        {
            self.resign(out);
            out.note(self.actor(), What::ClusterChanged { from, to });
            self.forget(out);
        }
        self.cluster = found;
        if self.home != found {
            self.forget_producers();
        }
        if !self.settings.guard {
            self.home = found; // up to Kafka 2.3 nobody looks at what is on disk
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::client::Reason;
    use crate::ensemble::znode::{Txn, Znodes};
    use crate::event::What;
    use crate::kafka::controller::Controller;
    use crate::kafka::metadata::{Metadata, PartitionState};
    use crate::kafka::{Broker, BrokerPower, Settings};
    use crate::message::{Answer, Due, JobMsg, JobRef, ServerMsg};
    use crate::sim::outbox::{Note, Outbox};
    use std::sync::Arc;

    /// Broker 1 of two, registered in cluster A, its controller, with a write that waits for broker 2.
    fn busy(guard: bool) -> (Broker, Outbox) {
        let mut out = Outbox::new(7, Box::new([1]), 2, (500, 4000));
        out.now = 1;
        let settings = Settings { guard, ..Settings::plain(1, 2, 1) };
        let mut broker = Broker::new(1, 1, settings);
        (broker.power, broker.cluster, broker.home) = (BrokerPower::Up, Some(0), Some(0));
        broker.install_session(0, 5, 9, 0, &mut out);
        broker.install_replica(0, PartitionState { leader: 1, leader_epoch: 0, isr: 0b110 });
        let metadata = Metadata { cluster: 0, controller: 1, controller_epoch: 4, live: 0b110, ..Metadata::default() };
        broker.controller = Some(Controller::established(4, &metadata));
        (broker.metadata, broker.seen_epoch) = (Some(Arc::new(metadata)), 4);
        broker.produce(JobRef { slot: 0, serial: 1 }, 0, &mut out);
        (broker, out)
    }

    /// Its session is unknown; it gets a new one, and this tree answers.
    fn moved_to(broker: &mut Broker, cluster: u8, out: &mut Outbox) {
        broker.on_server(0, 5, ServerMsg::Expired, out);
        let conn = 101; // the first number that an outbox gives away
        broker.on_server(0, conn, ServerMsg::Connected { session: 77 }, out);
        if broker.settings.guard {
            let tree = Box::new(Znodes { cluster: Some(cluster), ..Znodes::default() });
            return broker.on_server(0, conn, ServerMsg::Tree(tree), out);
        }
        let txn = Txn::Register { session: 77, broker: 1, cluster: 9 };
        let answer = Answer { cluster: Some(cluster), controller: None, owned: false, controller_epoch: 0, zxid: 1 };
        broker.on_server(0, conn, ServerMsg::Applied { txn, answer }, out);
    }

    /// Answers to producers that are due.
    fn answers(mut out: Outbox) -> Vec<Result<(), Reason>> {
        let due = std::iter::from_fn(|| out.begin()).take(1000);
        due.filter_map(|due| match due {
            Due::Job { msg: JobMsg::Done { result, .. }, .. } => Some(result),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn a_broker_that_registers_in_another_cluster_forgets_the_one_it_was_in() {
        let (mut broker, mut out) = busy(false);
        moved_to(&mut broker, 1, &mut out);
        assert_eq!((broker.cluster, broker.seen_epoch), (Some(1), 0));
        assert!(broker.metadata.is_none() && broker.controller.is_none());
        assert_eq!((broker.replicas[0].leader, broker.replicas[0].leo), (0, 1), "its log stays");
        assert!(out.notes.iter().any(|n| matches!(n, Note::BrokerLeft { broker: 1 })));
        assert!(out.events.iter().any(|e| e.what == What::ClusterChanged { from: 0, to: 1 }));
        assert_eq!(answers(out), [Err(Reason::NetworkException)], "the waiting producer is told");
    }

    #[test]
    fn a_broker_that_registers_in_its_own_cluster_again_forgets_nothing() {
        let (mut broker, mut out) = busy(false);
        moved_to(&mut broker, 0, &mut out);
        assert_eq!((broker.cluster, broker.seen_epoch, broker.metadata.is_some()), (Some(0), 4, true));
        assert!(answers(out).is_empty(), "the write still waits for its replicas");
    }

    #[test]
    fn with_the_guard_it_halts_instead() {
        let (mut broker, mut out) = busy(true);
        moved_to(&mut broker, 1, &mut out);
        assert_eq!((broker.power, broker.cluster), (BrokerPower::Off, None));
        assert!(out.events.iter().any(|e| e.what == What::ClusterRefused { mine: 0, found: 1 }));
        assert_eq!(answers(out), [Err(Reason::NetworkException)]);
    }
}
