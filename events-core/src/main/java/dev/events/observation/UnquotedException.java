package dev.events.observation;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an error whose message may quote data that is encrypted: has its class name
 * as the message, its stack trace, and the same of its causes.
 */
final class UnquotedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String type;

	private UnquotedException(Throwable error, @Nullable Throwable cause) {
		super(error.getClass().getName(), cause, false, true);
		this.type = error.getClass().getName();
		setStackTrace(error.getStackTrace());
	}

	static UnquotedException of(Throwable error) {
		return of(error, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	private static UnquotedException of(Throwable error, Set<Throwable> seen) {
		seen.add(error);
		Throwable cause = error.getCause();
		return new UnquotedException(error, (cause != null && !seen.contains(cause)) ? of(cause, seen) : null);
	}

	/** Class name of an error, or of the one that it stands for. */
	static String typeOf(Throwable error) {
		return (error instanceof UnquotedException unquoted) ? unquoted.type : error.getClass().getName();
	}

}
