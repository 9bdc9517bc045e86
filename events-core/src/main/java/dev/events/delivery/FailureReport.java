package dev.events.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import dev.events.EncryptedEventException;
import dev.events.EventKeyException;
import dev.events.HandlerTimeoutException;
import dev.events.SubjectErasedException;
import dev.events.UpcastException;
import dev.events.store.DeliveryChange.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is kept of an error: bounded, and without the characters a database refuses.
 * Messages of errors at an encrypted event may quote its data, so only those that are
 * known not to are kept.
 */
final class FailureReport {

	private static final int MAX_MESSAGE = 2000;

	private static final int MAX_STACK = 8000;

	// what we throw ourselves about an event, none of which quotes data
	private static final Set<Class<?>> DISCREET = Set.of(EncryptedEventException.class, SubjectErasedException.class,
			EventKeyException.class, UpcastException.class, HandlerTimeoutException.class);

	private FailureReport() {
	}

	/**
	 * What is kept of an error.
	 * @param encrypted whether it is of an encrypted event
	 */
	static Failure of(Throwable error, boolean encrypted) {
		return encrypted ? discreet(error) : complete(error);
	}

	private static Failure discreet(Throwable error) {
		String message = DISCREET.contains(error.getClass()) ? error.getMessage() : null;
		StringBuilder stack = new StringBuilder(error.getClass().getName());
		if (message != null) {
			stack.append(": ").append(message);
		}
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		for (Throwable next = error; next != null && seen.add(next); next = next.getCause()) {
			if (next != error) {
				stack.append("\nCaused by: ").append(next.getClass().getName());
			}
			for (StackTraceElement frame : next.getStackTrace()) {
				stack.append("\n\tat ").append(frame);
			}
		}
		return new Failure(error.getClass().getName(), trim(message, MAX_MESSAGE),
				String.valueOf(trim(stack.toString(), MAX_STACK)));
	}

	private static Failure complete(Throwable error) {
		StringWriter stack = new StringWriter();
		try {
			error.printStackTrace(new PrintWriter(stack));
			return new Failure(error.getClass().getName(), trim(error.getMessage(), MAX_MESSAGE),
					String.valueOf(trim(stack.toString(), MAX_STACK)));
		}
		catch (RuntimeException ex) {
			// an error that cannot even describe itself
			return new Failure(error.getClass().getName(), null, "");
		}
	}

	private static @Nullable String trim(@Nullable String text, int max) {
		if (text == null) {
			return null;
		}
		String clean = text.replace('\0', ' ');
		if (clean.length() <= max) {
			return clean;
		}
		int end = Character.isHighSurrogate(clean.charAt(max - 1)) ? max - 1 : max;
		return clean.substring(0, end) + "…";
	}

}
