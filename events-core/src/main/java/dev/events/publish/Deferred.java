package dev.events.publish;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one transaction asks of a store that cannot take part in it: kept until the
 * commit, as far as no savepoint undoes it. For the thread of the transaction.
 *
 * @param <T> what is asked
 */
public abstract class Deferred<T> implements PublishTransactions.Participant {

	private final List<T> asked = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

	/** Adds to what is asked. */
	public void add(List<? extends T> more) {
		this.asked.addAll(more);
	}

	boolean isEmpty() {
		return this.asked.isEmpty();
	}

	List<T> asked() {
		return Collections.unmodifiableList(this.asked);
	}

	/** Does it, in order; must not throw, for the transaction is over. */
	protected abstract void apply(List<T> asked);

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.asked.size());
	}

	@Override
	public void rollbackTo(Object savepoint) {
		// one that was set before the first one was asked is not known here
		int size = this.savepoints.getOrDefault(savepoint, 0);
		this.asked.subList(size, this.asked.size()).clear();
	}

	@Override
	public void ended(boolean committed) {
		if (committed && !this.asked.isEmpty()) {
			apply(List.copyOf(this.asked));
		}
	}

}
