package dev.events.spring.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PostgresTransactionalSubscriberTests extends TransactionalSubscriberScenarios {

	@Override
	String[] properties() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		return new String[] { "spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=" + database.password(),
				"spring.datasource.hikari.maximum-pool-size=5" };
	}

	@Test
	void aCommitThatTheDatabaseRefusesIsAFailedAttempt() {
		run((context, bus, jdbc) -> {
			jdbc.execute("alter table effects add constraint once unique (what) deferrable initially deferred");
			AtomicInteger calls = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).partitions(1).transactional().handler((event) -> {
				insert(jdbc, event);
				if (event.data().equals("conflict")) {
					calls.incrementAndGet();
					insert(jdbc, event);
				}
			}));
			bus.publish(Event.of("a", "conflict"));
			bus.publish(Event.of("a", "other"));
			await().atMost(Duration.ofSeconds(60)).until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			await().untilAsserted(() -> assertThat(effects(jdbc)).containsExactly("other"));
			assertThat(calls).hasValue(3);
			assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).attempts())
				.isEqualTo(3);
		});
	}

}
