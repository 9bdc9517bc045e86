package dev.events;

/**
 * Why data of one schema may not be valid by another.
 *
 * @param path place in the data, as JSON pointer; {@code *} stands for any element or
 * other property
 * @param reason what is different
 */
public record SchemaDifference(String path, String reason) {

	@Override
	public String toString() {
		return (this.path.isEmpty() ? "(the whole data)" : this.path) + ": " + this.reason;
	}

}
