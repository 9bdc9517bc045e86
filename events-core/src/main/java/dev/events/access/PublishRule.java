package dev.events.access;

import java.util.Set;

import dev.events.EventPattern;

/**
 * Who may publish events of some types. Rules are alternatives: an event is published
 * when one of those for its type allows it, or when there is none.
 *
 * @param type event types
 * @param sources sources that may publish them; empty for all
 * @param authorities the publisher must have one of these; empty for anybody
 */
public record PublishRule(EventPattern type, Set<String> sources, Set<String> authorities) {

	public PublishRule {
		sources = Set.copyOf(sources);
		authorities = Set.copyOf(authorities);
	}

}
