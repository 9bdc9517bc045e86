package dev.events.store;

import java.util.List;

import dev.events.EventPattern;

/**
 * Events by their type.
 *
 * @param type which ones
 * @param except but for these
 */
public record EventSelection(EventPattern type, List<EventPattern> except) {

	public EventSelection {
		except = List.copyOf(except);
	}

	/** Whether events of a type are among them. */
	public boolean matches(String type) {
		return this.type.matches(type) && this.except.stream().noneMatch((pattern) -> pattern.matches(type));
	}

}
