package dev.events.spring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.ReplayInfo;
import org.jspecify.annotations.Nullable;

/**
 * A replay as the endpoint {@code eventreplays} shows it.
 *
 * @param id unique id
 * @param subscription id of the subscription
 * @param state what it is doing
 * @param total how many events it has
 * @param done how many of them are done
 * @param failed failed attempts at its events
 * @param limit at most so many events a second; {@code null} for any number
 * @param rate events a second on average since its start
 * @param remaining how long it will take at this rate; {@code null} when it is over or
 * nobody can tell
 * @param startedAt when it was started
 * @param finishedAt when it was over; {@code null} while it is not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayDescriptor(UUID id, String subscription, ReplayInfo.State state, long total, long done, long failed,
		@Nullable Double limit, double rate, @Nullable Duration remaining, Instant startedAt,
		@Nullable Instant finishedAt) {

	static ReplayDescriptor of(ReplayInfo info) {
		Duration remaining = info.state().isFinal() ? null : info.remaining();
		return new ReplayDescriptor(info.id(), info.subscription(), info.state(), info.total(), info.done(),
				info.failed(), (info.limit() > 0) ? info.limit() : null, Math.round(info.rate() * 10) / 10.0,
				(remaining != null) ? Duration.ofSeconds(remaining.toSeconds()) : null, info.startedAt(),
				info.finishedAt());
	}

	/**
	 * All replays that are known.
	 *
	 * @param replays the replays, newest first
	 */
	public record All(List<ReplayDescriptor> replays) {

	}

}
