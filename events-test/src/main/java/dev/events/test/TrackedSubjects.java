package dev.events.test;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.DataSubjects;

/**
 * Remembers who was forgotten, for the next test has to know nothing of it. Thread-safe.
 */
final class TrackedSubjects implements DataSubjects {

	private final DataSubjects subjects;

	private final Set<String> forgotten = ConcurrentHashMap.newKeySet();

	TrackedSubjects(DataSubjects subjects) {
		this.subjects = subjects;
	}

	@Override
	public void forget(String subject) {
		this.forgotten.add(subject);
		this.subjects.forget(subject);
	}

	@Override
	public boolean isForgotten(String subject) {
		return this.subjects.isForgotten(subject);
	}

	@Override
	public boolean readmit(String subject) {
		return this.subjects.readmit(subject);
	}

	/** Readmits all who were forgotten. */
	void reset() {
		for (String subject : this.forgotten) {
			this.subjects.readmit(subject);
			this.forgotten.remove(subject);
		}
	}

}
