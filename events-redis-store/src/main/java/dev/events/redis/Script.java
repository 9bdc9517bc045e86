package dev.events.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script from the resources of this package, put together from what scripts share
 * and its own part.
 */
enum Script {

	APPEND("append", false, "log"),

	CLAIM("claim", true, "numbers"),

	RENEW("renew", true, "numbers"),

	RELEASE("release", true, "numbers"),

	CHECKPOINT("checkpoint", true, "numbers", "deliveries", "replay"),

	DUE("due", true, "numbers", "deliveries"),

	QUEUED("queued", true, "numbers", "deliveries"),

	STORED_DELIVERIES("stored_deliveries", true, "numbers", "deliveries"),

	PARKED_STATE("parked_state", true, "numbers", "deliveries"),

	DEAD_LETTER_PAGE("dead_letter_page", true),

	DEAD_LETTERS("dead_letters", true, "numbers", "deliveries"),

	DEAD_LETTER_OPERATION("dead_letter_operation", false, "numbers", "deliveries"),

	DELIVERY_COUNTS("delivery_counts", true, "numbers", "deliveries"),

	REGISTER("register", true, "numbers", "deliveries", "replay"),

	// a repetition of its own would find the id taken
	CREATE("register", false, "numbers", "deliveries", "replay"),

	ACTIVATE("activate", true),

	SUSPEND("suspend", true),

	UNREGISTER("unregister", false, "numbers", "deliveries", "replay"),

	SUBSCRIPTIONS("subscriptions", true),

	CURSORS("cursors", true, "numbers"),

	CURSORS_MOVE("cursors_move", false, "numbers"),

	REPLAY_CREATE("replay_create", true, "numbers", "replay"),

	REPLAY_CHANGE("replay_change", false, "numbers", "replay"),

	REPLAYS("replays", true, "numbers", "replay"),

	HEARTBEAT("heartbeat", true, "numbers"),

	LEAD("lead", true, "numbers"),

	LEAVE("leave", true, "numbers"),

	DELETE("delete", true, "numbers", "postings"),

	READ("read", true),

	INDEX("index", true, "numbers", "postings"),

	INDEX_STATE("index_state", true),

	INDEX_LISTS("index_lists", true, "postings"),

	INDEX_TIMES("index_times", true, "numbers", "postings"),

	SCHEMA_ADD("schema_add", true),

	SUBJECT_KEY_ADD("subject_key_add", true),

	SUBJECT_KEY_ERASE("subject_key_erase", false, "numbers"),

	SUBJECT_KEY_READMIT("subject_key_readmit", true),

	PROCESS_FIND("process_find", true, "processes"),

	PROCESS_LIST("process_list", true, "processes"),

	PROCESS_DUE("process_due", true, "numbers", "processes"),

	PROCESS_COUNTS("process_counts", true, "processes"),

	PROCESS_COMMIT("process_commit", true, "numbers", "log", "deliveries", "processes"),

	SCHEDULE_ADD("schedule_add", true, "schedule"),

	SCHEDULE_CANCEL("schedule_cancel", false, "numbers", "schedule"),

	SCHEDULE_LIST("schedule_list", true, "schedule"),

	SCHEDULE_RELEASE("schedule_release", true, "numbers", "log", "schedule"),

	TIME("time", true, "numbers"),

	SERVER("server", true);

	private final byte[] text;

	private final String digest;

	private final boolean repeatable;

	Script(String name, boolean repeatable, String... shared) {
		StringBuilder source = new StringBuilder();
		for (String part : shared) {
			source.append(read(part));
		}
		this.text = source.append(read(name)).toString().getBytes(StandardCharsets.UTF_8);
		this.digest = sha1(this.text);
		this.repeatable = repeatable;
	}

	byte[] text() {
		return this.text;
	}

	/** What the server knows it by once it has seen the text. */
	String digest() {
		return this.digest;
	}

	/**
	 * Whether running it twice in place of once has the same effect and answer, so that
	 * it may be sent again when nobody knows whether it ran.
	 */
	boolean isRepeatable() {
		return this.repeatable;
	}

	private static String read(String name) {
		String file = name + ".lua";
		try (InputStream resource = Script.class.getResourceAsStream(file)) {
			if (resource == null) {
				throw new IllegalStateException("Resource " + file + " is missing");
			}
			return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String sha1(byte[] text) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
