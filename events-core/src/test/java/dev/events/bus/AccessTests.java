package dev.events.bus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.EventPattern;
import dev.events.NonRetryableEventException;
import dev.events.Subscriber;
import dev.events.access.PublishRule;
import dev.events.access.PublishRules;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who may publish and receive which events, and what becomes of refusals.
 */
@Timeout(60)
class AccessTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<Object> received = new CopyOnWriteArrayList<>();

	private DurableEventBus bus = DurableEventBus.builder(this.store).build();

	private Set<String> authorities = Set.of();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private void policies(EventAccessPolicy... policies) {
		this.bus = DurableEventBus.builder(this.store).source("shop").accessPolicies(List.of(policies)).build();
		this.bus.start();
	}

	private EventAccessPolicy rules(PublishRule... rules) {
		return new PublishRules(List.of(rules), () -> this.authorities);
	}

	private static PublishRule rule(String type, Set<String> sources, Set<String> authorities) {
		return new PublishRule(EventPattern.of(type), sources, authorities);
	}

	private List<Event<Object>> audit() {
		return this.bus.history(EventAccessPolicy.REFUSED, 10);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> data(Event<Object> event) {
		return (Map<String, Object>) event.data();
	}

	@Test
	void onlyNamedSourcesPublishAType() {
		policies(rules(rule("payment.*", Set.of("billing"), Set.of())));
		this.bus.from("billing").publish(Event.of("payment.made", 1));
		this.bus.publish(Event.of("order.placed", 2));
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publishAll(List.of(Event.of("order.placed", 3), Event.of("payment.made", 4))))
			.withMessageContaining("'payment.made' may not be published by source 'shop'")
			.withMessageContaining("allows sources [billing]");
		assertThat(this.bus.query().type("payment.*", "order.*").list(10)).extracting(Event::data)
			.containsExactly(1, 2);
		assertThat(this.bus.stats().refused()).isEqualTo(1);
		assertThat(this.bus.stats().rejected()).isEqualTo(2);
		await().atMost(SOON).until(() -> audit().size() == 1);
		assertThat(data(audit().get(0))).containsEntry("action", "publish")
			.containsEntry("type", "payment.made")
			.containsEntry("source", "shop")
			.containsEntry("count", 1)
			.doesNotContainKey("subscription");
	}

	@Test
	void rulesForATypeAreAlternatives() {
		policies(rules(rule("payment.*", Set.of("billing"), Set.of()), rule("payment.*", Set.of(), Set.of("CASHIER"))));
		this.bus.from("billing").publish(Event.of("payment.made", 1));
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("payment.made", 2)));
		this.authorities = Set.of("CASHIER", "other");
		this.bus.publish(Event.of("payment.made", 3));
		assertThat(this.bus.query().type("payment.*").list(10)).extracting(Event::data).containsExactly(1, 3);
	}

	@Test
	void whatIsPublishedBecauseOfARefusalIsCheckedLikeAnythingElse() {
		policies(rules(rule("payment.*", Set.of("billing"), Set.of())));
		this.bus.subscribe(Subscriber.to(EventAccessPolicy.REFUSED).id("alarm").synchronous().handler((event) -> {
			try {
				this.bus.publish(Event.of("payment.made", 2));
			}
			catch (EventAccessDeniedException ex) {
				this.received.add("refused");
			}
		}));
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("payment.made", 1)));
		await().atMost(SOON).until(() -> audit().size() == 1);
		assertThat(this.received).containsExactly("refused");
		assertThat(this.bus.query().type("payment.*").list(10)).isEmpty();
	}

	@Test
	void scheduledEventsAreCheckedToo() {
		policies(rules(rule("payment.*", Set.of("billing"), Set.of())));
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publishIn(Duration.ofDays(1), Event.of("payment.made", 1)));
		assertThat(this.bus.scheduled().count()).isZero();
	}

	@Test
	void newDataForADeadLetterIsCheckedLikeAnEvent() {
		policies(rules(rule("payment.*", Set.of(), Set.of("CASHIER"))));
		this.authorities = Set.of("CASHIER");
		this.bus.subscribe(Subscriber.to("payment.*").id("ledger").handler((event) -> {
			if (event.data().equals(1)) {
				throw new NonRetryableEventException("no");
			}
			this.received.add(event.data());
		}));
		this.bus.publish(Event.of("payment.made", 1));
		await().atMost(SOON).until(() -> this.bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
		UUID id = this.bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).id();
		this.authorities = Set.of();
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.deadLetters().retry(id, 2));
		assertThat(this.bus.deadLetters().count(DeadLetters.Filter.all())).isEqualTo(1);
		assertThat(this.bus.stats().refused()).isEqualTo(1);
		this.authorities = Set.of("CASHIER");
		assertThat(this.bus.deadLetters().retry(id, 3)).isTrue();
		await().atMost(SOON).until(() -> this.received.equals(List.of(3)));
	}

	@Test
	void aSubscriberTakesEventsOfItsSourcesOnly() {
		policies();
		this.bus.subscribe(Subscriber.to("payment.*")
			.id("ledger")
			.sources("billing")
			.handler((event) -> this.received.add(event.data())));
		this.bus.publish(Event.of("payment.made", 1));
		this.bus.from("billing").publish(Event.of("payment.made", 2));
		await().atMost(SOON).until(() -> this.received.contains(2) && this.bus.stats().refused() == 1);
		assertThat(this.received).containsExactly(2);
		await().atMost(SOON).until(() -> audit().size() == 1);
		assertThat(data(audit().get(0))).containsEntry("action", "receive")
			.containsEntry("subscription", "ledger")
			.containsEntry("source", "shop");
	}

	@Test
	void soDoesASynchronousOne() {
		policies();
		this.bus.subscribe(Subscriber.to("payment.*")
			.sources("billing")
			.synchronous()
			.handler((event) -> this.received.add(event.data())));
		this.bus.publish(Event.of("payment.made", 1));
		this.bus.from("billing").publish(Event.of("payment.made", 2));
		assertThat(this.received).containsExactly(2);
		assertThat(this.bus.stats().refused()).isEqualTo(1);
	}

	@Test
	void aPolicyCanKeepEventsFromASubscriber() {
		policies(new EventAccessPolicy() {

			@Override
			public void checkReceive(Event<?> event, String subscription) {
				if (subscription.equals("partner") && event.data().equals(1)) {
					throw new EventAccessDeniedException("Partners do not see this");
				}
			}

		});
		this.bus.subscribe(
				Subscriber.to("payment.*").id("partner").handler((event) -> this.received.add("p" + event.data())));
		this.bus.subscribe(
				Subscriber.to("payment.*").id("ledger").handler((event) -> this.received.add("l" + event.data())));
		this.bus.publish(Event.of("payment.made", 1).withKey("k"));
		this.bus.publish(Event.of("payment.made", 2).withKey("k"));
		await().atMost(SOON).until(() -> this.received.size() == 3);
		assertThat(this.received).containsExactlyInAnyOrder("l1", "l2", "p2");
		assertThat(this.bus.deadLetters().count(dev.events.DeadLetters.Filter.all())).isZero();
		await().atMost(SOON).until(() -> audit().size() == 1);
		assertThat(data(audit().get(0))).containsEntry("reason", "Partners do not see this");
	}

	@Test
	void manyRefusalsOfAKindMakeOneAuditEvent() {
		policies(rules(rule("**", Set.of("billing"), Set.of())));
		for (int i = 0; i < 50; i++) {
			assertThatExceptionOfType(EventAccessDeniedException.class)
				.isThrownBy(() -> this.bus.publish(Event.of("a", 1)));
		}
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("b", 1)));
		this.bus.close();
		assertThat(this.bus.stats().refused()).isEqualTo(51);
		assertThat(audit()).extracting((event) -> data(event).get("type")).containsExactlyInAnyOrder("a", "b");
	}

}
