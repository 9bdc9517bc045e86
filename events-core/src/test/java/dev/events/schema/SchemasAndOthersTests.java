package dev.events.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventAccessPolicy;
import dev.events.EventSchema;
import dev.events.FieldType;
import dev.events.RequestFailedException;
import dev.events.Saga;
import dev.events.SagaInfo.Status;
import dev.events.SchemaCompatibility;
import dev.events.SchemaViolationException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.events.FieldOption.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Schemas where every type must have one, and what else publishes.
 */
@Timeout(60)
class SchemasAndOthersTests {

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<Object> received = new CopyOnWriteArrayList<>();

	private final DurableEventBus bus = DurableEventBus.builder(this.store)
		.schemas(new SchemaSettings(SchemaValidation.STRICT, UnknownTypes.REFUSE, SchemaCompatibility.BACKWARD))
		.build();

	@BeforeEach
	void start() {
		this.bus.schemas().register(EventSchema.of("price", "1.0.0").field("cents", FieldType.INTEGER, required()));
		this.bus.start();
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	private static Event<Map<String, Object>> price() {
		return Event.of("price", Map.<String, Object>of("cents", 1)).withKey("k");
	}

	@Test
	void refusalsAreAuditedThoughNobodyHasWrittenASchemaForThat() {
		this.bus.subscribe(Subscriber.to("price").id("trusting").sources("billing").handler((event) -> {
		}));
		this.bus.publish(price());
		await().until(() -> this.bus.history(EventAccessPolicy.REFUSED, 1).size() == 1);
	}

	@Test
	void whoAsksHearsAtOnceThatThereWillBeNoAnswer() {
		this.bus.subscribe(Subscriber.to("price").id("gives-up").maxAttempts(1).function((event, delivery) -> {
			throw new IllegalStateException();
		}));
		CompletableFuture<Event<Object>> answer = this.bus.request(price()).within(Duration.ofMinutes(1)).first();
		assertThat(answer).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(RequestFailedException.class)
			.withMessageContaining("gives-up");
	}

	@Test
	void othersCannotPublishWhatHasNoSchema() {
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("events.other", 1)));
	}

	@Test
	void whatIsScheduledIsCheckedWhenItIsScheduled() {
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> this.bus.publishIn(Duration.ofHours(1), Event.of("price", Map.of("cents", "x"))));
		assertThat(this.bus.scheduled().count()).isZero();
	}

	@Test
	void onlyItemsThatDoNotFitAreLostOfABatch() {
		this.bus.schemas()
			.register(EventSchema.parse("prices", "1.0.0",
					"{\"properties\":{\"items\":{\"items\":{\"type\":\"integer\"}}}}"));
		try (BatchEmitter<Object> prices = this.bus.batch("prices", BatchOptions.size(4))) {
			prices.add(1);
			prices.add(2);
			prices.add("x");
			prices.add(4);
		}
		assertThat(this.bus.history("prices", 10)).extracting((event) -> event.data().toString())
			.containsExactlyInAnyOrder("{count=2, items=[1, 2]}", "{count=1, items=[4]}");
	}

	@Test
	void aSagaThatPublishesWhatDoesNotFitFails() {
		this.bus.sagas()
			.register(Saga.named("s", Integer.class).correlateBy(Event::key).startsOn("price", (event, saga) -> {
				saga.publish(Event.of("price", Map.of("cents", "x")));
				return 1;
			}).build());
		this.bus.publish(price());
		await().until(() -> this.bus.deadLetters().count(Filter.all()) == 1);
		assertThat(this.bus.sagas().list("s", Status.RUNNING, 1, null).sagas()).isEmpty();
		assertThat(this.received).isEmpty();
	}

}
