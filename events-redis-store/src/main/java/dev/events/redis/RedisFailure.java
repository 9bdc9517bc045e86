package dev.events.redis;

import java.util.Locale;
import java.util.Map;

import dev.events.EventStoreException;
import dev.events.UnknownOutcomeException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.PartitionSelectorException;

import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * What a failed call of the server means: whether anything was done, and what to tell the
 * caller.
 *
 * @param outcome what is known of the call
 * @param code first word of the server's answer, for example {@code READONLY}; else empty
 * @param cause the error
 */
record RedisFailure(Outcome outcome, String code, Throwable cause) {

	// how Lettuce says that it had no connection to send a command on
	private static final String NOT_CONNECTED = "Currently not connected";

	private static final Map<String, String> MEANINGS = Map.of("READONLY",
			"the server is a replica that takes no writes; a failover is under way, or the address is that of a replica",
			"LOADING", "the server has just started and is still loading its data", "OOM",
			"the server's memory is used up (maxmemory): give it more, or delete old events", "MASTERDOWN",
			"the server is a replica that has lost its master", "CLUSTERDOWN",
			"the cluster is down: the slot of the events has no master at the moment", "MISCONF",
			"the server takes no writes because it cannot save its data to disk", "NOREPLICAS",
			"the server takes no writes because it has too few replicas", "BUSY",
			"the server is busy with a script that takes too long", "NOPERM",
			"the user of the connection may not do this", "WRONGTYPE",
			"a key of the event store holds something else; is events.redis.key-prefix used by others?");

	static RedisFailure of(Throwable thrown) {
		if (thrown instanceof RedisCommandExecutionException) {
			String message = String.valueOf(thrown.getMessage());
			return new RedisFailure(Outcome.REFUSED, code(message), thrown);
		}
		boolean neverSent = thrown instanceof RedisConnectionException
				|| thrown instanceof RedisConnectionFailureException || thrown instanceof PartitionSelectorException
				|| String.valueOf(thrown.getMessage()).startsWith(NOT_CONNECTED);
		return new RedisFailure(neverSent ? Outcome.NOT_SENT : Outcome.UNKNOWN, "", reason(thrown));
	}

	/** Spring's exception does not say where it could not connect to, its cause does. */
	private static Throwable reason(Throwable thrown) {
		return (thrown instanceof RedisConnectionFailureException && thrown.getCause() != null) ? thrown.getCause()
				: thrown;
	}

	/** Errors in scripts begin with those of the command that failed in them. */
	private static String code(String message) {
		for (String code : MEANINGS.keySet()) {
			if (message.startsWith(code + " ") || message.contains("-" + code + " ")) {
				return code;
			}
		}
		int end = message.indexOf(' ');
		return (end > 0) ? message.substring(0, end).toUpperCase(Locale.ROOT) : message;
	}

	/** Whether it may be over within moments. */
	boolean isPassing() {
		return this.outcome == Outcome.NOT_SENT || this.code.equals("LOADING") || this.code.equals("TRYAGAIN")
				|| this.code.equals("CLUSTERDOWN");
	}

	RedisFailure unknown() {
		return new RedisFailure(Outcome.UNKNOWN, this.code, this.cause);
	}

	EventStoreException exception(String what) {
		String known = MEANINGS.get(this.code);
		String message = switch (this.outcome) {
			case NOT_SENT -> "Could not " + what + ": Redis cannot be reached";
			case REFUSED -> "Could not " + what + ": " + ((known != null) ? known : "Redis refused it");
			case UNKNOWN ->
				"It is not known whether Redis did " + what + ": the connection broke, or there was no answer in time";
		};
		return (this.outcome == Outcome.UNKNOWN) ? new UnknownOutcomeException(message, this.cause)
				: new EventStoreException(message, this.cause);
	}

	/**
	 * What is known of a failed call.
	 */
	enum Outcome {

		/** Nothing was done: it did not reach the server. */
		NOT_SENT,

		/** Nothing was done: the server refused it. */
		REFUSED,

		/** It may have been done, or be done yet. */
		UNKNOWN

	}

}
