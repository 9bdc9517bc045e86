package dev.events.redis;

import java.nio.charset.StandardCharsets;

/**
 * Names of the keys that are not built in scripts. What stands in braces decides on the
 * slot: the first pair of them is ours, so those in names that users choose change
 * nothing.
 */
final class Keys {

	private final String prefix;

	Keys(RedisEventStoreSettings settings) {
		this.prefix = "{" + settings.keyPrefix() + "}";
	}

	/** Scripts build the names of other keys behind it. */
	byte[] prefix() {
		return bytes("");
	}

	/** Stream of the events; entries have the id {@code <position>-0}. */
	byte[] log() {
		return bytes(":log");
	}

	/** Hash from the id of an event to its position and the token of its append. */
	byte[] ids() {
		return bytes(":ids");
	}

	/** Hash with the last position, when it was given out, and by which server. */
	byte[] head() {
		return bytes(":head");
	}

	/** Hash of the schemas, by type and version. */
	byte[] schemas() {
		return bytes(":schemas");
	}

	/** Hash of the keys of data subjects, by digest of the subject. */
	byte[] subjectKeys() {
		return bytes(":subject-keys");
	}

	/** Hash of the events that wait for their time, by id; see {@code schedule.lua}. */
	byte[] waiting() {
		return bytes(":waiting");
	}

	/** Channel of the wake-ups. */
	byte[] channel() {
		return bytes(":wakeups");
	}

	private byte[] bytes(String name) {
		return (this.prefix + name).getBytes(StandardCharsets.UTF_8);
	}

}
