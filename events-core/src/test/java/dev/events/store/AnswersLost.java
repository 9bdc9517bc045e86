package dev.events.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.UnknownOutcomeException;

/** A store that makes steps of processes, but whose first answers are lost. */
public final class AnswersLost extends ForwardingStore {

	private final AtomicInteger left;

	public AnswersLost(EventStore store, int answers) {
		super(store);
		this.left = new AtomicInteger(answers);
	}

	@Override
	public Processes processes() {
		return new ForwardingProcesses(super.processes()) {

			@Override
			public Optional<List<Long>> commit(ProcessChange change) {
				Optional<List<Long>> answer = super.commit(change);
				if (AnswersLost.this.left.getAndDecrement() > 0) {
					throw new UnknownOutcomeException("The answer was lost", null);
				}
				return answer;
			}

		};
	}

}
