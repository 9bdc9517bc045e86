package dev.events.delivery;

import java.util.List;

import dev.events.Event;
import dev.events.SubjectErasedException;
import dev.events.delivery.DeliveryTransactions.Transaction;
import dev.events.delivery.HandlerCall.Failed;
import dev.events.observation.Observed;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryOverException;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes attempts for one partition, in a transaction with the cursor where the subscriber
 * wants that. Only touched by the thread that runs the worker.
 * <p>
 * Invariants of a transaction: (1) nothing of the partition is unsaved when it begins, so
 * that the cursor it moves passes over nothing the store does not know, and the
 * checkpointer has nothing to save that it saves, too; (2) it touches the cursor last, so
 * that others never wait for the handler; (3) when its commit failed nobody knows what
 * became of it, so the partition is given up and claimed anew: the claim waits for the
 * cursor's row, and thereby for the end of that transaction, and then the store knows.
 */
final class Attempts {

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	private final PartitionWorker worker;

	private final SubscriptionRuntime subscription;

	private final Progress progress;

	private final DeliveryContext context;

	private final HandlerThread handlerThread;

	Attempts(PartitionWorker worker, Progress progress, DeliveryContext context, HandlerThread handlerThread) {
		this.worker = worker;
		this.subscription = worker.subscription();
		this.progress = progress;
		this.context = context;
		this.handlerThread = handlerThread;
	}

	/**
	 * Reads an event and asks the subscriber's filter.
	 * @return the event for the handler, or {@code null} when it is not for it, or nobody
	 * can read it any more
	 */
	@Nullable Event<?> prepare(LogEntry entry) throws InterruptedException, Failed {
		try {
			return this.subscription.call().prepare(entry, this.handlerThread);
		}
		catch (SubjectErasedException ex) {
			if (this.context.counters().erased(this.subscription.id()) == 1) {
				logger.info(
						"{} passes over event {} ({}), whose data subject was forgotten. Further ones of the "
								+ "subscription are counted, and not logged",
						this.worker.partition(), entry.event().id(), entry.event().type());
			}
			return null;
		}
	}

	/**
	 * Makes one attempt at one or more events.
	 * @param id which attempt it is
	 * @param replay whether they are replayed
	 * @param done what the store has to know when it succeeds
	 * @return whether the store knows that already
	 * @throws LeaseOverException when the partition is not, or may not be, ours any more
	 */
	boolean attempt(Handover handover, AttemptId id, boolean replay, Checkpoint done)
			throws InterruptedException, Failed {
		boolean transactional = this.subscription.subscriber().transactional();
		if (transactional) {
			if (this.progress.unsavedChanges() > 0) {
				this.context.saver().save(this.worker);
			}
			Throwable failedCommit = this.subscription.takeFailedCommit(id, this.worker.lease().epoch());
			if (failedCommit != null) {
				throw new Failed(failedCommit);
			}
			// saving may have taken long
			if (!this.worker.isActive()) {
				throw new LeaseOverException(this.worker.partition());
			}
		}
		List<Event<?>> events = handover.events();
		Observed observed = this.subscription.call().observe(events, id.number(), replay);
		long start = System.nanoTime();
		try {
			if (transactional) {
				new TransactionalAttempt(handover, id, replay, done).execute();
			}
			else {
				handle(handover, id, replay);
			}
		}
		catch (Throwable ex) {
			observed.failed((ex instanceof Failed failed) ? failed.error() : ex);
			throw ex;
		}
		finally {
			this.context.counters().handled(this.subscription.id(), System.nanoTime() - start);
			observed.stop();
		}
		for (Event<?> event : events) {
			this.context.counters().delivered(event.type(), this.subscription.id());
		}
		return transactional;
	}

	private void handle(Handover handover, AttemptId id, boolean replay) throws InterruptedException, Failed {
		try {
			this.subscription.call().handle(handover, this.worker.lease(), id.number(), replay, this.handlerThread);
		}
		catch (Failed ex) {
			if (ex.error() instanceof DeliveryOverException) {
				// nothing has failed, only nothing more may be done here
				this.context.giveUp().accept(this.worker);
				throw new LeaseOverException(this.worker.partition());
			}
			throw ex;
		}
	}

	/**
	 * The partition is not ours any more, or may not be: nothing of it may be handled,
	 * and what was handled last in a transaction was rolled back or is known to the
	 * store.
	 */
	static final class LeaseOverException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LeaseOverException(PartitionId partition) {
			super(partition + " is no longer ours");
		}

	}

	private final class TransactionalAttempt {

		private final Handover handover;

		private final AttemptId id;

		private final boolean replay;

		private final Checkpoint done;

		private @Nullable Throwable failure;

		private @Nullable InterruptedException interruption;

		private boolean lost;

		private boolean complete;

		TransactionalAttempt(Handover handover, AttemptId id, boolean replay, Checkpoint done) {
			this.handover = handover;
			this.id = id;
			this.replay = replay;
			this.done = done;
		}

		void execute() throws InterruptedException, Failed {
			Throwable thrown = null;
			try {
				Attempts.this.context.transactions().execute(this::run);
			}
			catch (RuntimeException | Error ex) {
				thrown = ex;
			}
			if (this.interruption != null) {
				throw this.interruption;
			}
			if (this.lost) {
				Attempts.this.context.giveUp().accept(Attempts.this.worker);
				throw new LeaseOverException(Attempts.this.worker.partition());
			}
			if (this.failure != null) {
				throw new Failed(this.failure);
			}
			if (thrown == null) {
				return;
			}
			if (this.complete) {
				// the commit failed: it may have happened all the same
				Attempts.this.subscription.failedCommit(this.id, Attempts.this.worker.lease().epoch(), thrown);
				Attempts.this.context.giveUp().accept(Attempts.this.worker);
				throw new LeaseOverException(Attempts.this.worker.partition());
			}
			// the handler was not called
			if (thrown instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) thrown;
		}

		private void run(Transaction transaction) {
			PartitionWorker worker = Attempts.this.worker;
			SubscriptionRuntime subscription = Attempts.this.subscription;
			if (!worker.isActive()) {
				// waiting for a connection may have taken long
				throw new LeaseOverException(worker.partition());
			}
			if (!subscription.store().isInTransaction()) {
				throw new IllegalStateException("The event store does not take part in the transaction");
			}
			try {
				subscription.call()
					.handle(this.handover, worker.lease(), this.id.number(), this.replay, Attempts.this.handlerThread);
			}
			catch (InterruptedException ex) {
				this.interruption = ex;
				throw new RollbackException();
			}
			catch (Failed ex) {
				this.failure = ex.error();
				throw new RollbackException();
			}
			try {
				transaction.flush();
			}
			catch (RuntimeException ex) {
				this.failure = ex;
				throw ex;
			}
			if (transaction.isRollbackOnly()) {
				this.failure = new IllegalStateException("The handler, or something that it called, marked its "
						+ "transaction for rollback without throwing an exception");
				throw new RollbackException();
			}
			try {
				this.lost = !subscription.store().cursors().checkpoint(List.of(this.done)).isEmpty();
			}
			catch (RuntimeException ex) {
				// most likely the handler has left the transaction broken
				this.failure = ex;
				throw ex;
			}
			if (this.lost) {
				throw new RollbackException();
			}
			this.complete = true;
		}

	}

	private static final class RollbackException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		RollbackException() {
			super("The transaction is rolled back", null, false, false);
		}

	}

}
