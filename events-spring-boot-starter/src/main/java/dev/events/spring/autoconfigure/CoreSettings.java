package dev.events.spring.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.InvalidEventException;
import dev.events.RetryPolicy;
import dev.events.access.PublishRule;
import dev.events.delivery.DeliverySettings;
import dev.events.publish.PublishSettings;
import dev.events.request.RequestSettings;
import dev.events.retention.RetentionRule;
import dev.events.retention.RetentionSettings;
import dev.events.schema.SchemaSettings;
import dev.events.spring.connector.webhook.WebhookSettings;
import dev.events.spring.subscriber.SubscriberOverride;
import dev.events.spring.subscriber.SubscriberOverrides;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Turns properties into the settings of the core, which knows what is valid.
 */
final class CoreSettings {

	private static final String APPLICATION_NAME = "spring.application.name";

	private final EventsProperties properties;

	CoreSettings(EventsProperties properties) {
		this.properties = properties;
	}

	String source(Environment environment) {
		String name = StringUtils.hasText(this.properties.source()) ? "events.source" : APPLICATION_NAME;
		String source = StringUtils.hasText(this.properties.source()) ? this.properties.source()
				: environment.getProperty(APPLICATION_NAME, "");
		if (!StringUtils.hasText(source)) {
			return "application";
		}
		try {
			return Event.of("source", source).withSource(source).source();
		}
		catch (InvalidEventException ex) {
			throw new InvalidConfigurationPropertyValueException(name, source, String.valueOf(ex.getMessage()));
		}
	}

	int maxSubscribersPerType() {
		int max = this.properties.maxSubscribersPerType();
		if (max < 1) {
			throw new InvalidConfigurationPropertyValueException("events.max-subscribers-per-type", max,
					"write 1 or more");
		}
		return max;
	}

	RetryPolicy retry() {
		EventsProperties.Retry retry = this.properties.retry();
		return valid("events.retry", () -> new RetryPolicy(retry.maxAttempts(), retry.initialDelay(),
				retry.multiplier(), retry.maxDelay(), retry.jitter()));
	}

	DeliverySettings delivery() {
		EventsProperties.Delivery delivery = this.properties.delivery();
		return valid("events.delivery",
				() -> new DeliverySettings(delivery.partitions(), delivery.leaseDuration(), delivery.pollInterval(),
						delivery.checkpointInterval(), delivery.pageSize(), delivery.maxParked(),
						delivery.shutdownTimeout(), delivery.handlerTimeout()));
	}

	PublishSettings publishing() {
		EventsProperties.Publish publish = this.properties.publish();
		long maxPayloadSize = publish.maxPayloadSize().toBytes();
		if (maxPayloadSize < 1 || maxPayloadSize > Integer.MAX_VALUE) {
			throw new InvalidConfigurationPropertyValueException("events.publish.max-payload-size",
					publish.maxPayloadSize(), "write a size from 1B to 2047MB");
		}
		return valid("events.publish", () -> new PublishSettings((int) maxPayloadSize, publish.bufferSize(),
				publish.batchSize(), publish.linger()));
	}

	SchemaSettings schemas() {
		EventsProperties.Schema schema = this.properties.schema();
		return new SchemaSettings(schema.validation(), schema.unknownTypes(), schema.compatibility());
	}

	RetentionSettings retention() {
		EventsProperties.Retention retention = this.properties.retention();
		return valid("events.retention", () -> {
			List<RetentionRule> rules = new ArrayList<>();
			for (EventsProperties.RetentionRule rule : retention.rules()) {
				rules.add(new RetentionRule(type("events.retention.rules[" + rules.size() + "].type", rule.type()),
						rule.maxAge(), rule.maxCount()));
			}
			if (retention.maxAge() != null || retention.maxCount() != null) {
				rules.add(new RetentionRule(EventPattern.of("**"), retention.maxAge(), retention.maxCount()));
			}
			return new RetentionSettings(rules, retention.deleteUnread(), retention.interval(), retention.batchSize(),
					retention.pause());
		});
	}

	RequestSettings requests() {
		EventsProperties.Request request = this.properties.request();
		return valid("events.request", () -> new RequestSettings(request.timeout(), request.maxPending()));
	}

	List<PublishRule> publishRules() {
		return valid("events.access", () -> {
			List<PublishRule> rules = new ArrayList<>();
			for (EventsProperties.PublishRule rule : this.properties.access().publish()) {
				String property = "events.access.publish[" + rules.size() + "]";
				if (rule.sources().isEmpty() && rule.authorities().isEmpty()) {
					throw new IllegalArgumentException(property + " allows everybody; write sources, authorities or "
							+ "both, or leave the rule out");
				}
				rules.add(new PublishRule(type(property + ".type", rule.type()), rule.sources(), rule.authorities()));
			}
			return rules;
		});
	}

	private static EventPattern type(String property, @Nullable String type) {
		if (!StringUtils.hasText(type)) {
			throw new IllegalArgumentException(
					property + " is missing; write an event type or a pattern, for example session.**");
		}
		try {
			return EventPattern.of(type);
		}
		catch (InvalidEventException ex) {
			throw new IllegalArgumentException(property + ": " + ex.getMessage(), ex);
		}
	}

	SubscriberOverrides overrides() {
		Map<String, SubscriberOverride> overrides = new LinkedHashMap<>();
		this.properties.subscribers().forEach((id, subscriber) -> {
			EventsProperties.SubscriberRetry retry = subscriber.retry();
			overrides.put(id,
					new SubscriberOverride(subscriber.enabled(), subscriber.partitions(), subscriber.concurrency(),
							subscriber.transactional(), subscriber.timeout(), subscriber.batchSize(),
							subscriber.batchWait(), retry.maxAttempts(), retry.initialDelay(), retry.multiplier(),
							retry.maxDelay(), retry.jitter()));
		});
		return new SubscriberOverrides(overrides, retry());
	}

	WebhookSettings webhooks() {
		EventsProperties.Webhook webhook = this.properties.webhook();
		return valid("events.webhook",
				() -> new WebhookSettings(webhook.allowHttp(), webhook.allowPrivateAddresses(),
						webhook.allowedNetworks(), webhook.connectTimeout(), webhook.readTimeout(), webhook.timeout(),
						webhook.suspendAfter()));
	}

	private static <T> T valid(String prefix, Supplier<T> settings) {
		try {
			return settings.get();
		}
		catch (IllegalArgumentException ex) {
			throw new EventsSetupException("The properties " + prefix + ".* are not valid. " + ex.getMessage() + ".",
					"Correct the property of " + prefix + ", or leave it out: the default is fit for production.", ex);
		}
	}

}
