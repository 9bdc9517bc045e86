package dev.events.spring.actuate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.events.EventBus;
import dev.events.InvalidSubscriptionException;
import dev.events.SubscriptionDefinition;
import dev.events.Subscriptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.util.StringUtils;

/**
 * Shows subscriptions, and lets operators create, change, pause, resume and delete them.
 * Reading is allowed by default and shows no secrets; for the rest set
 * {@code management.endpoint.eventsubscriptions.access=unrestricted}. Thread-safe.
 */
@Endpoint(id = "eventsubscriptions", defaultAccess = Access.READ_ONLY)
public class EventSubscriptionsEndpoint {

	private static final String MASK = "******";

	private static final ObjectReader JSON = JsonMapper.shared().readerForMapOf(Object.class);

	private final EventBus bus;

	/** Creates the endpoint of a bus. */
	public EventSubscriptionsEndpoint(EventBus bus) {
		this.bus = bus;
	}

	/** All durable subscriptions, by id. */
	@ReadOperation
	public SubscriptionDescriptor.All subscriptions() {
		return new SubscriptionDescriptor.All(
				this.bus.subscriptions().list().stream().map(SubscriptionDescriptor::of).toList());
	}

	/**
	 * One subscription, with its configuration and what its connection tells.
	 * @param id its id
	 * @return {@code null} when there is none with this id
	 */
	@ReadOperation
	public @Nullable SubscriptionDescriptor subscription(@Selector String id) {
		Subscriptions subscriptions = this.bus.subscriptions();
		return subscriptions.find(id)
			.map(SubscriptionDescriptor::of)
			.flatMap((descriptor) -> subscriptions.describe(id)
				.map((definition) -> descriptor.with(definition, subscriptions.details(id))))
			.orElse(null);
	}

	/**
	 * Creates a subscription.
	 * @param id its id; {@code null} to have one generated
	 * @param patterns event types and patterns, joined by commas
	 * @param type type of the connector
	 * @param config what the connector has to know, and how events are delivered under
	 * {@value SubscriptionDefinition#DELIVERY}, as JSON text: values in the body of an
	 * endpoint are always text
	 * @param organization organization whose events it gets; {@code null} for all events
	 * @param partitions number of partitions; {@code null} for the default
	 * @param active {@code false} to have it begin paused
	 * @return the subscription
	 * @throws InvalidEndpointRequestException when it is not possible
	 */
	@WriteOperation
	public @Nullable SubscriptionDescriptor create(@Nullable String id, @Nullable String patterns,
			@Nullable String type, @Nullable String config, @Nullable String organization, @Nullable Integer partitions,
			@Nullable Boolean active) {
		Requests.require(StringUtils.hasText(type), "type is missing: say which connector it is for, type=webhook");
		List<String> given = patterns(patterns);
		Requests.require(!given.isEmpty(), "patterns is missing: say which events it gets, patterns=order.*");
		SubscriptionDefinition definition = new SubscriptionDefinition((id != null) ? id : "", given,
				String.valueOf(type), config(config), emptyToNull(organization), (partitions != null) ? partitions : 0,
				!Boolean.FALSE.equals(active), "actuator", null);
		try {
			return subscription(this.bus.subscriptions().create(definition).id());
		}
		catch (InvalidSubscriptionException | IllegalArgumentException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Changes a subscription; what is {@code null} stays as it is.
	 * @param id its id
	 * @param patterns event types and patterns, joined by commas
	 * @param type type of the connector
	 * @param config the whole configuration as JSON text, secrets included
	 * @param organization organization whose events it gets; empty for all events
	 * @param partitions number of partitions
	 * @return the subscription; {@code null} when there is none with this id
	 * @throws InvalidEndpointRequestException when it is not possible
	 */
	@WriteOperation
	public @Nullable SubscriptionDescriptor change(@Selector String id, @Nullable String patterns,
			@Nullable String type, @Nullable String config, @Nullable String organization,
			@Nullable Integer partitions) {
		Optional<SubscriptionDefinition> found = this.bus.subscriptions().definition(id);
		if (found.isEmpty()) {
			return null;
		}
		SubscriptionDefinition known = found.get();
		try {
			this.bus.subscriptions()
				.change(new SubscriptionDefinition(id, (patterns != null) ? patterns(patterns) : known.patterns(),
						(type != null) ? type : known.type(), (config != null) ? config(config) : known.config(),
						(organization != null) ? emptyToNull(organization) : known.organization(),
						(partitions != null) ? partitions : 0, known.active(), known.createdFrom(), known.note()));
			return subscription(id);
		}
		catch (InvalidSubscriptionException | IllegalArgumentException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Pauses or resumes a subscription.
	 * @param id its id
	 * @param action {@code pause} or {@code resume}
	 * @param note why it is paused, for others
	 * @return {@code null} when there is no such subscription or action
	 * @throws InvalidEndpointRequestException when the note is too long
	 */
	@WriteOperation
	public @Nullable Changed act(@Selector String id, @Selector String action, @Nullable String note) {
		Subscriptions subscriptions = this.bus.subscriptions();
		if (subscriptions.definition(id).isEmpty()) {
			return null;
		}
		try {
			return switch (action) {
				case "pause" -> new Changed(subscriptions.pause(id, note));
				case "resume" -> new Changed(subscriptions.resume(id));
				default -> null;
			};
		}
		catch (InvalidSubscriptionException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Deletes a subscription with its cursors, parked deliveries and dead letters.
	 * @param id its id
	 * @return {@code null} when there is none with this id
	 * @throws InvalidEndpointRequestException when the code of a running node serves it
	 */
	@DeleteOperation
	public @Nullable Deleted delete(@Selector String id) {
		if (this.bus.subscriptions().definition(id).isEmpty()) {
			return null;
		}
		try {
			return this.bus.subscriptions().delete(id) ? new Deleted(1) : null;
		}
		catch (InvalidSubscriptionException ex) {
			throw Requests.invalid(ex);
		}
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

	private static List<String> patterns(@Nullable String patterns) {
		return StringUtils.hasText(patterns) ? List.of(patterns.trim().split("\\s*,\\s*")) : List.of();
	}

	/**
	 * Nobody shall store what we show in place of a secret.
	 * @throws InvalidEndpointRequestException when it is there
	 */
	private static Map<String, Object> config(@Nullable String config) {
		Map<String, Object> given;
		try {
			given = StringUtils.hasText(config) ? JSON.readValue(config) : Map.of();
		}
		catch (JacksonException ex) {
			// its message may quote a secret
			throw Requests.invalid("config must be a JSON object, written as text: "
					+ "\"config\": \"{\\\"url\\\": \\\"https://…\\\"}\"", ex);
		}
		Requests.require(given != null, "config must be a JSON object");
		Map<String, Object> read = Objects.requireNonNullElse(given, Map.of());
		requireSecrets("config", read);
		return read;
	}

	private static void requireSecrets(String name, @Nullable Object value) {
		Requests.require(!(value instanceof String text && text.contains(MASK)),
				name + " has " + MASK + " in it, which stands for a secret that is not shown; give the secret itself");
		if (value instanceof Map<?, ?> map) {
			map.forEach((key, inner) -> requireSecrets(name + "." + key, inner));
		}
		else if (value instanceof Collection<?> list) {
			list.forEach((inner) -> requireSecrets(name, inner));
		}
	}

	/**
	 * Answer to a change.
	 *
	 * @param changed whether the subscription was in the other state before
	 */
	public record Changed(boolean changed) {

	}

	/**
	 * Answer to a deletion.
	 *
	 * @param deleted how many were deleted
	 */
	public record Deleted(int deleted) {

	}

}
