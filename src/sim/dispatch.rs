//! Hands each due item to the one node it is for.
use super::Simulation;
use crate::ensemble::Power;
use crate::message::{Due, JobMsg, JobRef, OpsDue, PeerMsg, ServerMsg, Told};
use crate::view::{FlightKind, Place};

impl Simulation {
    pub(super) fn execute(&mut self, due: Due) {
        match due {
            Due::Raft { .. } | Due::RaftTimer { .. } | Due::Duty { .. } | Due::Link { .. } => self.execute_quorum(due),
            Due::Peer { from, to, msg } => self.deliver_to_peer(from, to, msg),
            Due::PeerTimer { peer, timer, generation } => match self.peers[usize::from(peer)].power {
                Power::Frozen => self.held.push((peer, self.out.cause(), Due::PeerTimer { peer, timer, generation })),
                _ => {
                    let peer = &mut self.peers[usize::from(peer)];
                    peer.on_timer(timer, generation, &mut self.out);
                    peer.answer_clients(&mut self.out);
                }
            },
            Due::Client { broker, server, conn, msg } => {
                let peer = &mut self.peers[usize::from(server)];
                match peer.power {
                    Power::Up => {
                        peer.on_client(broker, conn, msg, &mut self.out);
                        peer.answer_clients(&mut self.out);
                    }
                    Power::Frozen => {
                        let due = Due::Client { broker, server, conn, msg };
                        self.held.push((server, self.out.cause(), due));
                    }
                    _ => {
                        let refused = ServerMsg::Refused;
                        self.out.send_server(server, broker, conn, refused);
                    }
                }
            }
            Due::Server { server, broker, conn, msg } => {
                self.brokers[usize::from(broker)].on_server(server, conn, msg, &mut self.out);
            }
            Due::Broker { from, to, msg } => self.brokers[usize::from(to)].on_message(from, msg, &mut self.out),
            Due::BrokerTimer { broker, timer, generation, arg } => {
                self.brokers[usize::from(broker)].on_timer(timer, generation, arg, &mut self.out);
            }
            Due::Arrival => self.clients.on_arrival(self.up, &mut self.out),
            Due::Job { job, msg } => self.on_job(job, msg),
            Due::Drain => self.clients.on_drain(&mut self.out),
            Due::ConsumerBack(consumer) => self.clients.on_consumer_back(consumer, &mut self.out),
            Due::Ops(due) => self.on_ops(due),
            Due::Sample => self.on_sample(),
            Due::Scrape => self.on_scrape(),
        }
    }

    fn deliver_to_peer(&mut self, from: u8, to: u8, msg: PeerMsg) {
        let peer = &mut self.peers[usize::from(to)];
        match peer.power {
            Power::Up => {
                peer.on_message(from, msg, &mut self.out);
                peer.answer_clients(&mut self.out);
            }
            Power::Frozen => self.held.push((to, self.out.cause(), Due::Peer { from, to, msg })),
            // Nobody listens: a learner's connection is refused, everything else is lost.
            _ => {
                if let PeerMsg::FollowerInfo { conn, .. } = msg {
                    self.out.send_peer(to, from, PeerMsg::Refused { conn });
                }
            }
        }
    }

    fn on_job(&mut self, job: JobRef, msg: JobMsg) {
        let (clients, out) = (&mut self.clients, &mut self.out);
        match msg {
            JobMsg::Retry => clients.on_retry(job, self.up, out),
            JobMsg::Ask { broker, first } => {
                let Some(partition) = clients.get(job).map(|j| j.partition) else { return };
                let asked = &mut self.brokers[usize::from(broker)];
                let leader = asked.leader_of(job.serial, partition, out);
                let cluster = asked.metadata.as_ref().filter(|_| asked.is_up()).map(|m| m.cluster);
                if let Some(clients) = clients.long_lived.as_mut().filter(|_| first.is_none()) {
                    clients.offer(job.serial, asked.metadata.as_ref());
                }
                let kind = match leader {
                    Ok(_) => FlightKind::Reply,
                    Err(_) => FlightKind::Failure,
                };
                let from = Place::Broker(broker);
                let to = Place::Producer(crate::client::producer_of(job.serial));
                let told = Told { leader, cluster };
                out.send_job(job, kind, from, to, 1, JobMsg::Answer { broker, told, first });
            }
            JobMsg::Answer { broker, told, first } => clients.on_answer(job, broker, told, first, out),
            JobMsg::Produce { broker, waited } => {
                let Some(partition) = clients.get(job).map(|j| j.partition) else { return };
                let leader = &mut self.brokers[usize::from(broker)];
                let wait = if waited { 0 } else { leader.throttle(out.now) };
                if wait > 0 {
                    let msg = JobMsg::Produce { broker, waited: true };
                    return out.wake(out.now + wait, Due::Job { job, msg });
                }
                leader.produce(job, partition, out);
            }
            JobMsg::Done { broker, result } => clients.on_done(job, broker, result, out),
            JobMsg::Deliver { offset, partition, cluster } => clients.on_deliver(job, partition, offset, cluster, out),
            JobMsg::Handle { consumer, attempt } => clients.handle(job, consumer, attempt, out),
            JobMsg::DeadLetter { of_handler } => clients.on_dead_letter(job, of_handler, out),
            JobMsg::Drained { of_handler } => clients.on_drained(job, of_handler, out),
            JobMsg::Bypass => clients.on_bypass(job, out),
        }
    }

    fn on_ops(&mut self, due: OpsDue) {
        if self.is_kraft() && self.on_quorum_ops(due) {
            return;
        }
        let (ops, peers, out) = (&mut self.ops, &mut self.peers, &mut self.out);
        match due {
            OpsDue::Register(i) => ops.on_register(i, peers, &mut self.clients.reached, out),
            OpsDue::Launch(i) => ops.on_launch(i, peers, &mut self.clients.reached, out),
            OpsDue::Boot(ix) => ops.on_boot(ix, peers, out),
            OpsDue::Restart(ix) => super::people::restart_peer(&mut peers[usize::from(ix)], out),
            OpsDue::Verdict(number) => ops.on_verdict(number, peers),
            OpsDue::GiveUpStep(number) => ops.on_give_up_step(number, peers, out),
            OpsDue::Heal => self.heal(),
            OpsDue::ReturnBrokers => self.return_brokers(),
            OpsDue::Move(broker) => self.move_broker(broker),
            OpsDue::AddController(_) => {}
            OpsDue::Action(i) => {
                if let Some((_, command)) = self.scenario.actions.get(usize::from(i)) {
                    self.command(*command);
                }
            }
        }
    }
}
