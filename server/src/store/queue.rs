//! What waits for a database thread. Bounded: who comes when it is full is told to come back later.

use super::StoreError;
use super::job::Job;
use std::any::TypeId;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many may wait unless it is said otherwise.
pub const ROOM: usize = 4096;

/// Jobs in the order they came, those that can run together in a lane of their own.
pub struct Queue {
    room: usize,
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    alone: VecDeque<Box<dyn Job>>,
    lanes: Vec<Lane>,
    count: usize,
    /// How many threads wait for a job.
    asleep: usize,
    closed: bool,
}

struct Lane {
    kind: TypeId,
    jobs: VecDeque<Box<dyn Job>>,
    /// How many threads are running a group of it.
    running: usize,
}

/// Jobs taken out to be run in one transaction.
pub struct Group {
    pub jobs: Vec<Box<dyn Job>>,
    lane: Option<TypeId>,
}

impl Queue {
    /// With room for so many.
    pub fn new(room: usize) -> Self {
        Self { room, waiting: Mutex::default(), arrived: Condvar::new() }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.lock().count
    }

    pub fn push(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(StoreError::Failed("the store is closed".into()));
        }
        if waiting.count >= self.room {
            return Err(StoreError::Busy);
        }
        waiting.count += 1;
        match job.lane() {
            Some(kind) => waiting.lane(kind).jobs.push_back(job),
            None => waiting.alone.push_back(job),
        }
        // Telling asks the kernel even when nobody listens, and this is done for every click.
        let asleep = waiting.asleep > 0;
        drop(waiting);
        if asleep {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Lets the threads finish what waits, and takes nothing more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// For the only thread: everything that waits, up to `most`, lanes first; none once closed and empty.
    pub fn take_all(&self, most: usize) -> Option<Vec<Box<dyn Job>>> {
        let mut waiting = self.wait_for(|waiting| waiting.count > 0)?;
        let mut jobs = Vec::with_capacity(waiting.count.min(most));
        for index in 0..waiting.lanes.len() {
            let count = waiting.lanes[index].jobs.len().min(most - jobs.len());
            jobs.extend(waiting.lanes[index].jobs.drain(..count));
        }
        let count = waiting.alone.len().min(most - jobs.len());
        jobs.extend(waiting.alone.drain(..count));
        waiting.count -= jobs.len();
        Some(jobs)
    }

    /// For one of several threads: a single job, or up to `most` of a lane that fewer than `side_by_side` threads run.
    pub fn take(&self, most: usize, side_by_side: usize) -> Option<Group> {
        let mut waiting = self.wait_for(|waiting| waiting.has_for(side_by_side))?;
        let free = |lane: &&mut Lane| lane.running < side_by_side && !lane.jobs.is_empty();
        let group = match waiting.lanes.iter_mut().find(free) {
            Some(lane) => {
                lane.running += 1;
                let count = lane.jobs.len().min(most);
                Group { jobs: lane.jobs.drain(..count).collect(), lane: Some(lane.kind) }
            }
            None => Group { jobs: waiting.alone.pop_front().into_iter().collect(), lane: None },
        };
        waiting.count -= group.jobs.len();
        Some(group)
    }

    /// Tells that a group of a lane has been run.
    pub fn done(&self, lane: Option<TypeId>) {
        if let Some(kind) = lane {
            self.lock().lane(kind).running -= 1;
            self.arrived.notify_one();
        }
    }

    fn wait_for(&self, ready: impl Fn(&Waiting) -> bool) -> Option<MutexGuard<'_, Waiting>> {
        let mut waiting = self.lock();
        loop {
            if ready(&waiting) {
                return Some(waiting);
            }
            if waiting.closed && waiting.count == 0 {
                return None;
            }
            waiting.asleep += 1;
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            waiting.asleep -= 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    pub fn lane(&self) -> Option<TypeId> {
        self.lane
    }
}

impl Waiting {
    fn lane(&mut self, kind: TypeId) -> &mut Lane {
        let index = self.lanes.iter().position(|lane| lane.kind == kind).unwrap_or_else(|| {
            self.lanes.push(Lane { kind, jobs: VecDeque::new(), running: 0 });
            self.lanes.len() - 1
        });
        &mut self.lanes[index]
    }

    fn has_for(&self, side_by_side: usize) -> bool {
        let free = |lane: &Lane| lane.running < side_by_side && !lane.jobs.is_empty();
        !self.alone.is_empty() || self.lanes.iter().any(free)
    }
}
