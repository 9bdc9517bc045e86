package dev.events.test.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.Replays;
import dev.events.store.Processes;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;

/**
 * A memory store of which some methods do nothing.
 *
 * @param memory the memory store
 * @param methods the methods that do nothing, as {@code part.method} or {@code part.*}
 */
record NoOpPartFixture(MemoryStoreFixture memory, Set<String> methods) implements StoreFixture, EventStore {

	NoOpPartFixture(Set<String> methods) {
		this(new MemoryStoreFixture(), methods);
	}

	@Override
	public EventStore store() {
		return this;
	}

	@Override
	public void advance(Duration duration) {
		this.memory.advance(duration);
	}

	@Override
	public Duration patience() {
		return Duration.ofMillis(10);
	}

	@Override
	public String name() {
		return "memory without " + this.methods;
	}

	@Override
	public Instant now() {
		return this.memory.store().now();
	}

	@Override
	public Schedule schedule() {
		return without(Schedule.class, this.memory.store().schedule());
	}

	@Override
	public EventLog log() {
		return without(EventLog.class, this.memory.store().log());
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return without(SubscriptionRegistry.class, this.memory.store().subscriptions());
	}

	@Override
	public Cursors cursors() {
		return without(Cursors.class, this.memory.store().cursors());
	}

	@Override
	public Deliveries deliveries() {
		return without(Deliveries.class, this.memory.store().deliveries());
	}

	@Override
	public Replays replays() {
		return without(Replays.class, this.memory.store().replays());
	}

	@Override
	public Processes processes() {
		return without(Processes.class, this.memory.store().processes());
	}

	@Override
	public Nodes nodes() {
		return without(Nodes.class, this.memory.store().nodes());
	}

	@Override
	public Schemas schemas() {
		return without(Schemas.class, this.memory.store().schemas());
	}

	@Override
	public SubjectKeys subjectKeys() {
		return without(SubjectKeys.class, this.memory.store().subjectKeys());
	}

	@Override
	public Wakeups wakeups() {
		return without(Wakeups.class, this.memory.store().wakeups());
	}

	private <T> T without(Class<T> type, T part) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				String name = type.getSimpleName();
				if (this.methods.contains(name + ".*") || this.methods.contains(name + "." + method.getName())) {
					return NoOpEventStore.nothing(method, arguments);
				}
				try {
					return method.invoke(part, arguments);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
