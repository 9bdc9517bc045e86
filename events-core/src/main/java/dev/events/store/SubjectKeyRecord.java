package dev.events.store;

import org.jspecify.annotations.Nullable;

/**
 * The key of a data subject as it is stored.
 *
 * @param subject digest of the subject's id: 64 hexadecimal digits
 * @param generation 1 for the first key of a subject, one more for each time it was
 * readmitted after it had been erased
 * @param wrapped the key, encrypted, as text of at most 1000 ASCII characters;
 * {@code null} when it was erased
 */
public record SubjectKeyRecord(String subject, int generation, @Nullable String wrapped) {

	/** Whether the key was erased. */
	public boolean isErased() {
		return this.wrapped == null;
	}

}
