package dev.events;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of the shape of an event's data. Within one major version shapes only grow: old
 * data can be read as the newer shape.
 *
 * @param major grows when old data cannot be read as the new shape
 * @param minor grows when something is added
 * @param patch grows with every other change
 */
public record EventVersion(int major, int minor, int patch) implements Comparable<EventVersion> {

	private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");

	private static final Comparator<EventVersion> ORDER = Comparator.comparingInt(EventVersion::major)
		.thenComparingInt(EventVersion::minor)
		.thenComparingInt(EventVersion::patch);

	/**
	 * Reads a version.
	 * @throws InvalidEventException when it is not of the form {@code major.minor.patch}
	 */
	public static EventVersion of(String text) {
		return find(text).orElseThrow(() -> new InvalidEventException(
				"Version '" + text + "' is not of the form major.minor.patch, for example 1.0.0"));
	}

	/** Reads a version, or nothing when it is not of that form. */
	public static Optional<EventVersion> find(String text) {
		Matcher matcher = FORM.matcher(text);
		return matcher.matches() ? Optional.of(new EventVersion(Integer.parseInt(matcher.group(1)),
				Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)))) : Optional.empty();
	}

	@Override
	public int compareTo(EventVersion other) {
		return ORDER.compare(this, other);
	}

	/** As {@code major.minor.patch}. */
	@Override
	public String toString() {
		return this.major + "." + this.minor + "." + this.patch;
	}

}
