//! What is due, and when: a four-ary heap of small keys over a slab of payloads.
//!
//! Earliest first, and first come first served at the same instant. Nothing is allocated once both have grown.

/// A key in the heap. `order` wraps; at most 2³¹ items are ever pending at once, so the difference decides.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: u64,
    order: u32,
    slot: u32,
}

impl Entry {
    #[inline(always)]
    fn before(&self, other: &Entry) -> bool {
        self.at < other.at || (self.at == other.at && (self.order.wrapping_sub(other.order) as i32) < 0)
    }
}

/// A queue of items by time, then by arrival.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    heap: Vec<Entry>,
    items: Vec<Option<T>>,
    free: Vec<u32>,
    order: u32,
}

impl<T> Agenda<T> {
    /// An empty agenda with room for `capacity` pending items.
    pub fn new(capacity: usize) -> Agenda<T> {
        let room = Vec::with_capacity;
        Agenda {
            heap: room(capacity),
            items: Vec::with_capacity(capacity),
            free: Vec::with_capacity(capacity),
            order: 0,
        }
    }

    /// Adds an item due at `at`.
    pub fn push(&mut self, at: u64, item: T) {
        let slot = match self.free.pop() {
            Some(slot) => {
                self.items[slot as usize] = Some(item);
                slot
            }
            None => {
                self.items.push(Some(item));
                self.items.len() as u32 - 1
            }
        };
        let entry = Entry { at, order: self.order, slot };
        self.order = self.order.wrapping_add(1);
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    /// When the next item is due.
    pub fn next_at(&self) -> Option<u64> {
        self.heap.first().map(|e| e.at)
    }

    /// Takes the next item.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<(u64, T)> {
        let first = *self.heap.first()?;
        let last = self.heap.pop()?;
        if !self.heap.is_empty() {
            self.sink(last);
        }
        self.free.push(first.slot);
        let item = self.items[first.slot as usize].take()?;
        Some((first.at, item))
    }

    /// Everything that is pending and when it is due, in no order; to look at, never on the way of a step.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.heap.iter().filter_map(|e| Some((e.at, self.items.get(e.slot as usize)?.as_ref()?)))
    }

    /// How many items are pending.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Room for items that was needed so far.
    pub fn slots(&self) -> usize {
        self.items.len()
    }

    /// Is nothing pending?
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    #[inline(always)]
    fn rise(&mut self, mut hole: usize, entry: Entry) {
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if !entry.before(&self.heap[parent]) {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    #[inline(always)]
    fn sink(&mut self, entry: Entry) {
        let len = self.heap.len();
        let mut hole = 0;
        loop {
            let first = hole * 4 + 1;
            if first >= len {
                break;
            }
            let mut best = first;
            for child in first + 1..(first + 4).min(len) {
                if self.heap[child].before(&self.heap[best]) {
                    best = child;
                }
            }
            if !self.heap[best].before(&entry) {
                break;
            }
            self.heap[hole] = self.heap[best];
            hole = best;
        }
        self.heap[hole] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::Agenda;

    #[test]
    fn the_earliest_comes_first_and_equals_in_the_order_they_came() {
        let mut agenda = Agenda::new(4);
        for (i, at) in [5u64, 3, 5, 1, 3, 3, 9, 1].into_iter().enumerate() {
            agenda.push(at, i);
        }
        let mut out = Vec::new();
        while let Some(item) = agenda.pop() {
            out.push(item);
        }
        assert_eq!(out, [(1, 3), (1, 7), (3, 1), (3, 4), (3, 5), (5, 0), (5, 2), (9, 6)]);
    }
}
