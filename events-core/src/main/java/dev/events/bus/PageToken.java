package dev.events.bus;

/**
 * A position in the log as the opaque text between two pages.
 */
final class PageToken {

	private PageToken() {
	}

	static String of(long position) {
		return Long.toString(position, Character.MAX_RADIX);
	}

	static long position(String token) {
		try {
			return Long.parseLong(token, Character.MAX_RADIX);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(
					"'" + token + "' does not come from a page; leave 'after' out for the first page", ex);
		}
	}

}
