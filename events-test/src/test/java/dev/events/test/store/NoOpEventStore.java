package dev.events.test.store;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.ExpiredPage;
import dev.events.store.KeyQueue;
import dev.events.store.LogSegment;
import dev.events.store.Nodes;
import dev.events.store.Replays;
import dev.events.store.ParkedState;
import dev.events.store.Processes;
import dev.events.store.Released;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;

/**
 * A store that does nothing, complains of nothing and has nothing.
 */
final class NoOpEventStore implements EventStore {

	@Override
	public String name() {
		return "no-op";
	}

	@Override
	public Instant now() {
		return Instant.EPOCH;
	}

	@Override
	public Schedule schedule() {
		return noOp(Schedule.class);
	}

	@Override
	public EventLog log() {
		return noOp(EventLog.class);
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return noOp(SubscriptionRegistry.class);
	}

	@Override
	public Cursors cursors() {
		return noOp(Cursors.class);
	}

	@Override
	public Deliveries deliveries() {
		return noOp(Deliveries.class);
	}

	@Override
	public Replays replays() {
		return noOp(Replays.class);
	}

	@Override
	public Processes processes() {
		return noOp(Processes.class);
	}

	@Override
	public Nodes nodes() {
		return noOp(Nodes.class);
	}

	@Override
	public Schemas schemas() {
		return noOp(Schemas.class);
	}

	@Override
	public SubjectKeys subjectKeys() {
		return noOp(SubjectKeys.class);
	}

	@Override
	public Wakeups wakeups() {
		return noOp(Wakeups.class);
	}

	static <T> T noOp(Class<T> part) {
		return part.cast(Proxy.newProxyInstance(part.getClassLoader(), new Class<?>[] { part },
				(proxy, method, arguments) -> nothing(method, arguments)));
	}

	/** What a method gives that does nothing. */
	static Object nothing(Method method, Object[] arguments) {
		Class<?> type = method.getReturnType();
		if (type == List.class) {
			return List.of();
		}
		if (type == Set.class) {
			return Set.of();
		}
		if (type == Map.class) {
			return Map.of();
		}
		if (type == Optional.class) {
			return Optional.empty();
		}
		if (type == boolean.class) {
			return false;
		}
		if (type == int.class) {
			return 0;
		}
		if (type == long.class) {
			return 0L;
		}
		if (type == LogSegment.class) {
			return new LogSegment(List.of(), (Long) arguments[0], false);
		}
		if (type == KeyQueue.class) {
			return new KeyQueue(false, List.of());
		}
		if (type == ParkedState.class) {
			return new ParkedState(Map.of(), Set.of(), Set.of(), 0);
		}
		if (type == Released.class) {
			return new Released(List.of(), Instant.EPOCH, null);
		}
		if (type == ExpiredPage.class) {
			return new ExpiredPage(List.of(), 0, (Long) arguments[1]);
		}
		if (type == Wakeups.Listening.class) {
			return noOp(Wakeups.Listening.class);
		}
		// what is registered or added is given back; the rest is void
		return (type != void.class) ? arguments[0] : null;
	}

}
