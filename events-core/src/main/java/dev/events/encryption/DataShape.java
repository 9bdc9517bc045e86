package dev.events.encryption;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is known of an event's data from writing it as JSON: the class it is of, and where
 * Jackson met what is annotated with {@link dev.events.Encrypted} and
 * {@link dev.events.DataSubject}, whether declared types lead there or not. Made by
 * {@link DataWriter}; not changed after that.
 */
public final class DataShape {

	/** Stands for a place that cannot be said. */
	private static final String SOMEWHERE = "";

	// what is more than that is encrypted as a whole
	private static final int MAX_PLACES = 1000;

	private final Class<?> type;

	private final Set<String> encrypted = new LinkedHashSet<>();

	private final Set<String> subjects = new LinkedHashSet<>();

	DataShape(Class<?> type) {
		this.type = type;
	}

	/** Of data of a class in which nothing is annotated but what the class declares. */
	static DataShape of(Class<?> type) {
		return new DataShape(type);
	}

	void encrypted(String place) {
		if (this.encrypted.size() < MAX_PLACES) {
			this.encrypted.add(place);
		}
		else {
			encryptedSomewhere();
		}
	}

	void encryptedSomewhere() {
		this.encrypted.add(SOMEWHERE);
	}

	void subject(String place) {
		// two are too many, however many more there are
		if (this.subjects.size() < 3) {
			this.subjects.add(place);
		}
	}

	Class<?> type() {
		return this.type;
	}

	/**
	 * Pointers to what is to be encrypted, in which {@code *} stands for elements of
	 * lists.
	 */
	Set<String> encrypted() {
		return this.encrypted;
	}

	/** Pointers to data subjects. */
	Set<String> subjects() {
		return this.subjects;
	}

}
