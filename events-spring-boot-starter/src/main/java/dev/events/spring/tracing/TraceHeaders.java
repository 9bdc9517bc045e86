package dev.events.spring.tracing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The two headers of W3C Trace Context: what is passed on of a trace to receivers outside
 * the application, and taken from senders there. Of both nothing else, baggage least of
 * all.
 */
public final class TraceHeaders {

	/** Trace, span and flags. */
	public static final String TRACEPARENT = "traceparent";

	/** What vendors of tracing add. */
	public static final String TRACESTATE = "tracestate";

	// version ff, and ids of nothing but zeros, are invalid
	static final Pattern FORMAT = Pattern.compile("(?!ff)[0-9a-f]{2}-(?<trace>(?!0{32})[0-9a-f]{32})-"
			+ "(?<span>(?!0{16})[0-9a-f]{16})-[0-9a-f](?<flag>[0-9a-f])(-.{0,200})?");

	// as much as W3C asks everybody to pass on
	private static final int MAX_TRACESTATE = 512;

	private TraceHeaders() {
	}

	/**
	 * What there is of them; nothing without a valid {@code traceparent}.
	 * @param values the value of a header, or {@code null}
	 */
	public static Map<String, String> of(Function<String, @Nullable String> values) {
		String traceparent = values.apply(TRACEPARENT);
		if (traceparent == null || !FORMAT.matcher(traceparent).matches()) {
			return Map.of();
		}
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(TRACEPARENT, traceparent);
		String tracestate = values.apply(TRACESTATE);
		if (tracestate != null && tracestate.length() <= MAX_TRACESTATE && isPrintable(tracestate)) {
			headers.put(TRACESTATE, tracestate);
		}
		return headers;
	}

	private static boolean isPrintable(String text) {
		return text.chars().allMatch((character) -> character >= ' ' && character <= '~');
	}

}
