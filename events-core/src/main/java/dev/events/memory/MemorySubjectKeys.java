package dev.events.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;

/**
 * The keys of data subjects.
 */
final class MemorySubjectKeys implements SubjectKeys {

	private final StateLock lock;

	private final Map<String, SubjectKeyRecord> keys = new HashMap<>();

	MemorySubjectKeys(StateLock lock) {
		this.lock = lock;
	}

	@Override
	public SubjectKeyRecord add(SubjectKeyRecord key) {
		return this.lock.get(() -> {
			SubjectKeyRecord known = this.keys.putIfAbsent(key.subject(), key);
			return (known != null) ? known : key;
		});
	}

	@Override
	public Optional<SubjectKeyRecord> find(String subject) {
		return this.lock.get(() -> Optional.ofNullable(this.keys.get(subject)));
	}

	@Override
	public boolean erase(String subject) {
		return this.lock.get(() -> {
			SubjectKeyRecord known = this.keys.get(subject);
			this.keys.put(subject, new SubjectKeyRecord(subject, (known != null) ? known.generation() : 1, null));
			return known != null && !known.isErased();
		});
	}

	@Override
	public boolean readmit(SubjectKeyRecord key) {
		return this.lock.get(() -> this.keys.replace(key.subject(),
				new SubjectKeyRecord(key.subject(), key.generation() - 1, null), key));
	}

}
