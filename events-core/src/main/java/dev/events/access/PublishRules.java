package dev.events.access;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;

/**
 * Refuses events that no {@link PublishRule} for their type allows. Thread-safe.
 */
public final class PublishRules implements EventAccessPolicy {

	private final List<PublishRule> rules;

	private final Supplier<? extends Collection<String>> authorities;

	/**
	 * Creates a policy.
	 * @param authorities those of whoever publishes in the calling thread
	 */
	public PublishRules(List<PublishRule> rules, Supplier<? extends Collection<String>> authorities) {
		this.rules = List.copyOf(rules);
		this.authorities = authorities;
	}

	@Override
	public void checkPublish(Event<?> event) {
		PublishRule refusing = null;
		for (PublishRule rule : this.rules) {
			if (rule.type().matches(event.type())) {
				if (isAllowed(rule, event)) {
					return;
				}
				refusing = (refusing != null) ? refusing : rule;
			}
		}
		if (refusing != null) {
			throw new EventAccessDeniedException("Event type '" + event.type() + "' may not be published by source '"
					+ event.source() + "' here: the rule for '" + refusing.type() + "' allows " + who(refusing));
		}
	}

	private boolean isAllowed(PublishRule rule, Event<?> event) {
		if (!rule.sources().isEmpty() && !rule.sources().contains(event.source())) {
			return false;
		}
		return rule.authorities().isEmpty() || this.authorities.get().stream().anyMatch(rule.authorities()::contains);
	}

	private static String who(PublishRule rule) {
		if (rule.sources().isEmpty() && rule.authorities().isEmpty()) {
			return "everybody";
		}
		String sources = rule.sources().isEmpty() ? "" : "sources " + sorted(rule.sources());
		String authorities = rule.authorities().isEmpty() ? "" : "authorities " + sorted(rule.authorities());
		return sources + (sources.isEmpty() || authorities.isEmpty() ? "" : " with ") + authorities;
	}

	private static List<String> sorted(Set<String> names) {
		return names.stream().sorted().toList();
	}

}
