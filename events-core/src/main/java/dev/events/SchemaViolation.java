package dev.events;

/**
 * A place where data is not as its schema wants it; never quotes the data.
 *
 * @param path JSON pointer
 * @param expected what is expected there
 */
public record SchemaViolation(String path, String expected) {

	@Override
	public String toString() {
		return (this.path.isEmpty() ? "(the whole data)" : this.path) + " " + this.expected;
	}

}
