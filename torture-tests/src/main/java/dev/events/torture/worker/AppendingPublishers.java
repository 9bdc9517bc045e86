package dev.events.torture.worker;

import dev.events.EventBus;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Publishers for a store that takes part in no transaction.
 */
@Component
@Profile("redis")
final class AppendingPublishers implements PublisherFactory {

	private final WorkerSettings settings;

	private final EventBus events;

	private final Journal journal;

	AppendingPublishers(WorkerSettings settings, EventBus events, Journal journal) {
		this.settings = settings;
		this.events = events;
		this.journal = journal;
	}

	@Override
	public Publisher create(int number) {
		return new AppendingPublisher(this.settings, number, this.events, this.journal);
	}

}
