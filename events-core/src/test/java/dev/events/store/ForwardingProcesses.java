package dev.events.store;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Does what the processes of another store do, but for what is overridden. */
public abstract class ForwardingProcesses implements Processes {

	private final Processes processes;

	protected ForwardingProcesses(Processes processes) {
		this.processes = processes;
	}

	@Override
	public Optional<ProcessRecord> find(String process, String key) {
		return this.processes.find(process, key);
	}

	@Override
	public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after, int limit) {
		return this.processes.list(process, status, after, limit);
	}

	@Override
	public List<ProcessRecord> due(String process, int limit) {
		return this.processes.due(process, limit);
	}

	@Override
	public List<ProcessCount> counts() {
		return this.processes.counts();
	}

	@Override
	public Optional<List<Long>> commit(ProcessChange change) {
		return this.processes.commit(change);
	}

}
