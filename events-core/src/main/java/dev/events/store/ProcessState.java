package dev.events.store;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a process keeps from one event to the next.
 *
 * @param status what people and {@link Processes#list} tell processes apart by, at most
 * {@value #MAX_STATUS} characters
 * @param data text, usually JSON; a store gives it back character for character. At most
 * {@value #MAX_DATA} characters: it is read and written with every event of the process,
 * so what grows does not belong here
 * @param dueAt when {@link Processes#due} finds it, by the store's clock and with
 * microseconds, or {@code null} for never
 */
public record ProcessState(String status, String data, @Nullable Instant dueAt) {

	/** Longest status, in characters. */
	public static final int MAX_STATUS = 50;

	/** Longest data, in characters. */
	public static final int MAX_DATA = 1 << 20;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when something is too long, or cannot be stored
	 */
	public ProcessState {
		Objects.requireNonNull(status, "status");
		Objects.requireNonNull(data, "data");
		ProcessChange.checkText("status", status, MAX_STATUS);
		if (data.length() > MAX_DATA) {
			throw new IllegalArgumentException("The state of a process has " + data.length()
					+ " characters, and must not have more than " + MAX_DATA);
		}
		if (data.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("The state of a process must not contain the character 0");
		}
	}

	/** Without the data, which is not for logs. */
	@Override
	public String toString() {
		return "ProcessState[status=" + this.status + ", dueAt=" + this.dueAt + "]";
	}

}
