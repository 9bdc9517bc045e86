package dev.events.saga;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.StartPosition;
import dev.events.memory.MemoryEventStore;
import dev.events.store.Checkpoint;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.ForwardingStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Up to when a subscription has everything behind it.
 */
class SettledTimeTests {

	private final MemoryEventStore memory = new MemoryEventStore();

	@Test
	void eventsThatAreReadBeforeTheHeadSaysSoCount() {
		this.memory.subscriptions()
			.register(
					new SubscriptionRecord("s", List.of("**"), SubscriptionRecord.HANDLER, "{}", true, null, "code", 1),
					StartPosition.HEAD);
		SettledTime settled = new SettledTime(lagging(), "s");
		append();
		long handled = append();
		handled(handled - 1);
		// as on PostgreSQL while a transaction is open that may still publish
		assertThat(settled.find().time()).isEqualTo(Instant.MIN);
		handled(handled);
		assertThat(settled.find().time()).isAfter(Instant.MIN);
		assertThat(settled.find().position()).isEqualTo(handled);
	}

	private long append() {
		EventRecord event = new EventRecord(UUID.randomUUID(), "a", "1.0.0", "s", null, null, null, "c", null,
				Instant.EPOCH, "1", Map.of());
		return this.memory.log().append(List.of(event)).get(0);
	}

	private void handled(long position) {
		Lease lease = this.memory.cursors().claim("n", List.of(new PartitionId("s", 0)), Duration.ofSeconds(10)).get(0);
		this.memory.cursors().checkpoint(List.of(new Checkpoint(lease, position, List.of())));
	}

	/** Whose log is longer than it knows for sure. */
	private EventStore lagging() {
		EventLog log = (EventLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { EventLog.class },
				(proxy, method, arguments) -> {
					try {
						return method.getName().equals("head") ? 0L : method.invoke(this.memory.log(), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		return new ForwardingStore(this.memory) {

			@Override
			public EventLog log() {
				return log;
			}

		};
	}

}
