package dev.events.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;

import dev.events.store.DeliveryChange.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is kept of an error: bounded, and without the characters a database refuses.
 */
final class FailureReport {

	private static final int MAX_MESSAGE = 2000;

	private static final int MAX_STACK = 8000;

	private FailureReport() {
	}

	static Failure of(Throwable error) {
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
