package dev.events;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A pattern over event types. A type is a sequence of segments (letters, digits,
 * {@code _} and {@code -}) joined by {@code .} or {@code :}, at most {@value #MAX_LENGTH}
 * characters, for example {@code user.created} or {@code task_manager:task_created}. In a
 * pattern {@code *} stands for exactly one segment and {@code **} for any number of them,
 * none included; both may stand anywhere. Separators are matched as written.
 *
 * <pre>{@code
 * EventPattern.of("user.*").matches("user.created")          // true
 * EventPattern.of("user.*").matches("user.activity.click")   // false
 * EventPattern.of("user.**").matches("user.activity.click")  // true
 * EventPattern.of("*.encrypted").matches("card.encrypted")   // true
 * }</pre>
 *
 * Immutable and thread-safe.
 */
public final class EventPattern {

	/** Most characters that a type or pattern may have. */
	public static final int MAX_LENGTH = 200;

	private static final String MANY = "**";

	private static final String ONE = "*";

	private final String text;

	private final List<Segment> segments;

	private final boolean literal;

	private EventPattern(String text, List<Segment> segments, boolean literal) {
		this.text = text;
		this.segments = segments;
		this.literal = literal;
	}

	/**
	 * Reads a pattern.
	 * @throws InvalidEventException when it is not valid; the message says why
	 */
	public static EventPattern of(String pattern) {
		List<Segment> segments = new ArrayList<>();
		for (Segment segment : split(pattern, "pattern")) {
			boolean repeated = segment.isMany() && !segments.isEmpty() && segments.get(segments.size() - 1).isMany();
			if (!repeated) {
				segments.add(segment);
			}
		}
		boolean literal = true;
		for (Segment segment : segments) {
			if (segment.name.indexOf('*') >= 0) {
				literal = false;
				if (!segment.isOne() && !segment.isMany()) {
					throw invalid(pattern, "pattern",
							"a wildcard is a whole segment, '*' or '**', not '" + segment.name + "'");
				}
			}
		}
		return new EventPattern(pattern, List.copyOf(segments), literal);
	}

	/**
	 * Checks that a text is the name of an event type.
	 * @return the same text
	 * @throws InvalidEventException when it is not; the message says why
	 */
	public static String requireTypeName(String type) {
		if (!isPlainName(type)) {
			for (Segment segment : split(type, "type")) {
				if (segment.name.indexOf('*') >= 0) {
					throw invalid(type, "type", "wildcards are for subscribers, an event has one type");
				}
			}
		}
		return type;
	}

	/** Whether an event type matches. */
	public boolean matches(String type) {
		if (this.literal) {
			return this.text.equals(type);
		}
		return matchesSegments(split(type, "type"));
	}

	/** Whether the pattern has no wildcard and so names a single type. */
	public boolean isLiteral() {
		return this.literal;
	}

	/** The characters every matching type starts with; may be empty. */
	public String literalPrefix() {
		int wildcard = this.text.indexOf('*');
		if (wildcard < 0) {
			return this.text;
		}
		String prefix = this.text.substring(0, wildcard);
		// 'user.**' matches 'user' too
		return this.text.startsWith(MANY, wildcard) && !prefix.isEmpty() ? prefix.substring(0, prefix.length() - 1)
				: prefix;
	}

	/**
	 * A regular expression, in syntax common to Java and SQL databases, for whole types.
	 */
	public String regex() {
		StringBuilder regex = new StringBuilder("^");
		boolean pendingSeparatorOptional = false;
		for (int i = 0; i < this.segments.size(); i++) {
			Segment segment = this.segments.get(i);
			String separator = (segment.separator != 0) ? "[" + segment.separator + "]" : "";
			if (segment.isMany()) {
				boolean first = i == 0;
				boolean last = i == this.segments.size() - 1;
				if (first && last) {
					regex.append(".+");
				}
				else if (first) {
					// zero segments: then the next one has no separator in front of it
					Segment next = this.segments.get(i + 1);
					regex.append("(.+[").append(next.separator).append("])?");
					pendingSeparatorOptional = true;
				}
				else {
					regex.append("(").append(separator).append(".+)?");
				}
				continue;
			}
			if (!pendingSeparatorOptional) {
				regex.append(separator);
			}
			pendingSeparatorOptional = false;
			regex.append(segment.isOne() ? "[^.:]+" : segment.name);
		}
		return regex.append("$").toString();
	}

	/**
	 * Works pattern segment by pattern segment over the set of places in the type that
	 * can be reached, so the cost is bounded by the product of the lengths whatever the
	 * pattern.
	 */
	private boolean matchesSegments(List<Segment> type) {
		boolean[] reached = new boolean[type.size() + 1];
		reached[0] = true;
		for (Segment segment : this.segments) {
			boolean[] next = new boolean[type.size() + 1];
			boolean taking = false;
			for (int at = 0; at <= type.size(); at++) {
				if (segment.isMany()) {
					next[at] = reached[at] || taking;
					taking = at < type.size() && (taking || reached[at] && segment.follows(type.get(at)));
				}
				else if (at < type.size() && reached[at]) {
					next[at + 1] = segment.follows(type.get(at)) && segment.names(type.get(at));
				}
			}
			reached = next;
		}
		return reached[type.size()];
	}

	private static boolean isPlainName(String type) {
		int length = type.length();
		if (length == 0 || length > MAX_LENGTH) {
			return false;
		}
		boolean inSegment = false;
		for (int i = 0; i < length; i++) {
			char c = type.charAt(i);
			if (isSeparator(c)) {
				if (!inSegment) {
					return false;
				}
				inSegment = false;
			}
			else if (isNameCharacter(c)) {
				inSegment = true;
			}
			else {
				return false;
			}
		}
		return inSegment;
	}

	@SuppressWarnings("ConstantValue")
	private static List<Segment> split(@Nullable String text, String what) {
		if (text == null || text.isEmpty()) {
			throw new InvalidEventException("An event " + what + " must not be empty");
		}
		if (text.length() > MAX_LENGTH) {
			throw new InvalidEventException("Event %s '%s…' has %d characters; at most %d are possible".formatted(what,
					text.substring(0, 40), text.length(), MAX_LENGTH));
		}
		List<Segment> segments = new ArrayList<>();
		char separator = 0;
		int start = 0;
		for (int i = 0; i <= text.length(); i++) {
			char c = (i < text.length()) ? text.charAt(i) : 0;
			if (i == text.length() || isSeparator(c)) {
				if (i == start) {
					throw invalid(text, what, "there is an empty segment at character " + (i + 1));
				}
				segments.add(new Segment(separator, text.substring(start, i)));
				separator = c;
				start = i + 1;
			}
			else if (!isNameCharacter(c) && c != '*') {
				throw invalid(text, what, "character " + printable(c) + " at " + (i + 1) + " is not possible");
			}
		}
		return List.copyOf(segments);
	}

	private static InvalidEventException invalid(String text, String what, String reason) {
		String shown = Pattern.compile("\\p{Cntrl}").matcher(text).replaceAll("?");
		return new InvalidEventException("'" + shown + "' is not a valid event " + what + ": " + reason
				+ ". Use letters, digits, '_' and '-', joined by '.' or ':', for example user.created");
	}

	private static String printable(char c) {
		return (c > ' ' && c < 127) ? "'" + c + "'" : "U+%04X".formatted((int) c);
	}

	private static boolean isSeparator(char c) {
		return c == '.' || c == ':';
	}

	private static boolean isNameCharacter(char c) {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof EventPattern that && this.text.equals(that.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	/** The pattern as written. */
	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * A segment with the separator in front of it, 0 for the first.
	 */
	private record Segment(char separator, String name) {

		/** Whether the separators agree; the first segment of a type has none. */
		boolean follows(Segment typeSegment) {
			return typeSegment.separator == 0 || typeSegment.separator == this.separator;
		}

		boolean names(Segment typeSegment) {
			return isOne() || this.name.equals(typeSegment.name);
		}

		boolean isOne() {
			return this.name.equals(ONE);
		}

		boolean isMany() {
			return this.name.equals(MANY);
		}

	}

}
