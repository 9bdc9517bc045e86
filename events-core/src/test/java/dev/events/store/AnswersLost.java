package dev.events.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.UnknownOutcomeException;
import org.jspecify.annotations.Nullable;

/** A store that makes steps of processes, but whose first answers are lost. */
public final class AnswersLost extends ForwardingStore {

	private final AtomicInteger left;

	public AnswersLost(EventStore store, int answers) {
		super(store);
		this.left = new AtomicInteger(answers);
	}

	@Override
	public Processes processes() {
		Processes processes = super.processes();
		return new Processes() {

			@Override
			public Optional<ProcessRecord> find(String process, String key) {
				return processes.find(process, key);
			}

			@Override
			public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after,
					int limit) {
				return processes.list(process, status, after, limit);
			}

			@Override
			public List<ProcessRecord> due(String process, int limit) {
				return processes.due(process, limit);
			}

			@Override
			public List<ProcessCount> counts() {
				return processes.counts();
			}

			@Override
			public Optional<List<Long>> commit(ProcessChange change) {
				Optional<List<Long>> answer = processes.commit(change);
				if (AnswersLost.this.left.getAndDecrement() > 0) {
					throw new UnknownOutcomeException("The answer was lost", null);
				}
				return answer;
			}

		};
	}

}
