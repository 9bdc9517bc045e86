package dev.events.redis;

import java.nio.charset.StandardCharsets;

/**
 * Strings as the server keeps them.
 */
final class Text {

	private Text() {
	}

	static byte[] bytes(String string) {
		return string.getBytes(StandardCharsets.UTF_8);
	}

	static String string(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
