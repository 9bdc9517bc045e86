package dev.events.redis;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.store.Cursors;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * A store of which is known how often a node has claimed partitions through it.
 */
final class CountedClaims {

	private final AtomicInteger claims = new AtomicInteger();

	private final EventStore store;

	CountedClaims(EventStore store) {
		Cursors cursors = forwarding(Cursors.class, store.cursors(), null);
		this.store = forwarding(EventStore.class, store, cursors);
	}

	/** The store, with claims counted. */
	EventStore store() {
		return this.store;
	}

	/** How often partitions were got. */
	int count() {
		return this.claims.get();
	}

	private <T> T forwarding(Class<T> type, T target, @Nullable Cursors cursors) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (method.getName().equals("cursors")) {
					return cursors;
				}
				try {
					Object answer = method.invoke(target, args);
					if (method.getName().equals("claim") && !((Collection<?>) answer).isEmpty()) {
						this.claims.incrementAndGet();
					}
					return answer;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
