package dev.events.spring.bridge;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * What is crossing the bridge right now in the calling thread, so that it does not cross
 * back. Anything else that listeners publish meanwhile crosses as usual. Thread-safe.
 */
public final class BridgedEvents {

	private final ThreadLocal<Deque<Object>> crossing = ThreadLocal.withInitial(ArrayDeque::new);

	/**
	 * Runs an action during which something counts as crossing.
	 * @param identity the object that is crossing, or the id of the event
	 */
	void whileCrossing(Object identity, Runnable action) {
		Deque<Object> stack = this.crossing.get();
		stack.push(identity);
		try {
			action.run();
		}
		finally {
			stack.pop();
			if (stack.isEmpty()) {
				this.crossing.remove();
			}
		}
	}

	/** Whether this very object, or an event with this id, is crossing. */
	boolean isCrossing(Object identity) {
		for (Object crossing : this.crossing.get()) {
			if (crossing == identity || identity instanceof UUID && identity.equals(crossing)) {
				return true;
			}
		}
		return false;
	}

}
