package dev.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A subscription as data: which events go where, kept in the store and served by every
 * node that has a connector of its type. Immutable.
 *
 * <pre>{@code
 * events.subscriptions().create(SubscriptionDefinition.of("webhook", "order.*")
 *     .withId("shop-orders")
 *     .withConfig(Map.of("url", "https://shop.example.org/hooks", "secret", "whsec_…")));
 * }</pre>
 * <p>
 * How events are delivered can be said in {@code config} under {@value #DELIVERY}, with
 * the names of the options of a {@link Subscriber}: {@code startAt}, {@code maxAttempts},
 * {@code initialDelay}, {@code maxDelay}, {@code timeout}, {@code concurrency},
 * {@code batchSize}, {@code afterDeadLetter}, {@code ignoreSources}, {@code sources},
 * {@code replay}; durations as {@code "PT30S"}. All else in {@code config} is the
 * connector's.
 *
 * @param id unique id; empty to have one generated
 * @param patterns event types or patterns, at least one
 * @param type type of the connector, for example {@code webhook}
 * @param config what the connector has to know: strings, numbers, booleans, lists and
 * maps
 * @param organization organization whose events it gets, or {@code null} for all events
 * @param partitions number of partitions, or 0 for the default
 * @param active whether events are delivered; while they are not, they wait
 * @param createdFrom who created it, for people
 * @param note why it is not active, or {@code null}
 */
public record SubscriptionDefinition(String id, List<String> patterns, String type, Map<String, Object> config,
		@Nullable String organization, int partitions, boolean active, String createdFrom, @Nullable String note) {

	/** Where in {@code config} it is said how events are delivered. */
	public static final String DELIVERY = "delivery";

	public SubscriptionDefinition {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(type, "type");
		patterns = List.copyOf(patterns);
		config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
	}

	/**
	 * A subscription of these event types with a connector, which still needs its
	 * configuration.
	 * @param type type of the connector
	 * @param patterns event types or patterns
	 */
	public static SubscriptionDefinition of(String type, String... patterns) {
		return new SubscriptionDefinition("", List.of(patterns), type, Map.of(), null, 0, true, "api", null);
	}

	/** A copy with this id. */
	public SubscriptionDefinition withId(String id) {
		return new SubscriptionDefinition(id, this.patterns, this.type, this.config, this.organization, this.partitions,
				this.active, this.createdFrom, this.note);
	}

	/** A copy with these event types or patterns. */
	public SubscriptionDefinition withPatterns(String... patterns) {
		return new SubscriptionDefinition(this.id, List.of(patterns), this.type, this.config, this.organization,
				this.partitions, this.active, this.createdFrom, this.note);
	}

	/** A copy with this configuration. */
	public SubscriptionDefinition withConfig(Map<String, Object> config) {
		return new SubscriptionDefinition(this.id, this.patterns, this.type, config, this.organization, this.partitions,
				this.active, this.createdFrom, this.note);
	}

	/** A copy for events of this organization only, or of all with {@code null}. */
	public SubscriptionDefinition withOrganization(@Nullable String organization) {
		return new SubscriptionDefinition(this.id, this.patterns, this.type, this.config, organization, this.partitions,
				this.active, this.createdFrom, this.note);
	}

	/** A copy with so many partitions. */
	public SubscriptionDefinition withPartitions(int partitions) {
		return new SubscriptionDefinition(this.id, this.patterns, this.type, this.config, this.organization, partitions,
				this.active, this.createdFrom, this.note);
	}

	/** A copy that begins paused, or not. */
	public SubscriptionDefinition withActive(boolean active) {
		return new SubscriptionDefinition(this.id, this.patterns, this.type, this.config, this.organization,
				this.partitions, active, this.createdFrom, this.note);
	}

	/** A copy created by somebody else. */
	public SubscriptionDefinition withCreatedFrom(String createdFrom) {
		return new SubscriptionDefinition(this.id, this.patterns, this.type, this.config, this.organization,
				this.partitions, this.active, createdFrom, this.note);
	}

	/** Without the configuration, which may hold secrets. */
	@Override
	public String toString() {
		return "SubscriptionDefinition[id=" + this.id + ", patterns=" + this.patterns + ", type=" + this.type
				+ ", organization=" + this.organization + ", active=" + this.active + "]";
	}

}
