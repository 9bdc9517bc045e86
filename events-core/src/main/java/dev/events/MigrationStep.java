package dev.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step of a {@link SchemaMigration}. Paths are JSON pointers, with {@code *} for every
 * element of a list.
 *
 * @param kind what is done
 * @param path the field
 * @param target new name of the field, when it is renamed
 * @param value what is added
 */
public record MigrationStep(Kind kind, String path, @Nullable String target, @Nullable JsonNode value) {

	/**
	 * Checks the step.
	 * @throws InvalidSchemaException when a path is not that of a field, or target or
	 * value are missing
	 */
	public MigrationStep {
		requirePath(path);
		if (kind == Kind.RENAME) {
			if (target == null) {
				throw new InvalidSchemaException("The new path of " + path + " is missing");
			}
			requirePath(target);
			if (!parent(path).equals(parent(target))) {
				throw new InvalidSchemaException(
						"A field is renamed within its object; " + target + " is in another one than " + path);
			}
		}
		if (kind == Kind.ADD && value == null) {
			throw new InvalidSchemaException("The value to add at " + path + " is missing");
		}
	}

	/** Adds a field with a value where it is missing. */
	public static MigrationStep add(String path, JsonNode value) {
		return new MigrationStep(Kind.ADD, path, null, value.deepCopy());
	}

	/** Removes a field. */
	public static MigrationStep remove(String path) {
		return new MigrationStep(Kind.REMOVE, path, null, null);
	}

	/** Gives a field another name. */
	public static MigrationStep rename(String path, String target) {
		return new MigrationStep(Kind.RENAME, path, target, null);
	}

	/** Says that the type of a field allows more; the data stays as it is. */
	public static MigrationStep widen(String path) {
		return new MigrationStep(Kind.WIDEN, path, null, null);
	}

	/** Makes text of a number or boolean. */
	public static MigrationStep toText(String path) {
		return new MigrationStep(Kind.TO_TEXT, path, null, null);
	}

	private static void requirePath(String path) {
		if (!path.startsWith("/") || path.endsWith("/*")) {
			throw new InvalidSchemaException("'" + path + "' is not the path of a field, as /address/city");
		}
	}

	private static String parent(String path) {
		return path.substring(0, path.lastIndexOf('/'));
	}

	@Override
	public String toString() {
		return switch (this.kind) {
			case ADD -> "add " + this.path + " = " + this.value;
			case REMOVE -> "remove " + this.path;
			case RENAME -> "rename " + this.path + " to " + this.target;
			case WIDEN -> "keep " + this.path + ", whose type allows more now";
			case TO_TEXT -> "make text of " + this.path;
		};
	}

	/** Kinds of steps. */
	public enum Kind {

		/** Adds a field where it is missing. */
		ADD,

		/** Removes a field. */
		REMOVE,

		/** Gives a field another name. */
		RENAME,

		/** Nothing: the type allows more. */
		WIDEN,

		/** Makes text of a number or boolean. */
		TO_TEXT

	}

}
