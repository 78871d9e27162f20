//! A setting changes while everything runs. The scenario stays as it was given; what holds now is in the nodes.
use super::Simulation;
use crate::client::backoff::{LAWS, drain_time};
use crate::event::{Actor, What};
use crate::kafka::Broker;
use crate::params::Key;
use crate::sim::outbox::MS;

impl Simulation {
    /// Sets one of [`crate::scenario::SETTABLE`], at once.
    pub(super) fn set(&mut self, key: Key, value: i64) {
        self.out.emit(Actor::Operator, What::Set { key, value });
        let number = value.unsigned_abs();
        let s = &mut self.clients.settings;
        match key {
            Key::WriteRate => {
                s.rate = number;
                self.out.because(0);
                self.clients.expect_arrival(&mut self.out);
            }
            Key::ClientPolicy => s.strict = value == 1,
            Key::Retries => {
                s.retries = number as u8;
                s.retries_most = s.retries_most.max(s.retries);
            }
            Key::Backoff => s.backoff.law = LAWS[number as usize % LAWS.len()],
            Key::BackoffMs => s.backoff.first = number * MS,
            Key::BackoffMaxMs => s.backoff.longest = number * MS,
            Key::DlqCapacity => s.dlq_capacity = number,
            Key::IdempotentConsumer => {
                s.idempotent = value == 1;
                self.clients.forgiven = self.clients.metrics.duplicate_effects;
            }
            Key::HandlerFailure => s.handler_failure = number,
            Key::AckLoss => self.each_broker(|b| b.settings.ack_loss = number),
            Key::IdempotentProducer => self.each_broker(|b| {
                b.settings.idempotent = value == 1;
                b.forget_producers();
            }),
            Key::Dlq | Key::DlqRate | Key::DlqDrain => self.set_tray(key, number),
            Key::Heal => {
                let at = self.scenario.params.get(Key::HealAt).unsigned_abs();
                self.ops.plan_recovery(number, at, &mut self.out);
            }
            Key::Wiped => self.ops.wiped = value == 1,
            Key::NetDelayMinMs | Key::NetDelayMaxMs | Key::NetLoss => self.set_network(key, number),
            _ => {} // the door lets nothing else through
        }
    }

    fn each_broker(&mut self, change: impl FnMut(&mut Broker)) {
        self.brokers.iter_mut().for_each(change);
    }

    /// The dead-letter queue breaks down or comes back, with what was in it; its drain changes.
    fn set_tray(&mut self, key: Key, number: u64) {
        let s = &mut self.clients.settings;
        match key {
            Key::Dlq => s.dlq = number == 1,
            Key::DlqRate => s.drain_time = drain_time(number),
            _ => {
                s.drain_during = number == 0;
                let open = s.drain_during || self.controllers <= 1;
                self.clients.set_drain(open, &mut self.out);
            }
        }
        self.clients.drain(&mut self.out);
    }

    fn set_network(&mut self, key: Key, number: u64) {
        let micros = number / 1000; // millionths of a ms
        let (least, most) = self.out.delay();
        match key {
            Key::NetDelayMinMs => self.out.set_delay(micros, most),
            Key::NetDelayMaxMs => self.out.set_delay(least.min(micros), micros),
            _ => self.out.network.loss = number,
        }
    }
}
