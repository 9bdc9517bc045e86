package dev.events.delivery;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * What was read from the store as due for a worker, and is not done yet. Thread-safe.
 * <p>
 * Invariant: a delivery is in hand from being taken in until its outcome is in the
 * progress or the store; and what was read before an outcome was saved is not taken in
 * after that. So none is handled twice because the store was read at the wrong time.
 */
final class DueDeliveries {

	private final Progress progress;

	private final Queue<StoredDelivery> due = new ConcurrentLinkedQueue<>();

	private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

	private final AtomicLong savedChanges = new AtomicLong();

	DueDeliveries(Progress progress) {
		this.progress = progress;
	}

	/** How many times changes of deliveries have been saved. */
	long savedChanges() {
		return this.savedChanges.get();
	}

	/**
	 * Changes of deliveries are in the store: whoever has read one of them until now has
	 * read old news. To be called before they leave the progress.
	 */
	void saved() {
		this.savedChanges.incrementAndGet();
	}

	/**
	 * Takes in a delivery, unless it is in hand already, or what was read may be out of
	 * date.
	 * @param savedChanges {@link #savedChanges()} from before the delivery was read
	 * @return whether it was taken
	 */
	boolean offer(StoredDelivery delivery, long savedChanges) {
		long position = delivery.position();
		if (!this.inHand.add(position)) {
			return false;
		}
		if (this.progress.hasChangeAt(position) || savedChanges() != savedChanges) {
			this.inHand.remove(position);
			return false;
		}
		this.due.add(delivery);
		return true;
	}

	boolean isEmpty() {
		return this.due.isEmpty();
	}

	/** The next one to handle, which stays in hand until it is {@link #done}. */
	@Nullable StoredDelivery poll() {
		return this.due.poll();
	}

	/** What became of it is in the progress or the store, or it is still due. */
	void done(StoredDelivery delivery) {
		this.inHand.remove(delivery.position());
	}

}
