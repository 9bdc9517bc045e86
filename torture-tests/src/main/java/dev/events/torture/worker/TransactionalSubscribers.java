package dev.events.torture.worker;

import java.util.List;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventSubscriber;

import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Handlers that write in the database of the events, each time once. They have many
 * attempts, because chaos makes them fail, too.
 */
@Component
@Profile("postgres")
class TransactionalSubscribers {

	private final Handlings handlings;

	private final Subscribers others;

	private final JdbcClient jdbc;

	TransactionalSubscribers(Handlings handlings, Subscribers others, JdbcClient jdbc) {
		this.handlings = handlings;
		this.others = others;
		this.jdbc = jdbc;
	}

	@EventSubscriber(id = "effects", value = "**", transactional = true, partitions = 3, maxAttempts = 20)
	void effects(Event<Payload> event, Delivery delivery) throws Exception {
		this.handlings.record(event, delivery, () -> {
			write(delivery.subscription(), event);
			this.others.takeTime(50);
			Subscribers.failSometimes();
		});
	}

	@EventSubscriber(id = "batch-effects", value = "**", transactional = true, partitions = 2, maxAttempts = 20,
			batchSize = 20)
	void batchEffects(List<Event<Payload>> events) throws Exception {
		this.handlings.record("batch-effects", events, new Handlings.BatchBody() {

			@Override
			public void handle(Event<Payload> event) {
				write("batch-effects", event);
			}

			@Override
			public void end() throws InterruptedException {
				TransactionalSubscribers.this.others.takeTime(50);
				Subscribers.failSometimes();
			}

		});
	}

	private void write(String subscription, Event<Payload> event) {
		this.jdbc.sql("insert into effects (subscriber, event_id, event_key, seq) values (?, ?, ?, ?)")
			.params(subscription, event.id(), event.data().key(), event.data().seq())
			.update();
	}

}
