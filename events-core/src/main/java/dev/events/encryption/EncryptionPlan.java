package dev.events.encryption;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.events.InvalidEventException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be encrypted of an event.
 *
 * @param whole whether all of the data is
 * @param fields pointers to values; also all of the data when there are none
 * @param subjects pointers to the data subject: none, or one
 */
record EncryptionPlan(boolean whole, Set<String> fields, Set<String> subjects) {

	static final EncryptionPlan NONE = new EncryptionPlan(false, Set.of(), Set.of());

	static EncryptionPlan of(EncryptionRule rule) {
		return new EncryptionPlan(rule.fields().isEmpty(), new LinkedHashSet<>(rule.fields()),
				(rule.subject() != null) ? Set.of(rule.subject()) : Set.of());
	}

	EncryptionPlan and(EncryptionPlan other) {
		Set<String> fields = new LinkedHashSet<>(this.fields);
		fields.addAll(other.fields);
		Set<String> subjects = new LinkedHashSet<>(this.subjects);
		subjects.addAll(other.subjects);
		return new EncryptionPlan(this.whole || other.whole, fields, subjects);
	}

	/** This plan, with one more place of the data subject if it does not know it. */
	EncryptionPlan withSubject(String place) {
		return this.subjects.stream().anyMatch((known) -> FieldPaths.leadsTo(known, place)) ? this
				: and(new EncryptionPlan(false, Set.of(), Set.of(place)));
	}

	/** Whether what stands at a pointer is encrypted. */
	boolean encrypts(String place) {
		return this.whole || this.fields.stream().anyMatch((field) -> FieldPaths.leadsTo(field, place));
	}

	boolean isEmpty() {
		return !this.whole && this.fields.isEmpty() && this.subjects.isEmpty();
	}

	/** The values to encrypt; none for all of the data. */
	List<String> paths() {
		return this.whole ? List.of() : List.copyOf(this.fields);
	}

	/**
	 * Where the data subject is named.
	 * @throws InvalidEventException when there is more than one such place
	 */
	@Nullable String subject(String type) {
		if (this.subjects.size() > 1) {
			throw new InvalidEventException("Event type '" + type + "' has more than one data subject: " + this.subjects
					+ "; leave one of them in @DataSubject and events.encryption.types");
		}
		return this.subjects.isEmpty() ? null : this.subjects.iterator().next();
	}

}
