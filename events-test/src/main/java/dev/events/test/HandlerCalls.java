package dev.events.test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import dev.events.Delivery;
import dev.events.DeliveryInterceptor;
import dev.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * Remembers every call of a handler, and lets some fail on purpose. Thread-safe.
 */
final class HandlerCalls implements DeliveryInterceptor {

	// guarded by this
	private final List<HandledEvent> calls = new ArrayList<>();

	// guarded by this
	private final Map<String, Queue<Supplier<? extends Throwable>>> failures = new HashMap<>();

	synchronized void failNext(String subscription, int times, Supplier<? extends Throwable> failure) {
		this.failures.computeIfAbsent(subscription, (id) -> new ArrayDeque<>())
			.addAll(Collections.nCopies(times, failure));
	}

	synchronized List<HandledEvent> list() {
		return List.copyOf(this.calls);
	}

	synchronized void clear() {
		this.calls.clear();
		this.failures.clear();
	}

	private synchronized @Nullable Throwable nextFailure(String subscription) {
		Queue<Supplier<? extends Throwable>> waiting = this.failures.get(subscription);
		Supplier<? extends Throwable> next = (waiting != null) ? waiting.poll() : null;
		return (next != null) ? next.get() : null;
	}

	@Override
	public @Nullable Object intercept(Delivery delivery, List<? extends Event<?>> events,
			Callable<@Nullable Object> handler) throws Exception {
		try {
			Throwable failure = nextFailure(delivery.subscription());
			if (failure instanceof Error error) {
				throw error;
			}
			if (failure instanceof Exception exception) {
				throw exception;
			}
			Object answer = handler.call();
			remember(delivery, events, null);
			return answer;
		}
		catch (Throwable ex) {
			remember(delivery, events, ex);
			throw ex;
		}
	}

	private synchronized void remember(Delivery delivery, List<? extends Event<?>> events,
			@Nullable Throwable failure) {
		for (Event<?> event : events) {
			this.calls.add(
					new HandledEvent(delivery.subscription(), event, delivery.attempt(), delivery.isReplay(), failure));
		}
	}

}
