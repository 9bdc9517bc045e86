package dev.events.request;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.events.request.PendingRequest.End;
import org.jspecify.annotations.Nullable;

/**
 * How the last requests of this node have ended, to tell answers that come too late from
 * those that nobody asked for. Thread-safe.
 */
final class EndedRequests {

	private static final int MAX = 10_000;

	// oldest first; guarded by itself
	private final Map<String, End> ends = new LinkedHashMap<>();

	void add(String ticket, End end) {
		synchronized (this.ends) {
			if (this.ends.size() >= MAX) {
				this.ends.remove(this.ends.keySet().iterator().next());
			}
			this.ends.put(ticket, end);
		}
	}

	@Nullable End find(String ticket) {
		synchronized (this.ends) {
			return this.ends.get(ticket);
		}
	}

}
