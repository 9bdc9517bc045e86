package dev.events.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.events.EventKey;
import dev.events.EventSchema;
import dev.events.EventType;
import dev.events.InvalidEventException;
import dev.events.InvalidSchemaException;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DerivedSchemasTests {

	private final DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build();

	private static Placed placed(@Nullable String coupon) {
		return new Placed(UUID.randomUUID(), 1, new BigDecimal("9.90"), true, Kind.GIFT, Instant.EPOCH, LocalDate.EPOCH,
				coupon, Optional.empty(), List.of(new Line("a", 2)), new String[] { "x" }, Map.of("a", 1L), "secret",
				"named", Map.of("any", 1));
	}

	@Test
	void saysWhatJacksonWrites() {
		EventSchema schema = this.bus.schemas().derive(Placed.class);
		assertThat(schema).isEqualTo(EventSchema.parse("order.placed", "1.2.0", """
				{"type": "object", "additionalProperties": false,
				 "required": ["id", "number", "amount", "express", "kind", "at", "day", "lines", "tags", "counts",
				  "other_name", "anything"],
				 "properties": {
				  "id": {"type": "string", "format": "uuid"}, "number": {"type": "integer"},
				  "amount": {"type": "number"}, "express": {"type": "boolean"},
				  "kind": {"type": "string", "enum": ["GIFT", "SALE"]},
				  "at": {"type": "string", "format": "date-time"}, "day": {"type": "string", "format": "date"},
				  "coupon": {"type": ["string", "null"]}, "note": {"type": ["string", "null"]},
				  "lines": {"type": "array", "items": {"type": "object", "additionalProperties": false,
				   "required": ["sku", "count"],
				   "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}},
				  "tags": {"type": "array", "items": {"type": "string"}},
				  "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
				  "other_name": {"type": "string"}, "anything": {}}}"""));
	}

	@Test
	void whatIsWrittenFits() {
		this.bus.schemas().register(this.bus.schemas().derive(Placed.class));
		this.bus.publish(placed("SPRING"));
		this.bus.publish(placed(null));
		assertThat(this.bus.query().stream(Placed.class)).hasSize(2);
	}

	@Test
	void timesAndBytesOfEveryKindFitAsTheyAreWritten() {
		this.bus.schemas().register(this.bus.schemas().derive(Kinds.class));
		this.bus
			.publish(new Kinds(LocalDateTime.of(2026, 1, 31, 12, 0), OffsetDateTime.parse("2026-01-31T12:00:00+01:00"),
					ZonedDateTime.of(2026, 1, 31, 12, 0, 0, 0, ZoneId.of("Europe/Berlin")), new Date(0),
					Duration.ofHours(1), LocalTime.NOON, URI.create("/relative"), new byte[] { 1 }, new char[] { 'a' },
					'c', Instant.EPOCH, BigInteger.TEN, Locale.GERMANY, OptionalInt.empty(), List.of(1.5)));
		assertThat(this.bus.history("kinds.made", 1)).hasSize(1);
	}

	@Test
	void followsTheMapper() {
		JsonMapper mapper = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		assertThat(DerivedSchemas.of(Named.class, mapper).document().path("required").get(0).asString())
			.isEqualTo("full_name");
	}

	@Test
	void whatIsKnownOnlyAtRunTimeMayBeAnything() {
		assertThat(this.bus.schemas().derive(Shaped.class).document().path("properties").path("shape").isEmpty())
			.isTrue();
	}

	@Test
	void refusesWhatItCannotDescribe() {
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> this.bus.schemas().derive(Tree.class))
			.withMessageContaining("Tree refers to itself");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.bus.schemas().derive(Line.class))
			.withMessageContaining("is not an event");
	}

	enum Kind {

		GIFT, SALE

	}

	@EventType(value = "order.placed", version = "1.2.0")
	record Placed(@EventKey UUID id, int number, BigDecimal amount, boolean express, Kind kind, Instant at,
			LocalDate day, @Nullable String coupon, Optional<String> note, List<Line> lines, String[] tags,
			Map<String, Long> counts, @JsonIgnore String hidden, @JsonProperty("other_name") String renamed,
			Object anything) {

	}

	record Line(String sku, int count) {

	}

	@EventType("kinds.made")
	record Kinds(LocalDateTime local, OffsetDateTime offset, ZonedDateTime zoned, Date date, Duration duration,
			LocalTime time, URI uri, byte[] bytes, char[] chars, char character,
			@JsonFormat(pattern = "dd.MM.yyyy HH:mm", timezone = "UTC") Instant formatted, BigInteger big,
			Locale locale, OptionalInt optional, List<Double> numbers) {

	}

	@EventType("user.named")
	record Named(String fullName) {

	}

	interface Shape {

		String name();

	}

	@EventType("shape.drawn")
	record Shaped(Shape shape) {

	}

	@EventType("tree.grown")
	record Tree(List<Tree> children) {

	}

}
