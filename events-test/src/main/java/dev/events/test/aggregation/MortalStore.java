package dev.events.test.aggregation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.EventStoreException;
import dev.events.store.Cursors;
import dev.events.store.DeliveryOverException;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.ProcessChange;

/**
 * What one node sees of a store until it dies: from then on it reaches nothing, and does
 * not hear what became of what it was doing.
 */
final class MortalStore {

	private final EventStore store;

	private final AtomicBoolean deathIsDue;

	private volatile boolean dead;

	private volatile boolean asleep;

	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Creates a store that is alive.
	 * @param deathIsDue of several nodes' stores; when it is set the first of them that
	 * has stored an event in an open window resets it and dies, before its node can save
	 * that it has handled the event
	 */
	MortalStore(EventStore store, AtomicBoolean deathIsDue) {
		this.store = store;
		this.deathIsDue = deathIsDue;
	}

	EventStore store() {
		return mortal(EventStore.class, this.store);
	}

	void die() {
		this.dead = true;
	}

	boolean isDead() {
		return this.dead;
	}

	/** From now on the node cannot keep its leases, and is not seen any more. */
	void fallAsleep() {
		this.asleep = true;
	}

	/** How many changes the store has not made because the delivery was over. */
	int refused() {
		return this.refused.get();
	}

	private <T> T mortal(Class<T> type, T part) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				requireAlive();
				if (this.asleep && (type == Cursors.class || type == Nodes.class)) {
					throw new EventStoreException("The node sleeps", null);
				}
				Object result;
				try {
					result = method.invoke(part, arguments);
				}
				catch (InvocationTargetException ex) {
					if (ex.getCause() instanceof DeliveryOverException) {
						this.refused.incrementAndGet();
					}
					throw (ex.getCause() != null) ? ex.getCause() : ex;
				}
				if (addsToWindow(method, arguments, result) && this.deathIsDue.compareAndSet(true, false)) {
					die();
				}
				requireAlive();
				Class<?> returned = method.getReturnType();
				return (part instanceof EventStore && returned.getPackage() == EventStore.class.getPackage())
						? part(returned, result) : result;
			}));
	}

	private static boolean addsToWindow(Method method, Object[] arguments, Object result) {
		// only events open a window, or leave it open
		return method.getName().equals("commit") && arguments[0] instanceof ProcessChange change
				&& change.state() != null && change.state().status().equals("OPEN")
				&& result instanceof Optional<?> done && done.isPresent();
	}

	@SuppressWarnings("unchecked") // of that type, or it could not be returned
	private <T> T part(Class<?> type, Object part) {
		return (T) mortal((Class<Object>) type, part);
	}

	private void requireAlive() {
		if (this.dead) {
			throw new EventStoreException("The node is dead", null);
		}
	}

}
