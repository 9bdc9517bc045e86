package dev.events.bus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import dev.events.InvalidSubscriptionException;
import dev.events.StartPosition;
import dev.events.SubscriptionDefinition;
import dev.events.connector.Connectors;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Subscriptions as data: checked before they are stored. Thread-safe.
 */
final class DefinedSubscriptions {

	private static final String SECRET = "******";

	private static final int MAX_NAME = 200;

	private static final int MAX_NOTE = 2000;

	private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {
	};

	private final JsonMapper mapper = JsonMapper.shared();

	private final SubscriptionRegistry registry;

	private final Connectors connectors;

	private final int partitions;

	private final Function<String, Map<String, Object>> connections;

	private final Runnable changed;

	/**
	 * Creates a view of them.
	 * @param partitions of those that do not say how many
	 * @param connections tells what the connection of a subscription says about itself
	 * @param changed called when one was changed
	 */
	DefinedSubscriptions(SubscriptionRegistry registry, Connectors connectors, int partitions,
			Function<String, Map<String, Object>> connections, Runnable changed) {
		this.registry = registry;
		this.connectors = connectors;
		this.partitions = partitions;
		this.connections = connections;
		this.changed = changed;
	}

	SubscriptionDefinition create(SubscriptionDefinition definition) {
		SubscriptionDefinition named = definition.id().isEmpty() ? definition.withId(UUID.randomUUID().toString())
				: definition;
		SubscriptionRecord record = record(named, (named.partitions() != 0) ? named.partitions() : this.partitions);
		StartPosition start = this.connectors.check(record);
		if (!this.registry.create(record, start)) {
			throw new InvalidSubscriptionException("There is a subscription '" + record.id() + "' already");
		}
		this.changed.run();
		return definition(record);
	}

	SubscriptionDefinition change(SubscriptionDefinition definition) {
		SubscriptionRecord known = this.registry.find(definition.id()).orElseThrow(() -> unknown(definition.id()));
		if (known.isHandler()) {
			throw new InvalidSubscriptionException("Subscription '" + known.id()
					+ "' is that of a subscriber in the code; change it there, or by events.subscribers[" + known.id()
					+ "]");
		}
		SubscriptionRecord record = record(definition,
				(definition.partitions() != 0) ? definition.partitions() : known.partitions());
		this.connectors.check(record);
		if (!this.registry.update(record)) {
			throw unknown(record.id());
		}
		this.changed.run();
		return definition(known.changedTo(record));
	}

	private static InvalidSubscriptionException unknown(String id) {
		return new InvalidSubscriptionException("There is no subscription '" + id + "'");
	}

	private SubscriptionRecord record(SubscriptionDefinition definition, int partitions) {
		String config;
		try {
			config = this.mapper.writeValueAsString(definition.config());
		}
		catch (JacksonException ex) {
			throw new InvalidSubscriptionException("The config of the subscription cannot be written as JSON; "
					+ "use strings, numbers, booleans, lists and maps", ex);
		}
		requireLength("organization", definition.organization(), MAX_NAME);
		requireLength("createdFrom", definition.createdFrom(), MAX_NAME);
		requireLength("note", definition.note(), MAX_NOTE);
		for (String pattern : definition.patterns()) {
			if (pattern.contains(",")) {
				throw new InvalidSubscriptionException(
						"'" + pattern + "' is not an event type or pattern; give several of them one by one");
			}
		}
		return new SubscriptionRecord(definition.id(), definition.patterns(), definition.type(), config,
				definition.active(), definition.organization(), definition.createdFrom(), partitions,
				definition.note());
	}

	private static void requireLength(String what, @Nullable String text, int max) {
		if (text != null && text.length() > max) {
			throw new InvalidSubscriptionException(
					what + " has " + text.length() + " characters; at most " + max + " are possible");
		}
	}

	Optional<SubscriptionDefinition> find(String id) {
		return this.registry.find(id).map(this::definition);
	}

	/** Of an unknown connector everything is a secret. */
	Optional<SubscriptionDefinition> describe(String id) {
		return find(id).map((definition) -> {
			boolean known = this.connectors.has(definition.type())
					|| definition.type().equals(SubscriptionRecord.HANDLER);
			Map<String, Object> shown = new LinkedHashMap<>();
			definition.config()
				.forEach((name, value) -> shown.put(name,
						known ? Objects.requireNonNull(masked(definition.type(), name, value)) : SECRET));
			return definition.withConfig(shown);
		});
	}

	private @Nullable Object masked(String type, String name, @Nullable Object value) {
		if (this.connectors.secretFields(type).contains(name)) {
			return SECRET;
		}
		if (value instanceof String text) {
			return this.connectors.shown(type, name, text);
		}
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> copy = new LinkedHashMap<>();
			map.forEach((key, inner) -> copy.put(String.valueOf(key), masked(type, String.valueOf(key), inner)));
			return copy;
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> copy = new ArrayList<>();
			list.forEach((inner) -> copy.add(masked(type, "", inner)));
			return copy;
		}
		return value;
	}

	Map<String, Object> details(String id) {
		return this.connections.apply(id);
	}

	boolean activate(String id, boolean active, @Nullable String note) {
		requireLength("note", note, MAX_NOTE);
		SubscriptionRecord known = this.registry.find(id).orElseThrow(() -> unknown(id));
		if (!this.registry.activate(id, active, note)) {
			throw unknown(id);
		}
		this.changed.run();
		return known.active() != active;
	}

	private SubscriptionDefinition definition(SubscriptionRecord record) {
		return new SubscriptionDefinition(record.id(), record.patterns(), record.subscriberType(),
				config(record.config()), record.organization(), record.partitions(), record.active(),
				record.createdFrom(), record.note());
	}

	/** What somebody has written by hand need not be an object, and may hold nulls. */
	private Map<String, Object> config(String json) {
		try {
			Map<String, Object> config = this.mapper.readValue(json, MAP);
			config.values().removeIf(Objects::isNull);
			return config;
		}
		catch (JacksonException ex) {
			return Map.of();
		}
	}

}
