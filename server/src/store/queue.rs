//! What waits for a database thread. Bounded: who comes when it is full is told to come back later.

use super::StoreError;
use super::job::Job;
use std::any::TypeId;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many may wait unless it is said otherwise.
pub const ROOM: usize = 4096;
/// How many must wait so that a second group of a lane runs beside the first: what a transaction costs is shared by its jobs, and two small
/// ones are dearer than one.
const DEEP: usize = 32;
/// While fewer wait whoever takes all may let others come first.
const FEW: usize = 16;

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
    closed: bool,
}

struct Lane {
    kind: TypeId,
    jobs: VecDeque<Box<dyn Job>>,
    /// How many threads are running a group of it, and how many may.
    running: usize,
    most: usize,
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
        let was_ready = waiting.is_ready();
        waiting.count += 1;
        match job.lane() {
            Some(kind) => waiting.lane(kind, job.side_by_side()).jobs.push_back(job),
            None => waiting.alone.push_back(job),
        }
        self.wake(was_ready, waiting);
        Ok(())
    }

    /// Lets the threads finish what waits, and takes nothing more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// For the only thread: everything that waits, up to `most`, lanes first; none once closed and empty. While few wait the other threads
    /// have up to `turns` turns, so that more come; where none has anything to do that takes no time.
    pub fn take_all(&self, most: usize, turns: usize) -> Option<Vec<Box<dyn Job>>> {
        let mut waiting = self.wait_for(|waiting| waiting.count > 0)?;
        for _ in 0..turns {
            if waiting.count >= FEW {
                break;
            }
            drop(waiting);
            thread::yield_now();
            waiting = self.lock();
        }
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

    /// For one of several threads: a single job, or up to `most` of a lane that few threads run.
    pub fn take(&self, most: usize) -> Option<Group> {
        let mut waiting = self.wait_for(Waiting::is_ready)?;
        let group = match waiting.lanes.iter_mut().find(|lane| lane.is_ready()) {
            Some(lane) => {
                lane.running += 1;
                let count = lane.jobs.len().min(most);
                Group { jobs: lane.jobs.drain(..count).collect(), lane: Some(lane.kind) }
            }
            None => Group { jobs: waiting.alone.pop_front().into_iter().collect(), lane: None },
        };
        waiting.count -= group.jobs.len();
        self.wake(false, waiting);
        Some(group)
    }

    /// Tells that a group of a lane has been run.
    pub fn done(&self, lane: Option<TypeId>) {
        if let Some(kind) = lane {
            let mut waiting = self.lock();
            let was_ready = waiting.is_ready();
            waiting.lane(kind, 1).running -= 1;
            self.wake(was_ready, waiting);
        }
    }

    /// Wakes one thread when there is something to take and was not before. Who takes something wakes the next if there is
    /// more: to wake a thread for each job costs more than most jobs do.
    fn wake(&self, was_ready: bool, waiting: MutexGuard<'_, Waiting>) {
        let (wake, at_the_end) = (!was_ready && waiting.is_ready(), waiting.is_at_the_end());
        drop(waiting);
        if at_the_end {
            self.arrived.notify_all();
        } else if wake {
            self.arrived.notify_one();
        }
    }

    fn wait_for(&self, ready: impl Fn(&Waiting) -> bool) -> Option<MutexGuard<'_, Waiting>> {
        let mut waiting = self.lock();
        loop {
            if ready(&waiting) {
                return Some(waiting);
            }
            if waiting.is_at_the_end() {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
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

impl Lane {
    fn is_ready(&self) -> bool {
        let enough = if self.running == 0 { 1 } else { DEEP };
        self.running < self.most && self.jobs.len() >= enough
    }
}

impl Waiting {
    /// The lane of a kind; with how many threads may run it, if there is none yet.
    fn lane(&mut self, kind: TypeId, most: usize) -> &mut Lane {
        let index = self.lanes.iter().position(|lane| lane.kind == kind).unwrap_or_else(|| {
            self.lanes.push(Lane { kind, jobs: VecDeque::new(), running: 0, most });
            self.lanes.len() - 1
        });
        &mut self.lanes[index]
    }

    /// Whether nothing is there and nothing will come.
    fn is_at_the_end(&self) -> bool {
        self.closed && self.count == 0
    }

    /// Whether one of several threads can take something.
    fn is_ready(&self) -> bool {
        !self.alone.is_empty() || self.lanes.iter().any(Lane::is_ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Tx;
    use crate::store::job::Outcome;
    use std::any::Any;

    /// A job of the one lane there is.
    struct Alike;

    impl Job for Alike {
        fn lane(&self) -> Option<TypeId> {
            Some(TypeId::of::<Self>())
        }

        fn side_by_side(&self) -> usize {
            2
        }

        fn run(&mut self, _: &mut [Box<dyn Job>], _: &mut Tx<'_>) -> Outcome {
            Outcome::Done
        }

        fn finish(self: Box<Self>, _: Result<(), StoreError>) {}

        fn as_any(&mut self) -> &mut dyn Any {
            self
        }
    }

    fn push(queue: &Queue, count: usize) {
        for _ in 0..count {
            queue.push(Box::new(Alike)).unwrap();
        }
    }

    #[test]
    fn a_second_group_runs_beside_the_first_when_many_wait() {
        let queue = Queue::new(ROOM);
        push(&queue, 3);
        assert_eq!(queue.take(512).unwrap().jobs.len(), 3);
        push(&queue, DEEP - 1);
        assert!(!queue.lock().is_ready());
        push(&queue, 1);
        assert_eq!(queue.take(512).unwrap().jobs.len(), DEEP);
        push(&queue, DEEP);
        assert!(!queue.lock().is_ready());
    }

    #[test]
    fn whoever_lets_others_come_first_takes_all_of_them_and_waits_for_nobody() {
        let queue = Queue::new(ROOM);
        push(&queue, 1);
        assert_eq!(queue.take_all(512, 3).map(|jobs| jobs.len()), Some(1), "nobody else comes");
        push(&queue, FEW + 5);
        assert_eq!(queue.take_all(FEW, 3).map(|jobs| jobs.len()), Some(FEW));
        let taken: usize = thread::scope(|scope| {
            scope.spawn(|| {
                (0..995).for_each(|_| push(&queue, 1));
                queue.close();
            });
            std::iter::from_fn(|| queue.take_all(512, 3)).map(|jobs| jobs.len()).sum()
        });
        assert_eq!((taken, queue.len()), (1000, 0));
    }

    #[test]
    fn when_it_is_closed_whoever_waits_is_let_go() {
        let queue = Queue::new(ROOM);
        push(&queue, 1);
        let first = queue.take(512).unwrap();
        push(&queue, 1);
        queue.close();
        let serve = || {
            let mut taken = 0;
            while let Some(group) = queue.take(512) {
                taken += group.jobs.len();
                queue.done(group.lane());
            }
            taken
        };
        let taken: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(serve)).collect();
            queue.done(first.lane());
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(taken, 1);
    }
}
