package dev.events;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The replays that the store knows: those that are active, and the last ones of each
 * subscription that are not. Thread-safe.
 */
public interface Replays {

	/** All of them, newest first. */
	List<ReplayInfo> list();

	/** One of them, to follow or to change it. */
	Optional<Replay> find(UUID id);

}
