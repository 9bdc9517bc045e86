package dev.events.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was found in a piece of the log.
 *
 * @param positions events that are expired
 * @param firstKept the first event to which the expiry applies and that is not expired; 0
 * if there is none
 * @param reached everything up to here was looked at
 */
public record ExpiredPage(List<Long> positions, long firstKept, long reached) {

	/**
	 * Puts a page together.
	 * @param expiry what is expired
	 * @param headers the events of the piece, in order
	 * @param limit how many were asked for: if there are fewer, there are no others
	 * @param upTo where the piece would have ended
	 */
	public static ExpiredPage of(Expiry expiry, List<Header> headers, int limit, long upTo) {
		List<Long> positions = new ArrayList<>();
		long firstKept = 0;
		for (Header header : headers) {
			if (!expiry.events().matches(header.type())) {
				continue;
			}
			if (expiry.isExpired(header.position(), header.timestamp())) {
				positions.add(header.position());
			}
			else if (firstKept == 0) {
				firstKept = header.position();
			}
		}
		long reached = (headers.size() < limit) ? upTo : headers.get(headers.size() - 1).position();
		return new ExpiredPage(List.copyOf(positions), firstKept, reached);
	}

	/**
	 * As much of an event as decides on its expiry.
	 *
	 * @param position where it is
	 * @param type its type
	 * @param timestamp when it happened
	 */
	public record Header(long position, String type, Instant timestamp) {

	}

}
